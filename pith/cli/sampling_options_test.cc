#include "pith/cli/sampling_options.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

Result<SamplerOptions> parse(const std::vector<std::string>& words) {
  SamplingOptions sampling;
  Arguments arguments("test", "Tests.", "pith test");
  sampling.declare(arguments);
  PITH_TRY(arguments.parse(words));
  SamplerOptions options{.temperature = 0.3, .top_k = 7, .top_p = 0.5};  // the model's
  PITH_TRY(sampling.apply(options));
  return options;
}

TEST(SamplingOptionsTest, WhatIsNotGivenStaysTheModels) {
  const SamplerOptions none = parse({}).value();
  EXPECT_EQ(none.temperature, 0.3);
  EXPECT_EQ(none.top_k, 7);
  EXPECT_EQ(none.top_p, 0.5);
  EXPECT_EQ(none.repetition_penalty, 1);
  const SamplerOptions all = parse({"--temperature", "0", "--top-k=0", "--top-p", "1", "--min-p",
                                    "0.1", "--repetition-penalty", "1.2"})
                                 .value();
  EXPECT_EQ(all.temperature, 0);
  EXPECT_EQ(all.top_k, 0);
  EXPECT_EQ(all.top_p, 1);
  EXPECT_EQ(all.min_p, 0.1);
  EXPECT_EQ(all.repetition_penalty, 1.2);
}

TEST(SamplingOptionsTest, OutOfRangeNamesTheOption) {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{"--temperature", "-1"}, Words{"--temperature", "nan"}, Words{"--temperature", "warm"},
        Words{"--top-p", "0"}, Words{"--top-p", "inf"}, Words{"--top-p", "1.1"},
        Words{"--top-k", "-3"}, Words{"--top-k", "1.5"}, Words{"--top-k", "99999999999999999999"},
        Words{"--min-p", "2"}, Words{"--repetition-penalty", "0"}}) {
    const auto options = parse(words);
    ASSERT_FALSE(options) << words[0] << " " << words[1];
    EXPECT_EQ(options.error().kind, ErrorKind::kInput);
    EXPECT_NE(options.error().message.find(words[0]), std::string::npos) << options.error().message;
  }
}

}  // namespace
}  // namespace pith
