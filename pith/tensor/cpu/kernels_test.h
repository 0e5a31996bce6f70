#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "pith/base/random.h"

// What the tests of kernels share: inputs, and comparison within a computed bound.
namespace pith {

inline std::vector<float> random_floats(std::size_t n, std::uint64_t seed, double deviation = 1) {
  Random random(seed);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(deviation * random.normal());
  return values;
}

// Every element within `tolerance`; says where it is not. NaN is never within.
inline void expect_near(const std::vector<float>& actual, const std::vector<float>& expected,
                        double tolerance, const char* what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = static_cast<double>(actual[i]) - static_cast<double>(expected[i]);
    ASSERT_TRUE(std::abs(difference) <= tolerance)
        << what << "[" << i << "] is " << actual[i] << ", the reference " << expected[i];
  }
}

constexpr double kEpsilon = 1.1920929e-7;  // of floats

// The slope of f at x along element i: central differences of fourth order, each value through
// floats. f(x) is a double.
template <class F>
double slope(const F& f, std::vector<float>& x, std::size_t i, double step) {
  const float saved = x[i];
  const auto at = [&](double distance) {
    x[i] = static_cast<float>(static_cast<double>(saved) + distance);
    const double value = f();
    x[i] = saved;
    return value;
  };
  return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
}

// sum of a_i b_i in doubles: turns an output into a loss whose gradient is b.
inline double weighted(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  }
  return sum;
}

}  // namespace pith
