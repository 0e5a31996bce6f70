#include "pith/formats/tokens.h"

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/formats/mapped_file.h"

namespace pith {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");
constexpr std::string_view kMagic("MMIDIDX\0\0", 9);
constexpr std::uint64_t kVersion = 1;
constexpr std::uint8_t kCodeU16 = 8, kCodeI32 = 4;  // Megatron's codes of NumPy types
constexpr std::size_t kHeaderBytes = 9 + 8 + 1 + 8 + 8;

template <class T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <class T>
T value_at(std::span<const std::byte> bytes, std::uint64_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace

struct TokenWriter::State {
  AtomicFile bin, idx;
  std::uint8_t code;
  std::int64_t vocab;
  std::vector<std::int32_t> lengths;
  std::uint64_t tokens = 0;
  std::string buffer;
};

TokenWriter::TokenWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
TokenWriter::TokenWriter(TokenWriter&&) noexcept = default;
TokenWriter& TokenWriter::operator=(TokenWriter&&) noexcept = default;
TokenWriter::~TokenWriter() = default;

Result<TokenWriter> TokenWriter::create(const std::string& prefix, std::int64_t vocab) {
  PITH_ASSIGN(AtomicFile bin, AtomicFile::create(prefix + ".bin"));
  PITH_ASSIGN(AtomicFile idx, AtomicFile::create(prefix + ".idx"));
  const std::uint8_t code = vocab <= 65536 ? kCodeU16 : kCodeI32;
  return TokenWriter(std::make_unique<State>(
      State{std::move(bin), std::move(idx), code, vocab, {}, 0, std::string()}));
}

Status TokenWriter::write_document(std::span<const int> ids) {
  State& state = *state_;
  if (ids.size() > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    return capacity_error("[tokens] a document has " + std::to_string(ids.size()) +
                          " tokens, more than the format can hold; split it");
  }
  for (const int id : ids) {
    PITH_CHECK(id >= 0 && id < state.vocab, "an id outside of the vocabulary");
    if (state.code == kCodeU16) {
      append(state.buffer, static_cast<std::uint16_t>(id));
    } else {
      append(state.buffer, std::int32_t{id});
    }
  }
  state.lengths.push_back(static_cast<std::int32_t>(ids.size()));
  state.tokens += ids.size();
  if (state.buffer.size() < 1 << 20) return {};
  PITH_TRY(state.bin.write(state.buffer));
  state.buffer.clear();
  return {};
}

Status TokenWriter::finish() {
  State& state = *state_;
  PITH_TRY(state.bin.write(state.buffer));
  PITH_TRY(state.bin.commit());

  std::string index(kMagic);
  append(index, kVersion);
  append(index, state.code);
  append(index, std::uint64_t{state.lengths.size()});
  append(index, std::uint64_t{state.lengths.size() + 1});
  for (const std::int32_t length : state.lengths) append(index, length);
  std::int64_t pointer = 0;
  const std::int64_t width = state.code == kCodeU16 ? 2 : 4;
  for (const std::int32_t length : state.lengths) {
    append(index, pointer);
    pointer += length * width;
  }
  for (std::size_t i = 0; i <= state.lengths.size(); ++i)
    append(index, static_cast<std::int64_t>(i));
  PITH_TRY(state.idx.write(index));
  return state.idx.commit();
}

std::uint64_t TokenWriter::tokens() const { return state_->tokens; }

struct TokenReader::State {
  std::string prefix;
  MappedFile bin;
  std::uint64_t width;                // bytes an id
  std::vector<std::uint64_t> begins;  // of documents, and the end of the last

  template <class T>
  Status copy(std::uint64_t begin, std::span<int> out, std::int64_t vocab) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = int{value_at<T>(bin.bytes(), (begin + i) * sizeof(T))};
      if (out[i] < 0 || out[i] >= vocab) {
        return format_error("[tokens] " + prefix + ".bin: token " + std::to_string(begin + i) +
                            " is " + std::to_string(out[i]) + ", the vocabulary has " +
                            std::to_string(vocab) + "; the file is of another tokenizer");
      }
    }
    return {};
  }
};

TokenReader::TokenReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TokenReader::TokenReader(TokenReader&&) noexcept = default;
TokenReader& TokenReader::operator=(TokenReader&&) noexcept = default;
TokenReader::~TokenReader() = default;

