#include "pith/text/pretoken_counts.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "pith/base/random.h"

namespace pith {
namespace {

std::map<std::string, std::uint64_t> contents(const PretokenCounts& counts) {
  std::map<std::string, std::uint64_t> all;
  counts.for_each([&](const PretokenCounts::Entry& entry) {
    EXPECT_TRUE(all.emplace(entry.text(), entry.count).second) << "twice: " << entry.text();
  });
  EXPECT_EQ(all.size(), counts.size());
  return all;
}

// Words of 1 to 20 bytes, many of them again and again; lengths around the eight bytes of a step.
std::string random_word(Random& random) {
  std::string word;
  const std::size_t length = 1 + random.below(20);
  while (word.size() < length) word.push_back(static_cast<char>("ab\0\xFF"[random.below(4)]));
  return word;
}

TEST(PretokenCountsTest, CountsAsAMapDoes) {
  Random random(1);
  std::deque<std::string> alive;
  PretokenCounts views, copies;
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < 30'000; ++i) {
    const std::string& word = alive.emplace_back(random_word(random));
    expected[word] += 3;
    views.add_view(word, PretokenCounts::hash_of(word), 3);
    std::string passing = word;
    copies.add_copy(passing, PretokenCounts::hash_of(passing), 3);
    passing.assign(passing.size(), '?');
  }
  EXPECT_GT(expected.size(), 5'000u);
  EXPECT_EQ(contents(views), expected);
  EXPECT_EQ(contents(copies), expected);
}

TEST(PretokenCountsTest, WordsOfOneHashAreToldApartAtEveryByte) {
  for (std::size_t size = 0; size <= 20; ++size) {
    PretokenCounts counts;
    std::map<std::string, std::uint64_t> expected;
    const auto add = [&](const std::string& word) {
      expected[word] += 1;
      counts.add_copy(word, 7, 1);
    };
    for (std::size_t at = 0; at < size; ++at) {
      for (int twice = 0; twice < 2; ++twice) {
        add(std::string(size, 'a'));
        add(std::string(size, 'a').replace(at, 1, "b"));
      }
    }
    EXPECT_EQ(contents(counts), expected) << size;
  }
}

TEST(PretokenCountsTest, DropsWhatIsRare) {
  PretokenCounts counts;
  for (const auto& [word, count] : {std::pair("one", 1), {"two", 2}, {"three", 3}}) {
    counts.add_copy(word, PretokenCounts::hash_of(word), static_cast<std::uint64_t>(count));
  }
  EXPECT_EQ(counts.drop_up_to(2), 2u);
  EXPECT_EQ(contents(counts), (std::map<std::string, std::uint64_t>{{"three", 3}}));
}

TEST(PretokenCountsTest, ClearForgetsAllAndCanBeFilledAgain) {
  PretokenCounts counts;
  const std::uint64_t empty = counts.bytes();
  const std::string big(100'000, 'x');  // more than a chunk of copies
  counts.add_copy(big, PretokenCounts::hash_of(big), 1);
  EXPECT_GT(counts.bytes(), empty + big.size());
  counts.clear();
  EXPECT_TRUE(contents(counts).empty());
  counts.add_copy("a", PretokenCounts::hash_of("a"), 1);
  EXPECT_EQ(contents(counts), (std::map<std::string, std::uint64_t>{{"a", 1}}));
}

}  // namespace
}  // namespace pith
