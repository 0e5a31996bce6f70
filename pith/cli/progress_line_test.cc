#include "pith/cli/progress_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using Clock = ProgressLine::Clock;
using testing::HasSubstr;

TEST(ProgressLineTest, SaysShareRateAndTimeLeft) {
  const Progress progress{"curate", 1'250'000'000, 10'000'000'000, "B", "120,301 documents"};
  EXPECT_EQ(progress_text(progress, 10, 0),
            "curate: 1.25 GB of 10.0 GB (12 %), 125 MB/s, 1 m 10 s left, 120,301 documents");
}

TEST(ProgressLineTest, ResumedWorkDoesNotCountInTheRate) {
  const Progress progress{"train", 900, 1000, "steps", ""};
  EXPECT_EQ(progress_text(progress, 10, 800), "train: 900 of 1,000 steps (90 %), 10/s, 10 s left");
}

TEST(ProgressLineTest, AJobWithABudgetSaysWhatIsLeftOfIt) {
  EXPECT_EQ(progress_text({"train", 900, 1000, "steps", "loss 3", 70}, 10, 800),
            "train: 900 of 1,000 steps (90 %), 10/s, 1 m 10 s of the budget left, loss 3");
}

TEST(ProgressLineTest, UnknownTotalHasNoEstimate) {
  EXPECT_EQ(progress_text({"read", 50, 0, "documents", ""}, 10, 0), "read: 50 documents, 5.0/s");
}

TEST(ProgressLineTest, LinesAreCutBetweenCharacters) {
  EXPECT_EQ(fit("short", 5), "short");
  EXPECT_EQ(fit("shorter", 5), "shor…");
  EXPECT_EQ(fit("机器学习", 5), "机…");
  EXPECT_EQ(fit("机器学习", 1), "…");
  EXPECT_EQ(fit("x", 0), "");
}

// A job on a file, at times of our choosing.
class Job {
 public:
  explicit Job(bool terminal) : line_(file_, terminal, Clock::time_point()) {}
  ~Job() { std::fclose(file_); }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  void report(double seconds, std::string_view stage, std::uint64_t done, std::uint64_t total) {
    line_.report({stage, done, total, "steps", ""}, at(seconds));
  }
  void finish(double seconds) { line_.finish(at(seconds)); }
  ProgressLine& line() { return line_; }
  std::string shown() {
    std::rewind(file_);
    std::string text(100000, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

 private:
  static Clock::time_point at(double seconds) {
    return Clock::time_point(std::chrono::milliseconds(static_cast<int>(seconds * 1000)));
  }
  std::FILE* const file_ = std::tmpfile();
  ProgressLine line_;
};

TEST(ProgressLineTest, AJobOfUnderTwoSecondsShowsNothing) {
  for (const bool terminal : {false, true}) {
    Job job(terminal);
    for (int i = 0; i < 190; ++i) job.report(i * 0.01, i < 100 ? "one" : "two", 1, 2);
    job.finish(1.9);
    EXPECT_EQ(job.shown(), "");
  }
}

TEST(ProgressLineTest, PlainLinesComeRarelyAndStagesEndWithTheirTime) {
  Job job(false);
  for (int i = 0; i <= 110; ++i) job.report(i * 0.1, "train", static_cast<std::uint64_t>(i), 110);
  job.report(11.1, "eval", 0, 5);
  job.report(11.2, "eval", 5, 5);  // too short to be shown
  job.finish(11.3);
  EXPECT_EQ(job.shown(),
            "train: 50 of 110 steps (45 %), 10/s, 6.0 s left\n"
            "train: 100 of 110 steps (90 %), 10/s, 1.0 s left\n"
            "train: 110 steps in 11 s\n");
}

TEST(ProgressLineTest, AShortStageLeavesNoLine) {
  Job job(true);
  job.report(0, "one", 0, 2);
  job.report(3, "one", 2, 2);
  job.report(3.1, "two", 0, 2);
  job.report(3.5, "two", 1, 2);
  job.finish(3.6);
  EXPECT_THAT(job.shown(), HasSubstr("two: 1 of 2"));
  EXPECT_THAT(job.shown(), testing::EndsWith("\r\x1b[K"));
  EXPECT_THAT(job.shown(), testing::Not(HasSubstr("two: 1 of 2 steps in")));
}

TEST(ProgressLineTest, AStageThatWasWholeButForAFewBytesIsWhole) {
  Job job(true);
  for (const std::uint64_t done : {0, 238'600'000}) {
    job.line().report({"curate", done, 238'700'000, "B", ""},
                      ProgressLine::Clock::time_point(std::chrono::seconds(done > 0 ? 3 : 0)));
  }
  job.finish(3);
  EXPECT_THAT(job.shown(), testing::EndsWith("curate: 239 MB in 3.0 s\n"));
}

TEST(ProgressLineTest, AnHourIsAPageOfLines) {
  Job job(false);
  for (std::uint64_t i = 0; i <= 3600; ++i) job.report(static_cast<double>(i), "train", i, 7200);
  job.finish(3600);  // stopped half-way
  const std::string shown = job.shown();
  const auto lines = std::count(shown.begin(), shown.end(), '\n');
  EXPECT_GT(lines, 30);
  EXPECT_LT(lines, 130);
  EXPECT_THAT(shown, HasSubstr("train: 3,600 of 7,200 steps in 1 h 00 m\n"));
}

TEST(ProgressLineTest, TerminalsRedrawOneLineWithinTheirWidth) {
  Job job(true);  // a file has no width: 80 columns
  const std::string stage(70, 'x');
  for (int i = 0; i < 40; ++i) job.report(i * 0.1, stage, static_cast<std::uint64_t>(i), 100);
  job.line().warn("mind the gap");
  job.finish(4);
  const std::string shown = job.shown();
  EXPECT_THAT(shown, testing::StartsWith("\r\x1b[K" + stage));
  EXPECT_THAT(shown, HasSubstr("\r\x1b[Kpith: warning: mind the gap\n"));
  EXPECT_THAT(shown, testing::EndsWith(stage + ": 39 of 100 steps in 4.0 s\n"));
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 2);
  const std::string drawn = shown.substr(0, shown.find("pith: warning"));
  EXPECT_THAT(drawn, testing::Not(HasSubstr("left")));  // cut off
  EXPECT_THAT(drawn, HasSubstr("…\r\x1b[K"));
}

}  // namespace
}  // namespace pith
