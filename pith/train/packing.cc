#include "pith/train/packing.h"

#include <algorithm>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/hash.h"
#include "pith/base/random.h"

namespace pith {
namespace {

constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ull;
constexpr std::size_t kHashedAtOnce = 1 << 14;  // tokens

// Whether the rest of a document is its beginning, not its end: so that another epoch cuts the same
// document elsewhere.
bool rest_is_first(std::uint64_t epoch_key) { return (epoch_key & 1) != 0; }

}  // namespace

PackedRows::PackedRows(const TokenReader& reader, std::int64_t vocab, int T, std::uint64_t seed,
                       std::span<const std::uint32_t> left_out)
    : reader_(&reader), left_out_(reader.documents()), vocab_(vocab), T_(T), seed_(seed) {
  std::uint64_t tokens = reader.tokens();
  for (const std::uint32_t document : left_out) {
    tokens -= length(document);
    left_out_[document] = true;
  }
  rows_ = tokens / static_cast<std::uint64_t>(T);
}

Result<PackedRows> PackedRows::create(const TokenReader& reader, std::int64_t vocab, int T,
                                      std::uint64_t seed, std::span<const std::uint32_t> left_out) {
  if (reader.tokens() < static_cast<std::uint64_t>(T)) {
    return input_error("[train] the documents have " + std::to_string(reader.tokens()) +
                       " tokens, fewer than one context of " + std::to_string(T) +
                       "; give more text, or a shorter context_length");
  }
  PackedRows packed(reader, vocab, T, seed, left_out);
  PITH_CHECK(packed.rows_ > 0, "not nearly all is left out");
  PITH_TRY(packed.hash_documents());
  return packed;
}

Status PackedRows::hash_documents() {
  const auto documents = static_cast<std::uint32_t>(reader_->documents());
  std::vector<std::pair<std::uint64_t, std::uint32_t>> hashes;
  whole_rows_.assign(1, 0);
  for (std::uint32_t d = 0; d < documents; ++d) {
    std::uint64_t hash = 0;
    const std::uint64_t begin = reader_->document_begin(d), tokens = length(d);
    for (std::uint64_t at = 0; at < tokens; at += scratch_.size()) {
      scratch_.resize(std::min<std::uint64_t>(kHashedAtOnce, tokens - at));
      PITH_TRY(reader_->copy(begin + at, scratch_, vocab_));
      hash = hash64({reinterpret_cast<const char*>(scratch_.data()), scratch_.size() * sizeof(int)},
                    hash);
    }
    hashes.emplace_back(hash, d);
    whole_rows_.push_back(whole_rows_.back() +
                          static_cast<std::uint32_t>(tokens / static_cast<std::uint64_t>(T_)));
  }
  // Copies of one document are told apart by their number, else they would follow each other.
  std::sort(hashes.begin(), hashes.end());
  keys_.resize(documents);
  std::uint64_t copy = 0;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    copy = i > 0 && hashes[i].first == hashes[i - 1].first ? copy + 1 : 0;
    keys_[hashes[i].second] = mix64(hashes[i].first + copy * kSpread);
  }
  return {};
}

