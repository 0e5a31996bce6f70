#include "pith/tensor/cpu/gemm.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

// A sum of K products of normals is off by about K epsilon times their typical size at most.
TEST(GemmTest, FollowsTheReferenceInEveryArrangement) {
  struct Size {
    std::size_t M, N, K;
  };
  for (const Size size : {Size{1, 1, 1}, Size{3, 5, 7}, Size{64, 33, 16}, Size{17, 130, 65},
                          Size{2, 3, 300}, Size{5, 4, 0}}) {
    for (const auto a_way : {Transpose::kNo, Transpose::kYes}) {
      for (const auto b_way : {Transpose::kNo, Transpose::kYes}) {
        for (const float beta : {0.0f, 1.0f}) {
          const std::size_t lda = (a_way == Transpose::kNo ? size.K : size.M) + 3;
          const std::size_t ldb = (b_way == Transpose::kNo ? size.N : size.K) + 1;
          const std::size_t ldc = size.N + 2;
          const auto a = random_floats((size.M + size.K) * lda, 1);
          const auto b = random_floats((size.N + size.K) * ldb, 2);
          auto c = random_floats(size.M * ldc, 3), expected = c;
          gemm(a_way, b_way, size.M, size.N, size.K, 0.5f, a.data(), lda, b.data(), ldb, beta,
               c.data(), ldc);
          gemm_ref(a_way, b_way, size.M, size.N, size.K, 0.5f, a.data(), lda, b.data(), ldb, beta,
                   expected.data(), ldc);
          const auto K = static_cast<double>(size.K);
          expect_near(c, expected, (K + 4) * kEpsilon * 4, "c");
        }
      }
    }
  }
}

}  // namespace
}  // namespace pith
