#include "pith/train/prepare_tokens.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/threads.h"
#include "pith/base/units.h"
#include "pith/formats/document_texts.h"
#include "pith/formats/documents.h"
#include "pith/formats/manifest.h"
#include "pith/formats/tokens.h"
#include "pith/text/bpe_learn.h"
#include "pith/text/pretokenizer.h"
#include "pith/text/tokenizer.h"
#include "pith/text/utf8.h"
#include "pith/train/heldout.h"

namespace pith {
namespace {

constexpr const char* kProgram = "pith prepare_tokens 2";  // rises when the result changes
constexpr std::uint64_t kMaxHeldoutBytes = 1'000'000;
constexpr std::uint64_t kMinTextBytes = 200;
constexpr std::uint64_t kMaxLearnBytes = 256'000'000;  // merges hardly change beyond
constexpr std::uint64_t kBatchBytes = 4 << 20;         // of text in memory while encoding
constexpr const char* kSummary = "tokens.json";

// What the documents are, learned in a first reading.
struct Corpus {
  std::vector<std::string> files;
  std::uint64_t bytes = 0, documents = 0;
  std::unordered_set<std::uint64_t> heldout;
  bool one_document = false;  // then its end is held out
};

DocumentTexts texts_of(const PrepareOptions& options) {
  return {options.documents, options.text_field};
}

using OnPart = std::function<Status(std::string_view text, bool heldout)>;

// Calls on_part for every document, or part of the only one, that has text.
Status for_each_part(const PrepareOptions& options, const Corpus& corpus, std::string_view stage,
                     const Context& context, const OnPart& on_part) {
  return for_each_text(texts_of(options), stage, context, [&](std::string_view text) -> Status {
    if (!corpus.one_document) return on_part(text, corpus.heldout.contains(heldout_hash(text)));
    const std::size_t cut = heldout_cut(text, std::max(options.heldout_fraction, 0.01));
    PITH_TRY(on_part(text.substr(0, cut), false));
    return on_part(text.substr(cut), true);
  });
}

Result<Corpus> survey(const PrepareOptions& options, const Context& context) {
  Corpus corpus;
  {
    PITH_ASSIGN(const DocumentReader reader, DocumentReader::open(options.documents));
    corpus.files = reader.files();
  }
  std::vector<DocumentSize> sizes;
  PITH_TRY(for_each_text(texts_of(options), "tokens: survey", context,
                         [&](std::string_view text) -> Status {
                           sizes.push_back({heldout_hash(text), text.size()});
                           corpus.bytes += text.size();
                           return {};
                         }));
  corpus.documents = sizes.size();
  if (corpus.bytes < kMinTextBytes) {
    return input_error("[tokens] " + options.documents + ": has " + std::to_string(sizes.size()) +
                       " documents with " + std::to_string(corpus.bytes) +
                       " bytes of text, too little to learn from; give more");
  }
  corpus.heldout = choose_heldout(std::move(sizes), options.heldout_fraction, kMaxHeldoutBytes);
  corpus.one_document = corpus.heldout.empty();
  if (corpus.one_document && corpus.documents > 1) {
    return input_error("[tokens] " + options.documents + ": its " +
                       std::to_string(corpus.documents) +
                       " documents are copies of one text; there is nothing to hold out");
  }
  return corpus;
}

// Merges cost text to be learned from, and each id costs a row of the model's embedding.
std::int64_t chosen_vocab(std::uint64_t bytes) {
  if (bytes < 1'000'000) return 1024;
  if (bytes < 8'000'000) return 2048;
  if (bytes < 200'000'000) return 4096;
  return bytes < 1'000'000'000 ? 8192 : 16384;
}

Result<Tokenizer> make_tokenizer(const PrepareOptions& options, const Corpus& corpus,
                                 const Context& context) {
  if (!options.tokenizer.empty()) {
    PITH_ASSIGN(Tokenizer tokenizer, Tokenizer::load(options.tokenizer));
    if (!tokenizer.bos_id() || !tokenizer.eos_id()) {
      return input_error("[tokens] " + options.tokenizer +
                         ": has no tokens that begin and end a document (<|bos|> and <|eos|>); "
                         "make one with pith tokenizer");
    }
    return tokenizer;
  }
  BpeLearnOptions learn;
  learn.vocab_size =
      static_cast<int>(options.vocab > 0 ? options.vocab : chosen_vocab(corpus.bytes));
  const TextFeed feed = [&](const std::function<void(std::string_view)>& add) {
    std::uint64_t bytes = 0;
    return for_each_part(options, corpus, "tokens: learn", context,
                         [&](std::string_view text, bool heldout) -> Status {
                           if (heldout || bytes > kMaxLearnBytes) return {};
                           bytes += text.size();
                           add(text);
                           return {};
                         });
  };
  return learn_bpe(feed, learn, context);
}

// Documents on their way to one pair of files: encoded by all threads, written in order.
class EncodingWriter {
 public:
  EncodingWriter(TokenWriter writer, const Tokenizer& tokenizer, ThreadPool& pool)
      : writer_(std::move(writer)),
        pool_(pool),
        bos_(*tokenizer.bos_id()),
        eos_(*tokenizer.eos_id()),
        occurrences_(static_cast<std::size_t>(tokenizer.vocab_size())) {
    for (int i = 0; i < pool.threads(); ++i) encoders_.emplace_back(tokenizer);
  }

