#include "pith/infer/blocks/mlp.h"

#include <utility>

#include "pith/tensor/cpu/attention_kernels.h"
#include "pith/tensor/cpu/relu_squared.h"

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t whole_panels(std::size_t n) { return (n + kPanel - 1) / kPanel * kPanel; }

class ServedGatedMlp : public ServedBlock {
 public:
  Status read(const Mlp& block, std::size_t channels, TensorReader& reader) {
    return mlp_.read(static_cast<std::size_t>(block.width), channels, reader);
  }

  void forward(const Pass& pass, int worker) const override {
    const Share share = pass.share(mlp_.padded() / kPanel, worker);
    mlp_.activate(share.begin, share.end, pass.own(worker).normed.data(), pass.tokens,
                  pass.shared[0], pass.shared[1]);
    pass.team.barrier();
    add_product(pass, mlp_.down(), pass.shared[1], mlp_.padded(), worker);
  }

 private:
  GatedMlp mlp_;
};

class ServedReluSquaredMlp : public ServedBlock {
 public:
  Status read(const Mlp& block, std::size_t channels, TensorReader& reader) {
    const auto width = static_cast<std::size_t>(block.width);
    up_ = PackedMatrix(width, channels);
    PITH_TRY(reader.rows(width, 0, up_));
    down_ = PackedMatrix(channels, width);
    return reader.rows(channels, 0, down_);
  }

  void forward(const Pass& pass, int worker) const override {
    const std::size_t width = up_.rows();
    const Share share = pass.share(up_.panels(), worker);
    multiply(up_, share.begin, share.end, pass.own(worker).normed.data(), pass.channels,
             pass.tokens, pass.shared[0], width);
    const std::size_t begin = share.begin * kPanel, end = std::min(share.end * kPanel, width);
    for (std::size_t t = 0; t < pass.tokens && begin < end; ++t) {
      float* row = pass.shared[0] + t * width + begin;
      relu_squared(row, end - begin, row);
    }
    pass.team.barrier();
    add_product(pass, down_, pass.shared[0], width, worker);
  }

 private:
  PackedMatrix up_, down_;  // (F, C), (C, F)
};

template <class Served>
Result<std::unique_ptr<ServedBlock>> read(const Mlp& block, std::size_t channels,
                                          TensorReader& reader) {
  auto served = std::make_unique<Served>();
  PITH_TRY(served->read(block, channels, reader));
  return std::unique_ptr<ServedBlock>(std::move(served));
}

}  // namespace

Status GatedMlp::read(std::size_t width, std::size_t channels, TensorReader& reader) {
  gate_up_ = PackedMatrix(2 * whole_panels(width), channels);
  PITH_TRY(reader.alternate_panels(width, 0, gate_up_));
  PITH_TRY(reader.alternate_panels(width, 1, gate_up_));
  down_ = PackedMatrix(channels, width);
  return reader.rows(channels, 0, down_);
}

void GatedMlp::activate(std::size_t begin, std::size_t end, const float* x, std::size_t tokens,
                        float* gates, float* active) const {
  multiply(gate_up_, 2 * begin, 2 * end, x, gate_up_.columns(), tokens, gates, gate_up_.rows());
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t panel = begin; panel < end; ++panel) {
      const float* gate = gates + t * gate_up_.rows() + 2 * panel * kPanel;
      swiglu_row(gate, gate + kPanel, kPanel, active + t * padded() + panel * kPanel);
    }
  }
}

Result<std::unique_ptr<ServedBlock>> read_block(const Mlp& block, std::size_t channels,
                                                double /*norm_epsilon*/, TensorReader& reader) {
  if (block.kind == Mlp::Kind::kSwiglu) return read<ServedGatedMlp>(block, channels, reader);
  return read<ServedReluSquaredMlp>(block, channels, reader);
}

ScratchNeeds scratch_needs(const Mlp& block, std::size_t /*channels*/) {
  const auto width = static_cast<std::size_t>(block.width);
  ScratchNeeds needs;
  needs.shared[0] = block.kind == Mlp::Kind::kSwiglu ? 2 * whole_panels(width) : width;
  if (block.kind == Mlp::Kind::kSwiglu) needs.shared[1] = whole_panels(width);
  return needs;
}

std::uint64_t served_bytes(const Mlp& block, std::size_t channels) {
  const auto width = static_cast<std::size_t>(block.width);
  const std::size_t rows = block.kind == Mlp::Kind::kSwiglu ? 2 * whole_panels(width) : width;
  return packed_bytes(rows, channels) + packed_bytes(channels, width);
}

}  // namespace pith
