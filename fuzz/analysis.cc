// What curation measures of texts: languages, filters, spam, privacy, duplicates, topics,
// summaries, the ways to select, and copies of evaluation sets, which are read as JSONL (l),
// JSON (o) or text (any other letter).
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/curate/classify/format.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/classify/mixed_languages.h"
#include "pith/curate/classify/reading_level.h"
#include "pith/curate/clean/document_cleaner.h"
#include "pith/curate/cluster/topic_model.h"
#include "pith/curate/decontaminate/evaluation_sets.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/shingles.h"
#include "pith/curate/privacy/pii.h"
#include "pith/curate/select/document_words.h"
#include "pith/curate/select/selection_method.h"
#include "pith/curate/select/trained_scorer.h"
#include "pith/curate/spam/spam_cleaner.h"
#include "pith/curate/summarise/condense.h"
#include "pith/curate/summarise/extractive_summary.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// Of any bytes.
void check_bytes(std::string_view bytes) {
  const Language language = identify_language(bytes);
  PITH_CHECK(language.score >= 0 && language.score <= 1, language.code);
  for (const LanguageShare& share : mixed_languages(bytes, language)) {
    PITH_CHECK(share.share > 0 && share.share <= 1, share.code);
  }
  for (const std::string_view code : {"en", "zh-Hans", "de", "th"}) {
    const ReadingLevel level = reading_level(bytes, code);
    PITH_CHECK(level.level >= 0 && level.level <= 30, code);
    PITH_CHECK(level.score >= 0 && level.score <= 1, code);
  }
  (void)identify_format(bytes, {});
  std::vector<PiiSpan> spans;
  find_pii(bytes, {}, spans);
  std::size_t end = 0;
  for (const PiiSpan& span : spans) {
    PITH_CHECK(span.begin >= end && span.end > span.begin && span.end <= bytes.size(), "");
    PITH_CHECK(valid_utf8(bytes.substr(span.begin, span.end - span.begin)), "");
    end = span.end;
  }
  std::string storage;
  const MaskedText masked = mask_pii(bytes, {}, storage);
  PITH_CHECK(valid_utf8(masked.text) == valid_utf8(bytes), "masks break the text");
}

void check_duplicates(std::string_view text) {
  std::vector<std::uint32_t> shingles;
  distinct_shingles(text, shingles);
  PITH_CHECK(shingles == distinct_shingles_ref(text), "");
  PITH_CHECK(min_hash(shingles) == min_hash_ref(shingles), "");
  if (!shingles.empty()) {
    PITH_CHECK(sketch_similarity(sketch_of(shingles), sketch_of(shingles)) == 1, "");
  }
}

void check_repair(std::string_view text) {
  static const FilterList filters = default_filters();
  static DocumentCleaner cleaner(filters);
  static SpamCleaner spam({.enabled = true});
  for (const std::string_view language : {"en", "zh-Hans", "ja", "th", "und"}) {
    const CleanedDocument cleaned = cleaner.clean(text, language);
    PITH_CHECK(valid_utf8(cleaned.text) && cleaned.text.size() <= text.size(), "");
  }
  const auto all = std::make_unique<std::vector<Measure>>();
  cleaner.clean(text, "en", all.get());
  for (const Measure& measure : *all) PITH_CHECK(measure.value == measure.value, measure.rule);
  for (const std::string_view title : {std::string_view(), text.substr(0, text.find('\n'))}) {
    const SpamResult result = spam.clean(text, title);
    PITH_CHECK(valid_utf8(result.text) && result.text.size() <= text.size(), "");
  }
}

void check_topics(std::string_view text) {
  std::string condensed;
  const std::string_view left = condense(text, {.enabled = true, .min_bytes = 0}, condensed);
  PITH_CHECK(valid_utf8(left) && left.size() <= text.size(), "");
  PITH_CHECK(valid_utf8(summarise(text)), "");
  const std::string summary = summarise(text, {.sentences = 1, .bytes = 50});
  PITH_CHECK(summary.size() <= 50, "a summary beyond its bound");
  TermCounts counts;
  std::vector<SampledDocument> sample;
  std::vector<DocumentWords> documents;
  for (std::size_t begin = 0; begin < text.size() && sample.size() < 20;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    SampledDocument document = sample_document(sample.size(), line, counts);
    if (!document.terms.empty()) sample.push_back(std::move(document));
    see_document(line, documents.emplace_back());
    begin = end + 1;
  }
  const std::size_t half = documents.size() / 2;
  for (const SelectionMethod& method : selection_methods()) {
    if (half == 0) break;
    const std::span<const DocumentWords> all(documents);
    const TrainedTarget target = train_target(method, all.first(half), all.subspan(half), 1);
    for (const DocumentWords& document : documents) {
      const double probability = probability_of(target.scorer.log_odds(document));
      PITH_CHECK(probability >= 0 && probability <= 1, std::string(method.name));
    }
  }
  const TopicModel model = TopicModel::learn(sample, {.rounds = 4}, Context{});
  TopicModel::Scratch scratch;
  const auto topic = model.assign(text, scratch);
  PITH_CHECK(topic.topic == TopicModel::kNone || topic.topic < model.topics().size(), "");
  PITH_CHECK(topic.confidence >= 0 && topic.confidence <= 1, "");
  for (const Topic& t : model.topics()) PITH_CHECK(valid_utf8(t.name), t.name);
}

// Whatever set is read, its items are found in itself.
void check_evaluation(char kind, std::string_view bytes) {
  static const fuzz::ScratchFolder folder;
  const std::string path = folder.write(kind == 'l'   ? "set.jsonl"
                                        : kind == 'o' ? "set.json"
                                                      : "set.txt",
                                        bytes);
  OverlapOptions options;
  const auto sets = read_evaluation_sets({path}, options, Context{});
  if (!sets) return;
  const std::string repaired = replace_invalid_utf8(bytes);
  OverlapIndex::Scratch scratch;
  for (const OverlapMatch& match : sets->index.find(repaired, scratch)) {
    PITH_CHECK(match.item < sets->index.items() && match.share >= 0 && match.share <= 1, "");
    PITH_CHECK(sets->set_of(match.item).path == path, "");
  }
  OverlapIndex own(options);
  if (!own.add(repaired)) return;
  own.build();
  const auto found = own.find(repaired, scratch);
  PITH_CHECK(found.size() == 1 && found[0].share > 0.99, "a text does not hold itself");
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  fuzz::Input input(data, size);
  const char kind = input.letter();
  check_bytes(input.rest());
  const std::string text = replace_invalid_utf8(input.rest());
  check_duplicates(text);
  check_repair(text);
  check_topics(text);
  check_evaluation(kind, input.rest());
  return 0;
}
