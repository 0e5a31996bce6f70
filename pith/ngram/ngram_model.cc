#include "pith/ngram/ngram_model.h"

#include <algorithm>
#include <string>
#include <utility>

namespace pith {
namespace {

template <class T>
bool ascending(std::span<const T> values) {
  return std::adjacent_find(values.begin(), values.end(), [](T a, T b) { return a >= b; }) ==
         values.end();
}

template <class T>
std::span<const T> part(const std::vector<T>& values, std::int64_t begin, std::int64_t end) {
  return std::span(values).subspan(static_cast<std::size_t>(begin),
                                   static_cast<std::size_t>(end - begin));
}

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

bool probabilities(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float p) { return p >= 0 && p <= 1.0001F; });
}

// What is wrong with the tables; empty: nothing.
std::string problem(const NgramTables& t) {
  const auto V = static_cast<std::int64_t>(t.unigrams.size());
  const auto K = static_cast<std::int64_t>(t.contexts.size());
  const auto E = static_cast<std::int64_t>(t.tokens.size());
  if (V < 1 || t.order < 1 || t.order > largest_ngram_order(V)) return "order";
  if (t.backoffs.size() != t.contexts.size() || t.begin.size() != t.contexts.size() + 1 ||
      t.shares.size() != t.tokens.size() || t.order_begin.size() != at(t.order)) {
    return "lengths of tables";
  }
  if (t.order_begin.front() != 0 || t.order_begin.back() != K ||
      !std::is_sorted(t.order_begin.begin(), t.order_begin.end())) {
    return "order_begin";
  }
  if (t.begin.front() != 0 || t.begin.back() != E ||
      !std::is_sorted(t.begin.begin(), t.begin.end())) {
    return "begin";
  }
  for (int n = 2; n <= t.order; ++n) {
    if (!ascending(part(t.contexts, t.order_begin[at(n) - 2], t.order_begin[at(n) - 1]))) {
      return "contexts";
    }
  }
  for (std::int64_t k = 0; k < K; ++k) {
    const auto followers = part(t.tokens, t.begin[at(k)], t.begin[at(k) + 1]);
    if (!ascending(followers)) return "tokens";
    if (!followers.empty() && (followers.front() < 0 || followers.back() >= V)) return "tokens";
  }
  if (!probabilities(t.unigrams) || !probabilities(t.backoffs) || !probabilities(t.shares)) {
    return "probabilities";
  }
  return {};
}

}  // namespace

int largest_ngram_order(std::int64_t vocab) {
  int order = 0;
  for (double all = 1; order < 8; ++order) {
    all *= static_cast<double>(vocab);
    if (all > 9e18) break;
  }
  return order;
}

Result<NgramModel> NgramModel::create(NgramTables tables, std::string_view name) {
  if (const std::string what = problem(tables); !what.empty()) {
    return format_error("[ngram] " + std::string(name) + ": the counted n-grams are damaged (" +
                        what + ")");
  }
  return NgramModel(std::move(tables));
}

std::int64_t NgramModel::find(std::span<const int> before, int n) const {
  if (before.size() + 1 < static_cast<std::size_t>(n)) return -1;
  std::int64_t key = 0;
  for (const int id : before.last(static_cast<std::size_t>(n - 1))) key = key * vocab() + id;
  const auto contexts =
      part(tables_.contexts, tables_.order_begin[at(n) - 2], tables_.order_begin[at(n) - 1]);
  const auto found = std::lower_bound(contexts.begin(), contexts.end(), key);
  if (found == contexts.end() || *found != key) return -1;
  return tables_.order_begin[at(n) - 2] + (found - contexts.begin());
}

float NgramModel::probability(std::span<const int> before, int token, Known* known) const {
  float p = tables_.unigrams[at(token)];
  if (known != nullptr) *known = {};
  for (int n = 2; n <= order(); ++n) {
    const std::int64_t context = find(before, n);
    if (context < 0) continue;
    p *= tables_.backoffs[at(context)];
    const std::int32_t begin = tables_.begin[at(context)];
    const auto followers = part(tables_.tokens, begin, tables_.begin[at(context) + 1]);
    const auto found = std::lower_bound(followers.begin(), followers.end(), token);
    if (found != followers.end() && *found == token) {
      p += tables_.shares[at(begin + (found - followers.begin()))];
    }
    if (known != nullptr) *known = {n, tables_.backoffs[at(context)]};
  }
  return p;
}

NgramModel::Known NgramModel::distribution(std::span<const int> before,
                                           std::span<float> out) const {
  std::ranges::copy(tables_.unigrams, out.begin());
  Known known;
  for (int n = 2; n <= order(); ++n) {
    const std::int64_t context = find(before, n);
    if (context < 0) continue;
    known = {n, tables_.backoffs[at(context)]};
    for (float& p : out) p *= known.backoff;
    for (std::int32_t i = tables_.begin[at(context)]; i < tables_.begin[at(context) + 1]; ++i) {
      out[at(tables_.tokens[at(i)])] += tables_.shares[at(i)];
    }
  }
  return known;
}

}  // namespace pith
