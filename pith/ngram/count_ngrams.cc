#include "pith/ngram/count_ngrams.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "pith/base/check.h"
#include "pith/ngram/radix_sort.h"

namespace pith {
namespace {

// Ascending, each once.
struct Counted {
  std::vector<std::uint64_t> ngrams;
  std::vector<std::uint32_t> counts;
};

Counted count_sorted(std::span<const std::uint64_t> sorted) {
  Counted counted;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    counted.ngrams.push_back(sorted[i]);
    counted.counts.push_back(static_cast<std::uint32_t>(end - i));
    i = end;
  }
  return counted;
}

// D1, D2, D3+ of equation 26, by how many n-grams occur 1, 2, 3 and 4 times; usual ones for a text
// too small to have all of these.
std::array<double, 4> discounts(const Counted& counted) {
  std::array<double, 5> times{};
  for (const std::uint32_t count : counted.counts) {
    if (count <= 4) ++times[count];
  }
  std::array<double, 4> result{0, 0.75, 1, 1.25};
  if (std::find(times.begin() + 1, times.end(), 0.0) != times.end()) return result;
  const double y = times[1] / (times[1] + 2 * times[2]);
  for (std::size_t c = 1; c <= 3; ++c) {
    const auto count = static_cast<double>(c);
    result[c] = std::clamp(count - (count + 1) * y * times[c + 1] / times[c], 0.1, count - 0.05);
  }
  return result;
}

void append_length(const Counted& counted, std::uint64_t vocab, std::uint32_t least,
                   NgramTables& tables) {
  const auto discount = discounts(counted);
  for (std::size_t i = 0; i < counted.ngrams.size();) {
    const std::uint64_t context = counted.ngrams[i] / vocab;
    std::size_t end = i;
    double total = 0, discounted = 0;
    for (; end < counted.ngrams.size() && counted.ngrams[end] / vocab == context; ++end) {
      total += counted.counts[end];
      discounted += discount[std::min<std::uint32_t>(counted.counts[end], 3)];
    }
    if (total >= least) {
      tables.contexts.push_back(static_cast<std::int64_t>(context));
      tables.backoffs.push_back(static_cast<float>(discounted / total));
      for (std::size_t j = i; j < end; ++j) {
        const double left =
            counted.counts[j] - discount[std::min<std::uint32_t>(counted.counts[j], 3)];
        tables.tokens.push_back(static_cast<std::int32_t>(counted.ngrams[j] % vocab));
        tables.shares.push_back(static_cast<float>(left / total));
      }
      tables.begin.push_back(static_cast<std::int32_t>(tables.tokens.size()));
    }
    i = end;
  }
}

}  // namespace

NgramCounter::NgramCounter(std::int64_t vocab, int order)
    : vocab_(vocab), order_(order), opening_(static_cast<std::size_t>(order)) {
  PITH_CHECK(order >= 1 && order <= largest_ngram_order(vocab), "n-grams fit into 63 bits");
}

void NgramCounter::add(std::span<const int> document) {
  const auto V = static_cast<std::uint64_t>(vocab_);
  std::uint64_t highest = 1;  // V^(order - 1)
  for (int n = 1; n < order_; ++n) highest *= V;
  std::uint64_t ngram = 0;
  for (std::size_t i = 0; i < document.size(); ++i) {
    ngram = ngram % highest * V + static_cast<std::uint64_t>(document[i]);
    const std::size_t length = i + 1;
    if (length < static_cast<std::size_t>(order_)) {
      opening_[length].push_back(ngram);
    } else {
      longest_.push_back(ngram);
    }
  }
}

NgramTables NgramCounter::finish() {
  const auto V = static_cast<std::uint64_t>(vocab_);
  std::vector<Counted> of_length(static_cast<std::size_t>(order_) + 1);
  std::vector<std::uint64_t> keys = std::exchange(longest_, {}), spare;
  std::uint64_t all = 1;  // V^n
  for (int n = 1; n <= order_; ++n) all *= V;
  for (int n = order_; n >= 1; --n, all /= V) {
    if (n < order_) {
      keys = std::exchange(opening_[static_cast<std::size_t>(n)], {});
      for (const std::uint64_t longer : of_length[static_cast<std::size_t>(n) + 1].ngrams) {
        keys.push_back(longer % all);
      }
    }
    radix_sort(keys, spare, all - 1);
    of_length[static_cast<std::size_t>(n)] = count_sorted(keys);
  }
  NgramTables tables;
  tables.order = order_;
  const Counted& ones = of_length[1];
  double total = 0.5 * static_cast<double>(vocab_);
  for (const std::uint32_t count : ones.counts) total += count;
  tables.unigrams.assign(static_cast<std::size_t>(vocab_), static_cast<float>(0.5 / total));
  for (std::size_t i = 0; i < ones.ngrams.size(); ++i) {
    tables.unigrams[static_cast<std::size_t>(ones.ngrams[i])] =
        static_cast<float>((ones.counts[i] + 0.5) / total);
  }
  tables.begin.push_back(0);
  tables.order_begin.push_back(0);
  for (int n = 2; n <= order_; ++n) {
    append_length(of_length[static_cast<std::size_t>(n)], V, n == 2 ? 1 : 2, tables);
    tables.order_begin.push_back(static_cast<std::int64_t>(tables.contexts.size()));
  }
  for (auto& opening : opening_) opening.clear();
  return tables;
}

}  // namespace pith
