#include "pith/tensor/cpu/gemm.h"

#include <dnnl.h>
#include <omp.h>

#include "pith/base/check.h"

namespace pith {
namespace {

// While it lives, oneDNN works on the thread that calls it: it would take all threads of OpenMP,
// and split the sums by their number.
class OneThread {
 public:
  OneThread() : saved_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(saved_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int saved_;  // of this thread
};

}  // namespace

void gemm(Transpose transpose_a, Transpose transpose_b, std::size_t M, std::size_t N, std::size_t K,
          float alpha, const float* a, std::size_t lda, const float* b, std::size_t ldb, float beta,
          float* c, std::size_t ldc) {
  if (M == 0 || N == 0) return;
  if (K == 0) {  // oneDNN leaves C as it is
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t n = 0; n < N; ++n) {
        float& out = c[m * ldc + n];
        out = beta == 0 ? 0.0f : beta * out;
      }
    }
    return;
  }
  const OneThread one_thread;
  const auto dimension = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
  const dnnl_status_t status = dnnl_sgemm(transpose_a == Transpose::kYes ? 'T' : 'N',
                                          transpose_b == Transpose::kYes ? 'T' : 'N', dimension(M),
                                          dimension(N), dimension(K), alpha, a, dimension(lda), b,
                                          dimension(ldb), beta, c, dimension(ldc));
  PITH_CHECK(status == dnnl_success, "dnnl_sgemm refuses its arguments");
}

void gemm_ref(Transpose transpose_a, Transpose transpose_b, std::size_t M, std::size_t N,
              std::size_t K, float alpha, const float* a, std::size_t lda, const float* b,
              std::size_t ldb, float beta, float* c, std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < K; ++k) {
        const float left = transpose_a == Transpose::kYes ? a[k * lda + m] : a[m * lda + k];
        const float right = transpose_b == Transpose::kYes ? b[n * ldb + k] : b[k * ldb + n];
        sum += static_cast<double>(left) * static_cast<double>(right);
      }
      float& out = c[m * ldc + n];
      out = static_cast<float>(alpha * sum + (beta == 0 ? 0.0 : static_cast<double>(beta * out)));
    }
  }
}

}  // namespace pith
