#include "pith/curate/pipeline/learned_topics.h"

#include <algorithm>
#include <utility>

#include "pith/curate/cluster/topic_sample.h"
#include "pith/curate/pipeline/document_pass.h"
#include "pith/curate/pipeline/examples.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

// The greatest key of the `count` least among the documents wanted.
std::uint64_t key_bound(const std::vector<std::uint8_t>& wanted,
                        const std::vector<std::uint64_t>& keys, std::size_t count) {
  std::vector<std::uint64_t> candidates;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (wanted[i] != 0) candidates.push_back(keys[i]);
  }
  if (candidates.size() <= count) return ~std::uint64_t{0};
  if (count == 0) return 0;
  const auto last = candidates.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(candidates.begin(), last, candidates.end());
  return *last;
}

}  // namespace

Result<TopicModel> learn_topics(const CurateConfig& config, const std::vector<std::uint8_t>& wanted,
                                const DuplicateColumns& duplicates, const WorkFolder& folder,
                                std::size_t shards, std::string_view stage,
                                const Context& context) {
  using Sampled = std::vector<SampledDocument>;
  const std::uint64_t bound = key_bound(wanted, duplicates.keys, config.topic_sample);
  const auto read = [&](std::size_t, const DocumentBlock& block) -> Result<Sampled> {
    Sampled sampled;
    DocumentParser parser;
    TermCounts counts;
    Document document;
    const auto sample_line = [&](std::size_t i, std::string_view line) -> Status {
      if (wanted[i] == 0 || duplicates.keys[i] > bound) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      sampled.push_back(sample_document(duplicates.keys[i], document.text, counts,
                                        without_script(document.language)));
      return {};
    };
    PITH_TRY(for_each_line(block, sample_line));
    return sampled;
  };
  TopicSample sample(config.topic_sample);
  const auto collect = [&](Sampled sampled) -> Status {
    for (SampledDocument& document : sampled) sample.add(std::move(document));
    return {};
  };
  PITH_TRY(pass_documents<Sampled>(kept_files(folder, shards), stage, context, read, collect));
  return TopicModel::learn(sample.take(), config.topics, context);
}

}  // namespace pith
