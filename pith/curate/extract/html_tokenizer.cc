#include "pith/curate/extract/html_tokenizer.h"

#include <algorithm>
#include <cstring>

namespace pith {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
bool is_alpha(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
bool ends_name(char c) { return is_space(c) || c == '/' || c == '>'; }

std::size_t find(std::string_view text, char c, std::size_t from) {
  if (from >= text.size()) return text.size();
  const void* hit = std::memchr(text.data() + from, c, text.size() - from);
  return hit == nullptr ? text.size()
                        : static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
}

bool starts_at(std::string_view text, std::size_t at, std::string_view lower) {
  return at + lower.size() <= text.size() &&
         equals_ignoring_case(text.substr(at, lower.size()), lower);
}

}  // namespace

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
  }
  return true;
}

void HtmlTokenizer::text_token(HtmlToken& token, std::size_t begin, std::size_t end,
                               HtmlContent content) const {
  token.kind = HtmlTokenKind::kText;
  token.content = content;
  token.text = html_.substr(begin, end - begin);
}

bool HtmlTokenizer::next(HtmlToken& token) {
  if (at_ >= html_.size()) return false;
  return content_ == HtmlContent::kData ? next_data(token) : next_raw(token);
}

bool HtmlTokenizer::next_data(HtmlToken& token) {
  std::size_t begin = at_;
  for (std::size_t less = find(html_, '<', begin); less < html_.size();
       less = find(html_, '<', less + 1)) {
    const char after = less + 1 < html_.size() ? html_[less + 1] : '\0';
    const bool end_tag = after == '/' && less + 2 < html_.size();
    if (!is_alpha(after) && after != '!' && after != '?' && !end_tag) continue;
    if (less > begin) {
      at_ = less;
      text_token(token, begin, less, HtmlContent::kData);
      return true;
    }
    if (is_alpha(after)) return read_tag(token, less + 1, HtmlTokenKind::kStartTag);
    if (after == '!') {
      read_markup_declaration(token, less + 2);
      return true;
    }
    if (after == '?') {
      read_bogus_comment(token, less + 1);
      return true;
    }
    if (is_alpha(html_[less + 2])) return read_tag(token, less + 2, HtmlTokenKind::kEndTag);
    if (html_[less + 2] == '>') {  // "</>" is nothing at all
      begin = less + 3;
      less += 2;
      continue;
    }
    read_bogus_comment(token, less + 2);
    return true;
  }
  at_ = html_.size();
  text_token(token, begin, at_, HtmlContent::kData);
  return begin < at_;
}

// Text of an element whose only tag is its own end tag.
bool HtmlTokenizer::next_raw(HtmlToken& token) {
  const std::size_t begin = at_;
  std::size_t end = html_.size();
  std::size_t resume = end;
  const HtmlContent content = content_;
  if (content == HtmlContent::kCdata) {
    end = std::min(html_.find("]]>", begin), html_.size());
    resume = std::min(end + 3, html_.size());
    content_ = HtmlContent::kData;
  } else if (content == HtmlContent::kScript) {
    end = resume = find_script_end(begin);
  } else if (content != HtmlContent::kPlaintext) {
    for (end = find(html_, '<', begin); end < html_.size(); end = find(html_, '<', end + 1)) {
      if (own_end_tag_at(end)) break;
    }
    resume = end;
  }
  at_ = resume;
  if (end > begin) {
    text_token(token, begin, end, content);
    return true;
  }
  if (at_ >= html_.size()) return false;
  if (content == HtmlContent::kCdata) return next(token);
  return read_tag(token, at_ + 2, HtmlTokenKind::kEndTag);
}

bool HtmlTokenizer::own_end_tag_at(std::size_t less_than) const {
  const std::size_t after = less_than + 2 + end_name_.size();
  return after < html_.size() && html_[less_than + 1] == '/' && !end_name_.empty() &&
         starts_at(html_, less_than + 2, end_name_) && ends_name(html_[after]);
}

