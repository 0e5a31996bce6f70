#include "pith/curate/pipeline/selection_strata.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "pith/curate/pipeline/document_pass.h"
#include "pith/curate/pipeline/learned_topics.h"
#include "pith/curate/select/trained_scorer.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

constexpr double kLeastLanguageShare = 0.01, kLeastTopicShare = 0.001;
constexpr double kPriorExamples = 10;

struct Nothing {};

}  // namespace

void language_strata(const Examples& examples, const std::vector<LanguageCode>& languages,
                     std::vector<std::uint32_t>& strata, std::vector<double>& shares) {
  double all = 0;
  for (const auto& [code, bytes] : examples.languages) all += static_cast<double>(bytes);
  shares.assign(1, kLeastLanguageShare);
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  for (const auto& [code, bytes] : examples.languages) {
    if (code == "und") continue;
    numbers[code] = static_cast<std::uint32_t>(shares.size());
    shares.push_back(std::max(kLeastLanguageShare, static_cast<double>(bytes) / all));
  }
  strata.clear();
  for (const LanguageCode& language : languages) {
    const auto found = numbers.find(without_script(text_of(language)));
    strata.push_back(found == numbers.end() ? 0 : found->second);
  }
}

Status topic_strata(const CurateConfig& config, const Examples& examples,
                    const std::vector<std::uint8_t>& asked, const std::vector<float>& scores,
                    const DuplicateColumns& duplicates, const WorkFolder& folder,
                    std::size_t shards, const Context& context, std::vector<std::uint32_t>& strata,
                    std::vector<double>& shares) {
  PITH_ASSIGN(const TopicModel model,
              learn_topics(config, asked, duplicates, folder, shards, "target: topics", context));
  const auto none = static_cast<std::uint32_t>(model.topics().size());
  const auto topic_of = [&](std::string_view text, TopicModel::Scratch& scratch) {
    const std::uint32_t topic = model.assign(text, scratch).topic;
    return topic == TopicModel::kNone ? none : topic;
  };

  TopicModel::Scratch scratch;
  shares.assign(std::size_t{none} + 1, 0.0);
  double all = 0;
  for (const std::string& text : examples.fronts) {
    const auto bytes = static_cast<double>(text.size());
    shares[topic_of(text, scratch)] += bytes, all += bytes;
  }
  strata.assign(asked.size(), none);
  const auto assign = [&](std::size_t, const DocumentBlock& block) -> Result<Nothing> {
    DocumentParser parser;
    Document document;
    TopicModel::Scratch of_worker;
    const auto assign_line = [&](std::size_t i, std::string_view line) -> Status {
      if (asked[i] == 0) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      strata[i] = topic_of(document.text, of_worker);
      return {};
    };
    PITH_TRY(for_each_line(block, assign_line));
    return Nothing();
  };
  PITH_TRY(pass_documents<Nothing>(kept_files(folder, shards), "target: strata", context, assign,
                                   [](const Nothing&) -> Status { return {}; }));

  std::vector<double> wanted(shares.size(), 0.0);
  double all_wanted = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i] == 0) continue;
    const double probability = probability_of(static_cast<double>(scores[i]));
    wanted[strata[i]] += probability, all_wanted += probability;
  }
  const double prior =
      kPriorExamples * all / static_cast<double>(std::max<std::size_t>(1, examples.fronts.size()));
  for (std::size_t t = 0; t < shares.size(); ++t) {
    const double expected = all_wanted > 0 ? wanted[t] / all_wanted : 0.0;
    shares[t] =
        std::max(kLeastTopicShare, (shares[t] + prior * expected) / std::max(1.0, all + prior));
  }
  return {};
}

}  // namespace pith
