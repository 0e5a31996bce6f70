// chat_ids_tool TOKENIZER OUT [prompt] < messages.json > ids: writes the files that transformers
// loads into the folder OUT, and for each conversation of the array (an array of objects with role
// and content) a line of the ids that pith encodes it to. For tests/tokenizer_parity_test.py.
#include <cstdio>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/text/chat_template.h"

namespace {

int fail(const pith::Error& error) {
  return std::fprintf(stderr, "%s\n", error.message.c_str()), 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: chat_ids_tool TOKENIZER OUT [prompt]\n"), 2;
  const auto tokenizer = pith::Tokenizer::load(argv[1]);
  if (!tokenizer) return fail(tokenizer.error());
  const auto written = pith::write_tokenizer_files(*tokenizer, 1024, argv[2]);
  if (!written) return fail(written.error());
  std::string text;
  for (int c; (c = std::getchar()) != EOF;) text.push_back(static_cast<char>(c));
  const auto conversations = pith::parse_json(text, "standard input");
  if (!conversations) return fail(conversations.error());
  for (const pith::Json& conversation : conversations->items()) {
    std::vector<pith::ChatMessage> messages;
    for (const pith::Json& message : conversation.items()) {
      messages.push_back({message["role"].as_string(), message["content"].as_string()});
    }
    const auto ids = pith::encode_chat(*tokenizer, messages, argc > 3);
    if (!ids) return fail(ids.error());
    for (const int id : *ids) std::printf("%d ", id);
    std::printf("\n");
  }
  return 0;
}
