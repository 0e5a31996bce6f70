#include "pith/infer/blocks/experts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pith/infer/blocks/mlp.h"
#include "pith/tensor/cpu/expert_choice.h"

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t size(int value) { return static_cast<std::size_t>(value); }
std::size_t whole_panels(std::size_t n) { return (n + kPanel - 1) / kPanel * kPanel; }

class ServedExperts : public ServedBlock {
 public:
  explicit ServedExperts(const Experts& block)
      : choice_{.experts = size(block.routed),
                .chosen = size(block.chosen),
                .groups = size(block.groups),
                .kept_groups = size(block.kept_groups),
                .normalise = block.normalise,
                .scale = static_cast<float>(block.scale)},
        experts_(choice_.experts) {}

  Status read(const Experts& block, std::size_t channels, TensorReader& reader) {
    router_ = PackedMatrix(choice_.experts, channels);
    PITH_TRY(reader.rows(choice_.experts, 0, router_));
    PITH_TRY(reader.vector(choice_.experts, bias_));
    for (GatedMlp& expert : experts_) {
      PITH_TRY(expert.read(size(block.width), channels, reader));
    }
    return shared_.read(size(block.shared_width), channels, reader);
  }

  void forward(const Pass& pass, int worker) const override;

 private:
  // A worker's list of which tokens go to which expert; all workers make the same.
  struct Routes {
    int* chosen;     // (T, k)
    int* place;      // (T k), token k + choice, by expert
    int* begin;      // (E + 1), of an expert's places
    float* weights;  // (T, k)
    float* rows;     // (T, C), of the expert at hand
  };
  Routes routes(const Pass& pass, int worker) const;
  void choose(const Pass& pass, const Routes& routes, int worker) const;
  const float* gather(const Pass& pass, const Routes& routes, std::size_t expert, int worker) const;
  void add_outputs(const Pass& pass, const Routes& routes, std::size_t expert, int worker) const;

  std::size_t padded() const { return experts_.front().padded(); }

  const ExpertChoice choice_;
  PackedMatrix router_;      // (E, C)
  std::vector<float> bias_;  // (E)
  std::vector<GatedMlp> experts_;
  GatedMlp shared_;
};

ServedExperts::Routes ServedExperts::routes(const Pass& pass, int worker) const {
  WorkerScratch& own = pass.own(worker);
  const std::size_t choices = pass.tokens * choice_.chosen;
  return {.chosen = own.integers.data(),
          .place = own.integers.data() + choices,
          .begin = own.integers.data() + 2 * choices,
          .weights = own.own.data(),
          .rows = own.own.data() + choices};
}

void ServedExperts::choose(const Pass& pass, const Routes& routes, int worker) const {
  const std::size_t k = choice_.chosen, choices = pass.tokens * k, E = choice_.experts;
  for (std::size_t t = 0; t < pass.tokens; ++t) {
    choose_experts(choice_, pass.shared[0] + t * E, bias_.data(), pass.own(worker).fixed.data(),
                   routes.chosen + t * k, routes.weights + t * k);
  }
  std::fill_n(routes.begin, E + 1, 0);
  for (std::size_t i = 0; i < choices; ++i) ++routes.begin[routes.chosen[i] + 1];
  for (std::size_t e = 0; e < E; ++e) routes.begin[e + 1] += routes.begin[e];
  for (std::size_t i = 0; i < choices; ++i) {  // moves each beginning to its end
    routes.place[routes.begin[routes.chosen[i]]++] = static_cast<int>(i);
  }
  for (std::size_t e = E; e > 0; --e) routes.begin[e] = routes.begin[e - 1];
  routes.begin[0] = 0;
}

// Normalised rows of the tokens that chose the expert.
const float* ServedExperts::gather(const Pass& pass, const Routes& routes, std::size_t expert,
                                   int worker) const {
  const float* normed = pass.own(worker).normed.data();
  const std::size_t C = pass.channels;
  for (int i = routes.begin[expert]; i < routes.begin[expert + 1]; ++i) {
    const std::size_t token = size(routes.place[i]) / choice_.chosen;
    std::copy_n(normed + token * C, C, routes.rows + size(i - routes.begin[expert]) * C);
  }
  return routes.rows;
}

