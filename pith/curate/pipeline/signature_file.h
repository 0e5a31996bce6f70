#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/base/result.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/near_duplicates.h"
#include "pith/curate/dedup/text_segments.h"

// What later stages need of every document, beside the shard that holds its text: columns, so
// that one band's keys are read without the rest, and the shingles. Two files a shard,
// STEM.signatures and STEM.shingles. They live only while curation works; machine order of bytes.
namespace pith {

// A language's code as a value of fixed size: "zh-Hans", padded with zeros.
using LanguageCode = std::array<char, 8>;
LanguageCode language_code(std::string_view code);
std::string_view text_of(const LanguageCode& code);  // lives as long as `code`

struct DocumentSignature {
  Hash128 id;  // the document's, as a number
  Hash128 exact;
  LanguageCode language{};
  std::uint64_t text_bytes = 0;
  BandKeys band_keys{};
  std::vector<std::uint32_t> shingles;  // distinct, ascending; none: no words, alike to nothing
  std::vector<SegmentKey> segments;     // text_segments.h
};

// All but the id and the language.
DocumentSignature sign_document(std::string_view text);

// Writes the files of one shard, whole or not at all. Shingles and segments go to the disk at once.
// Memory: 250 bytes a document.
class SignatureWriter {
 public:
  static Result<SignatureWriter> create(const std::string& stem);
  Status add(const DocumentSignature& document);
  Status finish();

 private:
  SignatureWriter(AtomicFile columns, AtomicFile shingles, AtomicFile segments);

  AtomicFile columns_, shingles_, segments_;
  std::vector<DocumentSignature> documents_;                // without their shingles and segments
  std::vector<std::uint64_t> shingle_ends_, segment_ends_;  // (n + 1)
};

// The files of several shards as one; documents are numbered through. One thread at a time.
// Memory: 16 bytes a document, and what the caller asks for. Few of the files are open at a time.
class SignatureFiles {
 public:
  static Result<SignatureFiles> open(const std::vector<std::string>& stems);
  SignatureFiles(SignatureFiles&&) noexcept;
  SignatureFiles& operator=(SignatureFiles&&) noexcept;
  ~SignatureFiles();

  std::size_t documents() const;
  std::size_t documents_of(std::size_t file) const;
  Result<std::vector<Hash128>> ids() const;
  Result<std::vector<Hash128>> exact_hashes() const;
  Result<std::vector<std::uint64_t>> text_bytes() const;
  Result<std::vector<LanguageCode>> languages() const;
  Result<std::vector<std::uint8_t>> without_words() const;  // (n): 1 where there is no shingle
  SignatureSource source() const;                           // lives as long as this
  // Replaces `out` with the keys of one document's segments.
  Status segments(std::uint32_t document, std::vector<SegmentKey>& out) const;

 private:
  struct State;
  explicit SignatureFiles(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A column of plain values in a file of its own, whole or not at all.
Status write_column(const std::string& path, const void* values, std::size_t bytes);
// Error when the file does not have exactly `bytes`.
Status read_column(const std::string& path, void* values, std::size_t bytes);

}  // namespace pith
