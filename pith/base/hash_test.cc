#include "pith/base/hash.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// Published XXH3 values: files hold them, so they may never change.
TEST(HashTest, EmptyInputGivesThePublishedValues) {
  EXPECT_EQ(hash64(""), 0x2d06800538d394c2u);
  EXPECT_EQ(hex(hash128("")), "99aa06d3014798d86001c324468d497f");
}

TEST(HashTest, SeedChangesTheHash) { EXPECT_NE(hash64("a", 0), hash64("a", 1)); }

TEST(HashTest, StreamOfPiecesEqualsTheWhole) {
  const std::string text(1000, 'x');
  Hasher128 hasher;
  hasher.add(std::string_view(text).substr(0, 1));
  hasher.add(std::string_view(text).substr(1));
  EXPECT_EQ(hasher.finish(), hash128(text));
}

}  // namespace
}  // namespace pith
