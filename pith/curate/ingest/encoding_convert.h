#pragma once

#include <string_view>

#include "pith/curate/ingest/encoding.h"

namespace pith {

// `bytes` read as `encoding`, a name that encoding_of_label() gives. Bytes that are not of it
// become U+FFFD. Threads: any; every thread keeps its own converters.
DecodedText convert_to_utf8(std::string_view bytes, std::string_view encoding);

}  // namespace pith
