#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/select/document_words.h"

namespace pith {

// "zh" of "zh-Hans": who shows simplified Chinese is not asking to lose the traditional.
std::string_view without_script(std::string_view code);

inline constexpr std::size_t kTargetExamples = 1000;

// What --like shows.
struct Examples {
  std::vector<DocumentWords> documents;  // at most kTargetExamples, chosen by hash
  std::vector<std::string> fronts;       // of each, what front_of() gives
  std::vector<std::string> codes;        // of each, its language without script
  std::vector<std::uint64_t> keys;       // hashes of all their texts, as of documents; ascending
  // Languages that any of them is written in, without script ("zh"), and bytes of text in each.
  std::map<std::string, std::uint64_t, std::less<>> languages;

  // Whether an example is in the document's language, or it cannot be told.
  bool in_language(std::string_view code) const;
};

// Reads options.like as input is read, without filters; of sets of questions, whose JSON has no
// text field, every record is an example with all its strings (ingest/question_texts.h). kInput
// when nothing in it has text.
Result<Examples> read_examples(const CurateOptions& options, const Context& context);

}  // namespace pith
