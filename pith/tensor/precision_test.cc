#include "pith/tensor/precision.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(PrecisionTest, NamesAreReadBack) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    EXPECT_EQ(parse_precision(to_string(precision)), precision);
  }
  EXPECT_EQ(parse_precision("float16"), std::nullopt);
  EXPECT_EQ(parse_precision(""), std::nullopt);
}

TEST(PrecisionTest, WhatIsAvailableIsSupported) {
  EXPECT_TRUE(supports(Precision::kFloat32));
  EXPECT_EQ(available_precision(Precision::kFloat32), Precision::kFloat32);
  const Precision available = available_precision(Precision::kBfloat16);
  EXPECT_TRUE(supports(available));
  EXPECT_EQ(available == Precision::kBfloat16, supports(Precision::kBfloat16));
  EXPECT_TRUE(supports(available_precision(Precision::kInt8)));
  if (!supports(Precision::kInt8)) {
    EXPECT_EQ(available_precision(Precision::kInt8), available);
  }
}

}  // namespace
}  // namespace pith
