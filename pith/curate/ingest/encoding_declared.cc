#include <algorithm>
#include <string>
#include <string_view>

#include "pith/curate/ingest/encoding.h"

// The prescan of html.spec.whatwg.org, 13.2.3.2, through the first 64 KiB.
namespace pith {
namespace {

constexpr std::size_t kPrescanBytes = 64 << 10;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
bool is_letter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

struct Attribute {
  std::string name, value;
};

// Reads one attribute at `at` and moves behind it; false at the end of the tag.
bool next_attribute(std::string_view html, std::size_t& at, Attribute& attribute) {
  attribute = {};
  while (at < html.size() && (is_space(html[at]) || html[at] == '/')) ++at;
  if (at >= html.size() || html[at] == '>') return false;
  while (at < html.size() && !is_space(html[at]) && html[at] != '/' && html[at] != '>' &&
         (html[at] != '=' || attribute.name.empty())) {
    attribute.name.push_back(lower(html[at++]));
  }
  while (at < html.size() && is_space(html[at])) ++at;
  if (at >= html.size() || html[at] != '=') return true;
  ++at;
  while (at < html.size() && is_space(html[at])) ++at;
  if (at >= html.size()) return false;
  if (html[at] == '"' || html[at] == '\'') {
    const char quote = html[at++];
    while (at < html.size() && html[at] != quote) attribute.value.push_back(lower(html[at++]));
    if (at >= html.size()) return false;
    ++at;
    return true;
  }
  while (at < html.size() && !is_space(html[at]) && html[at] != '>') {
    attribute.value.push_back(lower(html[at++]));
  }
  return true;
}

// The charset in a Content-Type value: "text/html; charset=gbk".
std::string_view charset_in(std::string_view content) {
  for (std::size_t at = content.find("charset"); at != std::string_view::npos;
       at = content.find("charset", at)) {
    at += 7;
    while (at < content.size() && is_space(content[at])) ++at;
    if (at >= content.size() || content[at] != '=') continue;
    ++at;
    while (at < content.size() && is_space(content[at])) ++at;
    if (at >= content.size()) return {};
    if (content[at] == '"' || content[at] == '\'') {
      const std::size_t end = content.find(content[at], at + 1);
      return end == std::string_view::npos ? std::string_view()
                                           : content.substr(at + 1, end - at - 1);
    }
    std::size_t end = at;
    while (end < content.size() && !is_space(content[end]) && content[end] != ';') ++end;
    return content.substr(at, end - at);
  }
  return {};
}

std::string_view meta_encoding(std::string_view html, std::size_t& at) {
  Attribute attribute;
  bool pragma = false, needs_pragma = false, found = false;
  std::string_view encoding;
  bool seen_content = false;
  while (next_attribute(html, at, attribute)) {
    if (attribute.name == "http-equiv") {
      pragma = attribute.value == "content-type";
    } else if (attribute.name == "content" && !seen_content && !found) {
      const std::string_view charset = charset_in(attribute.value);
      if (charset.empty()) continue;
      seen_content = true;
      encoding = encoding_of_label(charset);
      found = !encoding.empty();
      needs_pragma = true;
    } else if (attribute.name == "charset") {
      encoding = encoding_of_label(attribute.value);
      found = true;
      needs_pragma = false;
    }
  }
  if (at >= html.size()) return {};  // a tag without an end
  if (!found || encoding.empty() || (needs_pragma && !pragma)) return {};
  return encoding.starts_with("utf-16") ? std::string_view("utf-8") : encoding;
}

}  // namespace

std::string_view html_declared_encoding(std::string_view html) {
  html = html.substr(0, kPrescanBytes);
  if (html.starts_with("<?xml")) {
    const std::size_t end = html.find('>');
    const std::string_view head = html.substr(0, std::min<std::size_t>(end, 1024));
    const std::size_t at = head.find("encoding");
    const std::size_t open = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
    if (open != std::string_view::npos) {
      const std::size_t close = head.find(head[open], open + 1);
      if (close != std::string_view::npos) {
        const std::string_view name = encoding_of_label(head.substr(open + 1, close - open - 1));
        if (!name.empty()) return name.starts_with("utf-16") ? std::string_view("utf-8") : name;
      }
    }
  }
  for (std::size_t at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    if (html.substr(at).starts_with("<!--")) {
      const std::size_t end = html.find("-->", at + 2);
      if (end == std::string_view::npos) return {};
      at = end + 3;
      continue;
    }
    std::string name;
    for (std::size_t i = at + 1; i < html.size() && i < at + 6; ++i) name.push_back(lower(html[i]));
    if (name.starts_with("meta") && name.size() == 5 && (is_space(name[4]) || name[4] == '/')) {
      at += 5;
      const std::string_view encoding = meta_encoding(html, at);
      if (!encoding.empty()) return encoding;
      continue;
    }
    const bool closing = name.starts_with("/");
    const std::size_t first = closing ? 1 : 0;
    if (name.size() > first && is_letter(name[first])) {
      at += 1 + first;
      while (at < html.size() && !is_space(html[at]) && html[at] != '>') ++at;
      Attribute ignored;
      while (next_attribute(html, at, ignored)) {
      }
    } else if (closing || name.starts_with("!") || name.starts_with("?")) {
      at = std::min(html.find('>', at), html.size());
    } else {
      ++at;
    }
  }
  return {};
}

}  // namespace pith
