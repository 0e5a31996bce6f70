#include "pith/base/external_sort.h"

#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

struct Pair {
  std::uint64_t key;
  std::uint32_t number, more;
  friend auto operator<=>(const Pair&, const Pair&) = default;
};

std::vector<Pair> sorted(const std::vector<Pair>& values, std::uint64_t memory) {
  ExternalSorter<Pair> sorter(test_path("sort"), memory);
  for (const Pair& value : values) EXPECT_TRUE(sorter.add(value));
  EXPECT_TRUE(sorter.finish());
  std::vector<Pair> out;
  for (Pair value; sorter.next(value).value();) out.push_back(value);
  Pair value;
  EXPECT_FALSE(sorter.next(value).value());
  return out;
}

TEST(ExternalSortTest, TheSameForAnyMemory) {
  Random random(1);
  for (const std::size_t count : {0, 1, 255, 256, 257, 512, 5000}) {  // 256 fit into a page
    std::vector<Pair> values;
    for (std::uint32_t i = 0; i < count; ++i) values.push_back({random.below(100), i, 0});
    std::vector<Pair> truth = values;
    std::sort(truth.begin(), truth.end());
    for (const std::uint64_t memory :
         {std::uint64_t{0}, std::uint64_t{10'000}, std::uint64_t{1} << 20}) {
      EXPECT_EQ(sorted(values, memory), truth) << count << " values in " << memory;
      EXPECT_FALSE(file_exists(test_path("sort")));
    }
  }
}

TEST(ExternalSortTest, EqualValuesAllComeOut) {
  EXPECT_EQ(sorted(std::vector<Pair>(3000, {7, 7, 7}), 0), std::vector<Pair>(3000, {7, 7, 7}));
}

TEST(ExternalSortTest, APlaceThatCannotBeWrittenIsAnError) {
  ExternalSorter<Pair> sorter(test_path("missing") + "/sort", 0);
  Status status;
  for (std::uint32_t i = 0; i < 1000 && status; ++i) status = sorter.add({i, 0, 0});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kIo);
  EXPECT_NE(status.error().message.find("missing/sort"), std::string::npos);
}

}  // namespace
}  // namespace pith
