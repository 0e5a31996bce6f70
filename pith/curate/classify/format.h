#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

// What kind of document a text is. Linear models decide between the kinds of web pages, by the
// shape of the text, the words in it, and, of a page, what extraction measured about its blocks;
// rules know code and tables. Method, training pages and accuracy: docs/classification.md.
namespace pith {

enum class Format : std::uint8_t {
  kArticle,
  kForum,
  kProduct,
  kCollection,  // many products
  kListing,     // many articles or entries
  kDocumentation,
  kService,
  kCode,
  kTable,
};
inline constexpr std::size_t kPageFormats = 7;  // the first ones; models know these
std::string_view format_name(Format format);    // "article"

struct FormatGuess {
  Format format = Format::kArticle;
  float score = 0;  // 0..1, the probability of `format`; of code and tables, their share of lines
};

// The shape of a text, as counts a line, a word or a character; what the models look at first.
inline constexpr std::size_t kTextShapes = 20;
using TextShape = std::array<float, kTextShapes>;
TextShape measure_shape(std::string_view text);

// Of a page's main text, with Page::measures (empty: a text without a page). At most the
// first 16 KiB are read. Pure; any thread.
FormatGuess identify_format(std::string_view text, std::span<const float> page_measures);

}  // namespace pith
