#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pith/base/result.h"

// JSON for configs, manifests and results: small, in memory. (Documents are parsed in
// formats/documents.cc by simdjson.) nlohmann/json stays in json.cc.
namespace pith {

class Json;
using JsonArray = std::vector<Json>;
// Members in the order written; look-up is linear, objects here are small.
using JsonObject = std::vector<std::pair<std::string, Json>>;

class Json {
 public:
  Json() = default;                                                        // null
  Json(bool value) : value_(value) {}                                      // NOLINT: implicit
  Json(int value) : value_(std::int64_t{value}) {}                         // NOLINT
  Json(std::int64_t value) : value_(value) {}                              // NOLINT
  Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
  Json(double value) : value_(value) {}                                    // NOLINT
  Json(const char* value) : value_(std::string(value)) {}                  // NOLINT
  Json(std::string value) : value_(std::move(value)) {}                    // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}             // NOLINT
  Json(JsonArray value) : value_(std::move(value)) {}                      // NOLINT
  Json(JsonObject value) : value_(std::move(value)) {}                     // NOLINT
  static Json object() { return Json(JsonObject{}); }
  static Json array() { return Json(JsonArray{}); }

  bool is_null() const { return value_.index() == 0; }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<JsonArray>(value_); }
  bool is_object() const { return std::holds_alternative<JsonObject>(value_); }

  // The value, or `fallback` when it is of another type. as_double also takes integers.
  bool as_bool(bool fallback = false) const;
  std::int64_t as_int(std::int64_t fallback = 0) const;
  double as_double(double fallback = 0) const;
  const std::string& as_string() const;  // "" when no string
  const JsonArray& items() const;        // empty when no array
  const JsonObject& members() const;     // empty when no object

  // Member `key`, or null when there is none (or this is no object).
  const Json& operator[](std::string_view key) const;
  bool has(std::string_view key) const;
  // Adds or replaces a member; a null becomes an object first.
  void set(std::string_view key, Json value);
  void push_back(Json value);  // a null becomes an array first
  // Adds a member known to be new, without looking. This must be an object.
  void append_member(std::string key, Json value);

  // Compact on one line, or indented by two spaces. Strings are written as UTF-8; invalid bytes
  // become U+FFFD, NaN and infinities null. Doubles are shortest round-trip.
  std::string dump(bool indented = false) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, JsonArray, JsonObject>
      value_;
};

// Parses one JSON text. `name` (a path, say) opens error messages, which give line and column.
// Bounds: nesting of 200; duplicate keys in one object are an error.
Result<Json> parse_json(std::string_view text, std::string_view name);

// Appends `text` as a JSON string with quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string_view text, std::string& out);

}  // namespace pith
