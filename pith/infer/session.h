#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "pith/base/result.h"
#include "pith/infer/model.h"

// One sequence of tokens in work: the KV cache and scratch memory over a shared model.
//
// The logits after a token are the same to the last bit however the tokens before it came in
// (at once, in pieces, one by one) and whatever the number of threads. Where the model has counted
// n-grams they are logarithms of the mixture (ngram/interpolation.h): logits as good as others.
//
// Threads: one at a time. It runs the workers it was told to. Lifetime: ends before the Model.
namespace pith {

struct SessionOptions {
  int threads = 1;
  int max_tokens = 0;  // of the whole sequence; 0, or more than the model's context: its context
};

class Session {
 public:
  static constexpr std::size_t kChunk = 128;  // tokens of one pass: bounds the scratch memory

  explicit Session(const Model& model, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  int length() const;  // tokens in the cache
  std::span<const int> ids() const;
  int max_tokens() const;
  std::size_t cache_bytes() const;

  // Appends tokens in one pass; the logits (V) for what follows the last. The span is valid until
  // the next call. Errors: kInput for no ids or an id outside of the vocabulary, kCapacity when
  // the sequence would outgrow max_tokens(); the sequence is then as before.
  Result<std::span<const float>> prefill(std::span<const int> ids);
  Result<std::span<const float>> decode(int id) { return prefill({&id, 1}); }

  // Appends tokens; logits is (T, V), a row after each of them.
  Status score(std::span<const int> ids, std::span<float> logits);

  // Forgets all tokens from `length` on, so that another continuation may follow.
  void truncate(int length);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pith
