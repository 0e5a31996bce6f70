#include "pith/curate/pipeline/examples.h"

#include <algorithm>
#include <utility>

#include "pith/base/hash.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/dedup/shingles.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/first_stage.h"

namespace pith {
namespace {

struct Example {
  std::uint64_t key = 0;
  DocumentWords document;
  std::string front, code;
};

// The kTargetExamples of least key, distinct, ascending.
void cut(std::vector<Example>& examples) {
  std::sort(examples.begin(), examples.end(),
            [](const Example& a, const Example& b) { return a.key < b.key; });
  const auto same = [](const Example& a, const Example& b) { return a.key == b.key; };
  examples.erase(std::unique(examples.begin(), examples.end(), same), examples.end());
  if (examples.size() > kTargetExamples) examples.resize(kTargetExamples);
}

}  // namespace

std::string_view without_script(std::string_view code) { return code.substr(0, code.find('-')); }

bool Examples::in_language(std::string_view code) const {
  return code == "und" || languages.contains("und") || languages.contains(without_script(code));
}

Result<Examples> read_examples(const CurateOptions& options, const Context& context) {
  CurateOptions everything = options;
  everything.languages.clear();
  DocumentMaker maker(everything);
  IngestOptions ingest = ingest_options(options);
  ingest.questions = true;
  PITH_ASSIGN(RawReader reader, RawReader::open(options.like, ingest, context));
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
    Example example{key, {}, std::string(front_of(text)), {}};
    see_document(text, example.document);
    if (example.document.features.empty()) continue;
    examples.keys.push_back(key);
    example.code = without_script(identify_language(text).code);
    examples.languages[example.code] += text.size();
    chosen.push_back(std::move(example));
    if (chosen.size() >= 2 * kTargetExamples) cut(chosen);
  }
  if (chosen.empty()) {
    return input_error("[curate] --like gives no document with text: " + options.like.front() +
                       "; give pages or texts of the kind that you want");
  }
  cut(chosen);
  std::sort(examples.keys.begin(), examples.keys.end());
  for (Example& example : chosen) {
    examples.documents.push_back(std::move(example.document));
    examples.fronts.push_back(std::move(example.front));
    examples.codes.push_back(std::move(example.code));
  }
  return examples;
}

}  // namespace pith
