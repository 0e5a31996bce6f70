#include "pith/nn/recorded_network.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// What the ops compute together is held in transformer_test.cc: gradients against slopes for every
// architecture.
TEST(RecordedNetworkTest, EndsWithTheNormalisedStreamAndTheHeadThatTheConfigSays) {
  for (const bool tied : {true, false}) {
    const ModelConfig config = {.architecture = "nanochat",
                                .vocab_size = 40,
                                .hidden_size = 16,
                                .intermediate_size = 24,
                                .layers = 2,
                                .heads = 2,
                                .kv_heads = 2,
                                .head_size = 8,
                                .context = 32,
                                .tie_embeddings = tied,
                                .final_logit_softcapping = 15};
    ParameterStore store(config);
    Tape tape;
    const RecordedNetwork network(config, 32, 0, store, tape);
    EXPECT_EQ(network.result()->width, 16u);
    EXPECT_EQ(network.softcap(), 15.0f);
    const Parameter& head = tied ? store.parameters().front() : store.parameters().back();
    EXPECT_EQ(head.name, tied ? "model.embed_tokens.weight" : "lm_head.weight");
    EXPECT_EQ(network.head().value, head.value.data());
  }
}

}  // namespace
}  // namespace pith
