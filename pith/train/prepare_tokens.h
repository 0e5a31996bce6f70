#pragma once

#include <cstdint>
#include <string>

#include "pith/base/context.h"
#include "pith/base/result.h"

// Documents to token files: the step between curation and training.
namespace pith {

struct PrepareOptions {
  std::string documents;            // as DocumentReader::open takes it
  std::string out;                  // TOKENS, the folder to write
  std::string tokenizer;            // a tokenizer.json to use; empty: one is learned
  std::int64_t vocab = 0;           // size to learn; 0: chosen from the size of the corpus
  double heldout_fraction = 0.015;  // of the text; at least one document, at most 1 MB
  std::string text_field = "text";  // of foreign JSONL
};

// What TOKENS holds; tokens.json says the same.
struct TokensInfo {
  std::uint64_t documents = 0, heldout_documents = 0;
  std::uint64_t tokens = 0, heldout_tokens = 0;  // bos and eos of every document included
  std::uint64_t bytes = 0, heldout_bytes = 0;    // UTF-8 bytes of text
  std::int64_t vocab = 0;
  double bytes_per_token = 0;  // of the training text, bos and eos not counted
  // Entropy of the training tokens by how often each occurs, spread over the bytes of text: what a
  // model reaches that knows their frequencies and nothing else. Says how hard the text is.
  double unigram_bits_per_byte = 0;
  double seconds = 0;
  bool already_done = false;  // nothing was to do for this input and these options
};

// Writes TOKENS/{train,heldout}.{bin,idx} (formats/tokens.h; a document is <|bos|> text <|eos|>),
// tokenizer.json and tokens.json, the last to appear. Which documents are held out follows from the
// hashes of their texts alone. A corpus of one document gives its end to the held-out part.
// The same input and options give the same bytes for any number of threads; when they are there
// already, nothing is done.
//
// Errors: kInput for no documents or no text, an output folder that holds something else, a
// tokenizer without bos and eos; kCapacity when context.memory_bytes is less than it may need; what
// DocumentReader returns; kIo; kInterrupted.
Result<TokensInfo> prepare_tokens(const PrepareOptions& options, const Context& context);

// What is in a folder that prepare_tokens wrote. kInput when it is none.
Result<TokensInfo> read_tokens_info(const std::string& folder);

}  // namespace pith
