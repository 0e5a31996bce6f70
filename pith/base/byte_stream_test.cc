#include "pith/base/byte_stream.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_compression.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

// Not compressible to nothing, so that buffers are crossed.
std::string sample(std::size_t size) {
  std::string text;
  std::uint64_t state = 1;
  while (text.size() < size) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    text.push_back(static_cast<char>('a' + (state >> 60)));
  }
  return text;
}

// Everything until the end or an error, in steps of `step`.
std::string drain(ByteSource& source, std::string* error = nullptr, std::size_t step = 4096) {
  std::string all;
  std::vector<char> buffer(step);
  for (;;) {
    const Result<std::size_t> count = source.read(buffer);
    if (!count) {
      if (error != nullptr) *error = count.error().message;
      return all;
    }
    if (*count == 0) return all;
    all.append(buffer.data(), *count);
  }
}

std::unique_ptr<ByteSource> open_bytes(const std::string& name, const std::string& bytes) {
  const std::string path = test_path(name);
  EXPECT_TRUE(write_file(path, bytes));
  auto source = open_decompressed(path);
  EXPECT_TRUE(source);
  return std::move(source).value();
}

TEST(ByteStreamTest, ReadsPlainGzipAndZstdAtAwkwardSizes) {
  for (const std::size_t size : {0u, 1u, 3u, 4u, 65535u, 65536u, 65537u, 1000003u}) {
    const std::string text = sample(size);
    for (const std::size_t step : {1u, 7u, 4096u, 1u << 20}) {
      if (step < 100 && size > 70000) continue;
      EXPECT_EQ(drain(*open_bytes("plain", text), nullptr, step), text);
      EXPECT_EQ(drain(*open_bytes("gz", gzip(text)), nullptr, step), text);
      EXPECT_EQ(drain(*open_bytes("zst", zstd(text)), nullptr, step), text);
    }
  }
}

TEST(ByteStreamTest, JoinsMembersAndFramesAndIgnoresZeroPadding) {
  const std::string a = sample(100000), b = "second";
  EXPECT_EQ(drain(*open_bytes("members", gzip(a) + gzip("") + gzip(b))), a + b);
  EXPECT_EQ(drain(*open_bytes("frames", zstd(a) + zstd("") + zstd(b))), a + b);
  EXPECT_EQ(drain(*open_bytes("padded", gzip(b) + std::string(1000, '\0'))), b);
}

TEST(ByteStreamTest, DeliversWhatCameBeforeATruncation) {
  const std::string text = sample(400000);
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    std::string error;
    const std::string got = drain(*open_bytes("cut", packed.substr(0, packed.size() / 2)), &error);
    EXPECT_GT(got.size(), text.size() / 4);
    EXPECT_TRUE(text.starts_with(got));
    EXPECT_NE(error.find("cut"), std::string::npos) << error;
    EXPECT_NE(error.find("ends in the middle"), std::string::npos) << error;
  }
  std::string error;  // one byte is missing
  const std::string packed = gzip(text);
  EXPECT_EQ(drain(*open_bytes("cut", packed.substr(0, packed.size() - 1)), &error), text);
  EXPECT_FALSE(error.empty());
}

TEST(ByteStreamTest, GoesOnBehindDamage) {
  const std::string a = sample(200000), b = "the rest";
  for (auto pack : {gzip, zstd}) {
    std::string damaged = pack(a);
    for (std::size_t i = damaged.size() / 2; i < damaged.size(); ++i) damaged[i] = 'x';
    const auto source = open_bytes("damaged", damaged + pack(b));
    std::string error;
    drain(*source, &error);
    ASSERT_FALSE(error.empty());
    const Result<bool> skipped = source->skip_damage();
    ASSERT_TRUE(skipped);
    EXPECT_TRUE(*skipped);
    EXPECT_EQ(drain(*source), b);
    const Result<bool> again = source->skip_damage();
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again);
  }
}

// Bytes that come one at a time, as from a slow pipe.
class DrippingSource final : public ByteSource {
 public:
  explicit DrippingSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    if (at_ == bytes_.size() || buffer.empty()) return std::size_t{0};
    buffer[0] = bytes_[at_++];
    return std::size_t{1};
  }
  std::uint64_t file_offset() const override { return at_; }

 private:
  const std::string bytes_;
  std::size_t at_ = 0;
};

