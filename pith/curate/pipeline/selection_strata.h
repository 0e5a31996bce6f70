#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/curate/pipeline/examples.h"
#include "pith/curate/pipeline/later_stages.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/curate/pipeline/work_folder.h"

// What is balanced when documents are chosen: each stratum gets the part of the bytes that it has
// among the examples, so that the easiest to tell of many kinds wanted does not take the place of
// the others. Both replace `strata` (n) and `shares` as SelectionInput has them.
namespace pith {

// A stratum for every language of the examples, and one for what is in none of them, with a
// hundredth.
void language_strata(const Examples& examples, const std::vector<LanguageCode>& languages,
                     std::vector<std::uint32_t>& strata, std::vector<double>& shares);

// A stratum for every topic (pipeline/learned_topics.h) of the documents that are asked about, and
// one for documents of no topic; a document is what is left of it without its repeated text. Few
// examples are no sample of topics: ten more are thought to be among the documents themselves,
// spread by their probabilities. `scores` are log-odds (TargetColumns).
Status topic_strata(const CurateConfig& config, const Examples& examples,
                    const std::vector<std::uint8_t>& asked, const std::vector<float>& scores,
                    const DuplicateColumns& duplicates, const WorkFolder& folder,
                    std::size_t shards, const Context& context, std::vector<std::uint32_t>& strata,
                    std::vector<double>& shares);

}  // namespace pith
