#pragma once

#include <memory>
#include <vector>

#include "pith/cli/verb.h"

namespace pith {

// Every verb, in the order that `pith --help` lists them.
std::vector<std::unique_ptr<Verb>> make_verbs();

}  // namespace pith
