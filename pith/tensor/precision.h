#pragma once

#include <optional>
#include <string_view>

// In what numbers the products of a training step are taken. Weights, gradients of weights, sums
// and everything that is not a product are 32-bit floats throughout.
namespace pith {

enum class Precision {
  kFloat32,
  kBfloat16,  // both factors rounded to bfloat16, sums in 32 bits
};

std::string_view to_string(Precision precision);  // "float32", "bfloat16"
std::optional<Precision> parse_precision(std::string_view name);

// Whether this processor has instructions that make the precision worth while.
bool supports(Precision precision);

// `wanted`, or kFloat32 where the processor has no instructions for it.
Precision available_precision(Precision wanted);

}  // namespace pith
