#include <algorithm>
#include <unordered_set>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/text/byte_alphabet.h"
#include "pith/text/tokenizer.h"
#include "pith/text/tokenizer_tables.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::uint64_t kMaxFileBytes = 256ull << 20;
constexpr std::size_t kMaxAddedTokens = 4096;
constexpr std::size_t kMaxAddedBytes = 1024;
constexpr std::size_t kMaxTokenBytes = 64 << 10;

// One file being read; carries the name for messages.
struct Reader {
  std::string_view name;

  Error fail(std::string what) const {
    return format_error("[tokenizer] " + std::string(name) + ": " + std::move(what));
  }

  // The scanner for a pre_tokenizer, or why there is none.
  Result<PretokenizerKind> pretokenizer(const Json& json) const {
    const std::string& type = json["type"].as_string();
    if (type == "ByteLevel") {
      PITH_TRY(byte_level(json));
      if (!json["use_regex"].as_bool(true)) {
        return fail("pre_tokenizer ByteLevel without its regex and without a Split before it");
      }
      return PretokenizerKind::kGpt2;
    }
    const JsonArray& steps = json["pretokenizers"].items();
    if (type != "Sequence" || steps.size() != 2 || steps[0]["type"].as_string() != "Split" ||
        steps[1]["type"].as_string() != "ByteLevel") {
      return fail("pre_tokenizer is " + (type.empty() ? std::string("missing") : type) +
                  "; only ByteLevel, and Split followed by ByteLevel, can be read");
    }
    PITH_TRY(byte_level(steps[1]));
    if (steps[1]["use_regex"].as_bool(true)) {
      return fail("pre_tokenizer splits twice: Split, then ByteLevel with use_regex");
    }
    if (steps[0]["behavior"].as_string() != "Isolated" || steps[0]["invert"].as_bool(false)) {
      return fail("pre_tokenizer Split is not \"Isolated\"");
    }
    const std::string& pattern = steps[0]["pattern"]["Regex"].as_string();
    for (const auto kind :
         {PretokenizerKind::kGpt4, PretokenizerKind::kQwen2, PretokenizerKind::kGpt2}) {
      if (pattern == pretokenizer_pattern(kind)) return kind;
    }
    return fail("pre_tokenizer has a pattern that is not one of the known ones: " +
                pattern.substr(0, 200));
  }

  Status byte_level(const Json& json) const {
    if (json["add_prefix_space"].as_bool(true)) {
      return fail("pre_tokenizer ByteLevel with add_prefix_space cannot be read");
    }
    return {};
  }

  Status normalizer(const Json& json, bool& nfc) const {
    if (json.is_null()) return {};
    const std::string& type = json["type"].as_string();
    if (type == "NFC") {
      nfc = true;
      return {};
    }
    if (type == "Sequence" && json["normalizers"].items().empty()) return {};
    return fail("normalizer " + (type.empty() ? std::string("of no type") : type) +
                " cannot be read; only none and NFC can");
  }

