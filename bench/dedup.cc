// Rate of deduplication, for bench/dedup.py.
//   dedup REPEATS < documents.jsonl      (lines with "text")
// Prints one JSON object. One thread, in seconds of its CPU time; the minimum of REPEATS. Before
// any figure, checks that the fast signature is the reference's; then plants near-copies and counts
// which are found, and whether what is found is alike by its words.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
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

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Work>
double least_seconds(int repeats, const Work& work) {
  double least = 1e30;
  for (int i = 0; i < repeats; ++i) {
    const double begin = cpu_seconds();
    work();
    least = std::min(least, cpu_seconds() - begin);
  }
  return least;
}

// Documents as deduplication sees them, in memory.
struct Corpus {
  std::vector<Shingles> shingles;
  std::vector<pith::BandKeys> keys;
  std::vector<pith::Hash128> exact;
  std::vector<std::uint64_t> bytes;

  void add(const std::string& text) {
    exact.push_back(pith::exact_text_hash(text));
    pith::distinct_shingles(text, shingles.emplace_back());
    keys.push_back(pith::band_keys(pith::min_hash(shingles.back())));
    bytes.push_back(text.size());
  }
  pith::DuplicateClusters near_duplicates() const {
    const pith::DuplicateClusters same = pith::exact_duplicates(exact);
    std::vector<std::uint8_t> excluded;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      excluded.push_back(same.kept[i] != i || shingles[i].empty());
    }
    const auto band_keys = [this](std::size_t band, std::vector<std::uint64_t>& out) {
      out.clear();
      for (const pith::BandKeys& k : keys) out.push_back(k[band]);
      return pith::Status();
    };
    const auto count = [this](std::uint32_t i) { return std::uint64_t{shingles[i].size()}; };
    const auto read = [this](std::uint32_t i, std::uint64_t first, std::span<std::uint32_t> out) {
      std::copy_n(shingles[i].begin() + static_cast<std::ptrdiff_t>(first), out.size(),
                  out.begin());
      return pith::Status();
    };
    return pith::near_duplicates(
               {.band_keys = band_keys, .shingles = {.count = count, .read = read}}, bytes,
               excluded, 0.8, pith::Context{})
        .value();
  }
};

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
  // All that curation does: hashes of the texts, signatures, both kinds of clusters.
  Corpus corpus;
  DuplicateClusters near;
  const double all_seconds = least_seconds(repeats, [&] {
    corpus = Corpus();
    for (const std::string& text : texts) corpus.add(text);
    near = corpus.near_duplicates();
  });

  // Near-copies at all similarities.
  Random random(1, "planted");
  const std::size_t originals = texts.size();
  for (std::size_t i = 0; i < originals; ++i) {
    texts.push_back(changed(texts[i], 15 + random.below(80), random));
    corpus.add(texts.back());
  }
  near = corpus.near_duplicates();
  const DuplicateClusters same = exact_duplicates(corpus.exact);
  std::uint64_t alike = 0, found = 0, dropped = 0, right = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (near.kept[i] != i) {
      ++dropped;
      right += jaccard(corpus.shingles[i], corpus.shingles[near.kept[i]]) >= 0.8;
    }
    if (i >= originals || same.kept[i] != i) continue;
    const std::size_t copy = originals + i;
    if (jaccard(corpus.shingles[i], corpus.shingles[copy]) < 0.8) continue;
    ++alike;
    found += same.kept[copy] != copy || near.kept[i] != i || near.kept[copy] != copy;
  }
  Json result = Json::object();
  result.set("documents", std::uint64_t{originals});
  result.set("bytes", bytes);
  result.set("shingle_seconds", shingle_seconds);
  result.set("signature_seconds", signature_seconds);
  result.set("all_seconds", all_seconds);
  result.set("alike", alike);
  result.set("recall", static_cast<double>(found) / static_cast<double>(alike));
  result.set("dropped", dropped);
  result.set("precision",
             static_cast<double>(right) / static_cast<double>(std::max<std::uint64_t>(1, dropped)));
  std::printf("%s\n", result.dump().c_str());
}
