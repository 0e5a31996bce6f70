#include "pith/train/checkpoint_writer.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace pith {
namespace {

// The calling thread runs where no other of the training wants the processor: its threads wait for
// each other often enough. Linux has a nice value for every thread.
void give_way() { ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + 5); }

std::size_t count_elements(const std::vector<StateTensor>& tensors) {
  std::size_t elements = 0;
  for (const StateTensor& tensor : tensors) elements += tensor.values.size();
  return elements;
}

}  // namespace

void CheckpointWriter::allocate(std::size_t elements) {
  if (copy_.size() != elements) copy_ = AlignedFloats(elements);
}

void CheckpointWriter::reserve(const std::vector<StateTensor>& tensors) {
  if (std::exchange(reserved_, true)) return;  // the memory is there, or on its way
  thread_ = std::thread([this, elements = count_elements(tensors)] {
    give_way();
    allocate(elements);
  });
}

Status CheckpointWriter::begin(const CheckpointState& state,
                               const std::vector<StateTensor>& tensors) {
  PITH_TRY(wait());
  allocate(count_elements(tensors));
  reserved_ = true;
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
    give_way();
    result_ = write_checkpoint(folder_, state_, tensors_);
    busy_.store(false, std::memory_order_release);
  });
  return {};
}

Status CheckpointWriter::wait() {
  if (thread_.joinable()) thread_.join();
  return std::exchange(result_, Status());
}

}  // namespace pith
