#pragma once

#include <omp.h>

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

// How kernels share their work: OpenMP threads, which oneDNN uses too.
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

// Calls body(task, worker) for every task in [0, tasks), on up to `threads` threads, and returns
// when all are done; worker, in [0, threads), is a thread's own. Which worker takes a task is not
// fixed: a task writes only what is its own, and then the result does not depend on `threads`.
// body throws nothing.
template <class Body>
void parallel_for(int threads, std::size_t tasks, const Body& body) {
  if (threads <= 1 || tasks <= 1) {
    const FlushDenormals flush;
    for (std::size_t task = 0; task < tasks; ++task) body(task, std::size_t{0});
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const FlushDenormals flush;
    const auto worker = static_cast<std::size_t>(omp_get_thread_num());
#pragma omp for schedule(dynamic, 1)
    for (std::size_t task = 0; task < tasks; ++task) body(task, worker);
  }
}

}  // namespace pith
