#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "pith/base/test_data.h"
#include "pith/curate/clean/document_cleaner.h"

// Runs testdata/filters.txt: anyone can add a case there.
namespace pith {
namespace {

// \n and {N*text}.
std::string expand(const std::string& in) {
  std::string out;
  for (std::size_t i = 0; i < in.size();) {
    const auto star = in.find('*', i);
    const auto close = in.find('}', i);
    if (in[i] == '{' && i + 1 < in.size() && in[i + 1] >= '0' && in[i + 1] <= '9' && star < close &&
        close != std::string::npos) {
      const std::string piece = expand(in.substr(star + 1, close - star - 1));
      for (int n = std::stoi(in.substr(i + 1, star - i - 1)); n > 0; --n) out += piece;
      i = close + 1;
    } else if (in.compare(i, 2, "\\n") == 0) {
      out += '\n';
      i += 2;
    } else {
      out += in[i++];
    }
  }
  return out;
}

TEST(FilterCasesTest, EveryCaseInTheFileEndsAsItSays) {
  const std::string path = test_source("pith/curate/clean/testdata/filters.txt");
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const FilterList filters = default_filters();
  DocumentCleaner cleaner(filters);
  int cases = 0;
  std::string name, language, text;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# name: ")) name = line.substr(8);
    if (line.starts_with("# language: ")) language = line.substr(12);
    if (line.starts_with("in: ")) text = expand(line.substr(4));
    if (!line.starts_with("keep: ")) continue;
    ++cases;
    const FilterVerdict verdict = cleaner.clean(text, language).verdict;
    const std::string got =
        verdict.keep ? "keep: yes" : "keep: no (" + std::string(verdict.reason) + ")";
    EXPECT_EQ(got, line) << name << ": " << verdict.value << " against " << verdict.threshold;
  }
  EXPECT_GE(cases, 10);
}

}  // namespace
}  // namespace pith
