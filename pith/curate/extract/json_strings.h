#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pith {

inline constexpr std::size_t kJsonStringsDepth = 199;  // objects and arrays inside each other

// Walks over a JSON text and calls visit(key, value, parent_key), three string_views, for every
// string in it that is no key, in order, without building it: what pages embed (JSON-LD) is often
// broken, and most of it is not wanted. `key` is that of the innermost member around the string
// (arrays pass theirs on), `parent_key` that of the member whose object holds it; "" where there is
// none. With {"author": {"name": "Ann", "also": ["A.", "B."]}}:
//
//     visit("name", "Ann", "author")
//     visit("also", "A.", "author")
//     visit("also", "B.", "author")
//
// Keys and values are unescaped, tabs and carriage returns to spaces; they last for the call.
// Numbers, true, false and null are passed over.
//
// There is no error: a text that ends early gives what was there, its last string included;
// brackets that close nothing, or more than kJsonStringsDepth that are open, end the walk.
//
// Time is linear, memory that of the keys around one string. Any number of threads.
template <class Visit>
void scan_json_strings(std::string_view json, const Visit& visit);

namespace json_internal {
// Appends the string that begins after the quote before `at` to `out`, unescaped; returns the
// position after its end, at most json.size().
std::size_t read_string(std::string_view json, std::size_t at, std::string& out);
}  // namespace json_internal

template <class Visit>
void scan_json_strings(std::string_view json, const Visit& visit) {
  std::vector<std::string> keys = {""};  // the key in force at each nesting
  std::vector<bool> is_object = {false};
  std::string text;
  bool key_due = false;  // within an object, before a ":"
  for (std::size_t at = 0; at < json.size();) {
    switch (json[at]) {
      case '{':
      case '[':
        if (keys.size() > kJsonStringsDepth) return;
        key_due = json[at] == '{';
        is_object.push_back(key_due);
        keys.push_back(keys.back());
        ++at;
        break;
      case '}':
      case ']':
        if (keys.size() <= 1) return;
        keys.pop_back();
        is_object.pop_back();
        key_due = is_object.back();
        ++at;
        break;
      case ',':
        key_due = is_object.back();
        ++at;
        break;
      case ':':
        key_due = false;
        ++at;
        break;
      case '"': {
        text.clear();
        at = json_internal::read_string(json, at + 1, text);
        if (key_due) {
          keys.back() = text;
        } else {
          // The nearest enclosing object gives the parent's key.
          std::size_t level = keys.size() - 1;
          while (level > 0 && !is_object[level]) --level;
          const std::string_view parent = level > 0 ? std::string_view(keys[level - 1]) : "";
          visit(std::string_view(keys.back()), std::string_view(text), parent);
        }
        break;
      }
      default:
        ++at;
    }
  }
}

}  // namespace pith
