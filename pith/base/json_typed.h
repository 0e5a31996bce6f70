#pragma once

#include <string>

#include "pith/base/json.h"

namespace pith {

// As json.dump(true), but a double that is a whole number keeps its point, 2.0: for readers that
// tell integers from floats by their text, as Python's do.
std::string dump_typed(const Json& json);

}  // namespace pith
