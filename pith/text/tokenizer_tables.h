#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pith/base/json.h"
#include "pith/text/bpe_merge.h"
#include "pith/text/tokenizer.h"

// What a Tokenizer holds; for the files of the tokenizer only.
namespace pith {

// Finds added tokens in text: at each place the longest. Immutable; any thread.
class AddedTokenMatcher {
 public:
  void add(std::string content, int id);
  bool empty() const { return tokens_.empty(); }
  struct Match {
    std::size_t begin = std::string_view::npos, end = 0;
    int id = -1;
  };
  Match find(std::string_view text, std::size_t from) const;  // id -1: none

 private:
  struct Entry {
    std::string content;
    int id;
  };
  std::vector<Entry> tokens_;                                  // longest first
  std::array<std::vector<std::uint32_t>, 256> by_first_byte_;  // places in tokens_, longest first
  std::array<bool, 256> starts_{};
};

struct Tokenizer::Tables {
  PretokenizerKind kind = PretokenizerKind::kGpt4;
  bool ignore_merges = false;  // a pre-token that is a token stands for itself
  bool nfc = false;            // text is brought into normal form C

  std::vector<std::string> token_bytes;        // by id; "" for no token
  std::vector<std::uint8_t> is_special;        // by id
  std::vector<AddedToken> added;               // in order of id
  std::vector<std::uint8_t> added_normalized;  // per added token: matched after normalisation
  std::array<int, 256> byte_id{};
  std::vector<std::pair<int, int>> pairs;  // in order of rank
  MergeTable merges;
  std::unordered_map<std::string_view, int>
      id_of;  // views into token_bytes; the model's vocabulary
  std::unordered_map<std::string_view, int> added_id_of;  // views into added
  std::vector<std::uint8_t> in_vocabulary;                // by id: part of the model's vocabulary
  // For text before and after normalisation, with special tokens and without.
  AddedTokenMatcher raw_with_special, raw_plain, normal_with_special, normal_plain;
  Json post_processor;  // kept as read, written again

  // Fills everything that follows from the fields above merges.
  Status finish(std::string_view name, const std::vector<int>& merged_ids);
};

}  // namespace pith
