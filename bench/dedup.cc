// Rate of deduplication's signatures, for bench/dedup.py.
//   dedup REPEATS < documents.jsonl      (lines with "text")
// Prints one JSON object. One thread; the minimum of REPEATS. Before any figure, checks that the
// fast signature is the reference's and that planted near-copies are found.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/random.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/near_duplicates.h"
#include "pith/curate/dedup/shingles.h"

namespace {

using Shingles = std::vector<std::uint32_t>;

template <class Work>
double least_seconds(int repeats, const Work& work) {
  double least = 1e30;
  for (int i = 0; i < repeats; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    least = std::min(least, seconds.count());
  }
  return least;
}

// `text` with one word in `every` replaced.
std::string changed(const std::string& text, std::uint64_t every, pith::Random& random) {
  std::string copy;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    copy += random.below(every) == 0 ? "replaced" : text.substr(at, end - at);
    copy += ' ';
    at = end + 1;
  }
  return copy;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace pith;
  const int repeats = argc > 1 ? std::atoi(argv[1]) : 3;
  std::vector<std::string> texts;
  std::uint64_t bytes = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const auto json = parse_json(line, "stdin");
    if (!json) continue;
    texts.push_back((*json)["text"].as_string());
    bytes += texts.back().size();
  }

  std::vector<Shingles> shingles(texts.size());
  const double shingle_seconds = least_seconds(repeats, [&] {
    for (std::size_t i = 0; i < texts.size(); ++i) distinct_shingles(texts[i], shingles[i]);
  });
  std::vector<Signature> signatures(texts.size());
  const double signature_seconds = least_seconds(repeats, [&] {
    for (std::size_t i = 0; i < texts.size(); ++i) signatures[i] = min_hash(shingles[i]);
  });
  for (std::size_t i = 0; i < texts.size(); i += 1 + texts.size() / 50) {
    if (signatures[i] != min_hash_ref(shingles[i])) {
      std::fprintf(stderr, "the signature of document %zu is wrong; its speed means nothing\n", i);
      return 1;
    }
  }

  // Near-copies at all similarities: how many pairs at or above 0.8 share a band's key, and how
  // many that are found are not in truth alike.
  Random random(1, "planted");
  std::uint64_t alike = 0, candidates = 0, accepted = 0, wrong = 0;
  Shingles copy;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    distinct_shingles(changed(texts[i], 15 + random.below(80), random), copy);
    const double truth = jaccard(shingles[i], copy);
    const BandKeys a = band_keys(signatures[i]), b = band_keys(min_hash(copy));
    bool candidate = false;
    for (std::size_t band = 0; band < kBands; ++band) candidate |= a[band] == b[band];
    const bool found =
        candidate && sketch_similarity(sketch_of(shingles[i]), sketch_of(copy)) >= 0.8;
    alike += truth >= 0.8;
    candidates += candidate && truth >= 0.8;
    accepted += found;
    wrong += found && truth < 0.8;
  }
  Json result = Json::object();
  result.set("documents", static_cast<std::uint64_t>(texts.size()));
  result.set("bytes", bytes);
  result.set("shingle_seconds", shingle_seconds);
  result.set("signature_seconds", signature_seconds);
  result.set("alike", alike);
  result.set("candidate_recall", static_cast<double>(candidates) / static_cast<double>(alike));
  result.set("found", accepted);
  result.set("precision", 1.0 - static_cast<double>(wrong) /
                                    static_cast<double>(std::max<std::uint64_t>(1, accepted)));
  std::printf("%s\n", result.dump().c_str());
}
