// tokenizer.json of others.
#include "pith/text/tokenizer.h"

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/text/chat_template.h"
#include "pith/text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  constexpr std::string_view kText =
      "The boats, 1024 of them, aren't <|end|> here.\n\n 我们看见了船 \xFF!";
  const auto tokenizer = Tokenizer::parse(fuzz::Input(data, size).rest(), "input");
  if (!tokenizer) {
    PITH_CHECK(tokenizer.error().kind == ErrorKind::kFormat, tokenizer.error().message);
    return 0;
  }
  const Result<Tokenizer> again = Tokenizer::parse(tokenizer->to_json(), "written");
  PITH_CHECK(again.ok(), again ? "" : again.error().message);
  for (const SpecialTokens specials : {SpecialTokens::kAsText, SpecialTokens::kParse}) {
    const std::vector<int> ids = tokenizer->encode(kText, specials);
    PITH_CHECK(again->encode(kText, specials) == ids, "a tokenizer changes when it is written");
    for (const int id : ids) PITH_CHECK(id >= 0 && id < tokenizer->vocab_size(), "");
    std::vector<int> buffered;
    Encoder(*tokenizer).encode(kText, buffered, specials);
    PITH_CHECK(buffered == ids, "an encoder gives other ids");
    (void)tokenizer->decode(ids, true);
  }
  StreamingDecoder decoder(*tokenizer, false);
  for (int id = -1; id <= std::min(tokenizer->vocab_size(), 2000); ++id) {
    PITH_CHECK(valid_utf8(decoder.add(id)), "");
    (void)tokenizer->token_text(id);
  }
  PITH_CHECK(valid_utf8(decoder.finish()), "");
  (void)encode_chat(*tokenizer, {{"user", std::string(kText)}}, true);
  (void)tokenizer_config(*tokenizer, 100).dump();
  (void)end_of_turn_id(*tokenizer);
  return 0;
}
