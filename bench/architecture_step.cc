// What a training pass of each architecture makes of its floating-point operations, beside a dense
// Llama of the same active size: where experts lose, and how much.
//
//   architecture_step [THREADS [ROUNDS]]
//
// Prints a table, in 32-bit floats and, where the processor has it, in bfloat16: rates are of forward
// and backward on 4,096 tokens at hand, medians of interleaved rounds; FLOPs are those of
// flops_per_token(), of the experts that a token goes to alone.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "pith/base/random.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/nn/transformer.h"

namespace pith {
namespace {

constexpr int kB = 16, kT = 256;

struct Case {
  std::string name;
  ModelConfig config;
  std::unique_ptr<Transformer> transformer;
  std::vector<double> seconds;
};

ModelConfig dense(int hidden, int layers, int heads, int intermediate) {
  return {.vocab_size = 4096,
          .hidden_size = hidden,
          .intermediate_size = intermediate,
          .layers = layers,
          .heads = heads,
          .kv_heads = heads,
          .head_size = hidden / heads,
          .context = kT};
}

// Latent attention with the same heads, and experts of which a token's are as wide as the MLP.
ModelConfig experts(ModelConfig config, int routed, int chosen) {
  config.architecture = "deepseek_v3";
  config.kv_heads = config.head_size = 0;
  find_architecture("deepseek_v3")->propose(config);
  config.n_routed_experts = routed;
  config.num_experts_per_tok = chosen;
  config.moe_intermediate_size = config.intermediate_size / (chosen + 1) / 16 * 16;
  return config;
}

ModelConfig latent_only(ModelConfig config) {
  config = experts(std::move(config), 8, 1);
  config.first_k_dense_replace = config.layers;
  return config;
}

double take(Case& one, const TokenBatch& batch) {
  const auto begin = std::chrono::steady_clock::now();
  one.transformer->zero_gradients();
  one.transformer->loss_and_gradients(batch);
  one.transformer->end_step();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void compare(const char* size, const ModelConfig& base, Precision precision, int threads,
             int rounds) {
  std::vector<Case> cases;
  cases.push_back({"llama", base, nullptr, {}});
  cases.push_back({"latent attention, dense", latent_only(base), nullptr, {}});
  cases.push_back({"8 experts, 2 chosen", experts(base, 8, 2), nullptr, {}});
  cases.push_back({"32 experts, 4 chosen", experts(base, 32, 4), nullptr, {}});
  cases.push_back({"64 experts, 8 chosen", experts(base, 64, 8), nullptr, {}});
  Random random(1);
  std::vector<int> tokens(static_cast<std::size_t>(kB * kT));
  for (int& id : tokens) id = static_cast<int>(random.below(4096));
  const TokenBatch batch{kB, kT, tokens, tokens, {}};
  for (Case& one : cases) {
    TransformerOptions options;
    options.max_batch_tokens = kB * kT;
    options.max_sequence = kT;
    options.threads = threads;
    options.precision = precision;
    auto made = Transformer::create(one.config, options);
    if (!made) {
      std::fprintf(stderr, "%s\n", made.error().message.c_str());
      std::exit(1);
    }
    one.transformer = std::move(*made);
    one.transformer->initialize(1);
    take(one, batch);  // warms up
  }
  for (int round = 0; round < rounds; ++round) {
    for (Case& one : cases) one.seconds.push_back(take(one, batch));
  }
  double dense_rate = 0;
  for (Case& one : cases) {
    std::sort(one.seconds.begin(), one.seconds.end());
    const double second = one.seconds[one.seconds.size() / 2], rows = kB * kT;
    const double flops = flops_per_token(one.config, kT / 2.0);
    const double rate = flops * rows / second / 1e9;
    if (dense_rate == 0) dense_rate = rate;
    std::printf("| %s, %s | %s | %.1f | %.1f | %.0f | %.1f | %.2f |\n", size,
                std::string(to_string(precision)).c_str(), one.name.c_str(),
                static_cast<double>(count_parameters(one.config)) / 1e6, flops / 1e6,
                rows / second, rate, rate / dense_rate);
  }
}

}  // namespace
}  // namespace pith

int main(int count, char** arguments) {
  const int threads = count > 1 ? std::atoi(arguments[1]) : 2;
  const int rounds = count > 2 ? std::atoi(arguments[2]) : 5;
  std::printf(
      "| model | architecture | million parameters | MFLOP a token | tokens/s | GFLOP/s | of the "
      "dense rate |\n| --- | --- | --- | --- | --- | --- | --- |\n");
  for (const pith::Precision precision :
       {pith::Precision::kFloat32, pith::Precision::kBfloat16}) {
    if (!pith::supports(precision)) continue;
    pith::compare("256 x 6", pith::dense(256, 6, 4, 704), precision, threads, rounds);
    pith::compare("512 x 8", pith::dense(512, 8, 8, 1408), precision, threads, rounds);
  }
  return 0;
}
