#pragma once

#include <cstdint>

// What is known of the languages before a document is read: which words and Chinese signs like to
// stand beside each other. The table is word_pairs.inc, written by scripts/train_word_pairs.py.
namespace pith {

// The natural logarithm of how much more often `right` follows `left` than chance would have it
// (pointwise mutual information), -3 to 4.5; hashes as in spam/spam_tokens.h. About 0 for rare
// words of which nothing is known. Three looks into 512 kB of memory, nine where the pair is not
// known. Any thread.
double word_pair_affinity(std::uint32_t left, std::uint32_t right);

// The natural logarithm of the share of a word or sign in running text, -14 to 0.
double log_word_share(std::uint32_t word);

// Whether the table holds the pair.
bool known_word_pair(std::uint32_t left, std::uint32_t right);

}  // namespace pith