  Status add(std::string_view text) {
    texts_.emplace_back(text);
    batch_bytes_ += text.size();
    bytes_ += text.size();
    ++documents_;
    return batch_bytes_ >= kBatchBytes ? write_batch() : Status{};
  }

  Status finish() {
    PITH_TRY(write_batch());
    return writer_.finish();
  }

  std::uint64_t documents() const { return documents_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t tokens() const { return writer_.tokens(); }

  // Of all tokens by their frequencies, in bits.
  double entropy() const {
    double bits = 0;
    const auto all = static_cast<double>(tokens());
    for (const std::uint64_t times : occurrences_) {
      if (times > 0) {
        bits += static_cast<double>(times) * std::log2(all / static_cast<double>(times));
      }
    }
    return bits;
  }

 private:
  Status write_batch() {
    ids_.resize(texts_.size());
    pool_.parallel_for(texts_.size(), 8,
                       [&](std::size_t begin, std::size_t end, std::size_t worker) {
                         for (std::size_t i = begin; i < end; ++i) {
                           ids_[i].assign(1, bos_);
                           encoders_[worker].encode(texts_[i], ids_[i]);
                           ids_[i].push_back(eos_);
                         }
                       });
    for (const std::vector<int>& ids : ids_) {
      PITH_TRY(writer_.write_document(ids));
      for (const int id : ids) ++occurrences_[static_cast<std::size_t>(id)];
    }
    texts_.clear();
    batch_bytes_ = 0;
    return {};
  }

  TokenWriter writer_;
  ThreadPool& pool_;
  const int bos_, eos_;
  std::vector<std::uint64_t> occurrences_;  // (V)
  std::vector<Encoder> encoders_;
  std::vector<std::string> texts_;
  std::vector<std::vector<int>> ids_;
  std::uint64_t batch_bytes_ = 0, bytes_ = 0, documents_ = 0;
};

// A pre-token takes some 24 times its size while it is encoded, since no part of it is done before
// the whole. Of ordinary text it is a word.
Status check_pretokens(std::string_view text, const Tokenizer& tokenizer, const Context& context) {
  const std::uint64_t most = context.memory_bytes / 64;
  if (context.memory_bytes == 0 || text.size() <= most) return {};
  std::string_view longest;
  for_each_pretoken(tokenizer.pretokenizer(), text, [&](std::string_view pretoken) {
    if (pretoken.size() > longest.size()) longest = pretoken;
  });
  if (longest.size() <= most) return {};
  const std::string_view start = longest.substr(0, 60);
  return capacity_error("[tokens] a document holds " + format_size(longest.size()) +
                        " without a space or a sign between them (" +
                        std::string(start.substr(0, valid_utf8_prefix(start))) +
                        "...); take it out, or give --memory more");
}

Status encode(const PrepareOptions& options, const Corpus& corpus, const Tokenizer& tokenizer,
              const Context& context, TokensInfo& info) {
  ThreadPool pool(std::max(1, context.threads));
  const std::int64_t vocab = tokenizer.vocab_size();
  PITH_ASSIGN(TokenWriter train_file, TokenWriter::create(join_path(options.out, "train"), vocab));
  PITH_ASSIGN(TokenWriter heldout_file,
              TokenWriter::create(join_path(options.out, "heldout"), vocab));
  EncodingWriter train(std::move(train_file), tokenizer, pool);
  EncodingWriter heldout(std::move(heldout_file), tokenizer, pool);
  const auto add = [&](std::string_view text, bool is_heldout) -> Status {
    PITH_TRY(check_pretokens(text, tokenizer, context));
    return (is_heldout ? heldout : train).add(text);
  };
  PITH_TRY(for_each_part(options, corpus, "tokens: encode", context, add));
  PITH_TRY(train.finish());
  PITH_TRY(heldout.finish());
  info.documents = train.documents();
  info.tokens = train.tokens();
  info.bytes = train.bytes();
  info.heldout_documents = heldout.documents();
  info.heldout_tokens = heldout.tokens();
  info.heldout_bytes = heldout.bytes();
  info.vocab = vocab;
  info.bytes_per_token =
      static_cast<double>(info.bytes) /
      static_cast<double>(std::max<std::uint64_t>(1, info.tokens - 2 * info.documents));
  info.unigram_bits_per_byte =
      train.entropy() / static_cast<double>(std::max<std::uint64_t>(1, info.bytes));
  return {};
}

Json to_json(const TokensInfo& info, const Manifest& manifest) {
  Json json = Json::object();
  json.set("documents", info.documents);
  json.set("tokens", info.tokens);
  json.set("bytes", info.bytes);
  json.set("heldout_documents", info.heldout_documents);
  json.set("heldout_tokens", info.heldout_tokens);
  json.set("heldout_bytes", info.heldout_bytes);
  json.set("vocab", info.vocab);
  json.set("bytes_per_token", info.bytes_per_token);
  json.set("unigram_bits_per_byte", info.unigram_bits_per_byte);
  json.set("manifest", to_json(manifest));
  return json;
}

Result<Json> read_summary(const std::string& folder) {
  const std::string path = join_path(folder, kSummary);
  if (!file_exists(path)) {
    return input_error("[tokens] " + folder + ": holds no tokens.json; give a folder that " +
                       "pith train or pith run prepared");
  }
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 28));
  return parse_json(text, path);
}

Result<Manifest> make_manifest(const PrepareOptions& options) {
  Manifest manifest;
  manifest.program = kProgram;
  manifest.options.set("vocab", options.vocab);
  manifest.options.set("heldout_fraction", options.heldout_fraction);
  manifest.options.set("text_field", options.text_field);
  manifest.options.set("tokenizer", !options.tokenizer.empty());
  if (!options.tokenizer.empty()) {
    PITH_ASSIGN(ManifestFile file, describe_file(options.tokenizer));
    manifest.inputs.push_back(std::move(file));
  }
  PITH_ASSIGN(const DocumentReader reader, DocumentReader::open(options.documents));
  for (const std::string& path : reader.files()) {
    PITH_ASSIGN(ManifestFile file, describe_file(path));
    manifest.inputs.push_back(std::move(file));
  }
  return manifest;
}

constexpr std::string_view kFiles[] = {"train.bin", "train.idx", "heldout.bin", "heldout.idx",
                                       "tokenizer.json"};

// True when the folder holds the wanted result already. Else it is free to write to.
Result<bool> is_done(const PrepareOptions& options, const Manifest& manifest) {
  if (!file_exists(options.out)) return false;
  if (file_exists(join_path(options.out, kSummary))) {
    PITH_ASSIGN(const Json summary, read_summary(options.out));
    PITH_ASSIGN(const Manifest done, parse_manifest(summary["manifest"], options.out));
    if (const std::string why = difference(manifest, done); !why.empty()) {
      return input_error("[tokens] " + options.out + ": holds tokens made otherwise: " + why +
                         "; remove it, or give another folder");
    }
    for (const ManifestFile& output : done.outputs) {
      const auto size = file_size(join_path(options.out, output.path));
      if (!size || *size != output.bytes) return false;  // made again
    }
    return true;
  }
  PITH_ASSIGN(const std::vector<std::string> there, list_files(options.out));
  for (const std::string& path : there) {
    std::string name = file_name(path);
    if (name.ends_with(".partial")) name.resize(name.size() - 8);
    if (name != kSummary && std::ranges::find(kFiles, name) == std::end(kFiles)) {
      return input_error("[tokens] " + options.out + ": holds something else (" + path +
                         "); give a new folder");
    }
  }
  return false;
}

}  // namespace

