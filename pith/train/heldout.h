#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

// Which documents are held out from training, by the hashes of their texts alone: order and names
// of files do not matter, and copies of one text fall on the same side.
namespace pith {

struct DocumentSize {
  std::uint64_t hash = 0;   // heldout_hash of its text
  std::uint64_t bytes = 0;  // of text
};

std::uint64_t heldout_hash(std::string_view text);

// The hashes of the documents held out: those of least hash until `fraction` of all bytes or
// `max_bytes` is reached. Documents of more than an eighth of what is wanted are passed over while
// smaller ones suffice, those of more than a twentieth of all text if there are others. At least
// one hash and never all; with fewer than two different texts none.
std::unordered_set<std::uint64_t> choose_heldout(std::vector<DocumentSize> documents,
                                                 double fraction, std::uint64_t max_bytes);

// For a corpus of one document: where its held-out end begins, between characters and, if it can
// be, after a line's end.
std::size_t heldout_cut(std::string_view text, double fraction);

}  // namespace pith
