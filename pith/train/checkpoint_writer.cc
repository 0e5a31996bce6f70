#include "pith/train/checkpoint_writer.h"

#include <algorithm>
#include <utility>

namespace pith {

Status CheckpointWriter::begin(const CheckpointState& state,
                               const std::vector<StateTensor>& tensors) {
  PITH_TRY(wait());
  std::size_t elements = 0;
  for (const StateTensor& tensor : tensors) elements += tensor.values.size();
  copy_ = AlignedFloats(elements);
  state_ = state;
  tensors_ = tensors;
  float* at = copy_.data();
  for (StateTensor& tensor : tensors_) {
    std::copy(tensor.values.begin(), tensor.values.end(), at);
    tensor.values = {at, tensor.values.size()};
    at += tensor.values.size();
  }
  busy_.store(true, std::memory_order_relaxed);
  thread_ = std::thread([this] {
    result_ = write_checkpoint(folder_, state_, tensors_);
    copy_ = AlignedFloats();
    busy_.store(false, std::memory_order_release);
  });
  return {};
}

Status CheckpointWriter::wait() {
  if (thread_.joinable()) thread_.join();
  return std::exchange(result_, Status());
}

}  // namespace pith
