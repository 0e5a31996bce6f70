#include "pith/curate/extract/json_strings.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace pith {
namespace {

TEST(JsonStringsTest, VisitsEveryStringWithItsKeys) {
  std::vector<std::tuple<std::string, std::string, std::string>> seen;
  scan_json_strings(R"({"a": "1", "b": {"c": ["2", {"d": "3"}]}, "e": 4, "f": "5"})",
                    [&](std::string_view key, std::string_view value, std::string_view parent) {
                      seen.emplace_back(key, value, parent);
                    });
  using T = std::tuple<std::string, std::string, std::string>;
  EXPECT_EQ(seen,
            (std::vector<T>{{"a", "1", ""}, {"c", "2", "b"}, {"d", "3", "c"}, {"f", "5", ""}}));
}

TEST(JsonStringsTest, UnescapesAndSurvivesTheEnd) {
  std::string last;
  const auto keep = [&](std::string_view, std::string_view value, std::string_view) {
    last = value;
  };
  scan_json_strings(R"({"a": "x\n\/\u4e2d\ud83d\ude00"})", keep);
  EXPECT_EQ(last, "x\n/中😀");
  for (const char* cut : {"{\"a\": \"x", "{\"a\": \"x\\", "{\"a\": \"\\u12", "\"", "}}", "[[["}) {
    scan_json_strings(cut, keep);
  }
}

// Arrays in arrays in ...: what a page can ask for has a bound.
TEST(JsonStringsTest, StopsAtItsDepth) {
  int visited = 0;
  const auto count = [&](std::string_view, std::string_view, std::string_view) { ++visited; };
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "\"x\""; };
  scan_json_strings(nested(kJsonStringsDepth), count);
  EXPECT_EQ(visited, 1);
  scan_json_strings(nested(kJsonStringsDepth + 1), count);
  EXPECT_EQ(visited, 1);
}

}  // namespace
}  // namespace pith