TEST(ByteStreamTest, AGzipHeaderWithASumMayComeInPieces) {
  const std::string plain = gzip("hello");
  std::string header = plain.substr(0, 10) + "name" + std::string(1, '\0');
  header[3] = 8 | 2;  // a name, and a sum of the header
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(header.data()), static_cast<uInt>(header.size()));
  for (const bool right : {true, false}) {
    std::string packed = header;
    packed += static_cast<char>((sum & 0xFF) ^ (right ? 0 : 1));
    packed += static_cast<char>(sum >> 8 & 0xFF);
    packed += plain.substr(10);
    const auto source = decompress_gzip(std::make_unique<DrippingSource>(packed + packed), "drip");
    std::string text, buffer(100, '\0');
    bool damaged = false;
    for (;;) {
      const auto got = source->read(buffer);
      damaged = !got;
      if (!got || *got == 0) break;
      text += buffer.substr(0, *got);
    }
    EXPECT_EQ(damaged, !right);
    EXPECT_EQ(text, right ? "hellohello" : "");
  }
}

TEST(ByteStreamTest, SaysWhatCannotBeOpened) {
  const auto missing = open_raw(test_path("none"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
  const auto folder = open_raw(test_folder());
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
}

TEST(LineReaderTest, SplitsLinesAndSkipsTheTooLong) {
  for (const std::size_t long_line : {11u, 300000u, 2000000u}) {
    const std::string text = "one\n\n" + sample(long_line) + "\nfour\r\nlast";
    LineReader lines(open_bytes("lines", text), 10);
    std::vector<std::string> got;
    std::vector<std::uint64_t> offsets, numbers;
    std::string_view line;
    for (;;) {
      const Result<bool> more = lines.next(line);
      ASSERT_TRUE(more);
      if (!*more) break;
      got.emplace_back(line);
      offsets.push_back(lines.line_offset());
      numbers.push_back(lines.line_number());
    }
    EXPECT_EQ(got, (std::vector<std::string>{"one", "", "four\r", "last"}));
    EXPECT_EQ(offsets, (std::vector<std::uint64_t>{0, 4, long_line + 6, long_line + 12}));
    EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 2, 4, 5}));
    EXPECT_EQ(lines.lines_too_long(), 1u);
  }
}

TEST(ZstdCompressorTest, ThreadsGiveOneFrameOfTheSameBytesForAnyNumberOfThem) {
  std::string text;
  Random random(3, "zstd");
  while (text.size() < 10'000'000) text += "line " + std::to_string(random.below(5000)) + "\n";
  const auto compress = [&](int threads, std::size_t piece) {
    ZstdCompressor compressor(3, threads);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      compressor.add(std::string_view(text).substr(at, piece), out);
    }
    compressor.end_frame(out);
    return out;
  };
  const std::string one = compress(1, 100'000);
  EXPECT_EQ(compress(2, 100'000), one);
  EXPECT_EQ(compress(4, 77'777), one);
  EXPECT_EQ(one.find("\x28\xB5\x2F\xFD", 1), std::string::npos);  // no second frame
  ASSERT_TRUE(write_file(test_path("threads.zst"), one));
  auto source = open_decompressed(test_path("threads.zst"));
  ASSERT_TRUE(source);
  std::string back(text.size() + 1, 0);
  std::size_t size = 0;
  for (std::size_t got = 1; got > 0; size += got) {
    got = (*source)->read(std::span(back).subspan(size)).value();
  }
  EXPECT_TRUE(std::string_view(back).substr(0, size) == text);
}

TEST(ZstdCompressorTest, EqualCallsGiveEqualBytesWithAChecksum) {
  const std::string text = sample(100000);
  EXPECT_EQ(zstd(text), zstd(text));
  std::string damaged = zstd(text);
  damaged[damaged.size() - 1] = static_cast<char>(damaged.back() ^ 1);
  std::string error;
  drain(*open_bytes("checksum", damaged), &error);
  EXPECT_NE(error.find("checksum"), std::string::npos) << error;
}

}  // namespace
}  // namespace pith
