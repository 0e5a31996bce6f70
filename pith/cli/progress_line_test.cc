#include "pith/cli/progress_line.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(ProgressLineTest, SaysShareRateAndTimeLeft) {
  const Progress progress{"curate", 1'250'000'000, 10'000'000'000, "B", "120,301 documents"};
  EXPECT_EQ(progress_text(progress, 10, 0),
            "curate: 1.25 GB of 10.0 GB (12 %), 125 MB/s, 1 m 10 s left, 120,301 documents");
}

TEST(ProgressLineTest, ResumedWorkDoesNotCountInTheRate) {
  const Progress progress{"train", 900, 1000, "steps", ""};
  EXPECT_EQ(progress_text(progress, 10, 800), "train: 900 of 1,000 steps (90 %), 10/s, 10 s left");
}

TEST(ProgressLineTest, UnknownTotalHasNoEstimate) {
  EXPECT_EQ(progress_text({"read", 50, 0, "documents", ""}, 10, 0), "read: 50 documents, 5.0/s");
}

}  // namespace
}  // namespace pith
