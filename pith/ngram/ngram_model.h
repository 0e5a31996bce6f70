#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pith/base/result.h"

// A language model of counts, beside the network: what followed the last tokens, and how often.
namespace pith {

// Interpolated modified Kneser-Ney (Chen and Goodman 1999, section 3.4), ready to be used: for n =
// 2, 3, ..., order, with c the n - 1 tokens before w,
//
//   p_n(w | c) = share(c, w) + backoff(c) p_{n-1}(w | c without its first token)
//
// and p_n = p_{n-1} where c is not known. How shares and backoffs come from counts is
// count_ngrams.h. V is the vocabulary, K the number of contexts of all lengths, E that of their
// followers.
struct NgramTables {
  int order = 0;
  std::vector<float> unigrams;  // (V): p_1
  // (order): the contexts of n-grams of length n are those from order_begin[n - 2] to
  // order_begin[n - 1].
  std::vector<std::int64_t> order_begin;
  // (K): the ids of a context as digits to base V, its last token the lowest; ascending in a
  // length.
  std::vector<std::int64_t> contexts;
  std::vector<float> backoffs;       // (K)
  std::vector<std::int32_t> begin;   // (K + 1): a context's first follower
  std::vector<std::int32_t> tokens;  // (E): followers, ascending in a context
  std::vector<float> shares;         // (E)
};

// Of n-grams of this length contexts fit into 63 bits, and n-grams into 64.
int largest_ngram_order(std::int64_t vocab);

// Threads: const after create, any number may read.
class NgramModel {
 public:
  // Whatever file the tables come from: sizes, ranges and orders are checked, kFormat says which is
  // wrong. `name` opens the message.
  static Result<NgramModel> create(NgramTables tables, std::string_view name);

  int order() const { return tables_.order; }
  std::int64_t vocab() const { return static_cast<std::int64_t>(tables_.unigrams.size()); }
  const NgramTables& tables() const { return tables_; }

  // What the longest known context says of itself: how many tokens it and its follower are, 1 where
  // none is known, and its backoff, 1 there.
  struct Known {
    int length = 1;
    float backoff = 1;
  };

  // p(token | the last tokens of `before`), which begin with the document's first, or are at least
  // order - 1; they may be none.
  float probability(std::span<const int> before, int token, Known* known = nullptr) const;

  // The same for every token; out is (V) and sums to 1.
  Known distribution(std::span<const int> before, std::span<float> out) const;

 private:
  explicit NgramModel(NgramTables tables) : tables_(std::move(tables)) {}
  // The context of the last n - 1 tokens, an index into contexts; -1 when it is not known.
  std::int64_t find(std::span<const int> before, int n) const;

  NgramTables tables_;
};

}  // namespace pith
