#pragma once

#include <string>
#include <vector>

#include "pith/base/json.h"

namespace pith {

// The texts of a JSON value that holds questions, whatever its fields are called: every record's
// strings that are not empty, joined by newlines, in their order. The items of an array are
// records, also where an object holds the array ({"examples": [{...}, ...]}); any other object is
// one record. A record without a string gives nothing.
std::vector<std::string> question_texts(const Json& value);

}  // namespace pith
