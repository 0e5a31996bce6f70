#include "pith/cli/arguments.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

struct Declared {
  std::vector<std::string> inputs;
  std::string out;
  std::uint64_t keep = 0;
  double budget = 180;
  std::int64_t vocab = 4096;
  bool json = false;
  Arguments arguments{"test", "Tests.", "pith test a -o b"};

  Declared() {
    arguments.positionals(inputs, "IN", "inputs");
    arguments.required();
    arguments.option(out, "-o,--output", "DIR", "where to");
    arguments.required();
    arguments.size(keep, "--keep-bytes", "how much");
    arguments.duration(budget, "--budget", "how long");
    arguments.option(vocab, "--vocab", "N", "pieces");
    arguments.flag(json, "--json", "as JSON");
  }
};

TEST(ArgumentsTest, ReadsWordsIntoTheirTargets) {
  Declared d;
  const auto help = d.arguments.parse({"a", "b", "-o", "out", "--keep-bytes", "2M", "--json"});
  ASSERT_TRUE(help) << help.error().message;
  EXPECT_FALSE(*help);
  EXPECT_EQ(d.inputs, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(d.out, "out");
  EXPECT_EQ(d.keep, 2u << 20);
  EXPECT_EQ(d.budget, 180);
  EXPECT_TRUE(d.json);
}

TEST(ArgumentsTest, BadQuantityNamesTheOption) {
  Declared d;
  const auto result = d.arguments.parse({"a", "-o", "out", "--budget", "soon"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInput);
  EXPECT_NE(result.error().message.find("--budget: \"soon\" is not a duration"), std::string::npos);
}

TEST(ArgumentsTest, MissingAndUnknownWordsAreTheUsersErrors) {
  EXPECT_FALSE(Declared().arguments.parse({"a"}));
  EXPECT_FALSE(Declared().arguments.parse({"-o", "x"}));
  EXPECT_FALSE(Declared().arguments.parse({"a", "-o", "x", "--nonsense"}));
}

TEST(ArgumentsTest, ASlipIsAnsweredWithTheOptionMeant) {
  const auto message = [](std::vector<std::string> words) {
    const auto result = Declared().arguments.parse(words);
    return result ? std::string() : result.error().message;
  };
  EXPECT_EQ(
      message({"a", "-o", "x", "--vocb", "5"}),
      "there is no option --vocb; did you mean --vocab? pith test --help shows what it takes");
  EXPECT_EQ(message({"a", "--ouptut=x"}),
            "there is no option --ouptut; did you mean --output? pith test --help shows what it "
            "takes");
  EXPECT_EQ(message({"a", "-o", "x", "--nonsense"}),
            "there is no option --nonsense; pith test --help shows what it takes");
  EXPECT_EQ(message({"a"}), "--output is missing; pith test --help shows what it takes");
  EXPECT_EQ(message({"a", "-o", "x", "-o", "y"}),
            "--output was given 2 times; pith test --help shows what it takes");
  EXPECT_EQ(message({"a", "-o", "x", "--vocab", "1e3"}),
            "--vocab must be a whole number, not \"1e3\"");
}

TEST(ArgumentsTest, PositionalsTakeAWordEach) {
  std::string model, documents;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.positional(model, "MODEL", "a model");
  arguments.required();
  arguments.positional(documents, "DOCS", "documents");
  arguments.required();
  const auto help = arguments.parse({"m", "d"});
  ASSERT_TRUE(help) << help.error().message;
  EXPECT_EQ(model, "m");
  EXPECT_EQ(documents, "d");
}

TEST(ArgumentsTest, AnOptionLeavesTheNextWordToThePositional) {
  std::string model, prompt;
  std::int64_t tokens = 1;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.positional(model, "MODEL", "a model");
  arguments.required();
  arguments.option(prompt, "--prompt", "TEXT", "a prompt");
  arguments.option(tokens, "--tokens", "N", "a number");
  ASSERT_TRUE(arguments.parse({"--tokens", "5", "--prompt", "p", "m"}));
  EXPECT_EQ(model, "m");
  EXPECT_EQ(prompt, "p");
  EXPECT_EQ(tokens, 5);
}

TEST(ArgumentsTest, AnOptionThatRepeatsTakesAWordEachTime) {
  std::vector<std::string> inputs, like;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.positionals(inputs, "IN", "inputs");
  arguments.required();
  arguments.option(like, "--like", "EXAMPLES", "examples");
  ASSERT_TRUE(arguments.parse({"--like", "a", "in1", "in2", "--like", "b", "in3"}));
  EXPECT_EQ(like, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(inputs, (std::vector<std::string>{"in1", "in2", "in3"}));
}

TEST(ArgumentsTest, AWordTooManyIsNamed) {
  std::string model;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.positional(model, "MODEL", "a model");
  const auto result = arguments.parse({"m", "surplus"});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("surplus"), std::string::npos) << result.error().message;
}

TEST(ArgumentsTest, OptionalValuesStayEmptyUnlessGiven) {
  std::optional<double> share, other;
  std::optional<std::int64_t> count;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.option(share, "--share", "X", "a share");
  arguments.option(other, "--other", "X", "another");
  arguments.otherwise("the model's");
  arguments.option(count, "--count", "N", "a count");
  ASSERT_TRUE(arguments.parse({"--share", "-0.5", "--count=-7"}));
  EXPECT_EQ(share, -0.5);
  EXPECT_EQ(other, std::nullopt);
  EXPECT_EQ(count, -7);
  EXPECT_NE(arguments.help().find("another (default: the model's)"), std::string::npos);
}

TEST(ArgumentsTest, AFlagThatStandsAloneNeedsNothingElse) {
  std::string out;
  bool print = false;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.option(out, "--output", "DIR", "a folder");
  arguments.required();
  arguments.flag(print, "--print", "prints something else");
  arguments.alone();
  EXPECT_FALSE(arguments.parse({}));
  ASSERT_TRUE(arguments.parse({"--print"}));
  EXPECT_TRUE(print);
}

TEST(ArgumentsTest, UsageMarksWhatMayBeLeftOut) {
  std::string file, tokenizer;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.positional(file, "FILE", "a file");
  arguments.option(tokenizer, "--tokenizer", "T", "a tokenizer");
  arguments.required();
  EXPECT_NE(arguments.help().find("pith test [FILE] --tokenizer T [OPTIONS]"), std::string::npos);
}

TEST(ArgumentsTest, WhatIsHiddenIsTakenAndNotShown) {
  std::int64_t seed = 0;
  Arguments arguments("test", "Tests.", "pith test");
  arguments.option(seed, "--seed", "N", "a seed");
  arguments.hidden();
  ASSERT_TRUE(arguments.parse({"--seed", "7"}));
  EXPECT_EQ(seed, 7);
  EXPECT_EQ(arguments.help().find("--seed"), std::string::npos);
}

TEST(ArgumentsTest, HelpShowsPurposeDefaultsAndExample) {
  Declared d;
  EXPECT_TRUE(d.arguments.parse({"--help"}).value());
  const std::string help = d.arguments.help();
  for (const char* part : {"Tests.", "180s", "4096", "pith test a -o b", "--keep-bytes"}) {
    EXPECT_NE(help.find(part), std::string::npos) << part << "\n" << help;
  }
}

}  // namespace
}  // namespace pith