void PackedRows::begin_epoch(std::uint64_t epoch) {
  epoch_ = epoch;
  const std::uint64_t salt = Random(seed_, "documents", epoch).next();
  epoch_keys_.clear();
  for (const std::uint64_t key : keys_) epoch_keys_.push_back(mix64(key ^ salt));
  rest_order_.clear();
  for (std::uint32_t d = 0; d < keys_.size(); ++d) {
    if (rest(d) > 0) rest_order_.push_back(d);
  }
  std::sort(rest_order_.begin(), rest_order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return epoch_keys_[a] != epoch_keys_[b] ? epoch_keys_[a] < epoch_keys_[b] : a < b;
  });
  rest_begins_.assign(1, 0);
  for (const std::uint32_t d : rest_order_) rest_begins_.push_back(rest_begins_.back() + rest(d));

  // Rows of one document lie at hashes of their own, rows of rests where their first document does:
  // both are spread evenly over all hashes.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;
  rows.reserve(rows_);
  for (std::size_t d = 0; d < keys_.size(); ++d) {
    for (std::uint32_t row = whole_rows_[d]; row < whole_rows_[d + 1]; ++row) {
      const std::uint64_t key = mix64(epoch_keys_[d] + (row - whole_rows_[d] + 1) * kSpread);
      rows.emplace_back(static_cast<std::uint32_t>(key >> 32), row);
    }
  }
  std::size_t place = 0;
  for (std::uint64_t at = 0; rows.size() < rows_; at += static_cast<std::uint64_t>(T_)) {
    while (rest_begins_[place + 1] <= at) ++place;
    rows.emplace_back(static_cast<std::uint32_t>(epoch_keys_[rest_order_[place]] >> 32),
                      static_cast<std::uint32_t>(rows.size()));
  }
  std::sort(rows.begin(), rows.end());
  row_order_.clear();
  for (const auto& [key, row] : rows) row_order_.push_back(row);
}

Status PackedRows::read(std::uint64_t first_row, int B, PackedBatch& batch) {
  const auto T = static_cast<std::size_t>(T_);
  batch.B = B;
  batch.T = T_;
  for (std::vector<int>* array : {&batch.tokens, &batch.targets, &batch.document_begin}) {
    array->resize(static_cast<std::size_t>(B) * T);
  }
  for (std::size_t b = 0; b < static_cast<std::size_t>(B); ++b) {
    const std::uint64_t row = first_row + b;
    if (row / rows_ != epoch_) begin_epoch(row / rows_);
    PITH_TRY(read_row(row_order_[static_cast<std::size_t>(row % rows_)], &batch.tokens[b * T],
                      &batch.targets[b * T], &batch.document_begin[b * T]));
  }
  return {};
}

Status PackedRows::read_row(std::uint32_t row, int* tokens, int* targets, int* document_begin) {
  const auto T = static_cast<std::uint64_t>(T_);
  if (row < whole_rows_.back()) {
    const auto after = std::upper_bound(whole_rows_.begin(), whole_rows_.end(), row);
    const auto d = static_cast<std::uint64_t>(after - whole_rows_.begin() - 1);
    const std::uint64_t skip = rest_is_first(epoch_keys_[d]) ? rest(d) : 0;
    return read_piece(d, skip + (row - whole_rows_[d]) * T, T, 0, tokens, targets, document_begin);
  }
  std::uint64_t at = (row - whole_rows_.back()) * T;  // in the stream of rests
  auto place = static_cast<std::size_t>(
      std::upper_bound(rest_begins_.begin(), rest_begins_.end(), at) - rest_begins_.begin() - 1);
  for (std::uint64_t t = 0; t < T; ++place) {
    const std::uint32_t d = rest_order_[place];
    const std::uint64_t count = std::min(rest_begins_[place + 1] - at, T - t);
    const std::uint64_t skip = rest_is_first(epoch_keys_[d]) ? 0 : length(d) - rest(d);
    PITH_TRY(read_piece(d, skip + (at - rest_begins_[place]), count, static_cast<int>(t), tokens,
                        targets, document_begin));
    t += count, at += count;
  }
  return {};
}

Status PackedRows::read_piece(std::uint64_t document, std::uint64_t begin, std::uint64_t count,
                              int t, int* tokens, int* targets, int* document_begin) {
  const bool goes_on = begin + count < length(document);
  scratch_.resize(static_cast<std::size_t>(count) + (goes_on ? 1 : 0));
  PITH_TRY(reader_->copy(reader_->document_begin(document) + begin, scratch_, vocab_));
  for (int i = 0; i < static_cast<int>(count); ++i) {
    const auto next = static_cast<std::size_t>(i) + 1;
    tokens[t + i] = scratch_[next - 1];
    targets[t + i] = next < scratch_.size() ? scratch_[next] : -1;
    document_begin[t + i] = t;
  }
  return {};
}

}  // namespace pith
