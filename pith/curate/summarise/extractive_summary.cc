#include "pith/curate/summarise/extractive_summary.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "pith/curate/terms/terms.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

constexpr double kLengthPower = 0.3;

// Terms of all sentences as dense ids, and what covering each is worth.
struct TermTable {
  std::vector<std::vector<std::uint32_t>> sentences;
  std::vector<double> worth;
};

TermTable make_table(const std::vector<std::string_view>& sentences, std::size_t longest) {
  TermTable table;
  std::vector<std::vector<std::uint64_t>> hashes(sentences.size());
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (sentences[i].size() > longest) continue;
    distinct_terms(sentences[i], hashes[i]);
    all.insert(all.end(), hashes[i].begin(), hashes[i].end());
  }
  std::sort(all.begin(), all.end());
  std::vector<std::uint64_t> distinct;
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t begin = i;
    while (i < all.size() && all[i] == all[begin]) ++i;
    distinct.push_back(all[begin]);
    table.worth.push_back(std::log(static_cast<double>(i - begin)));
  }
  table.sentences.resize(sentences.size());
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    for (const std::uint64_t hash : hashes[i]) {
      const auto place = std::lower_bound(distinct.begin(), distinct.end(), hash);
      table.sentences[i].push_back(static_cast<std::uint32_t>(place - distinct.begin()));
    }
  }
  // In a text whose sentences share nothing every term counts alike.
  if (std::all_of(table.worth.begin(), table.worth.end(), [](double w) { return w == 0; })) {
    std::fill(table.worth.begin(), table.worth.end(), 1.0);
  }
  return table;
}

struct Candidate {
  double gain;
  std::size_t sentence;
  // The larger gain first, then the earlier sentence.
  bool operator<(const Candidate& other) const {
    return gain != other.gain ? gain < other.gain : sentence > other.sentence;
  }
};

bool ends_like_a_sentence(std::string_view sentence) {
  constexpr std::u32string_view kEnds = U".!?。！？．｡…";
  constexpr std::u32string_view kClosers = U"\"')]}”’」』）】》";
  std::size_t end = sentence.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(sentence[begin]) & 0xC0) == 0x80) --begin;
    const char32_t last = decode_valid_point(sentence.data() + begin).code_point;
    if (kEnds.find(last) != kEnds.npos) return true;
    if (kClosers.find(last) == kClosers.npos) return false;
    end = begin;
  }
  return false;
}

bool begins_with_ideograph(std::string_view text) {
  return !text.empty() && is_ideograph(decode_valid_point(text.data()).code_point);
}

}  // namespace

std::vector<std::size_t> choose_sentences(const std::vector<std::string_view>& sentences,
                                          const SummaryOptions& options) {
  const TermTable table = make_table(sentences, options.longest);
  std::vector<bool> covered(table.worth.size());
  const auto gain = [&](std::size_t i) {
    double sum = 0;
    for (const std::uint32_t term : table.sentences[i])
      sum += covered[term] ? 0 : table.worth[term];
    return sum / std::pow(static_cast<double>(table.sentences[i].size()), kLengthPower);
  };
  // Lazy: a gain can only have fallen since it was computed (Minoux 1978).
  std::priority_queue<Candidate> queue;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (!table.sentences[i].empty()) queue.push({gain(i), i});
  }
  std::vector<std::size_t> chosen;
  std::size_t bytes = 0;
  while (!queue.empty() && chosen.size() < options.sentences) {
    const Candidate best = queue.top();
    queue.pop();
    const double now = gain(best.sentence);
    if (now <= 0) continue;
    if (now < best.gain && !queue.empty() && Candidate{now, best.sentence} < queue.top()) {
      queue.push({now, best.sentence});
      continue;
    }
    if (bytes + sentences[best.sentence].size() > options.bytes) continue;
    bytes += sentences[best.sentence].size();
    chosen.push_back(best.sentence);
    for (const std::uint32_t term : table.sentences[best.sentence]) covered[term] = true;
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::string summarise(std::string_view text, const SummaryOptions& options) {
  std::vector<std::string_view> all, ended;
  for_each_sentence(text, [&](std::string_view sentence) {
    if (all.size() == options.sentences_read) return;
    all.push_back(sentence);
    if (ends_like_a_sentence(sentence)) ended.push_back(sentence);
  });
  const std::vector<std::string_view>& sentences = ended.empty() ? all : ended;
  std::string summary;
  for (const std::size_t i : choose_sentences(sentences, options)) {
    if (!summary.empty() && !begins_with_ideograph(sentences[i])) summary += ' ';
    bool blank = false;  // lines are joined
    for (const char c : sentences[i]) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!space || !blank) summary += space ? ' ' : c;
      blank = space;
    }
  }
  return summary;
}

}  // namespace pith