Result<TokensInfo> read_tokens_info(const std::string& folder) {
  PITH_ASSIGN(const Json json, read_summary(folder));
  const auto count = [&](std::string_view name) {
    return static_cast<std::uint64_t>(json[name].as_int());
  };
  TokensInfo info;
  info.documents = count("documents");
  info.tokens = count("tokens");
  info.bytes = count("bytes");
  info.heldout_documents = count("heldout_documents");
  info.heldout_tokens = count("heldout_tokens");
  info.heldout_bytes = count("heldout_bytes");
  info.vocab = json["vocab"].as_int();
  info.bytes_per_token = json["bytes_per_token"].as_double();
  info.unigram_bits_per_byte = json["unigram_bits_per_byte"].as_double();
  if (info.vocab <= 0 || info.tokens == 0) {
    return format_error("[tokens] " + join_path(folder, kSummary) + ": has no counts of tokens");
  }
  return info;
}

Result<TokensInfo> prepare_tokens(const PrepareOptions& options, const Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  if (options.heldout_fraction < 0 || options.heldout_fraction > 0.5) {
    return input_error("[tokens] the held-out fraction must be from 0 to 0.5");
  }
  PITH_ASSIGN(Manifest manifest, make_manifest(options));
  PITH_ASSIGN(const bool done, is_done(options, manifest));
  if (done) {
    PITH_ASSIGN(TokensInfo info, read_tokens_info(options.out));
    info.already_done = true;
    return info;
  }
  PITH_TRY(check_text_memory(context, "[tokens] preparing tokens"));
  PITH_ASSIGN(const Corpus corpus, survey(options, context));
  PITH_ASSIGN(const Tokenizer tokenizer, make_tokenizer(options, corpus, context));
  PITH_TRY(make_folders(options.out));
  TokensInfo info;
  PITH_TRY(encode(options, corpus, tokenizer, context, info));
  PITH_TRY(write_file(join_path(options.out, "tokenizer.json"), tokenizer.to_json()));
  for (const std::string_view name : kFiles) {
    PITH_ASSIGN(ManifestFile file, describe_file(join_path(options.out, name)));
    file.path = name;
    manifest.outputs.push_back(std::move(file));
  }
  PITH_TRY(write_file(join_path(options.out, kSummary), to_json(info, manifest).dump(true) + "\n"));
  info.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return info;
}

}  // namespace pith
