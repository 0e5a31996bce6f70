#pragma once

#include <string>
#include <string_view>

#include "pith/curate/extract/extract.h"
#include "pith/curate/extract/html_tree.h"

// What a page says about itself in <head>, OpenGraph, JSON-LD (schema.org) and microdata.
namespace pith {

struct PageHints {
  Page metadata;  // all but the text

  // What kind of page it claims to be.
  bool og_article = false, og_product = false, og_website = false;
  bool ld_article = false, ld_product = false, ld_forum = false, ld_list = false, ld_faq = false;

  std::string description;  // meta description, or OpenGraph's
  std::string article;      // the longest JSON-LD articleBody, as plain text
  std::string body;         // JSON-LD's articleBody, text, and descriptions: one after another
};

// Reads the hints of `tree`; `out` is overwritten. Linear time.
void read_page_hints(const HtmlTree& tree, PageHints& out);

// "2024-05-31" out of a date as pages write it (ISO 8601 or "May 31, 2024"); empty when it is none.
std::string iso_date(std::string_view text);

}  // namespace pith
