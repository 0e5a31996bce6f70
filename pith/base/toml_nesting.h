#pragma once

#include <string>
#include <string_view>

#include "pith/base/result.h"

namespace pith {

// That a TOML text may be given to toml++: it takes a table out of a table for every dot of a key
// and ends the program when it lets go of 100,000 of them. kInput, with file and line, where a line
// has more than 1,000 dots, in a key or not. Pure; any thread.
Status check_toml_nesting(std::string_view text, const std::string& path);

}  // namespace pith
