#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/curate/dedup/repeated_text.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/curate/pipeline/work_folder.h"

// Which text of the documents left is in others too (dedup/repeated_text.h), out of core.
namespace pith {

// What documents lose, by their numbers.
struct RepeatedText {
  std::vector<std::uint32_t> documents;  // that lose something, ascending
  std::vector<std::uint64_t> ends;       // (documents): of their cuts
  std::vector<ByteRange> cuts;
  RepeatedCounts counts;
  double seconds = 0;

  // Of a document; none when it loses nothing.
  std::span<const ByteRange> cuts_of(std::size_t document) const;
};

// Looks among the documents with `taking_part` (n) != 0; the first of these that has a text is the
// one of least number. Keys are sorted on the disk, in the work folder, so that memory is bounded
// by context.memory_bytes, but for 20 bytes and 8 a cut for each document that loses something. The
// same result for any memory. Found before, it is read.
Result<RepeatedText> find_repeated_text(const SignatureFiles& files,
                                        const std::vector<std::uint8_t>& taking_part,
                                        const RepeatedTextOptions& options,
                                        const WorkFolder& folder, const Context& context);

}  // namespace pith
