#include "pith/text/tokenizer.h"

#include <algorithm>

#include "pith/base/check.h"
#include "pith/text/byte_alphabet.h"
#include "pith/text/tokenizer_tables.h"
#include "pith/text/utf8.h"

namespace pith {

const std::vector<std::string>& standard_special_tokens() {
  static const std::vector<std::string> kTokens = {
      "<|bos|>", "<|eos|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"};
  return kTokens;
}

void AddedTokenMatcher::add(std::string content, int id) {
  tokens_.push_back({std::move(content), id});
  std::ranges::stable_sort(tokens_, std::greater<>{},
                           [](const Entry& entry) { return entry.content.size(); });
  for (auto& places : by_first_byte_) places.clear();
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    const auto first = static_cast<unsigned char>(tokens_[i].content.front());
    by_first_byte_[first].push_back(i);
    starts_[first] = true;
  }
}

AddedTokenMatcher::Match AddedTokenMatcher::find(std::string_view text, std::size_t from) const {
  if (tokens_.empty()) return {};
  for (std::size_t at = from; at < text.size(); ++at) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (!starts_[first]) continue;
    for (const std::uint32_t i : by_first_byte_[first]) {
      const std::string& content = tokens_[i].content;
      if (text.compare(at, content.size(), content) == 0) {
        return {at, at + content.size(), tokens_[i].id};
      }
    }
  }
  return {};
}

Status Tokenizer::Tables::finish(std::string_view name, const std::vector<int>& merged_ids) {
  const auto fail = [&](std::string what) {
    return format_error("[tokenizer] " + std::string(name) + ": " + std::move(what));
  };
  byte_id.fill(-1);
  for (std::size_t id = 0; id < token_bytes.size(); ++id) {
    if (!in_vocabulary[id]) continue;
    const std::string& bytes = token_bytes[id];
    if (bytes.size() == 1) byte_id[static_cast<unsigned char>(bytes[0])] = static_cast<int>(id);
    id_of.emplace(bytes, static_cast<int>(id));
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    // These occur in no UTF-8, and some vocabularies lack them.
    const bool never = byte == 0xC0 || byte == 0xC1 || byte >= 0xF5;
    if (byte_id[byte] < 0 && !never) {
      return fail("the vocabulary has no token for byte " + std::to_string(byte) +
                  "; only byte-level vocabularies with all bytes of UTF-8 can be read");
    }
  }
  merges = MergeTable(pairs, merged_ids);
  is_special.assign(token_bytes.size(), 0);
  for (std::size_t i = 0; i < added.size(); ++i) {
    const AddedToken& token = added[i];
    is_special[static_cast<std::size_t>(token.id)] = token.special;
    added_id_of.emplace(token.content, token.id);
    (added_normalized[i] ? normal_with_special : raw_with_special).add(token.content, token.id);
    if (!token.special) {
      (added_normalized[i] ? normal_plain : raw_plain).add(token.content, token.id);
    }
  }
  return {};
}

Result<Tokenizer> Tokenizer::from_merges(const std::vector<std::pair<int, int>>& merges,
                                         const std::vector<std::string>& special_tokens,
                                         PretokenizerKind kind) {
  auto tables = std::make_shared<Tables>();
  tables->kind = kind;
  for (const std::string& content : special_tokens) {
    if (content.empty() || !valid_utf8(content)) {
      return input_error("[tokenizer] a special token is empty or not UTF-8");
    }
    for (const AddedToken& other : tables->added) {
      if (other.content == content) {
        return input_error("[tokenizer] special token given twice: " + content);
      }
    }
    tables->added.push_back({static_cast<int>(tables->added.size()), content, true});
    tables->token_bytes.push_back(content);
  }
  tables->added_normalized.assign(tables->added.size(), 0);
  for (const unsigned char byte : bytes_in_alphabet_order()) {
    tables->token_bytes.emplace_back(1, static_cast<char>(byte));
  }
  std::vector<int> merged_ids;
  for (const auto& [left, right] : merges) {
    const auto id = static_cast<int>(tables->token_bytes.size());
    const auto first = static_cast<int>(special_tokens.size());
    if (left < first || right < first || left >= id || right >= id || id > MergeTable::kMaxId) {
      return input_error("[tokenizer] merge " + std::to_string(merged_ids.size()) +
                         " joins tokens that do not exist before it: " + std::to_string(left) +
                         " and " + std::to_string(right));
    }
    tables->token_bytes.push_back(tables->token_bytes[static_cast<std::size_t>(left)] +
                                  tables->token_bytes[static_cast<std::size_t>(right)]);
    merged_ids.push_back(id);
  }
  tables->pairs = merges;
  tables->in_vocabulary.assign(tables->token_bytes.size(), 1);
  for (std::size_t id = 0; id < special_tokens.size(); ++id) tables->in_vocabulary[id] = 0;
  PITH_TRY(tables->finish("merges", merged_ids));
  return Tokenizer(std::move(tables));
}

