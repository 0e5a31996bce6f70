#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/hash.h"
#include "pith/base/result.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/near_duplicates.h"

// What later stages need of every document, beside the shard that holds its text: columns, so
// that one band's keys are read without the rest. Lives only while curation works; machine order
// of bytes.
namespace pith {

// A language's code as a value of fixed size: "zh-Hans", padded with zeros.
using LanguageCode = std::array<char, 8>;
LanguageCode language_code(std::string_view code);
std::string_view text_of(const LanguageCode& code);  // lives as long as `code`

struct DocumentSignature {
  Hash128 exact;
  LanguageCode language{};
  std::uint64_t text_bytes = 0;
  BandKeys band_keys{};
  std::vector<std::uint32_t> sketch;  // empty: no words, alike to nothing
};

DocumentSignature sign_document(std::string_view text, std::vector<std::uint32_t>& shingles);

// Writes one file, whole or not at all.
Status write_signatures(const std::string& path, const std::vector<DocumentSignature>& documents);

// Several signature files as one; documents are numbered through. One thread at a time.
// Memory: 8 bytes a document, and what the caller asks for.
class SignatureFiles {
 public:
  static Result<SignatureFiles> open(const std::vector<std::string>& paths);
  SignatureFiles(SignatureFiles&&) noexcept;
  SignatureFiles& operator=(SignatureFiles&&) noexcept;
  ~SignatureFiles();

  std::size_t documents() const;
  std::size_t documents_of(std::size_t file) const;
  Result<std::vector<Hash128>> exact_hashes() const;
  Result<std::vector<std::uint64_t>> text_bytes() const;
  Result<std::vector<LanguageCode>> languages() const;
  Result<std::vector<std::uint8_t>> without_words() const;  // (n): 1 where the sketch is empty
  SignatureSource source() const;                           // lives as long as this

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
