#include "pith/cli/budget.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace pith {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

// Of seconds, with "core-" before them of core-seconds too.
constexpr Unit kTimes[] = {{"ms", 1e-3},    {"s", 1},        {"sec", 1},      {"m", 60},
                           {"min", 60},     {"minute", 60},  {"minutes", 60}, {"h", 3600},
                           {"hour", 3600},  {"hours", 3600}, {"d", 86400},    {"day", 86400},
                           {"days", 86400}, {"seconds", 1}};
constexpr Unit kEnergies[] = {{"J", 1},     {"kJ", 1e3},    {"MJ", 1e6},
                              {"Wh", 3600}, {"kWh", 3.6e6}, {"joules", 1}};

struct Symbol {
  std::string_view sign, currency;
};
constexpr Symbol kSymbols[] = {{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"元", "CNY"}};

template <std::size_t N>
double factor_of(std::string_view name, const Unit (&units)[N]) {  // 0: none of them
  const auto unit = std::ranges::find(units, name, &Unit::name);
  return unit == std::end(units) ? 0 : unit->factor;
}

std::string currency_of(std::string_view unit) {  // empty: none
  for (const Symbol& symbol : kSymbols) {
    if (unit == symbol.sign) return std::string(symbol.currency);
  }
  const bool code =
      unit.size() == 3 && std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
  return code ? std::string(unit) : "";
}

// "$0.05" and "0.05 USD" as 0.05 and what is before or behind it. False when there is no number.
struct Quantity {
  double number = 0;
  std::string unit;
};
bool split(std::string_view text, Quantity& out) {
  for (const Symbol& symbol : kSymbols) {
    if (!text.starts_with(symbol.sign)) continue;
    out.unit = symbol.sign;
    text.remove_prefix(symbol.sign.size());
    break;
  }
  const std::string copy(text);
  char* end = nullptr;
  out.number = std::strtod(copy.c_str(), &end);
  if (end == copy.c_str() || !std::isfinite(out.number) || out.number < 0) return false;
  while (*end == ' ') ++end;
  if (*end != '\0' && !out.unit.empty()) return false;
  if (*end != '\0') out.unit = end;
  return true;
}

}  // namespace

Result<GivenBudget> parse_budget(std::string_view text, std::string_view price) {
  const auto quoted = [](std::string_view part) { return "\"" + std::string(part) + "\""; };
  Quantity given;
  GivenBudget budget;
  std::string currency;
  bool known = split(text, given);
  if (known) {
    const std::string_view unit = given.unit;
    if (const double seconds = factor_of(unit, kTimes); seconds > 0) {
      budget.seconds = given.number * seconds;
    } else if (const double joules = factor_of(unit, kEnergies); joules > 0) {
      budget.joules = given.number * joules;
    } else if (unit.starts_with("core-") && factor_of(unit.substr(5), kTimes) > 0) {
      budget.core_seconds = given.number * factor_of(unit.substr(5), kTimes);
    } else {
      currency = currency_of(unit);
      known = !currency.empty();
    }
  }
  if (!known) {
    return input_error("--budget: " + quoted(text) +
                       " is not a budget; write it as 90s, 3m or 1.5h, 0.5core-h, 20kJ or 5Wh, or "
                       "0.05USD with --price-per-core-hour");
  }
  const auto checked = [&]() -> Result<GivenBudget> {
    const double amount = budget.seconds + budget.core_seconds + budget.joules;
    if (amount > 0 && std::isfinite(amount)) return budget;
    return input_error("--budget: give more than nothing, and less than all there is");
  };
  if (currency.empty()) {
    if (price.empty()) return checked();
    return input_error("--price-per-core-hour: --budget " + std::string(text) +
                       " is no money, such as 0.05USD; leave the price out");
  }
  if (price.empty()) {
    return input_error("--budget: " + std::string(text) +
                       " is money: say what a core costs for an hour, such as "
                       "--price-per-core-hour 0.04");
  }
  Quantity cost;
  if (!split(price, cost) || !(cost.number > 0)) {
    return input_error("--price-per-core-hour: " + quoted(price) +
                       " is no price; write it as 0.04 or 0.04" + currency);
  }
  if (!cost.unit.empty() && currency_of(cost.unit) != currency) {
    return input_error("--price-per-core-hour: " + quoted(price) + " is not in " + currency +
                       ", which --budget is in");
  }
  budget.core_seconds = given.number / cost.number * 3600;
  return checked();
}

}  // namespace pith