int Tokenizer::vocab_size() const { return static_cast<int>(tables_->token_bytes.size()); }
PretokenizerKind Tokenizer::pretokenizer() const { return tables_->kind; }
const std::vector<AddedToken>& Tokenizer::added_tokens() const { return tables_->added; }
const std::vector<std::pair<int, int>>& Tokenizer::merges() const { return tables_->pairs; }

std::string_view Tokenizer::token_bytes(int id) const {
  if (id < 0 || id >= vocab_size()) return {};
  return tables_->token_bytes[static_cast<std::size_t>(id)];
}

std::string Tokenizer::token_text(int id) const {
  const std::string_view bytes = token_bytes(id);
  if (bytes.empty()) return {};
  if (!tables_->in_vocabulary[static_cast<std::size_t>(id)]) return std::string(bytes);
  return spell_bytes(bytes);
}

bool Tokenizer::is_special(int id) const {
  return id >= 0 && id < vocab_size() && tables_->is_special[static_cast<std::size_t>(id)] != 0;
}

std::optional<int> Tokenizer::special_id(std::string_view content) const {
  const auto found = tables_->added_id_of.find(content);
  if (found == tables_->added_id_of.end()) return std::nullopt;
  return found->second;
}

std::optional<int> Tokenizer::token_id(std::string_view bytes) const {
  const auto found = tables_->id_of.find(bytes);
  if (found == tables_->id_of.end()) return std::nullopt;
  return found->second;
}

namespace {

std::optional<int> first_of(const Tokenizer& tokenizer,
                            std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto id = tokenizer.special_id(name)) return id;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> Tokenizer::bos_id() const {
  return first_of(*this, {"<|bos|>", "<|begin_of_text|>", "<s>", "<|endoftext|>"});
}
std::optional<int> Tokenizer::eos_id() const {
  return first_of(*this, {"<|eos|>", "<|end_of_text|>", "</s>", "<|endoftext|>"});
}
std::optional<int> Tokenizer::pad_id() const {
  return first_of(*this, {"<|pad|>", "<|finetune_right_pad_id|>", "<pad>", "<|padding|>"});
}

void Tokenizer::encode(std::string_view text, std::vector<int>& ids, SpecialTokens specials) const {
  Encoder(*this).encode(text, ids, specials);
}

std::vector<int> Tokenizer::encode(std::string_view text, SpecialTokens specials) const {
  std::vector<int> ids;
  encode(text, ids, specials);
  return ids;
}

std::string Tokenizer::decode(std::span<const int> ids, bool skip_special) const {
  std::string out;
  for (const int id : ids) {
    if (skip_special && is_special(id)) continue;
    out.append(token_bytes(id));
  }
  return out;
}

std::string StreamingDecoder::add(int id) {
  if (skip_special_ && tokenizer_.is_special(id)) return {};
  held_.append(tokenizer_.token_bytes(id));
  const std::size_t incomplete = incomplete_utf8_suffix(held_);
  std::string ready =
      replace_invalid_utf8(std::string_view(held_).substr(0, held_.size() - incomplete));
  held_.erase(0, held_.size() - incomplete);
  return ready;
}

std::string StreamingDecoder::finish() {
  std::string rest = replace_invalid_utf8(held_);
  held_.clear();
  return rest;
}

}  // namespace pith
