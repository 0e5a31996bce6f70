// served_logits MODEL CHUNK [THREADS] < ids > logits: reads token ids as text, runs them through
// the model CHUNK at a time (0: all at once) and writes the logits after each as floats, (T, V).
// For served_parity_test.py.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "pith/infer/session.h"

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: served_logits MODEL CHUNK [THREADS]\n"), 2;
  const auto model = pith::Model::load(argv[1]);
  if (!model) return std::fprintf(stderr, "%s\n", model.error().message.c_str()), 2;
  std::vector<int> ids;
  for (int id = 0; std::scanf("%d", &id) == 1;) ids.push_back(id);
  const std::size_t chunk = std::strtoul(argv[2], nullptr, 10);
  pith::Session session(*model, {.threads = argc > 3 ? std::atoi(argv[3]) : 1});
  const auto vocab = static_cast<std::size_t>(model->config().vocab_size);
  for (std::size_t begin = 0; begin < ids.size();) {
    const std::size_t count = std::min(ids.size() - begin, chunk == 0 ? ids.size() : chunk);
    std::vector<float> logits(count * vocab);
    const auto status = session.score(std::span(ids).subspan(begin, count), logits);
    if (!status) return std::fprintf(stderr, "%s\n", status.error().message.c_str()), 2;
    std::fwrite(logits.data(), sizeof(float), logits.size(), stdout);
    begin += count;
  }
  return 0;
}
