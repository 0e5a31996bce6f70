#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/text/pretokenizer.h"

// Byte-level BPE: text to token ids and back, equal to Python's `tokenizers` on the same
// tokenizer.json. docs/formats/tokenizer.md describes the file.
namespace pith {

// What becomes of text that spells a special token, "<|end|>" say.
enum class SpecialTokens : std::uint8_t {
  kAsText,  // it is text like any other: what a user writes can never be a special token
  kParse,   // it becomes the special token's id, as the call tokenizer(text) does in transformers
};

// A token outside of the merges: special, or added by hand (added_tokens in tokenizer.json).
struct AddedToken {
  int id = 0;
  std::string content;
  bool special = true;
};

// The special tokens that pith gives every tokenizer it learns; their ids are their places here.
struct StandardSpecials {
  static constexpr int kBos = 0, kEos = 1, kPad = 2, kSystem = 3, kUser = 4, kAssistant = 5,
                       kEnd = 6;
};
// <|bos|> <|eos|> <|pad|> <|system|> <|user|> <|assistant|> <|end|>
const std::vector<std::string>& standard_special_tokens();

// A vocabulary with its merges, ready to encode.
//
// Threads: const, any number at once. Bulk work goes faster through one Encoder per thread.
// Copies share the tables.
class Tokenizer {
 public:
  // From ids of pairs: merge i makes token specials.size() + 256 + i. Used by learn_bpe.
  static Result<Tokenizer> from_merges(const std::vector<std::pair<int, int>>& merges,
                                       const std::vector<std::string>& special_tokens,
                                       PretokenizerKind kind = PretokenizerKind::kGpt4);

  // From tokenizer.json, or the folder that holds it. Reads BPE models over bytes (ByteLevel) whose
  // pre-tokenizer is one of PretokenizerKind, with no normalizer or NFC. Everything else that would
  // change ids gives a kFormat error that names it. A post_processor (which adds bos, say) is kept,
  // not applied. Bounds: 256 MiB of JSON, ids below 2^21, 4,096 added tokens.
  static Result<Tokenizer> load(const std::string& path);
  static Result<Tokenizer> parse(std::string_view json, std::string_view name);

  std::string to_json() const;  // tokenizer.json
  Status save(const std::string& path) const;

  // Number of ids: one more than the largest id. What a model's embedding needs.
  int vocab_size() const;
  PretokenizerKind pretokenizer() const;
  const std::vector<AddedToken>& added_tokens() const;

  // Appends the ids of `text`. No bos or eos is added. Ill-formed UTF-8 becomes U+FFFD first, as
  // bytes.decode("utf-8", "replace") does. Time O(n log n) at worst, for any text.
  void encode(std::string_view text, std::vector<int>& ids,
              SpecialTokens specials = SpecialTokens::kAsText) const;
  std::vector<int> encode(std::string_view text,
                          SpecialTokens specials = SpecialTokens::kAsText) const;

  // The bytes of the tokens joined; may be ill-formed UTF-8 when cut inside a character. Special
  // tokens are written as their text, or left out. Ids outside of the vocabulary give nothing.
  std::string decode(std::span<const int> ids, bool skip_special = false) const;

  // What a token stands for: bytes for ordinary tokens, its text for added ones, "" for no token.
  std::string_view token_bytes(int id) const;
  // The token as tokenizer.json and the GGUF vocabulary spell it: bytes in GPT-2's alphabet.
  std::string token_text(int id) const;
  bool is_special(int id) const;
  std::optional<int> special_id(std::string_view content) const;  // an added token's id
  // The id of the token of exactly these bytes, if there is one.
  std::optional<int> token_id(std::string_view bytes) const;
  // Pairs of ids in order of rank, the way they merge.
  const std::vector<std::pair<int, int>>& merges() const;

  // The usual roles, found by name among the added tokens (<|bos|>, <s>, <|endoftext|>, ...).
  std::optional<int> bos_id() const;
  std::optional<int> eos_id() const;
  std::optional<int> pad_id() const;

  struct Tables;  // in tokenizer.cc
  const Tables& tables() const { return *tables_; }

 private:
  explicit Tokenizer(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const Tables> tables_;
};

// Encodes much text on one thread: as Tokenizer::encode, with a cache of words (about 4 MiB) and
// buffers that are used again. One thread at a time. Keeps the tokenizer's tables alive.
class Encoder {
 public:
  explicit Encoder(const Tokenizer& tokenizer);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;

  void encode(std::string_view text, std::vector<int>& ids,
              SpecialTokens specials = SpecialTokens::kAsText);

  // For text that comes bit by bit: appends the ids of a front of `text` and returns its length.
  // What follows, encoded later, gives the ids that the whole would have given. 0: give more text,
  // or, at the end, encode() the rest.
  std::size_t encode_front(std::string_view text, std::vector<int>& ids,
                           SpecialTokens specials = SpecialTokens::kAsText);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Turns a stream of ids into text that is valid UTF-8 at every step: bytes of a character that is
// not whole yet are held back; bytes that can no longer become one come out as U+FFFD. The pieces
// joined equal replace_invalid_utf8(decode(ids)). One thread at a time.
class StreamingDecoder {
 public:
  explicit StreamingDecoder(Tokenizer tokenizer, bool skip_special = true)
      : tokenizer_(std::move(tokenizer)), skip_special_(skip_special) {}
  std::string add(int id);  // the text that is complete now, maybe ""
  std::string finish();     // what was held back, as U+FFFD; ready for a new stream

 private:
  Tokenizer tokenizer_;
  bool skip_special_;
  std::string held_;
};

}  // namespace pith
