#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace pith {

// Memory that begins on a cache line; large arrays ask for huge pages. Zero at first.
void* allocate_aligned(std::size_t bytes);                // for std::free
std::size_t aligned_allocation_bytes(std::size_t bytes);  // what it takes of the machine's memory

// An owner of plain numbers in such memory; moves only.
template <class T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size)
      : data_(static_cast<T*>(allocate_aligned(size * sizeof(T)))), size_(size) {}
  static std::size_t bytes_for(std::size_t size) {
    return aligned_allocation_bytes(size * sizeof(T));
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

using AlignedFloats = AlignedArray<float>;

}  // namespace pith
