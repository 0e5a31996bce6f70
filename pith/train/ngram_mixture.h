#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/base/result.h"
#include "pith/formats/tokens.h"
#include "pith/ngram/interpolation.h"
#include "pith/nn/transformer.h"
#include "pith/train/document_loss.h"

namespace pith {

// The counted n-grams of a training (pith/ngram) and their mixture with its network. They are
// counted from the tokens that the network trains on, all of them however few it has time for,
// which takes about a second for ten million. A sixty-fourth of the tokens, whole documents by the
// hashes of their ids and at most 65,536 tokens, is left to neither: the weights are fitted on it.
//
// One thread at a time.
class NgramMixture {
 public:
  // n-grams of up to `order` tokens, fewer where the vocabulary is too large for it
  // (largest_ngram_order). Reads all tokens; of more than `most_tokens` the documents of least hash
  // are counted, which bounds memory: 16 bytes a token while counting, then about 12. What
  // TokenReader::copy returns.
  static Result<NgramMixture> create(const TokenReader& tokens, std::int64_t vocab, int order,
                                     std::uint64_t most_tokens);

  // Documents that weights are fitted on, ascending; none when there are too few documents to spare
  // one, and the weights are even then.
  std::span<const std::uint32_t> left_out() const { return left_out_; }

  // Fits the weights to the network as it is, on at most so many tokens. `tokens` as in create().
  Status fit(Transformer& transformer, const TokenReader& tokens, int T, int max_batch_tokens,
             std::uint64_t most_tokens);

  const Interpolation& interpolation() const { return interpolation_; }

 private:
  explicit NgramMixture(Interpolation interpolation) : interpolation_(std::move(interpolation)) {}

  Interpolation interpolation_;
  std::vector<std::uint32_t> left_out_;
};

// What a token costs under the mixture, for DocumentLoss; looks into `interpolation`.
TokenLoss mixture_loss(const Interpolation& interpolation);

}  // namespace pith
