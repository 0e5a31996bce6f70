#include "pith/train/heldout.h"

#include <algorithm>

#include "pith/base/hash.h"

namespace pith {

std::uint64_t heldout_hash(std::string_view text) { return hash64(text, 0x68656c646f7574ull); }

std::unordered_set<std::uint64_t> choose_heldout(std::vector<DocumentSize> documents,
                                                 double fraction, std::uint64_t max_bytes) {
  std::sort(documents.begin(), documents.end(), [](const DocumentSize& a, const DocumentSize& b) {
    return std::pair(a.hash, a.bytes) < std::pair(b.hash, b.bytes);
  });
  // Copies of a text become one entry.
  std::vector<DocumentSize> texts;
  std::uint64_t total = 0;
  for (const DocumentSize& document : documents) {
    total += document.bytes;
    if (!texts.empty() && texts.back().hash == document.hash) {
      texts.back().bytes += document.bytes;
    } else {
      texts.push_back(document);
    }
  }
  std::unordered_set<std::uint64_t> heldout;
  if (texts.size() < 2) return heldout;

  const double wanted =
      std::min(fraction * static_cast<double>(total), static_cast<double>(max_bytes));
  std::uint64_t taken = 0;
  // A large document is asked for only where the small ones do not suffice: what is held out should
  // be of many documents.
  for (const double largest : {wanted / 8, static_cast<double>(total) / 20}) {
    for (const DocumentSize& text : texts) {
      if (static_cast<double>(taken) >= wanted) break;
      if (static_cast<double>(text.bytes) > largest) continue;
      if (heldout.insert(text.hash).second) taken += text.bytes;
    }
  }
  if (heldout.empty()) {  // all are large: the smallest costs training least
    heldout.insert(std::min_element(texts.begin(), texts.end(),
                                    [](const DocumentSize& a, const DocumentSize& b) {
                                      return a.bytes < b.bytes;
                                    })
                       ->hash);
  }
  return heldout;
}

std::size_t heldout_cut(std::string_view text, double fraction) {
  auto cut = static_cast<std::size_t>(static_cast<double>(text.size()) * (1 - fraction));
  cut = std::min(cut, text.size() - std::min<std::size_t>(text.size(), 1));
  if (const std::size_t line = text.find('\n', cut); line != std::string_view::npos &&
                                                     line + 1 < text.size() &&
                                                     line - cut < (text.size() - cut) / 2) {
    return line + 1;
  }
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  return cut;
}

}  // namespace pith
