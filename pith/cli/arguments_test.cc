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
