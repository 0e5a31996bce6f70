// The transformer as served computes what the transformer as trained computes. Neither includes the
// other, so nothing but this test holds them together.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "pith/base/random.h"
#include "pith/infer/session.h"
#include "pith/nn/random_weights_test.h"

namespace pith {
namespace {

struct Shape {
  const char* name;
  ModelConfig config;
  int tokens;
};

ModelConfig base() {
  return {.vocab_size = 300,
          .hidden_size = 64,
          .intermediate_size = 160,
          .layers = 3,
          .heads = 4,
          .kv_heads = 4,
          .head_size = 16,
          .context = 2048};
}

std::vector<Shape> shapes() {
  ModelConfig untied = base(), grouped = base(), odd = base(), far = base();
  untied.tie_embeddings = false;
  grouped.kv_heads = 2;
  odd.hidden_size = 52, odd.intermediate_size = 90, odd.heads = 6, odd.kv_heads = 1;
  odd.head_size = 10, odd.vocab_size = 263, odd.tie_embeddings = false;
  far.rope_theta = 500000, far.kv_heads = 2;
  ModelConfig arcee = base(), qwen3 = base(), nanochat = base();
  arcee.architecture = "arcee", arcee.intermediate_size = 150;
  qwen3.architecture = "qwen3", qwen3.head_size = 24, qwen3.kv_heads = 2;
  nanochat.architecture = "nanochat", nanochat.final_logit_softcapping = 15;
  nanochat.tie_embeddings = false, nanochat.kv_heads = 2;
  ModelConfig deepseek = base();
  deepseek.architecture = "deepseek_v3", deepseek.kv_heads = deepseek.head_size = 0;
  deepseek.kv_lora_rank = 24, deepseek.qk_nope_head_dim = 10, deepseek.qk_rope_head_dim = 6;
  deepseek.v_head_dim = 13, deepseek.n_routed_experts = 8, deepseek.num_experts_per_tok = 3;
  deepseek.n_shared_experts = 2, deepseek.moe_intermediate_size = 24;
  deepseek.first_k_dense_replace = 1, deepseek.routed_scaling_factor = 1.5;
  deepseek.norm_epsilon = 1e-6;
  ModelConfig latent_queries = deepseek;
  latent_queries.q_lora_rank = 20, latent_queries.num_nextn_predict_layers = 1;
  latent_queries.n_group = 4, latent_queries.topk_group = 2, latent_queries.norm_topk_prob = false;
  return {{"deepseek_v3", deepseek, 200},
          {"deepseek_v3 with latent queries, groups and a second token", latent_queries, 150},
          {"tied", base(), 70},
          {"untied", untied, 70},
          {"grouped queries", grouped, 200},
          {"one key-value head, odd sizes", odd, 131},
          {"long context", far, 2000},
          {"arcee", arcee, 90},
          {"qwen3", qwen3, 150},
          {"nanochat", nanochat, 200}};
}

// Attention that looks somewhere, gains that are not 1.
std::unique_ptr<Transformer> make_transformer(const Shape& shape) {
  auto made = Transformer::create(shape.config, {.max_batch_tokens = shape.tokens, .threads = 2});
  EXPECT_TRUE(made) << made.error().message;
  randomize_weights(**made, 0.15f, 17);
  return std::move(*made);
}

Model serve(Transformer& transformer) {
  std::map<std::string, std::span<float>, std::less<>> values;
  for (Parameter& parameter : transformer.parameters()) values[parameter.name] = parameter.value;
  return Model::from_source(transformer.config(),
                            [&](std::string_view name, std::span<const std::int64_t>,
                                std::span<float> out) -> Status {
                              const std::span<float> from = values.find(name)->second;
                              EXPECT_EQ(from.size(), out.size()) << name;
                              std::copy(from.begin(), from.end(), out.begin());
                              return {};
                            })
      .value();
}

// Largest difference of a row of logits, relative to the row's largest logit: a logit is a sum, so
// that its error goes with the terms and not with what they add up to.
double largest_error(std::span<const float> a, std::span<const float> b, std::size_t vocab) {
  double worst = 0;
  for (std::size_t row = 0; row < a.size(); row += vocab) {
    double difference = 0, largest = 0;
    for (std::size_t i = row; i < row + vocab; ++i) {
      difference = std::max(difference, std::abs(static_cast<double>(a[i]) - b[i]));
      largest = std::max(largest, std::abs(static_cast<double>(b[i])));
    }
    worst = std::max(worst, difference / largest);
  }
  return worst;
}

TEST(ServedAndTrainedTest, LogitsAgreeAtOnceAndTokenByToken) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(shape.name);
    const auto transformer = make_transformer(shape);
    const auto vocab = static_cast<std::size_t>(shape.config.vocab_size);
    std::vector<int> ids(static_cast<std::size_t>(shape.tokens));
    Random random(5);
    for (int& id : ids) id = static_cast<int>(random.below(vocab));
    std::vector<float> trained(ids.size() * vocab), served(trained.size());
    transformer->logits(
        {.B = 1, .T = shape.tokens, .tokens = ids, .targets = {}, .document_begin = {}}, trained);

    const Model model = serve(*transformer);
    Session at_once(model, {.threads = 2}), one_by_one(model, {.threads = 1});
    ASSERT_TRUE(at_once.score(ids, served));
    EXPECT_LT(largest_error(served, trained, vocab), 1e-4);
    for (std::size_t t = 0; t < ids.size(); ++t) {
      const auto row = one_by_one.decode(ids[t]).value();
      ASSERT_TRUE(std::equal(row.begin(), row.end(),
                             served.begin() + static_cast<std::ptrdiff_t>(t * vocab)))
          << "token " << t;
    }
  }
}

}  // namespace
}  // namespace pith