  // The model's options that would change ids.
  Status model_options(const Json& model) const {
    if (!model.is_object()) return fail("\"model\" is missing or no object");
    const std::string& type = model["type"].as_string();
    if (type != "BPE" && !(type.empty() && model.has("merges"))) {
      return fail("model type is " + (type.empty() ? std::string("missing") : type) +
                  "; only BPE can be read");
    }
    if (!model["dropout"].is_null() && model["dropout"].as_double(1) != 0) {
      return fail("model has dropout");
    }
    if (model["byte_fallback"].as_bool(false)) {
      return fail(
          "model uses byte_fallback (SentencePiece style); only byte-level BPE can be read");
    }
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
      if (!model[key].is_null() && !model[key].as_string().empty()) {
        return fail(std::string("model has ") + key + "; only byte-level BPE can be read");
      }
    }
    if (!model["vocab"].is_object()) return fail("model.vocab is missing or no object");
    if (!model["merges"].is_array()) return fail("model.merges is missing or no array");
    return {};
  }

  Result<int> id(const Json& json, std::string_view token) const {
    const std::int64_t value = json.as_int(-1);
    if (!json.is_integer() || value < 0 || value > MergeTable::kMaxId) {
      return fail("id of token \"" + std::string(token.substr(0, 60)) +
                  "\" is not an integer from 0 to " + std::to_string(MergeTable::kMaxId) + ": " +
                  json.dump().substr(0, 40));
    }
    return static_cast<int>(value);
  }

  Status added_tokens(const Json& json, Tokenizer::Tables& tables) const {
    if (!json.is_null() && !json.is_array()) return fail("\"added_tokens\" is no array");
    if (json.items().size() > kMaxAddedTokens) {
      return fail("more than " + std::to_string(kMaxAddedTokens) + " added tokens");
    }
    std::unordered_set<std::string_view> contents;
    std::unordered_set<int> ids;
    for (const Json& entry : json.items()) {
      const std::string& content = entry["content"].as_string();
      if (content.empty() || content.size() > kMaxAddedBytes) {
        return fail("an added token has no content, or more than 1024 bytes of it");
      }
      PITH_ASSIGN(const int token_id, id(entry["id"], content));
      for (const char* key : {"single_word", "lstrip", "rstrip"}) {
        if (entry[key].as_bool(false)) {
          return fail("added token \"" + content + "\" has " + key + ", which cannot be read");
        }
      }
      if (!contents.insert(content).second || !ids.insert(token_id).second) {
        return fail("added token \"" + content + "\" or its id " + std::to_string(token_id) +
                    " is given twice");
      }
      const bool special = entry["special"].as_bool(false);
      tables.added.push_back({token_id, content, special});
    }
    std::ranges::sort(tables.added, {}, &AddedToken::id);
    tables.added_normalized.assign(tables.added.size(), 0);
    for (const Json& entry : json.items()) {
      const auto place = std::ranges::lower_bound(
          tables.added, static_cast<int>(entry["id"].as_int()), {}, &AddedToken::id);
      tables.added_normalized[static_cast<std::size_t>(place - tables.added.begin())] =
          entry["normalized"].as_bool(!entry["special"].as_bool(false));
    }
    return {};
  }

  // The two sides of a merge: ["a", "b"] or "a b".
  static bool merge_sides(const Json& json, std::string_view& left, std::string_view& right) {
    if (json.is_array()) {
      if (json.items().size() != 2 || !json.items()[0].is_string() ||
          !json.items()[1].is_string()) {
        return false;
      }
      left = json.items()[0].as_string();
      right = json.items()[1].as_string();
      return true;
    }
    const std::string_view both = json.as_string();
    const std::size_t space = both.find(' ');
    if (space == std::string_view::npos || both.find(' ', space + 1) != std::string_view::npos) {
      return false;
    }
    left = both.substr(0, space);
    right = both.substr(space + 1);
    return true;
  }
};

void place_token(Tokenizer::Tables& tables, int id, std::string bytes, bool in_vocabulary) {
  const auto at = static_cast<std::size_t>(id);
  if (at >= tables.token_bytes.size()) {
    tables.token_bytes.resize(at + 1);
    tables.in_vocabulary.resize(at + 1, 0);
  }
  tables.token_bytes[at] = std::move(bytes);
  tables.in_vocabulary[at] = in_vocabulary;
}

}  // namespace

Result<Tokenizer> Tokenizer::parse(std::string_view text, std::string_view name) {
  const Reader reader{name};
  if (text.size() > kMaxFileBytes) return reader.fail("more than 256 MiB; this is no tokenizer");
  PITH_ASSIGN(const Json json, parse_json(text, name));
  if (!json.is_object()) return reader.fail("the file is no JSON object");
  const Json& model = json["model"];
  PITH_TRY(reader.model_options(model));

  auto tables = std::make_shared<Tables>();
  PITH_TRY(reader.normalizer(json["normalizer"], tables->nfc));
  PITH_ASSIGN(tables->kind, reader.pretokenizer(json["pre_tokenizer"]));
  tables->ignore_merges = model["ignore_merges"].as_bool(false);
  tables->post_processor = json["post_processor"];
  PITH_TRY(reader.added_tokens(json["added_tokens"], *tables));
  std::unordered_set<std::string_view> added;
  for (const AddedToken& token : tables->added) added.insert(token.content);

  const JsonObject& vocab = model["vocab"].members();
  const std::size_t tokens = vocab.size() + tables->added.size();
  std::unordered_map<std::string_view, int> spelled;  // as in the file; views into json
  spelled.reserve(vocab.size());
  for (const auto& [token, value] : vocab) {
    PITH_ASSIGN(const int id, reader.id(value, token));
    // Ids may have holes, but not so many that a small file takes much memory.
    if (static_cast<std::size_t>(id) > 16 * tokens + 65536) {
      return reader.fail("id of token \"" + token.substr(0, 60) + "\" is far beyond the " +
                         std::to_string(tokens) + " tokens: " + std::to_string(id));
    }
    if (token.size() > kMaxTokenBytes) return reader.fail("a token of more than 64 KiB");
    spelled.emplace(token, id);
    if (static_cast<std::size_t>(id) < tables->token_bytes.size() &&
        !tables->token_bytes[static_cast<std::size_t>(id)].empty()) {
      return reader.fail("id " + std::to_string(id) + " is given to two tokens, one is \"" +
                         token.substr(0, 60) + "\"");
    }
    if (added.contains(token)) {
      place_token(*tables, id, token, false);
      continue;
    }
    auto bytes = unspell_bytes(token);
    if (!bytes || bytes->empty()) {
      return reader.fail("token \"" + token.substr(0, 60) +
                         "\" is not spelled in the byte-level alphabet");
    }
    place_token(*tables, id, std::move(*bytes), true);
  }
  for (const AddedToken& token : tables->added) {
    const auto in_model = spelled.find(token.content);
    if (in_model != spelled.end() && in_model->second != token.id) {
      return reader.fail("added token \"" + token.content + "\" has id " +
                         std::to_string(token.id) + " there and " +
                         std::to_string(in_model->second) + " in model.vocab");
    }
    const auto at = static_cast<std::size_t>(token.id);
    if (at > 16 * tokens + 65536) {
      return reader.fail("id of added token \"" + token.content + "\" is far beyond the " +
                         std::to_string(tokens) + " tokens: " + std::to_string(token.id));
    }
    if (in_model == spelled.end() && at < tables->token_bytes.size() &&
        !tables->token_bytes[at].empty()) {
      return reader.fail("added token \"" + token.content +
                         "\" has the id of another token: " + std::to_string(token.id));
    }
    place_token(*tables, token.id, token.content, false);
  }

  const JsonArray& merges = model["merges"].items();
  if (merges.size() >= MergeTable::kMaxMerges) return reader.fail("too many merges");
  std::vector<int> merged_ids;
  merged_ids.reserve(merges.size());
  std::string joined;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    std::string_view left, right;
    const auto where = [&] { return "merge " + std::to_string(i) + " (from 0) "; };
    if (!Reader::merge_sides(merges[i], left, right)) {
      return reader.fail(where() + "is no pair of strings: " + merges[i].dump().substr(0, 80));
    }
    joined.assign(left).append(right);
    const auto a = spelled.find(left), b = spelled.find(right), ab = spelled.find(joined);
    if (a == spelled.end() || b == spelled.end() || ab == spelled.end()) {
      return reader.fail(where() + "names a token that model.vocab does not have: " +
                         merges[i].dump().substr(0, 160));
    }
    tables->pairs.emplace_back(a->second, b->second);
    merged_ids.push_back(ab->second);
  }
  PITH_TRY(tables->finish(name, merged_ids));
  return Tokenizer(std::move(tables));
}

