#include "pith/ngram/ngram_tensors.h"

#include <cstring>
#include <span>
#include <string>
#include <utility>

namespace pith {
namespace {

constexpr std::string_view kPrefix = "ngrams.";

template <class T>
constexpr DType kType = DType::kF32;
template <>
constexpr DType kType<std::int32_t> = DType::kI32;
template <>
constexpr DType kType<std::int64_t> = DType::kI64;

// visit(name, vector) for each table; the weights come with their shape.
template <class Tables, class Weights, class Visit>
void visit_tensors(Tables& tables, Weights& weights, const Visit& visit) {
  visit("unigrams", tables.unigrams);
  visit("order_begin", tables.order_begin);
  visit("contexts", tables.contexts);
  visit("backoffs", tables.backoffs);
  visit("begin", tables.begin);
  visit("tokens", tables.tokens);
  visit("shares", tables.shares);
  visit("network_weights", weights.network);
}

struct Reader {
  const ModelFolder& folder;
  std::string_view name;
  std::string& problem;

  template <class T>
  void operator()(std::string_view table, std::vector<T>& values) const {
    const std::string tensor_name = std::string(kPrefix) + std::string(table);
    const TensorView* tensor = folder.find(tensor_name);
    if (tensor == nullptr || tensor->dtype != kType<T>) {
      if (problem.empty()) {
        problem = tensor_name + (tensor == nullptr ? " is missing" : " has another type");
      }
      return;
    }
    values.resize(tensor->bytes.size() / sizeof(T));
    if (!values.empty())
      std::memcpy(values.data(), tensor->bytes.data(), values.size() * sizeof(T));
  }
};

}  // namespace

void append_tensors(const Interpolation& interpolation, std::vector<TensorToWrite>& tensors) {
  const auto rows = static_cast<std::int64_t>(interpolation.model.order());
  visit_tensors(interpolation.model.tables(), interpolation.weights,
                [&]<class T>(std::string_view table, const std::vector<T>& values) {
                  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(values.size())};
                  if (table == "network_weights") shape = {rows, kBackoffParts};
                  tensors.push_back({std::string(kPrefix) + std::string(table), kType<T>,
                                     std::move(shape), std::as_bytes(std::span(values))});
                });
}

Result<Interpolation> read_interpolation(const ModelFolder& folder, int order, int vocab,
                                         std::string_view name) {
  NgramTables tables;
  InterpolationWeights weights;
  std::string problem;
  visit_tensors(tables, weights, Reader{folder, name, problem});
  tables.order = order;
  if (problem.empty() && tables.unigrams.size() != static_cast<std::size_t>(vocab)) {
    problem = "ngrams.unigrams is not of the vocabulary";
  }
  if (problem.empty() &&
      weights.network.size() != static_cast<std::size_t>(order) * kBackoffParts) {
    problem = "ngrams.network_weights has another shape";
  }
  for (const float weight : weights.network) {
    if (!(weight >= 0 && weight <= 1)) problem = "ngrams.network_weights are no weights";
  }
  if (!problem.empty()) return format_error("[model] " + std::string(name) + ": " + problem);
  PITH_ASSIGN(NgramModel model, NgramModel::create(std::move(tables), name));
  return Interpolation{std::move(model), std::move(weights)};
}

}  // namespace pith
