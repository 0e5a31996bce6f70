#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"

// One way to curate the input, with or without a stage, and its documents as tokens.
namespace pith {

struct WorthVariant {
  std::string name;                        // the stage left out; "" for none
  std::uint64_t documents = 0, bytes = 0;  // kept
  std::uint64_t corpus_tokens = 0;
  std::int64_t vocab = 0;
  std::string tokens;                 // the folder of prepare_tokens
  std::vector<double> bits_per_byte;  // of the target, by seed; filled by training
};

// "with every stage", "without c4_lines".
std::string way_of(const std::string& name);

// Curates into FOLDER/documents and makes FOLDER/tokens of it. Without `tokenizer` (a
// tokenizer.json) one is learned. Columns that do not change what is kept are not made. What is
// there already is not made again. Errors: what curate() and prepare_tokens() return, with the way
// that gave them.
Result<WorthVariant> make_variant(const std::string& name, CurateOptions options,
                                  const std::string& tokenizer, const std::string& folder,
                                  const Context& context);

// How many of the variant's documents have a text whose text_key() is in `keys`.
Result<std::uint64_t> count_texts(const std::string& folder,
                                  const std::unordered_set<std::uint64_t>& keys,
                                  const Context& context);

}  // namespace pith