Result<Tokenizer> Tokenizer::load(const std::string& path) {
  const std::string file = is_folder(path) ? join_path(path, "tokenizer.json") : path;
  PITH_ASSIGN(const std::string text, read_file(file, kMaxFileBytes));
  return parse(text, file);
}

std::string Tokenizer::to_json() const {
  const Tables& tables = *tables_;
  std::string out = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n";
  out += "  \"added_tokens\": [";
  for (std::size_t i = 0; i < tables.added.size(); ++i) {
    const AddedToken& token = tables.added[i];
    out += i == 0 ? "\n" : ",\n";
    out += "    {\"id\": " + std::to_string(token.id) + ", \"content\": ";
    append_json_string(token.content, out);
    out += ", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": ";
    out += tables.added_normalized[i] ? "true" : "false";
    out += token.special ? ", \"special\": true}" : ", \"special\": false}";
  }
  out += tables.added.empty() ? "],\n" : "\n  ],\n";
  out += "  \"normalizer\": ";
  out += tables.nfc ? "{\"type\": \"NFC\"}" : "null";
  out += ",\n  \"pre_tokenizer\": {\n    \"type\": \"Sequence\",\n    \"pretokenizers\": [\n";
  out += "      {\"type\": \"Split\", \"pattern\": {\"Regex\": ";
  append_json_string(pretokenizer_pattern(tables.kind), out);
  out += "}, \"behavior\": \"Isolated\", \"invert\": false},\n";
  out +=
      "      {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, "
      "\"use_regex\": false}\n    ]\n  },\n";
  out += "  \"post_processor\": " + tables.post_processor.dump() + ",\n";
  out +=
      "  \"decoder\": {\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": "
      "true, \"use_regex\": true},\n";
  out +=
      "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n"
      "    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n"
      "    \"fuse_unk\": false,\n    \"byte_fallback\": false,\n    \"ignore_merges\": ";
  out += tables.ignore_merges ? "true" : "false";
  out += ",\n    \"vocab\": {";
  bool first = true;
  for (int id = 0; id < vocab_size(); ++id) {
    const std::string text = token_text(id);
    if (text.empty()) continue;
    out += first ? "\n      " : ",\n      ";
    first = false;
    append_json_string(text, out);
    out += ": " + std::to_string(id);
  }
  out += "\n    },\n    \"merges\": [";
  for (std::size_t i = 0; i < tables.pairs.size(); ++i) {
    out += i == 0 ? "\n      [" : ",\n      [";
    append_json_string(token_text(tables.pairs[i].first), out);
    out += ", ";
    append_json_string(token_text(tables.pairs[i].second), out);
    out += "]";
  }
  out += tables.pairs.empty() ? "]\n  }\n}\n" : "\n    ]\n  }\n}\n";
  return out;
}

Status Tokenizer::save(const std::string& path) const { return write_file(path, to_json()); }

}  // namespace pith
