// Text on its way to token ids and back, and as words; the first byte says in how small pieces.
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/base/context.h"
#include "pith/text/bpe_learn.h"
#include "pith/text/chat_template.h"
#include "pith/text/normal_form.h"
#include "pith/text/text_cut.h"
#include "pith/text/tokenizer.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

// One with merges for every kind of pre-token.
const std::vector<Tokenizer>& tokenizers() {
  static const std::vector<Tokenizer> all = [] {
    const Tokenizer learned =
        learn_bpe(
            [](const auto& add) -> Status {
              for (int i = 0; i < 3; ++i) {
                add("the boats and the market aren't there the the 2024 2024   \n\n  if (x) {\n  "
                    "}");
                add("我们看见了船，我们看见了人。 ½ é e\xCC\x81 \xF0\x9F\x98\x80");
              }
              return {};
            },
            {.vocab_size = 400}, Context{})
            .value();
    std::vector<Tokenizer> list = {learned};
    for (const auto kind : {PretokenizerKind::kGpt2, PretokenizerKind::kQwen2}) {
      list.push_back(
          Tokenizer::from_merges(learned.merges(), standard_special_tokens(), kind).value());
    }
    return list;
  }();
  return all;
}

void check_ids(const Tokenizer& tokenizer, std::string_view text, std::size_t piece) {
  const std::string repaired = replace_invalid_utf8(text);
  std::size_t bytes = 0;
  for_each_pretoken(tokenizer.pretokenizer(), repaired, [&](std::string_view pretoken) {
    PITH_CHECK(!pretoken.empty(), "");
    bytes += pretoken.size();
  });
  PITH_CHECK(bytes == repaired.size(), "pre-tokens lose bytes");
  for (const SpecialTokens specials : {SpecialTokens::kAsText, SpecialTokens::kParse}) {
    const std::vector<int> ids = tokenizer.encode(text, specials);
    PITH_CHECK(tokenizer.decode(ids) == repaired, "other text comes back");
    StreamingDecoder decoder(tokenizer, false);
    std::string shown;
    for (const int id : ids) {
      const std::string part = decoder.add(id);
      PITH_CHECK(valid_utf8(part), "");
      shown += part;
      if (specials == SpecialTokens::kAsText) PITH_CHECK(!tokenizer.is_special(id), "");
    }
    PITH_CHECK(shown + decoder.finish() == repaired, "a stream shows other text");
    // Text that comes bit by bit gives the same ids.
    Encoder encoder(tokenizer);
    std::vector<int> streamed;
    std::string waiting;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      waiting += text.substr(at, piece);
      waiting.erase(0, encoder.encode_front(waiting, streamed, specials));
    }
    encoder.encode(waiting, streamed, specials);
    PITH_CHECK(streamed == ids, "pieces give other ids");
  }
  // And text that is cut for several threads.
  std::vector<int> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t cut = next_cut(text.substr(begin), piece);
    const std::string_view part =
        text.substr(begin, cut == std::string_view::npos ? text.size() : cut);
    tokenizer.encode(part, parts);
    begin += part.size();
  }
  PITH_CHECK(parts == tokenizer.encode(text), "parts give other ids");
}

// Nothing that a user writes opens or closes a turn.
void check_chat(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<char> mask;
  const std::vector<ChatMessage> messages = {{"user", std::string(text)}, {"assistant", "yes"}};
  const auto ids = encode_chat(tokenizer, messages, false, &mask);
  PITH_CHECK(ids.ok() && mask.size() == ids->size(), "");
  std::size_t specials = 0;
  for (const int id : *ids) specials += tokenizer.is_special(id);
  PITH_CHECK(specials == 5, "a text has special tokens");
}

void check_words(std::string_view text) {
  std::string storage;
  const std::string repaired = replace_invalid_utf8(text);
  PITH_CHECK(valid_utf8(repaired) && repaired.size() <= 3 * text.size(), "");
  PITH_CHECK(valid_utf8(text) == (repaired == text), "");
  PITH_CHECK(valid_utf8_prefix(text) <= text.size(), "");
  PITH_CHECK(incomplete_utf8_suffix(text) <= 3, "");
  PITH_CHECK(count_code_points(repaired) <= repaired.size(), "");
  PITH_CHECK(valid_utf8(to_nfc(repaired, storage)), "");
  PITH_CHECK(valid_utf8(lower_text(text)), "");
  const char* last = text.data();
  const auto in_order = [&](std::string_view part) {
    PITH_CHECK(fuzz::lies_in(part, text) && part.data() >= last, "out of order");
    last = part.data() + part.size();
  };
  std::size_t words = 0;
  for_each_word(text, [&](std::string_view word) {
    PITH_CHECK(!word.empty(), "");
    in_order(word);
    ++words;
  });
  PITH_CHECK(words == count_words(text), "");
  last = text.data();
  for_each_sentence(text, in_order);
  last = text.data();
  for_each_line(text, in_order);
  PITH_CHECK(fuzz::lies_in(trim_whitespace(text), text), "");
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  fuzz::Input input(data, size);
  const std::size_t piece = input.number(40);
  const std::string_view text = input.rest();
  check_words(text);
  for (const Tokenizer& tokenizer : tokenizers()) check_ids(tokenizer, text, piece);
  check_chat(tokenizers().front(), text);
  return 0;
}
