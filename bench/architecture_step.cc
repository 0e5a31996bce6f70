// What a training pass of experts makes of its floating-point operations, beside dense models of
// the same active size: where experts lose, and how much.
//
//   architecture_step [--threads 2] [--rounds 3] [--tokens 4096] [--sizes 256x6 ...]
//                     [--precisions bfloat16 float32] [--models NAME ...]
//
// A size is WIDTHxLAYERS. Models: llama; latent (DeepSeek-V3's attention, dense MLPs); 8/2, 32/4,
// 64/8 (DeepSeek-V3 with as many experts, of which a token goes to so many and to a shared one,
// which together are as wide as the dense MLP; the first layer dense). Prints a table, a line as
// soon as it is known. Rates are of forward and backward, and again with AdamW, medians of
// interleaved rounds; FLOPs are those of flops_per_token(), of the experts alone that a token goes
// to; shares are of the rates of llama and of latent.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "pith/base/random.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/nn/adamw.h"
#include "pith/nn/initialize.h"
#include "pith/nn/transformer.h"

namespace pith {
namespace {

constexpr int kT = 256;

struct Options {
  int threads = 2, rounds = 3, tokens = 4096;
  std::vector<std::string> sizes = {"256x6"}, precisions = {"bfloat16", "float32"},
                           models = {"llama", "latent", "8/2", "32/4", "64/8"};
};

struct Case {
  std::string name;
  ModelConfig config;
  std::unique_ptr<Transformer> transformer;
  std::unique_ptr<AdamW> optimizer;
  std::vector<double> pass, update;  // seconds
};

double best(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Heads of 64 channels, an MLP as wide as Llama's in multiples of 64.
ModelConfig dense(int hidden, int layers) {
  return {.vocab_size = 4096,
          .hidden_size = hidden,
          .intermediate_size = (hidden * 8 / 3 + 63) / 64 * 64,
          .layers = layers,
          .heads = hidden / 64,
          .kv_heads = hidden / 64,
          .head_size = 64,
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

ModelConfig model(const std::string& name, const ModelConfig& base) {
  if (name == "llama") return base;
  int routed = 8, chosen = 1;
  if (name != "latent" && std::sscanf(name.c_str(), "%d/%d", &routed, &chosen) != 2) {
    std::fprintf(stderr, "no such model: %s\n", name.c_str());
    std::exit(2);
  }
  ModelConfig config = experts(base, routed, chosen);
  if (name == "latent") config.first_k_dense_replace = config.layers;
  return config;
}

void take(Case& one, const TokenBatch& batch) {
  auto begin = std::chrono::steady_clock::now();
  one.transformer->zero_gradients();
  one.transformer->loss_and_gradients(batch);
  one.pass.push_back(seconds_since(begin));
  begin = std::chrono::steady_clock::now();
  one.optimizer->step(1e-4);
  one.transformer->end_step();
  one.update.push_back(seconds_since(begin));
}

void compare(const std::string& size, Precision precision, const Options& options) {
  int hidden = 0, layers = 0;
  if (std::sscanf(size.c_str(), "%dx%d", &hidden, &layers) != 2 || hidden % 64 != 0) {
    std::fprintf(stderr, "a size is WIDTHxLAYERS, the width a multiple of 64: %s\n", size.c_str());
    std::exit(2);
  }
  const int B = std::max(1, options.tokens / kT);
  std::vector<Case> cases;
  for (const std::string& name : options.models) {
    cases.push_back({name, model(name, dense(hidden, layers)), nullptr, nullptr, {}, {}});
  }
  Random random(1);
  std::vector<int> tokens(static_cast<std::size_t>(B * kT));
  for (int& id : tokens) id = static_cast<int>(random.below(4096));
  const TokenBatch batch{B, kT, tokens, tokens, {}};
  for (Case& one : cases) {
    auto made = Transformer::create(one.config, {.max_batch_tokens = B * kT,
                                                 .max_sequence = kT,
                                                 .threads = options.threads,
                                                 .precision = precision});
    if (!made) {
      std::fprintf(stderr, "%s\n", made.error().message.c_str());
      std::exit(1);
    }
    one.transformer = std::move(*made);
    initialize_parameters(*one.transformer, 1, {});
    one.optimizer =
        std::make_unique<AdamW>(one.transformer->parameters(), AdamWOptions{}, options.threads);
    take(one, batch);  // warms up
    one.pass.clear();
    one.update.clear();
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (Case& one : cases) take(one, batch);
  }
  struct Rate {
    double pass = 0, step = 0;
  };
  const auto rate_of = [&](const Case& one) {
    const double flops = flops_per_token(one.config, kT / 2.0) * B * kT / 1e9;
    return Rate{flops / best(one.pass), flops / (best(one.pass) + best(one.update))};
  };
  Rate llama, latent;
  for (const Case& one : cases) {
    if (one.name == "llama") llama = rate_of(one);
    if (one.name == "latent") latent = rate_of(one);
  }
  const auto share = [](double rate, double of) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", rate / of);
    return of > 0 ? std::string(text) : std::string();
  };
  for (const Case& one : cases) {
    const Rate rate = rate_of(one);
    std::printf("| %s, %s | %s | %.1f | %.1f | %.0f | %.1f | %s | %s | %s |\n", size.c_str(),
                std::string(to_string(precision)).c_str(), one.name.c_str(),
                static_cast<double>(count_parameters(one.config)) / 1e6,
                flops_per_token(one.config, kT / 2.0) / 1e6, B * kT / best(one.pass), rate.pass,
                share(rate.pass, llama.pass).c_str(), share(rate.pass, latent.pass).c_str(),
                share(rate.step, llama.step).c_str());
    std::fflush(stdout);
  }
}

Options parse(int count, char** arguments) {
  Options options;
  std::string option;
  for (int i = 1; i < count; ++i) {
    const std::string word = arguments[i];
    if (word.rfind("--", 0) == 0) {
      option = word;
      if (word == "--sizes") options.sizes.clear();
      if (word == "--precisions") options.precisions.clear();
      if (word == "--models") options.models.clear();
    } else if (option == "--threads") {
      options.threads = std::atoi(word.c_str());
    } else if (option == "--rounds") {
      options.rounds = std::max(1, std::atoi(word.c_str()));
    } else if (option == "--tokens") {
      options.tokens = std::atoi(word.c_str());
    } else if (option == "--sizes") {
      options.sizes.push_back(word);
    } else if (option == "--precisions") {
      options.precisions.push_back(word);
    } else if (option == "--models") {
      options.models.push_back(word);
    } else {
      std::fprintf(stderr, "unknown option: %s; see bench/architecture_step.cc\n", word.c_str());
      std::exit(2);
    }
  }
  return options;
}

}  // namespace
}  // namespace pith

int main(int count, char** arguments) {
  const pith::Options options = pith::parse(count, arguments);
  std::printf(
      "| size | model | million parameters | MFLOP a token | tokens/s | GFLOP/s | of llama's | of "
      "latent's | with AdamW, of llama's |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const std::string& size : options.sizes) {
    for (const std::string& name : options.precisions) {
      const auto precision = pith::parse_precision(name);
      if (!precision || !pith::supports(*precision)) {
        std::fprintf(stderr, "no such precision here: %s\n", name.c_str());
        continue;
      }
      pith::compare(size, *precision, options);
    }
  }
  return 0;
}
