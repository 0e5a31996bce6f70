#pragma once

#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/worth/cell.h"

// The trainings of a measurement, side by side: small models use several threads badly.
namespace pith {

struct Training {
  CellOptions options;
  std::string key;   // of cell_key()
  std::string what;  // for people: "without c4_lines"
};

// Runs those that are not finished, in order, as many at once as there are threads and memory (a
// quarter of a gibibyte each). Keys differ. The results are in the order of `trainings` and do not
// depend on threads. After an error or a stop the others stop at their next step, with a
// checkpoint. Reports progress in tokens, from one thread at a time.
Result<std::vector<CellResult>> run_trainings(const std::vector<Training>& trainings,
                                              const Context& context);

}  // namespace pith
