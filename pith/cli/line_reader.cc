#include "pith/cli/line_reader.h"

#include <histedit.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace pith {

struct LineReader::Editor {
  explicit Editor(std::string text) : prompt(std::move(text)) {
    // libedit needs a UTF-8 locale to see more than bytes; the plain C locale is a common default.
    const char* locale = std::setlocale(LC_CTYPE, "");
    if (locale == nullptr || std::string_view(locale) == "C" ||
        std::string_view(locale) == "POSIX") {
      std::setlocale(LC_CTYPE, "C.UTF-8");
    }
    edit = el_init("pith", stdin, stdout, stderr);
    log = history_init();
    HistEvent event;
    history(log, &event, H_SETSIZE, 1000);
    el_set(edit, EL_CLIENTDATA, this);
    el_set(edit, EL_PROMPT, &Editor::show_prompt);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_HIST, history, log);
    // Ctrl-C and Ctrl-Z are keys while a line is typed, and signals otherwise.
    el_set(edit, EL_SETTY, "-d", "-isig", nullptr);
    el_set(edit, EL_SIGNAL, 1);  // follow the window's size, restore the terminal before dying
    // Write the rest of a line anew instead of having the terminal shift it: libedit shifts wrapped
    // lines wrongly.
    for (const char* capability : {"ic", "im", "IC"}) {
      el_set(edit, EL_SETTC, capability, "", nullptr);
    }
    el_set(edit, EL_ADDFN, "pith-interrupt", "Drop the line", &Editor::interrupt);
    el_set(edit, EL_BIND, "^C", "pith-interrupt", nullptr);
    el_set(edit, EL_ADDFN, "pith-suspend", "Suspend the program", &Editor::suspend);
    el_set(edit, EL_BIND, "^Z", "pith-suspend", nullptr);
    el_set(edit, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }
  ~Editor() {
    history_end(log);
    el_end(edit);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  static Editor& self(EditLine* edit) {
    void* data = nullptr;
    el_get(edit, EL_CLIENTDATA, &data);
    return *static_cast<Editor*>(data);
  }
  static char* show_prompt(EditLine* edit) { return self(edit).prompt.data(); }
  static unsigned char interrupt(EditLine* edit, int) {
    self(edit).interrupted = true;
    return CC_NEWLINE;
  }
  static unsigned char suspend(EditLine*, int) {
    std::raise(SIGTSTP);
    return CC_REDISPLAY;
  }

  std::string prompt;
  EditLine* edit = nullptr;
  History* log = nullptr;
  bool interrupted = false;
};

LineReader::LineReader(std::string prompt)
    : terminal_(::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
  if (terminal_) editor_ = std::make_unique<Editor>(std::move(prompt));
}
LineReader::~LineReader() = default;

LineReader::Outcome LineReader::read(std::string& line) {
  if (!editor_) return read_plain(line);
  editor_->interrupted = false;
  int length = 0;
  const char* text = el_gets(editor_->edit, &length);
  if (editor_->interrupted) {
    std::fputs("\n", stdout);
    std::fflush(stdout);
    return Outcome::kInterrupted;
  }
  if (text == nullptr || length <= 0) return Outcome::kEnd;
  line.assign(text, static_cast<std::size_t>(length));
  if (line.ends_with('\n')) line.pop_back();
  if (!line.empty()) {
    HistEvent event;
    history(editor_->log, &event, H_ENTER, line.c_str());
  }
  return Outcome::kLine;
}

void LineReader::echo(bool on) {
  struct termios settings = {};
  if (!terminal_ || ::tcgetattr(STDIN_FILENO, &settings) != 0) return;
  settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
}

LineReader::Outcome LineReader::read_plain(std::string& line) {
  while (true) {
    const std::size_t newline = held_.find('\n');
    if (newline != std::string::npos) {
      line = held_.substr(0, newline);
      held_.erase(0, newline + 1);
      if (line.ends_with('\r')) line.pop_back();
      return Outcome::kLine;
    }
    if (ended_) {
      if (held_.empty()) return Outcome::kEnd;
      line = std::exchange(held_, {});
      return Outcome::kLine;
    }
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return Outcome::kInterrupted;
    if (got <= 0) {
      ended_ = true;
    } else {
      held_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
}

}  // namespace pith
