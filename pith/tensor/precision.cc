#include "pith/tensor/precision.h"

namespace pith {

std::string_view to_string(Precision precision) {
  return precision == Precision::kBfloat16 ? "bfloat16" : "float32";
}

std::optional<Precision> parse_precision(std::string_view name) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    if (name == to_string(precision)) return precision;
  }
  return std::nullopt;
}

bool supports(Precision precision) {
  if (precision == Precision::kFloat32) return true;
#if defined(__x86_64__)
  static const bool bfloat16 =
      __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512bf16") != 0;
  return bfloat16;
#else
  return false;
#endif
}

Precision available_precision(Precision wanted) {
  return supports(wanted) ? wanted : Precision::kFloat32;
}

}  // namespace pith
