#include "pith/infer/tensor_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/infer/testing/random_model.h"

namespace pith {
namespace {

TEST(TensorReaderTest, ReadsInTheListedOrderAndHandsErrorsOn) {
  const ModelConfig config = awkward_config();  // 36 wide, 263 words
  std::vector<std::string> names;
  const TensorSource source = [&](std::string_view name, std::span<const std::int64_t>,
                                  std::span<float> out) -> Status {
    names.emplace_back(name);
    if (names.size() == 3) return io_error("the disk is gone");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(i);
    return {};
  };
  TensorReader reader(config, source);
  std::vector<float> table, gain;
  ASSERT_TRUE(reader.table(263, 36, table));
  EXPECT_EQ(table[36], 36.0f);
  ASSERT_TRUE(reader.gain(4, false, gain));  // not learned: nothing is read
  EXPECT_EQ(gain, std::vector<float>(4, 1.0f));
  ASSERT_TRUE(reader.gain(36, true, gain));
  EXPECT_EQ(gain[35], 35.0f);
  EXPECT_EQ(reader.elements_read(), 263u * 36 + 36);
  const auto third = reader.next(60, 36);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().message, "the disk is gone");
  EXPECT_EQ(names, (std::vector<std::string>{"model.embed_tokens.weight",
                                             "model.layers.0.input_layernorm.weight",
                                             "model.layers.0.self_attn.q_proj.weight"}));
  EXPECT_FALSE(reader.at_end());
}

}  // namespace
}  // namespace pith
