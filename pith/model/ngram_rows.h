#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// Which row of an embedding table stands for the last few tokens: tables with a row for every
// bigram or trigram would not fit, so they share a fixed number of rows by a hash (Svenstrup et al.
// 2017, "Hash Embeddings"). modeling_pith.py says the same in Python.
namespace pith {

// Row, below `rows` (a power of two), of the n-gram that ends at tokens.back(): n = tokens.size()
// ids, 2 <= n <= kMaxNgram. An id of -1 is where the document has not begun.
inline constexpr std::size_t kMaxNgram = 4;
std::uint32_t ngram_row(std::span<const int> tokens, std::uint32_t rows);

}  // namespace pith
