#pragma once

#include <string_view>

#include "pith/model/config.h"

namespace pith {

// One number of a config.json: its name there (and in [model] of `pith train --config`), where it
// goes, and what it may be. One of the three members is set.
struct ConfigField {
  std::string_view name;
  int ModelConfig::*integer = nullptr;
  double ModelConfig::*number = nullptr;
  bool ModelConfig::*flag = nullptr;
  double least = 0, most = 0;  // bounds of numbers

  // What a config.json that leaves it out means: an error, `missing`, or what Architecture::fill_in
  // finds. null means the same, but "none" where zero_is_null.
  enum class Absent { kError, kDefault, kFilledIn };
  Absent absent = Absent::kError;
  double missing = 0;
  bool zero_is_null = false;  // 0 is "none", which config.json writes as null

  constexpr ConfigField or_else(double value) const {
    ConfigField field = *this;
    field.absent = Absent::kDefault;
    field.missing = value;
    return field;
  }
  constexpr ConfigField or_null(double left_out) const {
    ConfigField field = or_else(left_out);
    field.zero_is_null = true;
    return field;
  }
  constexpr ConfigField or_filled_in() const {
    ConfigField field = *this;
    field.absent = Absent::kFilledIn;
    return field;
  }
};

constexpr ConfigField integer_field(std::string_view name, int ModelConfig::*member, double least,
                                    double most) {
  return {.name = name, .integer = member, .least = least, .most = most};
}
constexpr ConfigField number_field(std::string_view name, double ModelConfig::*member, double least,
                                   double most) {
  return {.name = name, .number = member, .least = least, .most = most};
}
constexpr ConfigField flag_field(std::string_view name, bool ModelConfig::*member) {
  return {.name = name, .flag = member};
}

// A setting that has one value in every model served; another one is refused.
struct FixedField {
  std::string_view name;
  std::string_view value;    // as JSON: "\"silu\"", "false"
  std::string_view missing;  // what a config.json that leaves it out means; empty: the same
};

// Fields that any architecture may list among its own.
inline constexpr ConfigField kKvHeadsField =
    integer_field("num_key_value_heads", &ModelConfig::kv_heads, 1, 1024).or_filled_in();
inline constexpr ConfigField kHeadSizeField =
    integer_field("head_dim", &ModelConfig::head_size, 2, 1024).or_filled_in();

}  // namespace pith
