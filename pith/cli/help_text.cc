#include "pith/cli/help_text.h"

#include <algorithm>

namespace pith {
namespace {

constexpr std::size_t kColumns = 100, kLeftColumns = 26;

// Appends words after `column`, going on at kLeftColumns where a line is full.
void append_wrapped(std::string& out, std::string_view words, std::size_t column) {
  while (!words.empty()) {
    std::size_t end = words.find(' ');
    const std::string_view word = words.substr(0, end);
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
    if (column > kLeftColumns && column + 1 + word.size() > kColumns) {
      out += "\n" + std::string(kLeftColumns, ' ');
      column = kLeftColumns;
    } else if (column > kLeftColumns) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += "\n";
}

}  // namespace

HelpText::HelpText(std::string program, std::string purpose)
    : program_(std::move(program)), purpose_(std::move(purpose)) {}

void HelpText::usage(std::string_view arguments) { usage_ = arguments; }

void HelpText::entry(std::string_view title, std::string left, std::string right) {
  auto list = std::find_if(lists_.begin(), lists_.end(),
                           [&](const List& one) { return one.title == title; });
  if (list == lists_.end()) list = lists_.insert(lists_.end(), {std::string(title), {}});
  list->entries.emplace_back(std::move(left), std::move(right));
}

void HelpText::examples(std::string_view lines) { examples_ = lines; }

std::string HelpText::str() const {
  std::string out = purpose_ + "\n\nUsage: " + program_ + usage_ + "\n";
  for (const List& list : lists_) {
    out += "\n" + list.title + ":\n";
    for (const auto& [left, right] : list.entries) {
      std::string line = "  " + left;
      if (line.size() + 2 > kLeftColumns) {
        out += line + "\n";
        line.clear();
      }
      line.resize(kLeftColumns, ' ');
      out += line;
      append_wrapped(out, right, kLeftColumns);
    }
  }
  out += examples_.find('\n') == std::string::npos ? "\nExample:\n" : "\nExamples:\n";
  for (std::size_t begin = 0; begin < examples_.size();) {
    const std::size_t end = std::min(examples_.find('\n', begin), examples_.size());
    out += "  " + examples_.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

}  // namespace pith
