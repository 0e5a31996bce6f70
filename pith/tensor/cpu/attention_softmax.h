#pragma once

#include <cstddef>

// Softmax over a row of attention's scores, of which [first, last] are attended to. The row is (n);
// what is not attended to becomes zero. Any thread.
namespace pith {

// Scores become probabilities. Returns the log of the sum of exponentials.
float attention_softmax(float* row, std::size_t n, std::size_t first, std::size_t last);

// Scores become probabilities p, and the gradient of these becomes that of the scores before their
// scaling: scale p (d_p - sum p d_p).
void attention_d_softmax(float* row, float* d_row, std::size_t n, std::size_t first,
                         std::size_t last, float log_sum_exp, float scale);

float attention_softmax_ref(float* row, std::size_t n, std::size_t first, std::size_t last);
void attention_d_softmax_ref(float* row, float* d_row, std::size_t n, std::size_t first,
                             std::size_t last, float log_sum_exp, float scale);

// The two in whole vectors, for rows of n numbers, n a multiple of 16, whatever was in those that
// are not attended to. Exponentials are e^(score - maximum), not yet divided by their sum.
struct SoftmaxSum {
  float maximum = 0, sum = 0;
};
SoftmaxSum padded_exponentials(float* row, std::size_t n, std::size_t first, std::size_t last);
SoftmaxSum padded_exponentials_ref(float* row, std::size_t n, std::size_t first, std::size_t last);
// Without a scale.
void padded_d_softmax(float* row, float* d_row, std::size_t n, std::size_t first, std::size_t last,
                      float log_sum_exp);

}  // namespace pith
