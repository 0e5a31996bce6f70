#include <algorithm>
#include <array>
#include <cstring>

#include "pith/text/bpe_merge.h"
#include "pith/text/normal_form.h"
#include "pith/text/pretokenizer.h"
#include "pith/text/text_cut.h"
#include "pith/text/tokenizer.h"
#include "pith/text/tokenizer_tables.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// A pre-token of at most 15 bytes, zero-padded, its length in the last byte. length 0: none.
struct WordKey {
  std::uint64_t low = 0, high = 0;
  bool operator==(const WordKey&) const = default;
};
constexpr std::size_t kLongestKey = 15;

// `readable` says that 16 bytes from word.data() on may be read.
WordKey make_key(std::string_view word, bool readable) {
  WordKey key;
  if (readable) {
    std::memcpy(&key, word.data(), 16);
    if (word.size() < 8) {
      key.low &= (1ull << (word.size() * 8)) - 1;
      key.high = 0;
    } else {
      key.high &= (1ull << ((word.size() - 8) * 8)) - 1;
    }
  } else {
    std::memcpy(&key, word.data(), word.size());
  }
  key.high |= static_cast<std::uint64_t>(word.size()) << 56;
  return key;
}

std::size_t hash_key(const WordKey& key) {
  const auto product = static_cast<unsigned __int128>(key.low ^ 0x9e3779b97f4a7c15ull) *
                       (key.high ^ 0xd1b54a32d192ed03ull);
  return static_cast<std::size_t>(static_cast<std::uint64_t>(product) ^
                                  static_cast<std::uint64_t>(product >> 64));
}

// What recent words became. Two places a set: a new word takes the first, whose old one moves to
// the second.
constexpr std::size_t kCachedIds = 4;
struct CachedWord {
  WordKey key;
  std::array<int, kCachedIds> ids{};  // -1 behind the last
};
static_assert(sizeof(CachedWord) == 32);
constexpr std::size_t kSets = 1 << 15;

// The cuts that go through no added token.
CutPlaces cuts_between(const std::vector<AddedToken>& added) {
  CutPlaces places;
  for (const AddedToken& token : added) {
    const std::string_view content = token.content;
    for (std::size_t at = 1; at < content.size(); ++at) {
      if (content[at] == ' ') places.before_space &= content[at - 1] == ' ';
      if (content[at - 1] == '\n') places.after_newline = false;
    }
  }
  return places;
}

}  // namespace

struct Encoder::State {
  explicit State(Tokenizer owner)
      : tokenizer(std::move(owner)), tables(tokenizer.tables()), cuts(cuts_between(tables.added)) {}

  const Tokenizer tokenizer;
  const Tokenizer::Tables& tables;
  const CutPlaces cuts;
  std::vector<std::array<CachedWord, 2>> cache;  // empty until much text was seen
  std::vector<int> word_ids;
  MergeScratch scratch;
  std::string repaired, normalised;
  std::size_t bytes_seen = 0;

  // Appends the ids of one pre-token.
  void merge_word(std::string_view word, std::vector<int>& ids) {
    if (tables.ignore_merges) {
      const auto found = tables.id_of.find(word);
      if (found != tables.id_of.end()) {
        ids.push_back(found->second);
        return;
      }
    }
    const std::size_t begin = ids.size();
    ids.resize(begin + word.size());
    for (std::size_t i = 0; i < word.size(); ++i) {
      ids[begin + i] = tables.byte_id[static_cast<unsigned char>(word[i])];
    }
    const std::size_t kept = merge_tokens(tables.merges, std::span(ids).subspan(begin), scratch);
    ids.resize(begin + kept);
  }

  void cached_word(std::string_view word, const char* text_end, std::vector<int>& ids) {
    const WordKey key = make_key(word, text_end - word.data() >= 16);
    auto& set = cache[hash_key(key) & (kSets - 1)];
    for (const CachedWord& entry : set) {
      if (entry.key != key) continue;
      for (const int id : entry.ids) {
        if (id < 0) break;
        ids.push_back(id);
      }
      return;
    }
    const std::size_t begin = ids.size();
    merge_word(word, ids);
    const std::size_t count = ids.size() - begin;
    if (count > kCachedIds) return;
    set[1] = set[0];
    set[0].key = key;
    for (std::size_t i = 0; i < kCachedIds; ++i) {
      set[0].ids[i] = i < count ? ids[begin + i] : -1;
    }
  }

  // Text without added tokens.
  void plain(std::string_view text, std::vector<int>& ids) {
    bytes_seen += text.size();
    if (cache.empty() && bytes_seen > 4096) cache.resize(kSets);
    const char* const end = text.data() + text.size();
    for_each_pretoken(tables.kind, text, [&](std::string_view word) {
      if (word.size() <= kLongestKey && !cache.empty()) {
        cached_word(word, end, ids);
      } else {
        merge_word(word, ids);
      }
    });
  }

  // Text split at the tokens of `matcher`; what lies between goes to `between`.
  template <class Between>
  static void split_at(const AddedTokenMatcher& matcher, std::string_view text,
                       std::vector<int>& ids, const Between& between) {
    std::size_t at = 0;
    while (true) {
      const auto match = matcher.find(text, at);
      const std::size_t stop = match.id < 0 ? text.size() : match.begin;
      if (stop > at) between(text.substr(at, stop - at));
      if (match.id < 0) return;
      ids.push_back(match.id);
      at = match.end;
    }
  }
};

Encoder::Encoder(const Tokenizer& tokenizer) : state_(std::make_unique<State>(tokenizer)) {}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;

void Encoder::encode(std::string_view text, std::vector<int>& ids, SpecialTokens specials) {
  State& state = *state_;
  const Tokenizer::Tables& tables = state.tables;
  const bool parse = specials == SpecialTokens::kParse;
  const auto& raw = parse ? tables.raw_with_special : tables.raw_plain;
  const auto& normal = parse ? tables.normal_with_special : tables.normal_plain;
  State::split_at(raw, repair_utf8(text, state.repaired), ids, [&](std::string_view piece) {
    if (tables.nfc) piece = to_nfc(piece, state.normalised);
    State::split_at(normal, piece, ids, [&](std::string_view plain) { state.plain(plain, ids); });
  });
}

std::size_t Encoder::encode_front(std::string_view text, std::vector<int>& ids,
                                  SpecialTokens specials) {
  const std::size_t length = last_cut(text, state_->cuts);
  encode(text.substr(0, length), ids, specials);
  return length;
}

}  // namespace pith
