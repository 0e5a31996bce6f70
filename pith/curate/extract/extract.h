#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Main text and metadata of web pages: what a reader came for, without navigation, footers, banners
// and forms. docs/extraction.md says how it decides.
namespace pith {

// What one page gives. Every string is UTF-8; one that the page does not tell is empty.
struct Page {
  // Paragraphs, headings, lists ("- "), tables (cells joined by " | ") and code (verbatim), blocks
  // separated by blank lines. Empty when the page has no main text.
  std::string text;
  std::string title;
  std::string full_title;  // as it stands in <title>, with the name of the site and whatever else
  std::string author;
  std::string date;             // of publication, "2024-05-31"
  std::string site;             // "The Example Times"
  std::string url;              // canonical address as the page gives it
  std::string license;          // address or name as the page gives it
  std::string language;         // the page's own claim, <html lang>: "zh-CN"
  std::vector<float> measures;  // what it looks like as a whole: page_measures.h
};

struct ExtractOptions {
  bool markdown = false;  // headings, lists, quotations, code and tables as CommonMark and GFM
  std::size_t max_nodes = 2'500'000;  // elements and texts that are read; a bound on memory
};

// Extracts pages one after another with scratch memory that is kept between pages of usual size.
// Threads: one at a time; give each worker its own.
class Extractor {
 public:
  Extractor();
  ~Extractor();
  Extractor(Extractor&&) noexcept;
  Extractor& operator=(Extractor&&) noexcept;

  // `html` is UTF-8; invalid bytes become U+FFFD in what comes out. Time and memory are linear in
  // its length, whatever it holds. Never fails.
  Page extract(std::string_view html, const ExtractOptions& options = {});

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

// Extractor for a single page. Any thread.
Page extract_page(std::string_view html, const ExtractOptions& options = {});

}  // namespace pith
