#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "pith/base/context.h"
#include "pith/base/result.h"

// The held-out documents that every model is judged by.
namespace pith {

struct TargetSample {
  std::string path;  // JSONL, a line a document
  std::uint64_t documents = 0, bytes = 0;
  std::unordered_set<std::uint64_t> texts;  // text_key() of each
};

// Says whether two texts are the same but for white space and ASCII case.
std::uint64_t text_key(std::string_view text);

// Writes to `path` the documents of `documents` (as DocumentReader::open takes it) in the order of
// their hashes, those left out that go beyond `most_bytes`; at least one. The same documents give
// the same bytes, in whatever order they come. kInput when none has text; kInterrupted.
Result<TargetSample> sample_target(const std::string& documents, const std::string& text_field,
                                   std::uint64_t most_bytes, const std::string& path,
                                   const Context& context);

}  // namespace pith
