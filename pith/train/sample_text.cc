#include "pith/train/sample_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

constexpr double kTemperature = 0.8;

int draw(std::span<const float> logits, Random& random) {
  const float highest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> cumulative(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    sum += std::exp((double{logits[i]} - double{highest}) / kTemperature);
    cumulative[i] = sum;
  }
  const auto chosen =
      std::upper_bound(cumulative.begin(), cumulative.end(), random.uniform() * sum);
  return static_cast<int>(
      std::min<std::ptrdiff_t>(chosen - cumulative.begin(), std::ssize(cumulative) - 1));
}

}  // namespace

std::string sample_text(Transformer& transformer, const Interpolation* interpolation,
                        const Tokenizer& tokenizer, int tokens, std::uint64_t seed) {
  const ModelConfig& config = transformer.config();
  const auto V = static_cast<std::size_t>(config.vocab_size);
  std::vector<int> ids = {config.bos_token_id};
  std::vector<float> logits, scratch(V);
  Random random(seed, "sample");
  while (std::ssize(ids) <= std::min(tokens, config.context - 1)) {
    logits.resize(ids.size() * V);
    transformer.logits({1, static_cast<int>(ids.size()), ids, {}, {}}, logits);
    const std::span<float> last = std::span(logits).last(V);
    if (interpolation != nullptr) interpolate(*interpolation, ids, last, scratch);
    const int id = draw(last, random);
    if (id == config.eos_token_id) break;
    ids.push_back(id);
  }
  StreamingDecoder decoder(tokenizer);
  std::string text;
  for (const int id : ids) text += decoder.add(id);
  return text + decoder.finish();
}

}  // namespace pith
