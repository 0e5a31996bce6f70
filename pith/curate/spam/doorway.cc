#include "pith/curate/spam/doorway.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "pith/base/hash.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kEdge = 80;  // tokens at either end of the body

struct TitleKey {
  std::uint64_t key = 0;
  std::size_t token = 0;
  char kind = 'n';    // n(ame), t(rade or brand), c(ue of another kind)
  bool held = false;  // by the middle of the body
};

// A word that says something, or two signs; 0 where there is neither.
std::uint64_t subject_key(std::span<const SpamToken> tokens, std::size_t i) {
  const SpamToken& token = tokens[i];
  if (token.kind == SpamTokenKind::kWord) {
    return token.weight() >= 2 && token.hash != spam_hash::kNumber ? mix64(token.hash) : 0;
  }
  if (token.kind != SpamTokenKind::kSign || i == 0 || !tokens[i - 1].spoken()) return 0;
  return mix64(std::uint64_t{tokens[i - 1].hash} << 32 | token.hash);
}

// Marks of pages that a machine made out of copied ones: see DoorwayFeatures::made.
int made_by_machine(std::string_view text) {
  const auto holds = [&](std::string_view label) { return text.find(label) != text.npos; };
  const bool summary = holds("本文摘要") || holds("文章摘要") || holds("简要描述");
  std::size_t at = text.find("本文关键词");
  if (at == text.npos) at = text.find("文章关键词");
  if (at == text.npos) return summary ? 1 : 0;
  std::string_view line = text.substr(at, text.find('\n', at) - at).substr(0, 600);
  // Nobody names "of" or "and" as a keyword.
  constexpr std::string_view kNoKeywords[] = {"的", "和", "了", "是", "谁", "与", "在",
                                              "已", "被", "将", "就", "都", "也", "有",
                                              "为", "对", "等", "‘",  "’"};
  for (const std::string_view word : kNoKeywords) {
    for (const std::string_view comma : {",", "，"}) {
      const std::string item = std::string(comma) + std::string(word) + std::string(comma);
      if (line.find(item) != line.npos) return 2;
    }
  }
  return 1;
}

bool holds_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view w) { return text.find(w) != text.npos; });
}
constexpr std::string_view kOrganisations[] = {"公司",   "大学",   "学院", "医院", "政府",
                                               "委员会", "学校",   "协会", "银行", "研究院",
                                               "研究所", "出版社", "中学", "小学", "法院"};
constexpr std::string_view kSuffixes[] = {"体育", "国际", "娱乐", "棋牌", "彩票", "电竞", "真人"};

// Whether what is sold stands in the body by itself too, and not only behind the name that the
// title gives it.
bool stands_alone(std::string_view text, std::span<const SpamToken> body, std::uint32_t name,
                  std::uint32_t sold) {
  std::size_t all = 0, named = 0;
  for (std::size_t i = 1; i < body.size(); ++i) {
    if (body[i].hash != sold) continue;
    const char capital = text[body[i - 1].begin];
    ++all, named += body[i - 1].hash == name && capital >= 'A' && capital <= 'Z';
  }
  return named * 10 < all * 7;
}

}  // namespace

BodyCues body_cues(std::size_t tokens, std::span<const CueHit> cues) {
  BodyCues found;
  const std::size_t edge = std::min(kEdge, tokens / 6);
  for (const CueHit& hit : cues) {
    const bool brand = hit.cue == SpamCue::kBrand;
    if (!brand && hit.cue != SpamCue::kTrade) continue;
    const bool middle = hit.token >= edge && hit.token + edge < tokens;
    ++(middle ? found.middle : found.edges);
    found.brands += middle && brand;
    found.others += middle && !brand;
  }
  return found;
}

