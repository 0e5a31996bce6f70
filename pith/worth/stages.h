#pragma once

#include <string>
#include <vector>

#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"

// The stages of curation that can be left out to see what they are worth.
namespace pith {

// In the order in which they come: the tables of CurateConfig that `options` has enabled and that
// decide what is kept or change its text ("c4_lines", "gopher_quality", ..., "privacy",
// "near_duplicates"), and "target" when there are examples. A new filter is among them by itself.
std::vector<std::string> worth_stages(const CurateOptions& options);

// `options` without these stages. Each is one of worth_stages(options).
CurateOptions without_stages(const CurateOptions& options, const std::vector<std::string>& stages);

// That `stages` are all among `known`; else kInput with the one that may have been meant.
Status check_stages(const std::vector<std::string>& stages, const std::vector<std::string>& known);

}  // namespace pith
