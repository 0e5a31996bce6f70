#include "pith/cli/help_text.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(HelpTextTest, LaysOutListsInTwoColumns) {
  HelpText text("pith verb", "Do a thing");
  text.usage(" IN [OPTIONS]");
  text.entry("Options", "-o, --output DIR", "Folder of the result");
  text.entry("Arguments", "IN", "What to read");
  text.entry("Options", "--an-option-of-some-length N", "How many");
  text.examples("pith verb a\npith verb b");
  EXPECT_EQ(text.str(),
            "Do a thing\n\nUsage: pith verb IN [OPTIONS]\n\n"
            "Options:\n"
            "  -o, --output DIR        Folder of the result\n"
            "  --an-option-of-some-length N\n"
            "                          How many\n\n"
            "Arguments:\n"
            "  IN                      What to read\n\n"
            "Examples:\n  pith verb a\n  pith verb b\n");
}

TEST(HelpTextTest, BreaksLongExplanationsAtSpaces) {
  std::string words;
  for (int i = 0; i < 40; ++i) words += (i > 0 ? " word" : "word") + std::to_string(i);
  words += " " + std::string(120, 'x');  // no line is long enough for it
  HelpText text("pith", "");
  text.entry("Options", "--x", words);
  const std::string help = text.str();
  std::string joined;
  for (std::size_t begin = help.find("word0"), end; begin < help.find("\nExample");
       begin = end + 1) {
    end = help.find('\n', begin);
    std::string line = help.substr(begin, end - begin);
    const std::size_t indent = line.find_first_not_of(' ');
    if (joined.empty()) {
      EXPECT_LE(26 + line.size(), 100u);
    } else {
      EXPECT_EQ(indent, 26u);
      EXPECT_TRUE(line.size() <= 100u || line.find('x') != std::string::npos) << line;
    }
    joined += (joined.empty() ? "" : " ") + line.substr(indent);
  }
  EXPECT_EQ(joined, words);
}

}  // namespace
}  // namespace pith
