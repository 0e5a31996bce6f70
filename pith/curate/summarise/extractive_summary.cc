#include "pith/curate/summarise/extractive_summary.h"

#include <algorithm>

#include "pith/curate/summarise/term_cover.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

bool begins_with_ideograph(std::string_view text) {
  return !text.empty() && is_ideograph(decode_valid_point(text.data()).code_point);
}

}  // namespace

bool ends_like_a_sentence(std::string_view text) {
  constexpr std::u32string_view kEnds = U".!?。！？．｡…";
  constexpr std::u32string_view kClosers = U"\"')]}”’」』）】》";
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    const char32_t last = decode_valid_point(text.data() + begin).code_point;
    if (kEnds.find(last) != kEnds.npos) return true;
    if (kClosers.find(last) == kClosers.npos) return false;
    end = begin;
  }
  return false;
}

std::vector<std::size_t> choose_sentences(const std::vector<std::string_view>& sentences,
                                          const SummaryOptions& options) {
  TermCover cover(sentences, {.longest = options.longest});
  std::vector<std::size_t> chosen;
  std::size_t bytes = 0;
  while (chosen.size() < options.sentences) {
    const auto best = cover.next();
    if (!best) break;
    if (bytes + sentences[*best].size() > options.bytes) continue;
    bytes += sentences[*best].size();
    chosen.push_back(*best);
    cover.take(*best);
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
