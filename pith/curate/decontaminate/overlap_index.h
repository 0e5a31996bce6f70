#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Finds the items of evaluation sets (questions, prompts, passages) in documents, also where words
// were edited or numbers exchanged.
namespace pith {

struct OverlapOptions {
  std::size_t words = 5;  // of a gram; of Chinese and Japanese items `signs`
  std::size_t signs = 8;
  double share = 0.4;           // of an item's grams that a stretch of a document must hold,
  std::size_t least_grams = 6;  // and at least so many, or all where the item has fewer
  std::size_t least_words = 5;  // an item with fewer tokens is not looked for
};

struct OverlapMatch {
  std::uint32_t item = 0;  // in order of add()
  double share = 0;        // of its grams, in the stretch that holds most of them, 0..1
  std::size_t token = 0;   // where that stretch begins, in tokens of the document
};

// Built once, by one thread; find() may then be called from any number of threads, each with
// scratch of its own. Memory: about 16 bytes a token of the items.
class OverlapIndex {
 public:
  explicit OverlapIndex(const OverlapOptions& options = {}) : options_(options) {}

  // False when the text is too short to be told from other text; it then gets no number.
  bool add(std::string_view text);
  void build();  // after the last add()

  std::size_t items() const { return items_.size(); }

  struct Scratch {
    std::vector<std::uint64_t> tokens;
    struct Hit {
      std::uint32_t item, position;
      friend bool operator<(const Hit& a, const Hit& b) {
        return a.item != b.item ? a.item < b.item : a.position < b.position;
      }
    };
    std::vector<Hit> hits;
  };
  // Items of which `text` (valid UTF-8) holds at least the share, ascending by item; a stretch is
  // at most one and a half times as long as the item. Time linear in the text, and in the hits.
  std::vector<OverlapMatch> find(std::string_view text, Scratch& scratch) const;

 private:
  struct Item {
    std::uint32_t tokens, grams;
  };
  struct Gram {
    std::uint64_t hash;
    std::uint32_t item;
    friend bool operator<(const Gram& a, const Gram& b) {
      return a.hash != b.hash ? a.hash < b.hash : a.item < b.item;
    }
  };
  // Calls on_gram(position, hash) for every run of `size` tokens.
  template <class OnGram>
  static void for_each_gram(const std::vector<std::uint64_t>& tokens, std::size_t size,
                            OnGram on_gram);

  OverlapOptions options_;
  std::vector<Item> items_;
  std::vector<Gram> grams_;            // sorted by build()
  std::vector<std::size_t> sizes_;     // of grams, each once
  std::vector<std::uint64_t> filter_;  // bits: whether some gram may have the hash
};

}  // namespace pith
