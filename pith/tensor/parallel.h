#pragma once

#include <cstddef>
#include <cstdint>

#include "pith/base/threads.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

// How kernels share their work.
namespace pith {

// While it lives, results too small for a normal float are zero on this thread, as they cost a
// hundred times what others do and mean nothing here (moments of rows that are never seen).
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  std::uint32_t saved_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}

 public:
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;
};

// Calls body(task, worker) for every task in [0, tasks) on the pool's workers, and returns when all
// are done; worker is a number that no two calls at one time share. Which worker takes a task is
// not fixed: a task writes only what is its own, and then the result does not depend on the number
// of threads. body throws nothing.
template <class Body>
void parallel_for(ThreadPool& pool, std::size_t tasks, const Body& body) {
  pool.parallel_for(tasks, 1, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    const FlushDenormals flush;
    for (std::size_t task = begin; task < end; ++task) body(task, worker);
  });
}

}  // namespace pith
