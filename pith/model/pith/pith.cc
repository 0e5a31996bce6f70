#include "pith/model/pith/pith.h"

#include <array>
#include <bit>

#include "pith/model/nanochat/nanochat.h"
#include "pith/model/ngram_rows.h"

namespace pith {
namespace {

constexpr double kMostCounted = 1 << 30;

constexpr std::array kFields = {
    kKvHeadsField,
    kHeadSizeField,
    number_field("final_logit_softcapping", &ModelConfig::final_logit_softcapping, 1e-3, 1e6)
        .or_null(15),
    integer_field("max_ngram", &ModelConfig::max_ngram, 1, kMaxNgram),
    integer_field("ngram_rows", &ModelConfig::ngram_rows, 2, 1 << 28),
    integer_field("ngram_order", &ModelConfig::ngram_order, 0, 8).or_else(0),
    integer_field("ngram_contexts", &ModelConfig::ngram_contexts, 0, kMostCounted).or_else(0),
    integer_field("ngram_followers", &ModelConfig::ngram_followers, 0, kMostCounted).or_else(0)};
constexpr std::array kFixed = {FixedField{"hidden_act", "\"relu2\"", ""},
                               FixedField{"attention_bias", "false", ""}};

constexpr std::string_view kModellingFile =
#include "modeling_pith.inc"
    ;
constexpr std::array kFiles = {ArchitectureFile{"modeling_pith.py", kModellingFile}};

Status check(const ModelConfig& config) {
  if (!std::has_single_bit(static_cast<unsigned>(config.ngram_rows))) {
    return input_error("[model] ngram_rows is no power of two: " +
                       std::to_string(config.ngram_rows));
  }
  const bool contexts = config.ngram_contexts > 0, followers = config.ngram_followers > 0;
  if (contexts != followers || (contexts && config.ngram_order == 0)) {
    return input_error("[model] ngram_contexts and ngram_followers are sizes of the same tables, " +
                       std::string("which there are with ngram_order: ngram_order ") +
                       std::to_string(config.ngram_order) + ", ngram_contexts " +
                       std::to_string(config.ngram_contexts) + ", ngram_followers " +
                       std::to_string(config.ngram_followers));
  }
  return check_grouped_attention(config);
}

void propose(ModelConfig& config) {
  config.tie_embeddings = false;
  config.max_ngram = 3;
  config.ngram_rows = 1 << 16;
  config.ngram_order = 5;
}

Network network(const ModelConfig& config) {
  Network network = kNanochat.network(config);
  for (int n = 2; n <= config.max_ngram; ++n) {
    network.ngrams.push_back({.n = n, .rows = config.ngram_rows});
  }
  return network;
}

void write_derived(const ModelConfig&, Json& json) {
  Json map = Json::object();
  map.set("AutoConfig", "modeling_pith.PithConfig");
  map.set("AutoModelForCausalLM", "modeling_pith.PithForCausalLM");
  json.set("auto_map", std::move(map));
}

}  // namespace

constinit const Architecture kPith = {.model_type = "pith",
                                      .class_name = "PithForCausalLM",
                                      .fields = kFields,
                                      .fixed = kFixed,
                                      .fill_in = fill_in_grouped_attention,
                                      .check = check,
                                      .network = network,
                                      .propose = propose,
                                      .write_derived = write_derived,
                                      .files = kFiles};

}  // namespace pith
