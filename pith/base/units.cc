#include "pith/base/units.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace pith {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

// A non-negative number and one of `units` (the empty name too where allowed).
template <std::size_t N>
Result<double> parse_quantity(std::string_view text, const Unit (&units)[N], const char* what,
                              const char* examples) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  const Error error =
      input_error(fmt::format("\"{}\" is not a {}; write it as {}", copy, what, examples));
  if (end == copy.c_str() || !std::isfinite(number) || number < 0) return error;
  const std::string_view suffix(end);
  for (const Unit& unit : units) {
    if (suffix == unit.name) return number * unit.factor;
  }
  return error;
}

Result<std::uint64_t> whole(const Result<double>& value, std::string_view text) {
  if (!value) return value.error();
  if (*value >= 0x1p63) return input_error(fmt::format("\"{}\" is too large", text));
  return static_cast<std::uint64_t>(std::llround(*value));
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  static constexpr Unit kUnits[] = {{"", 1},         {"B", 1},      {"K", 0x1p10}, {"KB", 0x1p10},
                                    {"KiB", 0x1p10}, {"k", 0x1p10}, {"M", 0x1p20}, {"MB", 0x1p20},
                                    {"MiB", 0x1p20}, {"m", 0x1p20}, {"G", 0x1p30}, {"GB", 0x1p30},
                                    {"GiB", 0x1p30}, {"g", 0x1p30}, {"T", 0x1p40}, {"TB", 0x1p40},
                                    {"TiB", 0x1p40}};
  return whole(parse_quantity(text, kUnits, "size", "4096, 300M or 1.5G"), text);
}

Result<double> parse_duration(std::string_view text) {
  static constexpr Unit kUnits[] = {{"ms", 1e-3}, {"s", 1},    {"sec", 1},  {"m", 60},
                                    {"min", 60},  {"h", 3600}, {"d", 86400}};
  return parse_quantity(text, kUnits, "duration", "90s, 3m or 1.5h");
}

Result<std::uint64_t> parse_count(std::string_view text) {
  static constexpr Unit kUnits[] = {{"", 1},    {"k", 1e3}, {"K", 1e3}, {"M", 1e6},
                                    {"m", 1e6}, {"B", 1e9}, {"G", 1e9}, {"T", 1e12}};
  return whole(parse_quantity(text, kUnits, "count", "5000, 2M or 1.5B"), text);
}

std::string format_size(std::uint64_t bytes) {
  static constexpr const char* kNames[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  std::size_t i = 0;
  while (value >= 999.5 && i + 1 < std::size(kNames)) {
    value /= 1000;
    ++i;
  }
  if (i == 0) return fmt::format("{} B", bytes);
  return fmt::format("{:.{}f} {}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0, kNames[i]);
}

std::string format_mebibytes(std::uint64_t bytes) {
  return fmt::format("{}M", (bytes + (1 << 20) - 1) >> 20);
}

std::string format_count(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

std::string format_duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto total = static_cast<std::uint64_t>(std::llround(seconds));
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} m {:02} s", total / 60, total % 60);
  return fmt::format("{} h {:02} m", total / 3600, total % 3600 / 60);
}

}  // namespace pith
