#pragma once

#include <string>
#include <string_view>

namespace pith {

// `text` safe between tags and inside double-quoted attributes. Control characters become spaces.
std::string escape_html(std::string_view text);

// A figure of the run: "<span data-figure="tokens">1,234</span>". A test finds it by its name.
std::string figure_html(std::string_view name, std::string_view shown);

// Cuts `text` to at most `max_bytes` at a character border, with an ellipsis when cut.
std::string shorten(std::string_view text, std::size_t max_bytes);

}  // namespace pith
