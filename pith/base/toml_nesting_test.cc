#include "pith/base/toml_nesting.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

std::string dotted(int parts) {
  std::string key = "a";
  for (int i = 1; i < parts; ++i) key += ".a";
  return key;
}

TEST(TomlNestingTest, NamesTheLineOfADeepKey) {
  const Status status = check_toml_nesting("x = 1\n" + dotted(300'000) + " = 1", "c.toml");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_NE(status.error().message.find("c.toml line 2"), std::string::npos);
  EXPECT_FALSE(check_toml_nesting("[" + dotted(2000) + "]\n", "c.toml"));
}

TEST(TomlNestingTest, OrdinaryFilesPass) {
  EXPECT_TRUE(check_toml_nesting("", "c"));
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "a" + std::to_string(i) + " = 0.5\n";
  EXPECT_TRUE(check_toml_nesting(many, "c"));
  EXPECT_TRUE(check_toml_nesting("x = \"" + std::string(1000, '.') + "\"", "c"));
}

}  // namespace
}  // namespace pith
