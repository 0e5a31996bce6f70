#include "pith/infer/testing/random_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/random.h"
#include "pith/formats/safetensors.h"
#include "pith/infer/session.h"
#include "pith/model/parameters.h"
#include "pith/ngram/count_ngrams.h"
#include "pith/ngram/ngram_tensors.h"

namespace pith {
namespace {

std::size_t size(int value) { return static_cast<std::size_t>(value); }

using Rows = std::vector<std::vector<double>>;

std::vector<double> norm(const std::vector<double>& x, const std::vector<float>& gain,
                         double epsilon) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  std::vector<double> out(x.size());
  const double scale = 1 / std::sqrt(sum / static_cast<double>(x.size()) + epsilon);
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] * scale * double{gain[i]};
  return out;
}

std::vector<double> times(const std::vector<float>& w, const std::vector<double>& x) {
  std::vector<double> out(w.size() / x.size(), 0.0);
  for (std::size_t n = 0; n < out.size(); ++n) {
    for (std::size_t k = 0; k < x.size(); ++k) out[n] += double{w[n * x.size() + k]} * x[k];
  }
  return out;
}

void rotate(double* head, std::size_t head_size, std::size_t position, double theta) {
  for (std::size_t i = 0; i < head_size / 2; ++i) {
    const double angle =
        static_cast<double>(position) *
        std::pow(theta, -2.0 * static_cast<double>(i) / static_cast<double>(head_size));
    const double a = head[i], b = head[i + head_size / 2];
    head[i] = a * std::cos(angle) - b * std::sin(angle);
    head[i + head_size / 2] = b * std::cos(angle) + a * std::sin(angle);
  }
}

std::vector<double> attend(const std::vector<double>& query, const Rows& keys, const Rows& values,
                           std::size_t last, const ModelConfig& config) {
  const std::size_t d = size(config.head_size);
  std::vector<double> out(query.size(), 0.0);
  for (std::size_t head = 0; head < size(config.heads); ++head) {
    const std::size_t kv = head / size(config.heads / config.kv_heads) * d;
    std::vector<double> weights(last + 1);
    double total = 0;
    for (std::size_t t = 0; t <= last; ++t) {
      double score = 0;
      for (std::size_t i = 0; i < d; ++i) score += query[head * d + i] * keys[t][kv + i];
      total += weights[t] = std::exp(score / std::sqrt(static_cast<double>(d)));
    }
    for (std::size_t t = 0; t <= last; ++t) {
      for (std::size_t i = 0; i < d; ++i) {
        out[head * d + i] += weights[t] / total * values[t][kv + i];
      }
    }
  }
  return out;
}

}  // namespace

ModelConfig awkward_config() {
  ModelConfig config;
  config.vocab_size = 263;
  config.hidden_size = 36;
  config.intermediate_size = 50;
  config.layers = 2;
  config.heads = 6;
  config.kv_heads = 3;
  config.head_size = 10;
  config.context = 300;
  config.tie_embeddings = false;
  return config;
}

RandomModel RandomModel::make(const ModelConfig& config, std::uint64_t seed) {
  RandomModel made;
  made.config = config;
  const auto scale_of = [](const ParameterShape& parameter) {
    const std::string& name = parameter.name;
    if (name == "model.embed_tokens.weight") return 1.0;
    if (name == "lm_head.weight") return 0.5;
    if (name.find("self_attn") == std::string::npos || name.find("o_proj") != std::string::npos) {
      return 0.2;
    }
    return 0.3;
  };
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    Random random(seed, parameter.name);
    std::vector<float>& values = made.tensors[parameter.name];
    values.resize(static_cast<std::size_t>(parameter.elements()));
    const double mean = parameter.is_matrix() ? 0 : 1, scale = scale_of(parameter);
    for (float& value : values) value = static_cast<float>(mean + scale * random.normal());
    made.shapes[parameter.name] = parameter.shape;
  }
  return made;
}

TensorSource RandomModel::source() const {
  return
      [this](std::string_view name, std::span<const std::int64_t>, std::span<float> out) -> Status {
        const auto& values = tensors.at(std::string(name));
        std::copy(values.begin(), values.end(), out.begin());
        return {};
      };
}

Model RandomModel::model() const {
  return Model::from_source(config, source(), interpolation).value();
}

