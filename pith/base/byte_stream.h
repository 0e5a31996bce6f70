#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "pith/base/result.h"

// Bytes in order, from a file or out of a compressed one, with bounded memory.
namespace pith {

// A source of bytes. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `buffer`; returns how many bytes, 0 only at the end. A damaged compressed
  // stream gives a kFormat error that names the file and the offset in the compressed file.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  // Bytes consumed so far of the file underneath (compressed), for progress.
  virtual std::uint64_t file_offset() const = 0;
  // After an error of read(): goes on at the next gzip member or zstd frame of the file, false when
  // there is none (or the source is not compressed). Until then read() repeats its error.
  virtual Result<bool> skip_damage() { return false; }
};

// A file as it is.
Result<std::unique_ptr<ByteSource>> open_raw(const std::string& path);

// A file as it is; "-" is standard input.
Result<std::unique_ptr<ByteSource>> open_file_or_stdin(const std::string& path);

// A file decompressed by its magic bytes: gzip (any number of members), zstd (any number of
// frames), or as it is. Compression bombs are harmless: nothing is buffered beyond about 256 KiB,
// and a zstd window over 128 MiB is refused.
Result<std::unique_ptr<ByteSource>> open_decompressed(const std::string& path);

// Decompresses `inner`, same rules. `name` is for error messages.
std::unique_ptr<ByteSource> decompress_gzip(std::unique_ptr<ByteSource> inner, std::string name);
std::unique_ptr<ByteSource> decompress_zstd(std::unique_ptr<ByteSource> inner, std::string name);

// A source whose first bytes can be looked at before they are read.
class PeekableSource : public ByteSource {
 public:
  explicit PeekableSource(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)) {}
  // The next `count` bytes, fewer only at the end or before damage. The view ends with the next
  // call.
  Result<std::string_view> peek(std::size_t count);
  Result<std::size_t> read(std::span<char> buffer) override;
  std::uint64_t file_offset() const override { return inner_->file_offset(); }
  Result<bool> skip_damage() override { return inner_->skip_damage(); }

 private:
  std::unique_ptr<ByteSource> inner_;
  std::string ahead_;
  std::size_t begin_ = 0;  // unread part of ahead_
};

// Lines of a source, without the newline; a line longer than `max_line_bytes` is skipped whole and
// counted. One thread at a time; a line's view ends with the next call.
class LineReader {
 public:
  LineReader(std::unique_ptr<ByteSource> source, std::size_t max_line_bytes);
  // False at the end.
  Result<bool> next(std::string_view& line);
  std::uint64_t line_number() const { return line_number_; }  // of the last line, from 1
  std::uint64_t line_offset() const { return line_offset_; }  // of its first byte, uncompressed
  std::uint64_t lines_too_long() const { return lines_too_long_; }
  std::uint64_t file_offset() const { return source_->file_offset(); }

 private:
  Result<bool> fill();
  std::unique_ptr<ByteSource> source_;
  const std::size_t max_line_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;  // unread part of buffer_
  std::uint64_t stream_offset_ = 0;  // of buffer_[begin_]
  std::uint64_t line_number_ = 0, line_offset_ = 0, lines_too_long_ = 0;
  bool at_end_ = false;
};

// Compresses to one zstd frame per end_frame(), appended to `out`. Same input and calls give the
// same bytes on every machine. With `threads` of its own it compresses pieces of a frame side by
// side, so that add() returns at once; the bytes are the same for any number of them, but others
// than without.
class ZstdCompressor {
 public:
  explicit ZstdCompressor(int level = 3, int threads = 0);
  ~ZstdCompressor();
  ZstdCompressor(ZstdCompressor&&) noexcept;
  ZstdCompressor& operator=(ZstdCompressor&&) noexcept;

  void add(std::string_view bytes, std::string& out);
  void end_frame(std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pith
