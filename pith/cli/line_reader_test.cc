#include "pith/cli/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace pith {
namespace {

using Outcome = LineReader::Outcome;

// Standard input is a pipe while this lives. What a terminal does is tested in tests/chat_test.py.
class PipedInput {
 public:
  PipedInput() : before_(::dup(STDIN_FILENO)) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    EXPECT_GE(::dup2(ends_[0], STDIN_FILENO), 0);
    ::close(ends_[0]);
  }
  ~PipedInput() {
    close();
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(ends_[1], text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void close() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  const int before_;
  std::array<int, 2> ends_ = {-1, -1};
};

std::vector<std::string> all_lines(std::string_view text) {
  PipedInput input;
  std::thread writer([&] {
    input.write(text);
    input.close();
  });
  LineReader reader("> ");
  EXPECT_FALSE(reader.terminal());
  std::vector<std::string> lines;
  std::string line;
  while (reader.read(line) == Outcome::kLine) lines.push_back(line);
  EXPECT_EQ(reader.read(line), Outcome::kEnd);  // and stays there
  writer.join();
  return lines;
}

TEST(LineReaderTest, PipesAreReadLineByLine) {
  using testing::ElementsAre;
  EXPECT_THAT(all_lines(""), ElementsAre());
  EXPECT_THAT(all_lines("one\ntwo\n"), ElementsAre("one", "two"));
  EXPECT_THAT(all_lines("one\n\nlast without newline"),
              ElementsAre("one", "", "last without newline"));
  EXPECT_THAT(all_lines("dos\r\n机器\r\n"), ElementsAre("dos", "机器"));
  const std::string nul("a\0b\n", 4);
  EXPECT_THAT(all_lines(nul), ElementsAre(std::string("a\0b", 3)));
}

TEST(LineReaderTest, LinesMayBeLongerThanABuffer) {
  const std::string longer(100000, 'x');
  EXPECT_THAT(all_lines(longer + "\nshort\n" + longer),
              testing::ElementsAre(longer, "short", longer));
}

TEST(LineReaderTest, ALineIsThereBeforeTheNextIsWritten) {
  PipedInput input;
  LineReader reader("> ");
  std::string line;
  input.write("first\nsec");
  EXPECT_EQ(reader.read(line), Outcome::kLine);
  EXPECT_EQ(line, "first");
  input.write("ond\n");
  EXPECT_EQ(reader.read(line), Outcome::kLine);
  EXPECT_EQ(line, "second");
}

TEST(LineReaderTest, ASignalInterruptsAReadThatWaits) {
  struct sigaction action = {}, before = {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  PipedInput input;
  LineReader reader("> ");
  const pthread_t self = ::pthread_self();
  std::atomic<bool> done{false};
  std::thread interrupter([&] {
    while (!done) {  // the read may not have begun
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      ::pthread_kill(self, SIGUSR1);
    }
  });
  std::string line;
  EXPECT_EQ(reader.read(line), Outcome::kInterrupted);
  done = true;
  interrupter.join();
  input.write("goes on\n");
  EXPECT_EQ(reader.read(line), Outcome::kLine);
  EXPECT_EQ(line, "goes on");
  ::sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace
}  // namespace pith
