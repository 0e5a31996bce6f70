#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/select/target_classifier.h"

namespace pith {

inline constexpr std::size_t kTargetExamples = 1000;

// What --like shows.
struct Examples {
  std::vector<FeatureList> features;  // at most kTargetExamples, chosen by hash
  std::vector<std::uint64_t> keys;    // hashes of all their texts, as of documents; ascending
  std::set<std::string> languages;    // that any of them is written in, without script: "zh"

  // Whether an example is in the document's language, or it cannot be told.
  bool in_language(std::string_view code) const;
};

// Reads options.like as input is read, without filters. kInput when nothing in it has text.
Result<Examples> read_examples(const CurateOptions& options, const Context& context);

}  // namespace pith
