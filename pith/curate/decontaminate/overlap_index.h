#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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
// scratch of its own.
//
// An item that a stretch holds enough of has one of its rarest grams there, of which only as many
// need an entry in the index as it may lack, and one more (prefix filtering: Chaudhuri, Ganti and
// Kaushik 2006). What all items of a set begin with ("Which of the following") so costs nothing.
// Of items that have their rarest grams in common with more than kMostAlike others, numbers aside,
// kMostAlike are looked for: a text that holds one of them holds these.
//
// Memory: about 24 bytes a token of the items; of find(), some 20 bytes a token of the text, and
// more only for a text that is full of items.
class OverlapIndex {
 public:
  static constexpr std::size_t kMostAlike = 64;

  explicit OverlapIndex(const OverlapOptions& options = {}) : options_(options) {}

  // False when the text is too short to be told from other text; it then gets no number.
  bool add(std::string_view text);
  void build();  // after the last add()

  std::size_t items() const { return items_.size(); }

  // Positions of a text, from begin to before end, that may hold the item.
  struct Place {
    std::uint32_t item, begin, end;
    friend bool operator<(const Place& a, const Place& b) {
      return a.item != b.item ? a.item < b.item : a.begin < b.begin;
    }
  };
  struct Hit {
    std::uint32_t position, gram;  // which of the item's grams
  };
  struct Scratch {
    std::vector<std::uint64_t> tokens;
    std::vector<std::vector<std::uint64_t>> grams;  // of the text, by size
    std::vector<Place> places;
    std::vector<std::uint32_t> last_place;  // by item: of its last place, and one more; 0: none yet
    std::vector<Hit> hits;
    std::vector<std::uint32_t> counts;  // by gram of an item, in the stretch
  };
  // Items of which `text` (valid UTF-8) holds at least the share, ascending by item; a stretch is
  // at most one and a half times as long as the item. Time linear in the text.
  std::vector<OverlapMatch> find(std::string_view text, Scratch& scratch) const;
  // The same by comparing every item with every place.
  std::vector<OverlapMatch> find_ref(std::string_view text) const;

 private:
  struct Item {
    std::uint32_t tokens, grams;
    std::uint32_t size;      // which of sizes_
    std::size_t first_gram;  // in item_grams_
    std::uint32_t stretch() const { return tokens + tokens / 2; }
  };
  struct Gram {
    std::uint64_t hash;
    std::uint32_t item;
    friend bool operator<(const Gram& a, const Gram& b) {
      return a.hash != b.hash ? a.hash < b.hash : a.item < b.item;
    }
  };
  // Of the item's grams, how many a stretch must hold.
  std::uint32_t needed(const Item& item) const;
  std::span<const std::uint64_t> grams_of(const Item& item) const {
    return std::span(item_grams_).subspan(item.first_gram, item.grams);
  }
  void find_places(Scratch& scratch) const;
  // The stretch between two positions that holds most grams of the item: how many, and where.
  void best_stretch(const Item& item, std::uint32_t begin, std::uint32_t end, Scratch& scratch,
                    std::uint32_t& most, std::size_t& token) const;

  OverlapOptions options_;
  std::vector<Item> items_;
  std::vector<std::uint64_t> item_grams_;  // of one item after the other, each ascending
  std::vector<Gram> index_;                // the rarest of each, sorted by build()
  std::vector<std::size_t> sizes_;         // of grams, each once
  std::vector<std::uint64_t> filter_;      // bits: whether some gram may have the hash
};

}  // namespace pith
