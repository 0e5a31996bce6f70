#include "pith/base/json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pith/base/json_typed.h"

namespace pith {
namespace {

TEST(JsonTest, ParsesAndDumpsTheSameText) {
  const std::string text = R"({"a":[1,-2.5,true,null,"x\n\"é\u0001"],"b":{"c":9007199254740993}})";
  EXPECT_EQ(parse_json(text, "t").value().dump(), text);
}

TEST(JsonTest, WrongTypesGiveTheFallback) {
  const Json json = parse_json(R"({"n":1,"s":"x"})", "t").value();
  EXPECT_EQ(json["s"].as_int(7), 7);
  EXPECT_EQ(json["n"].as_string(), "");
  EXPECT_EQ(json["n"].as_double(), 1.0);
  EXPECT_TRUE(json["missing"]["deeper"].is_null());
}

TEST(JsonTest, SetReplacesAndKeepsTheOrder) {
  Json json;
  json.set("b", 1);
  json.set("a", 2);
  json.set("b", 3);
  EXPECT_EQ(json.dump(), R"({"b":3,"a":2})");
}

TEST(JsonTest, ErrorsSayWhere) {
  const auto broken = parse_json("{\n \"a\": }", "config.json");
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("config.json"), std::string::npos);
  EXPECT_NE(broken.error().message.find("line 2"), std::string::npos) << broken.error().message;
}

TEST(JsonTest, RefusesDuplicateKeysAndDeepNesting) {
  EXPECT_FALSE(parse_json(R"({"a":1,"a":2})", "t"));
  EXPECT_TRUE(parse_json(R"([{"a":1},{"a":2}])", "t"));
  EXPECT_FALSE(parse_json(std::string(100000, '['), "t"));
  EXPECT_TRUE(parse_json(std::string(200, '[') + std::string(200, ']'), "t"));
  EXPECT_FALSE(parse_json(std::string(201, '[') + std::string(201, ']'), "t"));
}

TEST(JsonTest, BadBytesBecomeReplacementCharactersAndNonFiniteNull) {
  std::string out;
  append_json_string("a\xFF\xE4\xB8 \xE4\xB8\xAD\xED\xA0\x80", out);
  EXPECT_EQ(out, "\"a\uFFFD\uFFFD\uFFFD 中\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
}

TEST(JsonTest, ANegativeZeroStaysOne) {
  EXPECT_EQ(Json(-0.0).dump(), "-0.0");
  for (const auto& [value, text] : {std::pair{15.0, "15.0"}, std::pair{-2.0, "-2.0"},
                                    std::pair{1e-6, "1e-06"}, std::pair{2.5, "2.5"}}) {
    EXPECT_EQ(dump_typed(Json(value)), text);
  }
  EXPECT_EQ(dump_typed(Json(15)), "15");
  EXPECT_TRUE(std::signbit(parse_json(Json(-0.0).dump(), "t")->as_double(1)));
}

}  // namespace
}  // namespace pith