DoorwayFeatures doorway_features(std::string_view title, std::string_view text,
                                 std::span<const SpamToken> body,
                                 std::span<const std::string_view> inserted, const BodyCues& cues) {
  constexpr std::size_t kPromotion = 3;  // names of what is sold; in an honest text stand more
  constexpr double kForeign = 0.6;       // of a part's names, those that the body does not hold
  DoorwayFeatures f;
  title = title.substr(0, 600);
  title.remove_suffix(incomplete_utf8_suffix(title));
  std::vector<SpamToken> tokens;
  append_spam_tokens(title, tokens);
  std::vector<CueHit> hits;
  find_cues(title, tokens, hits);
  std::vector<char> kinds(tokens.size(), 'n');
  for (const CueHit& hit : hits) {
    const bool sold = hit.cue == SpamCue::kTrade || hit.cue == SpamCue::kBrand;
    std::fill_n(kinds.begin() + static_cast<std::ptrdiff_t>(hit.token), hit.tokens,
                sold ? 't' : 'c');
  }
  std::vector<TitleKey> keys;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (const std::uint64_t key = subject_key(tokens, i)) keys.push_back({key, i, kinds[i]});
  }
  if (keys.empty()) return f;
  std::ranges::stable_sort(keys, {}, &TitleKey::key);
  const std::size_t edge = std::min(kEdge, body.size() / 4);
  for (std::size_t i = edge; i + edge < body.size(); ++i) {
    const std::uint64_t key = subject_key(body, i);
    if (key == 0) continue;
    auto at = std::ranges::lower_bound(keys, key, {}, &TitleKey::key);
    for (; at != keys.end() && at->key == key; ++at) at->held = true;
  }
  f.foreign = std::ranges::none_of(keys, &TitleKey::held);

  // Part by part; white space parts Chinese too.
  std::size_t selling = 0, offers = 0, twice = 0;
  bool site = false, called = false;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    twice += keys[i].key == keys[i - 1].key && keys[i].kind == 'n' && !keys[i].held;
  }
  for (std::size_t begin = 0; begin < tokens.size();) {
    std::size_t end = begin;
    while (end < tokens.size() && tokens[end].spoken()) {
      const bool gap = end > begin && tokens[end - 1].end < tokens[end].begin &&
                       (tokens[end].kind == SpamTokenKind::kSign ||
                        tokens[end - 1].kind == SpamTokenKind::kSign);
      if (gap) break;
      ++end;
    }
    if (end == begin) {
      ++begin;
      continue;
    }
    double names = 0, unknown = 0, sold = 0, unsaid = 0;
    for (const TitleKey& key : keys) {
      if (key.token < begin || key.token >= end) continue;
      names += key.kind == 'n', unknown += key.kind == 'n' && !key.held;
      sold += key.kind == 't', unsaid += key.kind == 't' && !key.held;
    }
    const std::string_view part =
        title.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin);
    const bool foreign = names > 0 && unknown >= kForeign * names;
    bool sells = false, calls = false;
    for (const CueHit& hit : hits) {
      if (hit.token < begin || hit.token >= end) continue;
      if (hit.cue == SpamCue::kBrand) f.brand = sells = true;
      if (hit.cue == SpamCue::kTrade) {
        bool said = sold > 0 ? unsaid < kForeign * sold : cues.middle > 0;
        if (said && hit.token > begin && kinds[hit.token - 1] == 'n' &&
            tokens[hit.token].kind == SpamTokenKind::kWord) {
          said = stands_alone(text, body, tokens[hit.token - 1].hash, tokens[hit.token].hash);
        }
        f.trade |= !said, f.spoken |= said;
        sells |= !said;
        offers += !said;
      }
      const bool organisation = holds_any(part, kOrganisations);
      if (hit.cue == SpamCue::kCall && !organisation) {
        called = true;
        if (foreign) f.call = calls = true;
      }
      const bool grown = hit.token > begin && tokens[hit.token].kind == SpamTokenKind::kSign &&
                         tokens[hit.token - 1].kind == SpamTokenKind::kWord &&
                         tokens[hit.token - 1].end == tokens[hit.token].begin;
      if (foreign && grown) f.glued = true;
      site |= hit.cue == SpamCue::kContact;
    }
    selling += sells || calls;
    for (const std::string_view suffix : kSuffixes) {
      const bool is_name =
          part.ends_with(suffix) && part.size() > suffix.size() && part.size() <= 18;
      if (is_name && foreign && text.find(suffix) == text.npos) f.suffix = true;
      // Only where the name itself was put into the page.
      if (is_name && foreign && begin > 0 && text.find(part) != text.npos) f.suffix = true;
    }
    begin = end;
  }
  const bool any = f.brand || f.trade || f.call || f.glued || f.suffix;
  f.call |= called && (f.brand || f.trade);
  f.glued |= site && (f.brand || f.trade || f.call);
  f.repeats = selling > 1 || offers > 1 || (any && twice > 0);
  f.edges = cues.edges > 0 && cues.edges <= kPromotion && cues.middle == 0;
  f.spoken |= f.trade && cues.edges > kPromotion;
  f.replaced = f.brand && cues.brands >= 2 && cues.others == 0;
  if (any) f.made = made_by_machine(text);
  std::size_t with_cue = 0;
  for (const std::string_view fragment : inserted) {
    tokens.clear(), hits.clear();
    append_spam_tokens(fragment, tokens);
    find_cues(fragment, tokens, hits);
    with_cue += std::ranges::any_of(hits, [](const CueHit& hit) {
      return hit.cue == SpamCue::kTrade || hit.cue == SpamCue::kBrand;
    });
  }
  if (!inserted.empty()) {
    f.inserted = static_cast<double>(with_cue) / static_cast<double>(inserted.size());
  }
  return f;
}

double doorway_score(const DoorwayFeatures& f) {
  if (!f.brand && !f.trade && !f.call && !f.glued && !f.suffix) return 0;
  const double sum = -3.4 + 3.4 * f.brand + 3 * f.trade + 1.85 * f.call + 1.6 * f.glued +
                     1.5 * f.suffix + 1.5 * f.repeats + 1.25 * f.foreign - 2.5 * f.spoken -
                     0.6 * f.untitled + 0.39 * f.edges + 3 * f.replaced + 1.5 * f.made +
                     2.5 * f.inserted;
  return 1 / (1 + std::exp(-sum));
}

}  // namespace pith
