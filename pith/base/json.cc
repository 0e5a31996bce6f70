#include "pith/base/json.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "pith/base/json_typed.h"

namespace pith {
namespace {

const Json kNull;
const std::string kEmptyString;
const JsonArray kEmptyArray;
const JsonObject kEmptyObject;

constexpr std::size_t kMaxDepth = 200;

// Builds a Json from nlohmann's SAX events; no tree of theirs is ever made.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override {
    if (value > INT64_MAX) return add(static_cast<double>(value));
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    if (!stack_.back().keys.insert(name).second) {
      error_ = "key \"" + name + "\" appears twice";
      return false;
    }
    stack_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::json::exception& exception) override {
    error_ = exception.what();
    if (const auto colon = error_.find("parse error at "); colon != std::string::npos) {
      error_ = error_.substr(colon + 15);
    }
    return false;
  }

  const std::string& error() const { return error_; }
  Json take() { return std::move(root_); }

 private:
  struct Level {
    Json value;
    std::string key;
    std::unordered_set<std::string> keys;  // linear look-up would be quadratic on a vocabulary
  };
  bool add(Json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (stack_.back().value.is_array()) {
      stack_.back().value.push_back(std::move(value));
    } else {
      stack_.back().value.append_member(std::move(stack_.back().key), std::move(value));
    }
    return true;
  }
  bool open(Json value) {
    if (stack_.size() >= kMaxDepth) {
      error_ = "nested deeper than " + std::to_string(kMaxDepth);
      return false;
    }
    stack_.push_back({std::move(value), {}, {}});
    return true;
  }
  bool close() {
    Json value = std::move(stack_.back().value);
    stack_.pop_back();
    return add(std::move(value));
  }

  std::vector<Level> stack_;
  Json root_;
  std::string error_;
};

// Length of the valid UTF-8 sequence at the front of `text`, 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) >= 0xA0) return 0;
    return 3;
  }
  if (first >= 0xF0 && first < 0xF5) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) >= 0x90) return 0;
    return 4;
  }
  return 0;
}

struct Style {
  bool indented = false;
  bool typed = false;  // whole doubles keep a point
};

void append_number(double value, Style style, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0 && std::signbit(value)) {
    out += "-0.0";  // "-0" is an integer, which has no such zero
    return;
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out.append(buffer, end);
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (style.typed && text.find_first_not_of("-0123456789") == std::string_view::npos) {
    out += ".0";
  }
}

void newline(bool indented, std::size_t depth, std::string& out) {
  if (!indented) return;
  out += '\n';
  out.append(2 * depth, ' ');
}

void append_json(const Json& json, Style style, std::size_t depth, std::string& out) {
  const bool indented = style.indented;
  if (json.is_bool()) {
    out += json.as_bool() ? "true" : "false";
  } else if (json.is_integer()) {
    out += std::to_string(json.as_int());
  } else if (json.is_number()) {
    append_number(json.as_double(), style, out);
  } else if (json.is_string()) {
    append_json_string(json.as_string(), out);
  } else if (json.is_array()) {
    out += '[';
    bool first = true;
    for (const Json& item : json.items()) {
      if (!first) out += ',';
      first = false;
      newline(indented, depth + 1, out);
      append_json(item, style, depth + 1, out);
    }
    if (!first) newline(indented, depth, out);
    out += ']';
  } else if (json.is_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : json.members()) {
      if (!first) out += ',';
      first = false;
      newline(indented, depth + 1, out);
      append_json_string(key, out);
      out += indented ? ": " : ":";
      append_json(value, style, depth + 1, out);
    }
    if (!first) newline(indented, depth, out);
    out += '}';
  } else {
    out += "null";
  }
}

}  // namespace

bool Json::as_bool(bool fallback) const { return is_bool() ? std::get<bool>(value_) : fallback; }

std::int64_t Json::as_int(std::int64_t fallback) const {
  return is_integer() ? std::get<std::int64_t>(value_) : fallback;
}

double Json::as_double(double fallback) const {
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(value_));
  return is_number() ? std::get<double>(value_) : fallback;
}

const std::string& Json::as_string() const {
  return is_string() ? std::get<std::string>(value_) : kEmptyString;
}

const JsonArray& Json::items() const {
  return is_array() ? std::get<JsonArray>(value_) : kEmptyArray;
}

const JsonObject& Json::members() const {
  return is_object() ? std::get<JsonObject>(value_) : kEmptyObject;
}

const Json& Json::operator[](std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return kNull;
}

bool Json::has(std::string_view key) const {
  for (const auto& member : members()) {
    if (member.first == key) return true;
  }
  return false;
}

void Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = JsonObject{};
  PITH_CHECK(is_object(), "set() on something that is no object");
  for (auto& [name, old] : std::get<JsonObject>(value_)) {
    if (name == key) {
      old = std::move(value);
      return;
    }
  }
  append_member(std::string(key), std::move(value));
}

void Json::append_member(std::string key, Json value) {
  std::get<JsonObject>(value_).emplace_back(std::move(key), std::move(value));
}

void Json::push_back(Json value) {
  if (is_null()) value_ = JsonArray{};
  PITH_CHECK(is_array(), "push_back() on something that is no array");
  std::get<JsonArray>(value_).push_back(std::move(value));
}

std::string Json::dump(bool indented) const {
  std::string out;
  append_json(*this, {.indented = indented}, 0, out);
  return out;
}

std::string dump_typed(const Json& json) {
  std::string out;
  append_json(json, {.indented = true, .typed = true}, 0, out);
  return out;
}

Result<Json> parse_json(std::string_view text, std::string_view name) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return format_error(std::string(name) + ": is not valid JSON: " + builder.error());
  }
  return builder.take();
}

void append_json_string(std::string_view text, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
      std::size_t end = i + 1;
      while (end < text.size()) {
        const auto next = static_cast<unsigned char>(text[end]);
        if (next < 0x20 || next >= 0x80 || next == '"' || next == '\\') break;
        ++end;
      }
      out.append(text, i, end - i);
      i = end;
    } else if (byte >= 0x80) {
      const std::size_t length = sequence_length(text.substr(i, 4));
      if (length == 0) {
        out += "\xEF\xBF\xBD";
        ++i;
      } else {
        out.append(text, i, length);
        i += length;
      }
    } else {
      switch (byte) {
        case '"':
          out += "\\\"";
          break;
        case '\\':
          out += "\\\\";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          out += "\\u00";
          out += kDigits[byte >> 4];
          out += kDigits[byte & 15];
      }
      ++i;
    }
  }
  out += '"';
}

}  // namespace pith
