#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/formats/documents.h"

// Why a document was kept or dropped.
namespace pith {

struct Explanation {
  Document document;  // as it is in documents/ or dropped/, or as the page gives it
  bool kept = true;
  std::size_t dropped_lines = 0;  // that the line rules take out of its text
  std::vector<Measure> measures;  // what every rule that is made for its language measures
};

// The documents of a curation's output folder that `what` names: an id or the beginning of one (six
// digits or more), a URL, or a file path as given on the command line or its end. At most `most`.
// Measured with the settings of that curation. Errors: kInput when the folder is no result of a
// curation or nothing is found.
Result<std::vector<Explanation>> explain_documents(const std::string& folder,
                                                   const std::string& what, std::size_t most,
                                                   const Context& context);

// What the filters make of the records of a raw file, at most `most` of them.
Result<std::vector<Explanation>> explain_file(const std::string& path, CurateConfig& config,
                                              std::size_t most, const Context& context);

}  // namespace pith
