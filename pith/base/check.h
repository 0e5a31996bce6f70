#pragma once

#include <string_view>

namespace pith {

// Prints what was believed, where, and the detail to stderr, then aborts. Never returns.
[[noreturn]] void check_failed(std::string_view belief, std::string_view file, int line,
                               std::string_view detail);

}  // namespace pith

// PITH_CHECK(belief, "detail"): stops the program when our own invariant is broken. Never for what
// a file, a user or a request can get wrong: that is a Result.
#define PITH_CHECK(belief, detail) \
  ((belief) ? void(0) : ::pith::check_failed(#belief, __FILE__, __LINE__, (detail)))