// x += weight times what the expert says, this worker's columns.
void ServedExperts::add_outputs(const Pass& pass, const Routes& routes, std::size_t expert,
                                int worker) const {
  const std::size_t C = pass.channels, first = size(routes.begin[expert]);
  const std::size_t tokens = size(routes.begin[expert + 1]) - first;
  const PackedMatrix& down = experts_[expert].down();
  const Share share = pass.share(down.panels(), worker);
  multiply(down, share.begin, share.end, pass.shared[4] + first * padded(), padded(), tokens,
           routes.rows, C);
  const std::size_t begin = share.begin * kPanel, end = std::min(share.end * kPanel, C);
  for (std::size_t i = 0; i < tokens; ++i) {
    const std::size_t place = size(routes.place[first + i]);
    float* row = pass.x + place / choice_.chosen * C;
    const float* added = routes.rows + i * C;
    for (std::size_t c = begin; c < end; ++c) row[c] += routes.weights[place] * added[c];
  }
}

void ServedExperts::forward(const Pass& pass, int worker) const {
  const float* normed = pass.own(worker).normed.data();
  Share share = pass.share(router_.panels(), worker);
  multiply(router_, share.begin, share.end, normed, pass.channels, pass.tokens, pass.shared[0],
           choice_.experts);
  share = pass.share(shared_.padded() / kPanel, worker);
  shared_.activate(share.begin, share.end, normed, pass.tokens, pass.shared[1], pass.shared[2]);
  pass.team.barrier();

  const Routes all = routes(pass, worker);
  choose(pass, all, worker);
  share = pass.share(padded() / kPanel, worker);
  for (std::size_t e = 0; e < choice_.experts; ++e) {
    const std::size_t first = size(all.begin[e]), tokens = size(all.begin[e + 1]) - first;
    if (tokens == 0) continue;
    experts_[e].activate(share.begin, share.end, gather(pass, all, e, worker), tokens,
                         pass.shared[3] + first * 2 * padded(), pass.shared[4] + first * padded());
  }
  pass.team.barrier();

  add_product(pass, shared_.down(), pass.shared[2], shared_.padded(), worker);
  for (std::size_t e = 0; e < choice_.experts; ++e) {
    if (all.begin[e] < all.begin[e + 1]) add_outputs(pass, all, e, worker);
  }
}

}  // namespace

Result<std::unique_ptr<ServedBlock>> read_block(const Experts& block, std::size_t channels,
                                                double /*norm_epsilon*/, TensorReader& reader) {
  auto served = std::make_unique<ServedExperts>(block);
  PITH_TRY(served->read(block, channels, reader));
  return std::unique_ptr<ServedBlock>(std::move(served));
}

ScratchNeeds scratch_needs(const Experts& block, std::size_t channels) {
  const std::size_t k = size(block.chosen), E = size(block.routed);
  ScratchNeeds needs;
  needs.shared[0] = E;
  needs.shared[1] = 2 * whole_panels(size(block.shared_width));
  needs.shared[2] = whole_panels(size(block.shared_width));
  needs.shared[3] = k * 2 * whole_panels(size(block.width));
  needs.shared[4] = k * whole_panels(size(block.width));
  needs.own = k + channels;
  needs.own_fixed = E;
  needs.own_integers = 2 * k;
  needs.own_integers_fixed = E + 1;
  return needs;
}

std::uint64_t served_bytes(const Experts& block, std::size_t channels) {
  const auto gated = [&](int width) {
    return packed_bytes(2 * whole_panels(size(width)), channels) +
           packed_bytes(channels, size(width));
  };
  return packed_bytes(size(block.routed), channels) + sizeof(float) * size(block.routed) +
         size(block.routed) * gated(block.width) + gated(block.shared_width);
}

}  // namespace pith
