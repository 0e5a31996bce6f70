#pragma once

#include <string>
#include <string_view>

#include "pith/base/result.h"

namespace pith {

// What a job may cost, one of the three.
struct GivenBudget {
  double seconds = 0;       // of wall time
  double core_seconds = 0;  // of wall time, times threads
  double joules = 0;
};

// A --budget as people write it, with what a core costs for an hour where it is money:
//
//   90s 3m 1.5h 2d           wall time
//   0.5core-h 30core-m       core-hours
//   20kJ 5Wh                 energy
//   0.05USD $0.05 0.3CNY     money: any currency of three letters; $ € £ 元 are USD EUR GBP CNY
//
// `price` is empty or a number, with the budget's currency or without one. Errors (kInput): what is
// none of these or nothing at all; money without a price, a price without money, two currencies.
Result<GivenBudget> parse_budget(std::string_view text, std::string_view price);

}  // namespace pith
