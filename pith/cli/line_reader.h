#pragma once

#include <cstdint>
#include <memory>
#include <string>

// Reads what a person types, line by line. In a terminal with editing, arrow keys and history, any
// script (libedit); from a pipe or file plainly. One thread.
namespace pith {

class LineReader {
 public:
  // `prompt` is shown in a terminal only.
  explicit LineReader(std::string prompt);
  ~LineReader();

  enum class Outcome : std::uint8_t {
    kLine,         // `line` has it, without newline
    kInterrupted,  // Ctrl-C at the prompt; what was typed is dropped
    kEnd,          // Ctrl-D, or the end of the input
  };
  Outcome read(std::string& line);
  bool terminal() const { return terminal_; }  // both input and output are one

  // In a terminal, whether keys are shown while no line is read. Off, what is typed ahead does not
  // mix with output; the next read() gets it.
  void echo(bool on);

 private:
  struct Editor;
  Outcome read_plain(std::string& line);

  const bool terminal_;
  std::unique_ptr<Editor> editor_;  // in a terminal
  std::string held_;                // read from the pipe, not yet given out
  bool ended_ = false;
};

}  // namespace pith
