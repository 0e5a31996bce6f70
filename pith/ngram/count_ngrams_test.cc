#include "pith/ngram/count_ngrams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "pith/base/random.h"

namespace pith {
namespace {

using Ngram = std::vector<int>;
using Documents = std::vector<std::vector<int>>;

NgramModel count(const Documents& documents, std::int64_t vocab, int order) {
  NgramCounter counter(vocab, order);
  for (const auto& document : documents) counter.add(document);
  return *NgramModel::create(counter.finish(), "test");
}

// The slow twin: the definitions, written down with maps.
class ReferenceModel {
 public:
  ReferenceModel(const Documents& documents, int vocab, int order) : vocab_(vocab), order_(order) {
    std::vector<std::map<Ngram, std::set<int>>> left(order + 2);
    counts_.resize(order + 1);
    for (const auto& d : documents) {
      for (int n = 1; n <= order; ++n) {
        for (std::size_t i = 0; i + n <= d.size(); ++i) {
          const Ngram ngram(d.begin() + i, d.begin() + i + n);
          if (n == order || i == 0) {
            ++counts_[n][ngram];
          } else {
            left[n][ngram].insert(d[i - 1]);
          }
        }
      }
    }
    for (int n = 1; n < order; ++n) {
      for (const auto& [ngram, tokens] : left[n]) {
        counts_[n][ngram] += static_cast<int>(tokens.size());
      }
    }
  }

  double probability(const Ngram& before, int token, int n) const {
    if (n == 1) {
      double total = 0.5 * vocab_;
      for (const auto& [ngram, count] : counts_[1]) total += count;
      return (count_of({token}) + 0.5) / total;
    }
    const double shorter = probability(before, token, n - 1);
    if (before.size() + 1 < static_cast<std::size_t>(n)) return shorter;
    const Ngram context(before.end() - (n - 1), before.end());
    double total = 0, discounted = 0;
    for (int v = 0; v < vocab_; ++v) {
      Ngram ngram = context;
      ngram.push_back(v);
      total += count_of(ngram);
      discounted += discount(n, count_of(ngram));
    }
    if (total < (n == 2 ? 1 : 2)) return shorter;
    Ngram ngram = context;
    ngram.push_back(token);
    const double mine = count_of(ngram);
    return (mine - discount(n, mine)) / total + discounted / total * shorter;
  }

 private:
  int count_of(const Ngram& ngram) const {
    const auto found = counts_[ngram.size()].find(ngram);
    return found == counts_[ngram.size()].end() ? 0 : found->second;
  }

  double discount(int n, double count) const {
    if (count == 0) return 0;
    std::array<double, 5> times{};
    for (const auto& [ngram, c] : counts_[n]) {
      if (c <= 4) ++times[c];
    }
    const int c = std::min(static_cast<int>(count), 3);
    if (std::count(times.begin() + 1, times.end(), 0.0) > 0) {
      return std::array{0.0, 0.75, 1.0, 1.25}[c];
    }
    const double y = times[1] / (times[1] + 2 * times[2]);
    return std::clamp(c - (c + 1) * y * times[c + 1] / times[c], 0.1, c - 0.05);
  }

  const int vocab_, order_;
  std::vector<std::map<Ngram, int>> counts_;
};

Documents random_documents(int vocab, std::uint64_t seed) {
  Random random(seed);
  Documents documents;
  for (int i = 0; i < 60; ++i) {
    std::vector<int> document = {0};
    const std::size_t length = random.below(40);
    for (std::size_t j = 0; j < length; ++j) {  // small ids more often
      const auto id = static_cast<int>(random.below(static_cast<std::uint64_t>(vocab)));
      document.push_back(std::min(id, static_cast<int>(random.below(vocab))));
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

TEST(CountNgramsTest, IsWhatTheDefinitionsSay) {
  for (const int order : {1, 2, 3, 4}) {
    const int vocab = 7;
    const Documents documents = random_documents(vocab, static_cast<std::uint64_t>(order));
    const NgramModel model = count(documents, vocab, order);
    const ReferenceModel reference(documents, vocab, order);
    for (const auto& document : random_documents(vocab, 99)) {
      for (std::size_t i = 1; i < document.size(); ++i) {
        const Ngram before(document.begin(), document.begin() + i);
        EXPECT_NEAR(model.probability(before, document[i]),
                    reference.probability(before, document[i], order), 1e-6)
            << "order " << order;
      }
    }
  }
}

TEST(CountNgramsTest, DocumentsInAnyOrderGiveTheSameTables) {
  Documents documents = random_documents(9, 3);
  const NgramModel one = count(documents, 9, 3);
  std::reverse(documents.begin(), documents.end());
  const NgramModel other = count(documents, 9, 3);
  EXPECT_EQ(one.tables().contexts, other.tables().contexts);
  EXPECT_EQ(one.tables().tokens, other.tables().tokens);
  EXPECT_EQ(one.tables().shares, other.tables().shares);
}

TEST(CountNgramsTest, NothingReachesOverTheEndOfADocument) {
  const NgramModel model = count({{0, 1, 2}, {0, 3, 4}, {0, 1, 2}, {0, 3, 4}}, 5, 3);
  NgramModel::Known known;
  model.probability(std::vector{1, 2}, 0, &known);  // 2 ends a document each time
  EXPECT_EQ(known.length, 1);
}

TEST(CountNgramsTest, NoDocumentsGiveEvenProbabilities) {
  const NgramModel model = count({}, 4, 3);
  EXPECT_FLOAT_EQ(model.probability({}, 2), 0.25F);
}

}  // namespace
}  // namespace pith