// Script data hides its end tag inside "<!-- <script> ... </script> -->" (the escaped and double
// escaped states). Returns where "</script" stands, or the end of the input.
std::size_t HtmlTokenizer::find_script_end(std::size_t begin) const {
  enum class Mode { kPlain, kEscaped, kDoubleEscaped } mode = Mode::kPlain;
  std::size_t dashes = 0;  // directly before `at`, while escaped
  for (std::size_t at = begin; at < html_.size();) {
    if (mode == Mode::kPlain) {
      at = find(html_, '<', at);
      if (at >= html_.size() || own_end_tag_at(at)) return at;
      if (html_.substr(at, 4) == "<!--") {
        mode = Mode::kEscaped;
        dashes = 2;
        at += 4;
      } else {
        ++at;
      }
      continue;
    }
    const char c = html_[at];
    if (c == '-') {
      ++dashes;
    } else if (c == '>' && dashes >= 2) {
      mode = Mode::kPlain;
      dashes = 0;
    } else {
      dashes = 0;
      if (c == '<') {
        const bool closes = at + 1 < html_.size() && html_[at + 1] == '/';
        if (mode == Mode::kEscaped && own_end_tag_at(at)) return at;
        const std::size_t name = at + (closes ? 2 : 1);
        if (closes == (mode == Mode::kDoubleEscaped) && starts_at(html_, name, "script") &&
            name + 6 < html_.size() && ends_name(html_[name + 6])) {
          mode = closes ? Mode::kEscaped : Mode::kDoubleEscaped;
          at = name + 7;
          continue;
        }
      }
    }
    ++at;
  }
  return html_.size();
}

bool HtmlTokenizer::read_tag(HtmlToken& token, std::size_t name_begin, HtmlTokenKind kind) {
  const char* const data = html_.data();
  const std::size_t size = html_.size();
  std::size_t at = name_begin;
  while (at < size && !ends_name(data[at])) ++at;
  token.kind = kind;
  token.text = html_.substr(name_begin, at - name_begin);
  token.self_closing = false;
  attributes_.clear();
  content_ = HtmlContent::kData;
  for (;;) {
    while (at < size && is_space(data[at])) ++at;
    if (at >= size) break;
    if (data[at] == '>') {
      at_ = at + 1;
      token.attributes = attributes_;
      return true;
    }
    if (data[at] == '/') {
      ++at;
      if (at < size && data[at] == '>') token.self_closing = true;
      continue;
    }
    const std::size_t attribute_begin = at++;  // a "=" here begins a name
    while (at < size && !ends_name(data[at]) && data[at] != '=') ++at;
    HtmlAttribute attribute{html_.substr(attribute_begin, at - attribute_begin), {}};
    while (at < size && is_space(data[at])) ++at;
    if (at < size && data[at] == '=') {
      ++at;
      while (at < size && is_space(data[at])) ++at;
      if (at >= size) break;
      if (data[at] == '"' || data[at] == '\'') {
        const std::size_t end = find(html_, data[at], at + 1);
        if (end >= size) break;
        attribute.value = html_.substr(at + 1, end - at - 1);
        at = end + 1;
      } else {
        const std::size_t value_begin = at;
        while (at < size && !is_space(data[at]) && data[at] != '>') ++at;
        attribute.value = html_.substr(value_begin, at - value_begin);
      }
    }
    attributes_.push_back(attribute);
  }
  at_ = size;  // a tag that the input cuts off is no token
  return false;
}

void HtmlTokenizer::read_markup_declaration(HtmlToken& token, std::size_t begin) {
  if (html_.substr(begin, 2) == "--") {
    read_comment(token, begin + 2);
  } else if (starts_at(html_, begin, "doctype")) {
    read_doctype(token, begin + 7);
  } else if (foreign_ && html_.substr(begin, 7) == "[CDATA[") {
    const std::size_t end = std::min(html_.find("]]>", begin + 7), html_.size());
    text_token(token, begin + 7, end, HtmlContent::kCdata);
    at_ = std::min(end + 3, html_.size());
  } else {
    read_bogus_comment(token, begin);
  }
}

