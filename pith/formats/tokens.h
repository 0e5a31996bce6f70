#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "pith/base/result.h"

// Tokens of documents as Megatron's indexed dataset: PREFIX.bin holds ids, PREFIX.idx where each
// document begins. See docs/formats/tokens.md.
namespace pith {

// Writes both files; they appear when whole, the .idx last. The same documents in the same order
// give the same bytes. One thread at a time.
class TokenWriter {
 public:
  // Ids below `vocab` will come: 16 bits each up to a vocabulary of 65,536, else 32.
  static Result<TokenWriter> create(const std::string& prefix, std::int64_t vocab);
  TokenWriter(TokenWriter&&) noexcept;
  TokenWriter& operator=(TokenWriter&&) noexcept;
  ~TokenWriter();

  Status write_document(std::span<const int> ids);
  Status finish();
  std::uint64_t tokens() const;

 private:
  struct State;
  explicit TokenWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Reads both files, mapped. Everything is checked on opening but the ids themselves, and those
// when they are copied. Threads: any number may read.
class TokenReader {
 public:
  // Errors: kInput for missing files, kFormat for damage; both name the file.
  static Result<TokenReader> open(const std::string& prefix);
  TokenReader(TokenReader&&) noexcept;
  TokenReader& operator=(TokenReader&&) noexcept;
  ~TokenReader();

  std::uint64_t documents() const;
  std::uint64_t tokens() const;
  // Where document i begins, in tokens from the start; document_begin(documents()) is tokens().
  std::uint64_t document_begin(std::uint64_t i) const;
  // Copies the ids from `begin` on into `out`. kFormat when one is negative or not below `vocab`.
  Status copy(std::uint64_t begin, std::span<int> out, std::int64_t vocab) const;

 private:
  struct State;
  explicit TokenReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pith
