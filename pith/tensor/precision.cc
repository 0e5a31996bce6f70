#include "pith/tensor/precision.h"

namespace pith {
namespace {

#if defined(__x86_64__)
bool has_bfloat16() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512bf16") != 0;
}
bool has_int8() { return __builtin_cpu_supports("avx512vnni") != 0; }
#else
bool has_bfloat16() { return false; }
bool has_int8() { return false; }
#endif

}  // namespace

std::string_view to_string(Precision precision) {
  switch (precision) {
    case Precision::kBfloat16:
      return "bfloat16";
    case Precision::kInt8:
      return "int8";
    default:
      return "float32";
  }
}

std::optional<Precision> parse_precision(std::string_view name) {
  for (const Precision one : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    if (name == to_string(one)) return one;
  }
  return std::nullopt;
}

bool supports(Precision precision) {
  static const bool bfloat16 = has_bfloat16(), int8 = bfloat16 && has_int8();
  if (precision == Precision::kInt8) return int8;
  return precision == Precision::kFloat32 || bfloat16;
}

Precision available_precision(Precision wanted) {
  if (supports(wanted)) return wanted;
  return wanted == Precision::kInt8 ? available_precision(Precision::kBfloat16)
                                    : Precision::kFloat32;
}

}  // namespace pith