void HtmlTokenizer::read_bogus_comment(HtmlToken& token, std::size_t begin) {
  const std::size_t end = find(html_, '>', begin);
  token.kind = HtmlTokenKind::kComment;
  token.text = html_.substr(begin, end - begin);
  at_ = std::min(end + 1, html_.size());
}

// A comment ends with "-->" or "--!>", or at once with ">" or "->".
void HtmlTokenizer::read_comment(HtmlToken& token, std::size_t begin) {
  token.kind = HtmlTokenKind::kComment;
  const auto dashes_before = [&](std::size_t at) {
    return at >= begin + 2 && html_[at - 1] == '-' && html_[at - 2] == '-';
  };
  for (std::size_t greater = find(html_, '>', begin); greater < html_.size();
       greater = find(html_, '>', greater + 1)) {
    std::size_t end = html_.npos;
    if (greater == begin || (greater == begin + 1 && html_[begin] == '-')) {
      end = begin;
    } else if (dashes_before(greater)) {
      end = greater - 2;
    } else if (html_[greater - 1] == '!' && dashes_before(greater - 1)) {
      end = greater - 3;
    }
    if (end != html_.npos) {
      token.text = html_.substr(begin, end - begin);
      at_ = greater + 1;
      return;
    }
  }
  std::size_t end = html_.size();
  if (end > begin && html_[end - 1] == '!' && dashes_before(end - 1)) {
    end -= 3;
  } else if (dashes_before(end)) {
    end -= 2;
  } else if (end > begin && html_[end - 1] == '-') {
    end -= 1;
  }
  token.text = html_.substr(std::min(begin, end), end - std::min(begin, end));
  at_ = html_.size();
}

void HtmlTokenizer::read_doctype(HtmlToken& token, std::size_t begin) {
  token.kind = HtmlTokenKind::kDoctype;
  token.force_quirks = false;
  token.has_public_id = token.has_system_id = false;
  token.text = token.public_id = token.system_id = {};
  std::size_t at = begin;
  const std::size_t size = html_.size();
  const auto skip_spaces = [&] {
    while (at < size && is_space(html_[at])) ++at;
  };
  const auto finish = [&](bool quirks) {
    token.force_quirks = token.force_quirks || quirks;
    at = find(html_, '>', at);
    at_ = std::min(at + 1, size);
  };
  // Reads a quoted identifier. False: it was cut off by ">" or the end.
  const auto identifier = [&](std::string_view& id, bool& has_id) {
    const char quote = html_[at++];
    const std::size_t id_begin = at;
    while (at < size && html_[at] != quote && html_[at] != '>') ++at;
    id = html_.substr(id_begin, at - id_begin);
    has_id = true;
    if (at >= size || html_[at] == '>') return false;
    ++at;
    return true;
  };
  const auto at_quote = [&] { return at < size && (html_[at] == '"' || html_[at] == '\''); };

  skip_spaces();
  const std::size_t name_begin = at;
  while (at < size && !is_space(html_[at]) && html_[at] != '>') ++at;
  token.text = html_.substr(name_begin, at - name_begin);
  if (token.text.empty()) return finish(true);
  skip_spaces();
  if (at >= size) return finish(true);
  if (html_[at] == '>') return finish(false);
  const bool is_public = starts_at(html_, at, "public");
  if (!is_public && !starts_at(html_, at, "system")) return finish(true);
  at += 6;
  skip_spaces();
  if (!at_quote()) return finish(true);
  if (is_public) {
    if (!identifier(token.public_id, token.has_public_id)) return finish(true);
    skip_spaces();
    if (at < size && html_[at] == '>') return finish(false);
    if (!at_quote()) return finish(true);
  }
  if (!identifier(token.system_id, token.has_system_id)) return finish(true);
  skip_spaces();
  finish(at >= size);
}

}  // namespace pith
