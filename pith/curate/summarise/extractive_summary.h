#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The sentences of a text that say most of what it says. Pure; any thread.
namespace pith {

struct SummaryOptions {
  std::size_t sentences = 3;          // at most
  std::size_t bytes = SIZE_MAX;       // of the sentences together, at most
  std::size_t longest = 600;          // bytes; a longer sentence is none that a person reads
  std::size_t sentences_read = 4096;  // from the front of a long text
};

// Indexes of the chosen sentences among `sentences`, ascending: by what they cover (term_cover.h).
// A sentence that adds nothing is not chosen.
std::vector<std::size_t> choose_sentences(const std::vector<std::string_view>& sentences,
                                          const SummaryOptions& options = {});

// Whether `text` (valid UTF-8) ends in what ends a sentence, or quotes and brackets behind it.
bool ends_like_a_sentence(std::string_view text);

// The chosen sentences of `text` (valid UTF-8) in their order, joined by a space, or by nothing
// between Chinese and Japanese ones. Only what ends like a sentence is one, unless nothing does:
// headings, cells and code are passed over. Empty when the text has no words.
std::string summarise(std::string_view text, const SummaryOptions& options = {});

}  // namespace pith
