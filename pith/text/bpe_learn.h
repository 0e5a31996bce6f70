#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/text/tokenizer.h"

// Learns a byte-level BPE vocabulary (Sennrich, Haddow, Birch 2016; on bytes as in GPT-2).
namespace pith {

// The least Context::memory_bytes that is kept while words are counted or texts encoded, on any
// number of threads: readers, batches, caches of words.
inline constexpr std::uint64_t kLeastTextMemory = 256 << 20;

// kCapacity when a bound on memory is given that is less; `what` begins the message:
// "[tokens] preparing tokens".
Status check_text_memory(const Context& context, std::string_view what);

struct BpeLearnOptions {
  int vocab_size = 16384;                // in all: specials, 256 bytes and merges
  std::uint64_t min_count = 2;           // a pair seen less often is never merged
  std::size_t max_pretoken_bytes = 256;  // a longer pre-token is not learned from
  // Bound on the pre-tokens held; beyond it the rarest are forgotten. 0: a third of
  // Context::memory_bytes, or 2 GiB when that is not given.
  std::uint64_t memory_bytes = 0;
  std::vector<std::string> special_tokens = {};  // empty: standard_special_tokens()
};

struct BpeLearnReport {
  std::uint64_t documents = 0, bytes = 0;
  std::uint64_t pretokens = 0, distinct_pretokens = 0;
  std::uint64_t forgotten_pretokens = 0;  // dropped to keep within memory_bytes
  // Bytes learned from (of pre-tokens neither forgotten nor too long), and the tokens they make.
  std::uint64_t learned_bytes = 0, learned_tokens = 0;
  double count_seconds = 0, merge_seconds = 0;
};

// Gives the texts to learn from: calls add(text) for each and returns. A view needs to live only
// until add returns. Called once, from the calling thread.
using TextFeed = std::function<Status(const std::function<void(std::string_view)>& add)>;

// The tokenizer learned from the texts, kGpt4 pre-tokens. The same texts in the same order
// give the same tokenizer for any thread count: the pair with the highest count is merged, ties go
// to the smaller pair of ids, exactly as the BpeTrainer of `tokenizers` does, and the ids are the
// same too (specials first, then bytes, then merges). Ill-formed bytes count as U+FFFD.
// Fewer merges than asked for are learned when no pair is left. Errors: kInput (vocab_size too
// small, no text), kCapacity (check_text_memory), what `feed` returns, kInterrupted.
Result<Tokenizer> learn_bpe(const TextFeed& feed, const BpeLearnOptions& options,
                            const Context& context, BpeLearnReport* report = nullptr);

}  // namespace pith
