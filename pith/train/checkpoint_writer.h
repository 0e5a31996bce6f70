#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "pith/base/result.h"
#include "pith/tensor/cpu/packed_matrix.h"
#include "pith/train/checkpoint.h"

namespace pith {

// Writes checkpoints beside a training, which waits only while its state is copied in memory: a
// thread does the rest, checksum and flushing to disk included, at a lower priority.
//
// Threads: one caller at a time. Memory: a copy of all tensors, kept from the first one on: to get
// fresh memory from the system takes several times as long as the copy.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(std::string folder) : folder_(std::move(folder)) {}
  ~CheckpointWriter() { (void)wait(); }
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  bool busy() const { return busy_.load(std::memory_order_acquire); }

  // Gets the memory of the first one beside the training, else begin() does it while the training
  // waits.
  void reserve(const std::vector<StateTensor>& tensors);
  bool reserved() const { return reserved_; }

  // Waits for the one before; when that failed returns its error and begins nothing.
  Status begin(const CheckpointState& state, const std::vector<StateTensor>& tensors);

  // Until what was begun is on disk; its error, once.
  Status wait();

 private:
  void allocate(std::size_t elements);

  const std::string folder_;
  bool reserved_ = false;
  std::thread thread_;
  std::atomic<bool> busy_{false};
  // The thread's while it is busy.
  CheckpointState state_;
  std::vector<StateTensor> tensors_;  // views into copy_
  AlignedFloats copy_;
  Status result_;
};

}  // namespace pith
