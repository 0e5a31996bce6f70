#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pith/infer/kv_cache.h"
#include "pith/infer/rope_table.h"
#include "pith/infer/worker_team.h"
#include "pith/tensor/cpu/packed_matrix.h"

// What attention and MLP are to a session: blocks that read the normalised stream and add to it.
namespace pith {

// Floats that a block needs of the session beside its weights.
struct ScratchNeeds {
  static constexpr std::size_t kShared = 5;
  std::array<std::size_t, kShared> shared{};  // a token, in buffers that all workers see
  std::size_t own = 0;                        // a token, in a buffer of each worker
  std::size_t own_fixed = 0;                  // in a buffer of each worker, whatever the tokens
  std::size_t own_integers = 0;               // a token, likewise of each worker
  std::size_t own_integers_fixed = 0;

  void cover(const ScratchNeeds& other) {
    for (std::size_t i = 0; i < kShared; ++i) shared[i] = std::max(shared[i], other.shared[i]);
    own = std::max(own, other.own);
    own_fixed = std::max(own_fixed, other.own_fixed);
    own_integers = std::max(own_integers, other.own_integers);
    own_integers_fixed = std::max(own_integers_fixed, other.own_integers_fixed);
  }
};

// What one worker needs for itself.
struct WorkerScratch {
  std::vector<float> normed;  // (T, C): the stream, normalised for the block
  std::vector<float> scores;  // (positions, in whole cache blocks)
  std::vector<float> own;     // (T, needs.own)
  std::vector<float> fixed;   // (needs.own_fixed)
  std::vector<int> integers;  // (T, needs.own_integers), then (needs.own_integers_fixed)
  std::vector<float> ngrams;  // (V): what counted n-grams say; empty where there are none
};

// A run of `tokens` tokens through the layers.
struct Pass {
  WorkerTeam& team;
  KvCache& cache;
  const RopeTable& rope;
  std::span<WorkerScratch> workers;
  std::size_t channels = 0;           // C
  std::size_t start = 0, tokens = 0;  // T tokens, at positions start, start + 1, ...
  std::size_t layer = 0;              // at hand
  float* x = nullptr;                 // (T, C), the residual stream
  float* product = nullptr;           // (T, C)
  std::array<float*, ScratchNeeds::kShared> shared{};  // (T, needs.shared[i])

  WorkerScratch& own(int worker) const { return workers[static_cast<std::size_t>(worker)]; }
  Share share(std::size_t n, int worker) const { return share_of(n, worker, team.threads()); }
};

// The weights of a block. Const: sessions share it.
class ServedBlock {
 public:
  virtual ~ServedBlock() = default;

  // x += block(normed) for the tokens of the pass. Every worker of the team calls it and does its
  // share. What one worker adds to x the others may read after the next barrier.
  virtual void forward(const Pass& pass, int worker) const = 0;
};

// x += in w^T, this worker's columns; in is (T, w.columns()) with rows `in_stride` apart.
void add_product(const Pass& pass, const PackedMatrix& w, const float* in, std::size_t in_stride,
                 int worker);

// Memory that a PackedMatrix of (rows, columns) takes.
std::uint64_t packed_bytes(std::uint64_t rows, std::uint64_t columns);

}  // namespace pith
