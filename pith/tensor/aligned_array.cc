#include "pith/tensor/aligned_array.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "pith/base/check.h"

namespace pith {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t alignment_for(std::size_t bytes) { return bytes >= kHugePage ? kHugePage : 64; }

}  // namespace

std::size_t aligned_allocation_bytes(std::size_t bytes) {
  const std::size_t alignment = alignment_for(bytes);
  return std::max((bytes + alignment - 1) / alignment * alignment, alignment);
}

void* allocate_aligned(std::size_t bytes) {
  const std::size_t alignment = alignment_for(bytes), whole = aligned_allocation_bytes(bytes);
  void* memory = std::aligned_alloc(alignment, whole);
  PITH_CHECK(memory != nullptr, "out of memory for an array");
  if (alignment == kHugePage) ::madvise(memory, whole, MADV_HUGEPAGE);
  std::memset(memory, 0, whole);
  return memory;
}

}  // namespace pith
