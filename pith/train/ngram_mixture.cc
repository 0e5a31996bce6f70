#include "pith/train/ngram_mixture.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "pith/base/hash.h"
#include "pith/ngram/count_ngrams.h"
#include "pith/train/heldout.h"

namespace pith {
namespace {

constexpr double kLeftOut = 1.0 / 64;
constexpr std::uint64_t kMostLeftOut = 1 << 16;  // tokens

Status read_document(const TokenReader& tokens, std::uint64_t document, std::int64_t vocab,
                     std::vector<int>& ids) {
  const std::uint64_t begin = tokens.document_begin(document);
  ids.resize(static_cast<std::size_t>(tokens.document_begin(document + 1) - begin));
  return tokens.copy(begin, ids, vocab);
}

}  // namespace

Result<NgramMixture> NgramMixture::create(const TokenReader& tokens, std::int64_t vocab, int order,
                                          std::uint64_t most_tokens) {
  std::vector<DocumentSize> sizes;
  std::vector<int> ids;
  for (std::uint64_t d = 0; d < tokens.documents(); ++d) {
    PITH_TRY(read_document(tokens, d, vocab, ids));
    sizes.push_back({hash64({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(int)}),
                     ids.size()});
  }
  std::unordered_set<std::uint64_t> fitted_on = choose_heldout(sizes, kLeftOut, kMostLeftOut);
  std::uint64_t fitted_tokens = 0;
  for (const DocumentSize& document : sizes) {
    if (fitted_on.contains(document.hash)) fitted_tokens += document.bytes;
  }
  if (fitted_tokens > tokens.tokens() / 16) fitted_on.clear();  // of few documents
  std::uint64_t counted = 0, highest = ~std::uint64_t{0};  // hash of a document that is counted
  if (tokens.tokens() > most_tokens) {
    std::vector<DocumentSize> by_hash = sizes;
    std::ranges::sort(by_hash, {}, &DocumentSize::hash);
    for (const DocumentSize& document : by_hash) {
      if (counted + document.bytes > most_tokens) break;
      counted += document.bytes;
      highest = document.hash;
    }
  }
  order = std::min(order, largest_ngram_order(vocab));
  NgramCounter counter(vocab, order);
  std::vector<std::uint32_t> left_out;
  for (std::uint32_t d = 0; d < sizes.size(); ++d) {
    if (fitted_on.contains(sizes[d].hash)) {
      left_out.push_back(d);
    } else if (sizes[d].hash <= highest) {
      PITH_TRY(read_document(tokens, d, vocab, ids));
      counter.add(ids);
    }
  }
  PITH_ASSIGN(NgramModel model, NgramModel::create(counter.finish(), "counted"));
  NgramMixture mixture({std::move(model), InterpolationWeights::even(order)});
  mixture.left_out_ = std::move(left_out);
  return mixture;
}

Status NgramMixture::fit(Transformer& transformer, const TokenReader& tokens, int T,
                         int max_batch_tokens, std::uint64_t most_tokens) {
  const NgramModel& model = interpolation_.model;
  InterpolationFit fit(model.order());
  DocumentLoss loss(transformer, T, max_batch_tokens,
                    [&](std::span<const int> before, int target, double nats) {
                      NgramModel::Known known;
                      const double p = model.probability(before, target, &known);
                      fit.add(known, std::exp(-nats), p);
                      return nats;
                    });
  std::vector<int> ids;
  std::uint64_t left = most_tokens;
  // Each gives its beginning, so that a small part of the tokens is of all the documents.
  const std::uint64_t each = left_out_.empty() ? 0 : most_tokens / left_out_.size() + 2;
  for (const std::uint32_t d : left_out_) {
    PITH_TRY(read_document(tokens, d, model.vocab(), ids));
    const std::uint64_t taken = std::min({each, left, std::uint64_t{ids.size()}});
    loss.add(std::span(ids).first(static_cast<std::size_t>(taken)));
    left -= taken;
  }
  loss.finish();
  interpolation_.weights = fit.finish();
  return {};
}

TokenLoss mixture_loss(const Interpolation& interpolation) {
  return [&interpolation](std::span<const int> before, int target, double nats) {
    NgramModel::Known known;
    const double ngram = interpolation.model.probability(before, target, &known);
    const double weight = interpolation.weights.of(known);
    return -std::log(std::max(weight * std::exp(-nats) + (1 - weight) * ngram, 1e-30));
  };
}

}  // namespace pith
