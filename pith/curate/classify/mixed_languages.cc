#include "pith/curate/classify/mixed_languages.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kLeastPiece = 160, kMostRead = 256, kPieces = 20;
constexpr double kLeastShare = 0.1;
constexpr float kLeastScore = 0.8f;  // what a foreign piece needs

// Whole lines, joined until long enough; what is left over is part of the last one.
std::vector<std::string_view> split_pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find('\n', std::min(begin + kLeastPiece, text.size()));
    if (end == text.npos) end = text.size();
    pieces.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

// Not in the middle of a character.
std::string_view cut(std::string_view text) {
  text = text.substr(0, kMostRead);
  text.remove_suffix(incomplete_utf8_suffix(text));
  return text;
}

}  // namespace

std::vector<LanguageShare> mixed_languages(std::string_view utf8, Language main) {
  std::vector<LanguageShare> shares = {{main.code, 0}};
  const std::vector<std::string_view> pieces = split_pieces(utf8);
  if (pieces.size() < 2) return {{main.code, 1}};
  const std::size_t read = std::min(pieces.size(), kPieces);
  double total = 0;
  for (std::size_t i = 0; i < read; ++i) {
    const std::string_view piece = pieces[i * pieces.size() / read];
    const Language language = identify_language(cut(piece));
    const std::string_view code = language.score >= kLeastScore ? language.code : main.code;
    auto at = std::ranges::find(shares, code, &LanguageShare::code);
    if (at == shares.end()) at = shares.insert(shares.end(), {code, 0});
    at->share += static_cast<double>(piece.size());
    total += static_cast<double>(piece.size());
  }
  for (LanguageShare& share : shares) share.share /= total;
  std::erase_if(shares, [](const LanguageShare& share) { return share.share < kLeastShare; });
  std::ranges::stable_sort(shares, std::ranges::greater{}, &LanguageShare::share);
  return shares;
}

std::string format_languages(const std::vector<LanguageShare>& shares) {
  std::string text;
  if (shares.size() < 2) return text;
  for (const LanguageShare& share : shares) {
    char number[16];
    std::snprintf(number, sizeof(number), " %.2f", share.share);
    text += (text.empty() ? "" : ", ") + std::string(share.code) + number;
  }
  return text;
}

}  // namespace pith
