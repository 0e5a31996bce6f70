#include "pith/text/bpe_learn.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>

#include "pith/base/check.h"
#include "pith/base/threads.h"
#include "pith/base/units.h"
#include "pith/text/bpe_merge.h"
#include "pith/text/bpe_pairs.h"
#include "pith/text/byte_alphabet.h"
#include "pith/text/pretoken_counts.h"
#include "pith/text/pretokenizer.h"
#include "pith/text/text_cut.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// Documents are counted in batches of a size that does not depend on the thread count, so that
// forgetting the rarest falls at the same places. Counting one takes up to ten times its size.
constexpr std::size_t kBatchBytes = 32 << 20;
// Where a bound on memory is given: its batches, and what a worker's tables may need of it.
constexpr std::uint64_t kBatchesOfMemory = 64;
constexpr std::uint64_t kWorkerMemory = 16 << 20;
constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::size_t kShards = 32;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int workers(const Context& context) {
  const std::uint64_t most =
      context.memory_bytes > 0 ? context.memory_bytes / kWorkerMemory : UINT64_MAX;
  return static_cast<int>(
      std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max(1, context.threads)), 1,
                                std::max<std::uint64_t>(1, most)));
}

// Counts the pre-tokens of documents, batch by batch.
class PretokenCounter {
 public:
  PretokenCounter(const BpeLearnOptions& options, const Context& context)
      : max_pretoken_bytes_(options.max_pretoken_bytes),
        memory_bytes_(options.memory_bytes > 0   ? options.memory_bytes
                      : context.memory_bytes > 0 ? context.memory_bytes / 3
                                                 : 2ull << 30),
        batch_bytes_(context.memory_bytes > 0
                         ? std::min(kBatchBytes, context.memory_bytes / kBatchesOfMemory)
                         : kBatchBytes),
        pool_(workers(context)),
        counts_(kShards),
        local_(static_cast<std::size_t>(pool_.threads())) {
    for (Local& local : local_) local.shards.resize(kShards);
  }

  void add(std::string_view document, BpeLearnReport& report) {
    ++report.documents;
    report.bytes += document.size();
    while (!document.empty()) {
      const std::size_t length = std::min(document.size(), next_cut(document, kPieceBytes));
      if (batch_.size() + length > batch_bytes_ && !batch_.empty()) count_batch(report);
      pieces_.emplace_back(batch_.size(), length);
      batch_.append(document.substr(0, length));
      document.remove_prefix(length);
    }
  }

  void count_batch(BpeLearnReport& report) {
    pool_.parallel_for(pieces_.size(), 1,
                       [&](std::size_t begin, std::size_t end, std::size_t worker) {
                         for (std::size_t i = begin; i < end; ++i) count_piece(i, local_[worker]);
                       });
    pool_.parallel_for(kShards, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t shard = begin; shard < end; ++shard) {
        for (Local& local : local_) {
          local.shards[shard].for_each([&](const PretokenCounts::Entry& entry) {
            counts_[shard].add_copy(entry.text(), PretokenCounts::hash_of(entry.text()),
                                    entry.count);
          });
          local.shards[shard].clear();
        }
      }
    });
    for (Local& local : local_) {
      report.pretokens += local.pretokens;
      local.pretokens = 0;
      local.repaired.clear();
    }
    batch_.clear();
    pieces_.clear();
    forget_rarest(report);
  }

  // The counts, for the last use of this.
  std::vector<PretokenCounts> take_counts() {
    local_.clear();
    batch_ = {};
    return std::move(counts_);
  }

 private:
  struct Local {
    std::vector<PretokenCounts> shards;
    std::deque<std::string> repaired;  // copies of ill-formed pieces, alive until the batch ends
    std::uint64_t pretokens = 0;
  };

  void count_piece(std::size_t i, Local& local) {
    std::string_view text = std::string_view(batch_).substr(pieces_[i].first, pieces_[i].second);
    if (!valid_utf8(text)) text = local.repaired.emplace_back(replace_invalid_utf8(text));
    for_each_pretoken(PretokenizerKind::kGpt4, text, [&](std::string_view word) {
      ++local.pretokens;
      if (word.size() > max_pretoken_bytes_) return;
      const std::uint64_t hash = PretokenCounts::hash_of(word);
      local.shards[(hash >> 24) % kShards].add_view(word, hash, 1);
    });
  }

  void forget_rarest(BpeLearnReport& report) {
    const auto held = [&] {
      std::uint64_t bytes = 0;
      for (const PretokenCounts& counts : counts_) {
        bytes += counts.bytes() + counts.text_bytes() * PairMerger::kMemoryPerByte;
      }
      return bytes;
    };
    for (std::uint64_t count = 1; held() > memory_bytes_; count *= 2) {
      for (PretokenCounts& counts : counts_) report.forgotten_pretokens += counts.drop_up_to(count);
    }
  }

  const std::size_t max_pretoken_bytes_;
  const std::uint64_t memory_bytes_;
  const std::size_t batch_bytes_;
  ThreadPool pool_;
  std::string batch_;
  std::vector<std::pair<std::size_t, std::size_t>> pieces_;  // begin and length in batch_
  std::vector<PretokenCounts> counts_;                       // by shard
  std::vector<Local> local_;                                 // by worker
};

}  // namespace

