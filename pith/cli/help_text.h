#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Lays out what --help prints: purpose, usage, titled lists in two columns, examples. Long
// explanations are broken at spaces, so that a terminal of 100 columns shows whole words.
namespace pith {

class HelpText {
 public:
  HelpText(std::string program, std::string purpose);

  void usage(std::string_view arguments);
  // A line of the list `title`; lists come in the order of their first entries.
  void entry(std::string_view title, std::string left, std::string right);
  void examples(std::string_view lines);  // one command a line

  std::string str() const;

 private:
  struct List {
    std::string title;
    std::vector<std::pair<std::string, std::string>> entries;
  };

  std::string program_, purpose_, usage_, examples_;
  std::vector<List> lists_;
};

}  // namespace pith
