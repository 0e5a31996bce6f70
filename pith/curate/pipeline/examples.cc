#include "pith/curate/pipeline/examples.h"

#include <algorithm>
#include <utility>

#include "pith/base/hash.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/dedup/shingles.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/first_stage.h"
#include "pith/curate/select/target_features.h"

namespace pith {
namespace {

struct Example {
  std::uint64_t key = 0;
  FeatureList features;
};

// The kTargetExamples of least key, distinct, ascending.
void cut(std::vector<Example>& examples) {
  std::sort(examples.begin(), examples.end(),
            [](const Example& a, const Example& b) { return a.key < b.key; });
  const auto same = [](const Example& a, const Example& b) { return a.key == b.key; };
  examples.erase(std::unique(examples.begin(), examples.end(), same), examples.end());
  if (examples.size() > kTargetExamples) examples.resize(kTargetExamples);
}

// "zh" of "zh-Hans": who shows simplified Chinese is not asking to lose the traditional.
std::string_view without_script(std::string_view code) { return code.substr(0, code.find('-')); }

}  // namespace

bool Examples::in_language(std::string_view code) const {
  return code == "und" || languages.contains("und") ||
         languages.contains(std::string(without_script(code)));
}

Result<Examples> read_examples(const CurateOptions& options, const Context& context) {
  CurateOptions everything = options;
  everything.languages.clear();
  DocumentMaker maker(everything);
  PITH_ASSIGN(RawReader reader, RawReader::open(options.like, ingest_options(options), context));
  std::vector<Example> chosen;
  Examples examples;
  for (;;) {
    if (context.stopped()) {
      return Error{ErrorKind::kInterrupted,
                   "[curate] stopped; the same command goes on from there"};
    }
    RawRecord record;
    PITH_ASSIGN(const bool more, reader.next(record));
    if (!more) break;
    const std::string text = maker.cleaned_text(record);
    const std::uint64_t key = exact_text_hash(text).low;
    Example example{key, {}};
    target_features(text, example.features);
    if (example.features.empty()) continue;
    example.features.shrink_to_fit();
    examples.keys.push_back(key);
    examples.languages.emplace(without_script(identify_language(text).code));
    chosen.push_back(std::move(example));
    if (chosen.size() >= 2 * kTargetExamples) cut(chosen);
  }
  if (chosen.empty()) {
    return input_error("[curate] --like gives no document with text: " + options.like.front() +
                       "; give pages or texts of the kind that you want");
  }
  cut(chosen);
  std::sort(examples.keys.begin(), examples.keys.end());
  for (Example& example : chosen) examples.features.push_back(std::move(example.features));
  return examples;
}

}  // namespace pith