Status check_text_memory(const Context& context, std::string_view what) {
  if (context.memory_bytes == 0 || context.memory_bytes >= kLeastTextMemory) return {};
  return capacity_error(std::string(what) + " takes up to " + format_mebibytes(kLeastTextMemory) +
                        " of memory; give --memory at least that, not " +
                        format_mebibytes(context.memory_bytes));
}

Result<Tokenizer> learn_bpe(const TextFeed& feed, const BpeLearnOptions& options,
                            const Context& context, BpeLearnReport* report) {
  const std::vector<std::string>& specials =
      options.special_tokens.empty() ? standard_special_tokens() : options.special_tokens;
  const auto first_byte = static_cast<int>(specials.size());
  const int smallest = first_byte + 256;
  if (options.vocab_size < smallest || options.vocab_size > MergeTable::kMaxId) {
    return input_error("[tokenizer] vocabulary size is not from " + std::to_string(smallest) +
                       " (special tokens and 256 bytes) to " + std::to_string(MergeTable::kMaxId) +
                       ": " + std::to_string(options.vocab_size));
  }
  PITH_TRY(check_text_memory(context, "[tokenizer] learning"));
  BpeLearnReport local_report;
  BpeLearnReport& counted = report != nullptr ? *report : local_report;
  counted = {};

  auto start = std::chrono::steady_clock::now();
  PretokenCounter counter(options, context);
  PITH_TRY(feed([&](std::string_view text) { counter.add(text, counted); }));
  if (context.stopped()) {
    return Error{ErrorKind::kInterrupted, "[tokenizer] stopped; nothing was written"};
  }
  counter.count_batch(counted);
  std::vector<PretokenCounts> shards = counter.take_counts();
  std::uint64_t word_bytes = 0;
  for (const PretokenCounts& counts : shards) {
    counted.distinct_pretokens += counts.size();
    word_bytes += counts.text_bytes();
  }
  counted.count_seconds = seconds_since(start);
  if (counted.pretokens == 0) {
    return input_error("[tokenizer] there is no text to learn from; give documents that hold some");
  }

  start = std::chrono::steady_clock::now();
  std::array<int, 256> byte_id{};
  for (std::size_t i = 0; i < 256; ++i) {
    byte_id[bytes_in_alphabet_order()[i]] = first_byte + static_cast<int>(i);
  }
  PairMerger merger(first_byte, word_bytes + counted.distinct_pretokens);
  std::vector<int> symbols;
  for (PretokenCounts& shard : shards) {
    const PretokenCounts counts = std::move(shard);  // its memory is given back here
    counts.for_each([&](const PretokenCounts::Entry& entry) {
      symbols.clear();
      counted.learned_bytes += entry.count * entry.size;
      for (const char byte : entry.text()) {
        symbols.push_back(byte_id[static_cast<unsigned char>(byte)]);
      }
      merger.add_word(symbols, entry.count);
    });
  }
  const auto wanted = static_cast<std::size_t>(options.vocab_size - smallest);
  PITH_ASSIGN(const auto merges, merger.merge(wanted, options.min_count, smallest, context));
  counted.learned_tokens = merger.tokens();
  counted.merge_seconds = seconds_since(start);
  return Tokenizer::from_merges(merges, specials, PretokenizerKind::kGpt4);
}

}  // namespace pith
