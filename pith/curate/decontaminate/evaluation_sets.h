#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/decontaminate/overlap_index.h"

namespace pith {

// A file of questions, prompts or passages that a model will be judged by.
struct EvaluationSet {
  std::string path;
  std::uint32_t first_item = 0, items = 0;  // in the index
  std::uint64_t too_short = 0;              // texts of fewer words than can be told from other text
};

struct EvaluationSets {
  OverlapIndex index;
  std::vector<EvaluationSet> sets;

  // The set that an item of the index is from.
  const EvaluationSet& set_of(std::uint32_t item) const;
};

// Reads files, and all files of folders: JSONL and JSON (.gz, .zst) and Parquet, where every string
// in every record is an item by itself, also within lists and structures, and text, where every
// line is one. A text that stands in several records (an instruction, the choices) is one item.
// Errors: kInput when a path is missing or a set gives no item, kFormat for JSON or Parquet that is
// none, with file and line or column.
Result<EvaluationSets> read_evaluation_sets(const std::vector<std::string>& paths,
                                            const OverlapOptions& options, const Context& context);

}  // namespace pith
