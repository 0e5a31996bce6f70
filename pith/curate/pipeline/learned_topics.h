#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/cluster/topic_model.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/curate/pipeline/later_stages.h"
#include "pith/curate/pipeline/work_folder.h"

namespace pith {

// Learns topics (cluster/topic_model.h) from those documents of the first stage's shards that
// `wanted` marks (n, != 0): from at most config.topic_sample of them, those of least key. A
// document is what is left of it, for what it loses as repeated text says nothing of what it is
// about and would make one topic of all pages of a site. The same documents give the same topics
// for any number of threads. `stage` is the name that progress is told under.
//
// Memory: the terms of the sample (cluster/topic_sample.h). Errors: those of reading the shards.
Result<TopicModel> learn_topics(const CurateConfig& config, const std::vector<std::uint8_t>& wanted,
                                const DuplicateColumns& duplicates, const WorkFolder& folder,
                                std::size_t shards, std::string_view stage, const Context& context);

}  // namespace pith
