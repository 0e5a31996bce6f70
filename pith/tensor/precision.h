#pragma once

#include <optional>
#include <string_view>

// In what numbers the products of a training step are taken. Weights, gradients of weights, sums
// and everything that is not a product are 32-bit floats throughout.
namespace pith {

enum class Precision {
  kFloat32,
  kBfloat16,  // both factors rounded to bfloat16, sums in 32 bits
  kInt8,      // as kBfloat16, but linear layers forward and towards their input in 8 bits, with a
              // scale for each token and for each row or column of the weight
};

std::string_view to_string(Precision precision);  // "float32", "bfloat16", "int8"
std::optional<Precision> parse_precision(std::string_view name);

// Whether this processor has instructions that make the precision worth while.
bool supports(Precision precision);

// `wanted`, or what is next to it of which the processor has the instructions.
Precision available_precision(Precision wanted);

}  // namespace pith
