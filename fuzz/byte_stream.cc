// Compressed streams: gzip (g), zstd (z), or bytes that pith compresses itself (any other letter).
// The second byte says in how small pieces the stream comes.
#include "pith/base/byte_stream.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"

namespace pith {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;  // of a bomb

std::unique_ptr<ByteSource> open(char kind, std::string_view bytes, std::size_t piece) {
  auto source = std::make_unique<fuzz::PieceSource>(bytes, piece);
  if (kind == 'g') return decompress_gzip(std::move(source), "input");
  return decompress_zstd(std::move(source), "input");
}

struct Unpacked {
  std::string bytes;
  bool whole = false;
};

// With buffers of `room` bytes, up to the first damage.
Unpacked unpack(ByteSource& source, std::size_t room) {
  Unpacked unpacked;
  std::vector<char> buffer(room);
  while (unpacked.bytes.size() < kMostBytes) {
    const auto count = source.read(buffer);
    if (!count) {
      PITH_CHECK(count.error().kind == ErrorKind::kFormat, count.error().message);
      PITH_CHECK(!source.read(buffer), "damage is forgotten");
      return unpacked;
    }
    PITH_CHECK(*count <= room, "");
    if (*count == 0) {
      unpacked.whole = true;
      return unpacked;
    }
    unpacked.bytes.append(buffer.data(), *count);
  }
  return unpacked;
}

void check_damaged(char kind, std::string_view bytes, std::size_t piece) {
  const auto source = open(kind, bytes, piece);
  std::size_t total = 0;
  for (std::size_t times = 0;; ++times) {
    // Every skip ends before a later member.
    PITH_CHECK(times <= bytes.size() + 1, "the same damage is passed over for ever");
    total += unpack(*source, 4096).bytes.size();
    if (total >= kMostBytes) return;
    const auto more = source->skip_damage();
    PITH_CHECK(more.ok(), "");
    if (!*more) return;
  }
}

void check_lines(std::string_view bytes, std::size_t piece, std::size_t most) {
  LineReader lines(std::make_unique<fuzz::PieceSource>(bytes, piece), most);
  std::uint64_t number = 0;
  for (std::string_view line;;) {
    const auto more = lines.next(line);
    PITH_CHECK(more.ok(), "");
    if (!*more) break;
    PITH_CHECK(line.size() <= most && lines.line_number() > number, "");
    number = lines.line_number();
    PITH_CHECK(bytes.substr(lines.line_offset(), line.size()) == line, "another line");
    const std::size_t end = lines.line_offset() + line.size();
    PITH_CHECK(end == bytes.size() || bytes[end] == '\n', "half a line");
  }
  std::uint64_t expected = 0;
  for (std::size_t begin = 0; begin < bytes.size(); ++expected) {
    begin = std::min(bytes.find('\n', begin), bytes.size()) + 1;
  }
  PITH_CHECK(lines.line_number() == expected, "a line is lost");
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  fuzz::Input input(data, size);
  const char kind = input.letter();
  const std::size_t piece = input.number(100);
  const std::string_view bytes = input.rest();
  if (kind == 'g' || kind == 'z') {
    const Unpacked whole = unpack(*open(kind, bytes, SIZE_MAX), 1 << 16);
    const Unpacked pieces = unpack(*open(kind, bytes, piece), 1 + piece * 7);
    // What ISA-L makes of a distance beyond the beginning depends on the pieces; that it is damage
    // does not.
    const std::size_t both = std::min({whole.bytes.size(), pieces.bytes.size(), kMostBytes});
    if (whole.whole || whole.bytes.size() >= kMostBytes) {
      PITH_CHECK(whole.bytes.compare(0, both, pieces.bytes, 0, both) == 0, "pieces differ");
    }
    if (whole.bytes.size() < kMostBytes) {
      PITH_CHECK(whole.whole == pieces.whole, "pieces are damaged, the whole is not");
      if (whole.whole) PITH_CHECK(whole.bytes == pieces.bytes, "pieces end early");
    }
    check_damaged(kind, bytes, piece);
    return 0;
  }
  check_lines(bytes, piece, 50);
  check_lines(bytes, SIZE_MAX, piece);
  ZstdCompressor compressor;
  std::string packed;
  compressor.add(bytes.substr(0, bytes.size() / 2), packed);
  if (piece % 2 == 0) compressor.end_frame(packed);
  compressor.add(bytes.substr(bytes.size() / 2), packed);
  compressor.end_frame(packed);
  const Unpacked back = unpack(*open('z', packed, piece), 777);
  PITH_CHECK(back.whole && back.bytes == bytes, "other bytes come back");
  return 0;
}