std::vector<double> RandomModel::logits_ref(const std::vector<int>& ids) const {
  const std::size_t channels = size(config.hidden_size), d = size(config.head_size);
  const auto at = [&](const std::string& name) -> const std::vector<float>& {
    return tensors.at(name);
  };
  Rows x;
  for (const int id : ids) {
    const auto row =
        at("model.embed_tokens.weight").begin() + static_cast<std::ptrdiff_t>(size(id) * channels);
    x.emplace_back(row, row + static_cast<std::ptrdiff_t>(channels));
  }
  for (int i = 0; i < config.layers; ++i) {
    const std::string layer = "model.layers." + std::to_string(i) + ".";
    Rows keys, values;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const auto normed = norm(x[t], at(layer + "input_layernorm.weight"), config.norm_epsilon);
      auto query = times(at(layer + "self_attn.q_proj.weight"), normed);
      keys.push_back(times(at(layer + "self_attn.k_proj.weight"), normed));
      values.push_back(times(at(layer + "self_attn.v_proj.weight"), normed));
      for (std::size_t h = 0; h < size(config.heads); ++h) {
        rotate(query.data() + h * d, d, t, config.rope_theta);
      }
      for (std::size_t h = 0; h < size(config.kv_heads); ++h) {
        rotate(keys[t].data() + h * d, d, t, config.rope_theta);
      }
      const auto mixed = attend(query, keys, values, t, config);
      const auto added = times(at(layer + "self_attn.o_proj.weight"), mixed);
      for (std::size_t c = 0; c < channels; ++c) x[t][c] += added[c];
    }
    for (auto& row : x) {
      const auto normed =
          norm(row, at(layer + "post_attention_layernorm.weight"), config.norm_epsilon);
      auto gate = times(at(layer + "mlp.gate_proj.weight"), normed);
      const auto up = times(at(layer + "mlp.up_proj.weight"), normed);
      for (std::size_t f = 0; f < gate.size(); ++f) gate[f] *= up[f] / (1 + std::exp(-gate[f]));
      const auto added = times(at(layer + "mlp.down_proj.weight"), gate);
      for (std::size_t c = 0; c < channels; ++c) row[c] += added[c];
    }
  }
  std::vector<double> logits;
  for (const auto& row : x) {
    const auto normed = norm(row, at("model.norm.weight"), config.norm_epsilon);
    const auto out =
        times(at(config.tie_embeddings ? "model.embed_tokens.weight" : "lm_head.weight"), normed);
    logits.insert(logits.end(), out.begin(), out.end());
  }
  return logits;
}

void RandomModel::save(const std::string& folder) const {
  PITH_CHECK(write_file(join_path(folder, "config.json"), to_json(config).dump(true)),
             "test folder");
  std::vector<TensorToWrite> list;
  for (const auto& [name, values] : tensors) {
    list.push_back({name, DType::kF32, shapes.at(name), std::as_bytes(std::span(values))});
  }
  if (interpolation) append_tensors(*interpolation, list);
  PITH_CHECK(write_safetensors(join_path(folder, "model.safetensors"), list), "test folder");
}

Interpolation random_interpolation(int vocab, int ids, std::uint64_t seed) {
  constexpr int kOrder = 4;
  NgramCounter counter(vocab, kOrder);
  Random random(seed);
  for (int document = 0; document < 20; ++document) {
    std::vector<int> tokens(150);
    for (int& id : tokens) id = static_cast<int>(random.below(static_cast<std::uint64_t>(ids)));
    counter.add(tokens);
  }
  InterpolationWeights weights = InterpolationWeights::even(kOrder);
  for (float& weight : weights.network) weight = static_cast<float>(0.1 + 0.8 * random.uniform());
  return {NgramModel::create(counter.finish(), "random").value(), std::move(weights)};
}

void expect_same_bits_in_pieces(const Model& model, const std::vector<int>& ids) {
  const std::size_t vocab = size(model.config().vocab_size);
  Session whole(model);
  std::vector<float> expected(ids.size() * vocab);
  ASSERT_TRUE(whole.score(ids, expected));
  for (const float logit : expected) ASSERT_TRUE(std::isfinite(logit));
  const auto row = [&](std::size_t t) { return std::span(expected).subspan(t * vocab, vocab); };
  for (const int threads : {1, 2, 3}) {
    Session pieces(model, {.threads = threads});
    std::size_t end = 0;
    for (const std::size_t length :
         {std::size_t{1}, std::size_t{1}, std::size_t{62}, std::size_t{1}, std::size_t{100},
          std::size_t{3}, ids.size() - 168}) {
      const auto logits = pieces.prefill(std::span(ids).subspan(end, length));
      end += length;
      ASSERT_TRUE(logits);
      ASSERT_TRUE(std::equal(logits->begin(), logits->end(), row(end - 1).begin()))
          << end << " tokens, " << threads << " threads";
    }
    pieces.truncate(70);  // what lies behind in the cache must not be seen
    const auto logits = pieces.decode(ids[70]);
    ASSERT_TRUE(logits);
    ASSERT_TRUE(std::equal(logits->begin(), logits->end(), row(70).begin())) << threads;
  }
}

Tokenizer byte_tokenizer() { return Tokenizer::from_merges({}, standard_special_tokens()).value(); }

}  // namespace pith
