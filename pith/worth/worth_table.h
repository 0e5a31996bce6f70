#pragma once

#include <string>

#include "pith/worth/worth.h"

// The result for people, with what it does not prove.
namespace pith {

std::string worth_text(const WorthResult& result);      // for a terminal of 120 columns
std::string worth_markdown(const WorthResult& result);  // a page's table

// "1.70", "over 4", "less than 0.5".
std::string compute_text(const ComputeRatio& ratio);

}  // namespace pith