Result<TokenReader> TokenReader::open(const std::string& prefix) {
  const std::string idx_path = prefix + ".idx";
  PITH_ASSIGN(const MappedFile idx, MappedFile::open(idx_path));
  PITH_ASSIGN(MappedFile bin, MappedFile::open(prefix + ".bin"));
  const auto damaged = [&](const std::string& what) {
    return format_error("[tokens] " + idx_path + ": " + what + "; make the tokens again");
  };
  const auto index = idx.bytes();
  if (index.size() < kHeaderBytes || std::memcmp(index.data(), kMagic.data(), kMagic.size()) != 0) {
    return damaged("does not begin with MMIDIDX");
  }
  if (const auto version = value_at<std::uint64_t>(index, 9); version != kVersion) {
    return damaged("has version " + std::to_string(version) + ", 1 was expected");
  }
  const auto code = value_at<std::uint8_t>(index, 17);
  if (code != kCodeU16 && code != kCodeI32) {
    return damaged("has ids of type " + std::to_string(code) +
                   ", 8 (u16) or 4 (i32) were expected");
  }
  const std::uint64_t width = code == kCodeU16 ? 2 : 4;
  const auto sequences = value_at<std::uint64_t>(index, 18);
  const auto boundaries = value_at<std::uint64_t>(index, 26);  // documents and one
  const std::uint64_t room = index.size() - kHeaderBytes;
  // A sequence takes 12 bytes, a boundary 8; Megatron may append a byte a sequence (its mode).
  if (sequences > room / 12 || boundaries > room / 8 || boundaries == 0 ||
      (sequences * 12 + boundaries * 8 != room && sequences * 13 + boundaries * 8 != room)) {
    return damaged("has " + std::to_string(index.size()) + " bytes, not those of " +
                   std::to_string(sequences) + " sequences");
  }
  const std::uint64_t lengths_at = kHeaderBytes, pointers_at = lengths_at + sequences * 4,
                      boundaries_at = pointers_at + sequences * 8;
  const std::uint64_t bin_bytes = bin.bytes().size();
  std::vector<std::uint64_t> sequence_begins;
  sequence_begins.reserve(sequences + 1);
  std::uint64_t expected = 0;  // byte offset: sequences follow each other
  for (std::uint64_t i = 0; i < sequences; ++i) {
    const auto length = value_at<std::int32_t>(index, lengths_at + i * 4);
    const auto pointer = value_at<std::int64_t>(index, pointers_at + i * 8);
    if (length < 0 || pointer < 0 || static_cast<std::uint64_t>(pointer) != expected) {
      return damaged("sequence " + std::to_string(i) + " does not follow the one before");
    }
    sequence_begins.push_back(expected / width);
    expected += static_cast<std::uint64_t>(length) * width;
    if (expected > bin_bytes) break;
  }
  if (expected != bin_bytes) {
    return damaged("speaks of other data than " + prefix + ".bin, which has " +
                   std::to_string(bin_bytes) + " bytes");
  }
  sequence_begins.push_back(expected / width);
  std::vector<std::uint64_t> begins;
  begins.reserve(boundaries);
  std::int64_t last = 0;
  for (std::uint64_t i = 0; i < boundaries; ++i) {
    const auto sequence = value_at<std::int64_t>(index, boundaries_at + i * 8);
    const bool wrong_end = i + 1 == boundaries && static_cast<std::uint64_t>(sequence) != sequences;
    if (sequence < last || static_cast<std::uint64_t>(sequence) > sequences || wrong_end ||
        (i == 0 && sequence != 0)) {
      return damaged("document " + std::to_string(i) + " begins at no sequence in order");
    }
    last = sequence;
    begins.push_back(sequence_begins[static_cast<std::size_t>(sequence)]);
  }
  return TokenReader(
      std::make_unique<State>(State{prefix, std::move(bin), width, std::move(begins)}));
}

std::uint64_t TokenReader::documents() const { return state_->begins.size() - 1; }
std::uint64_t TokenReader::tokens() const { return state_->begins.back(); }
std::uint64_t TokenReader::document_begin(std::uint64_t i) const { return state_->begins[i]; }

Status TokenReader::copy(std::uint64_t begin, std::span<int> out, std::int64_t vocab) const {
  PITH_CHECK(begin <= tokens() && out.size() <= tokens() - begin, state_->prefix);
  return state_->width == 2 ? state_->copy<std::uint16_t>(begin, out, vocab)
                            : state_->copy<std::int32_t>(begin, out, vocab);
}

}  // namespace pith
