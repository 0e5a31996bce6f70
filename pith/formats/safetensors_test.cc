#include "pith/formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

// A file of this header and so many zero bytes of data.
std::string with_header(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string error_of(const std::string& bytes) {
  const std::string path = test_path("bad");
  EXPECT_TRUE(write_file(path, bytes));
  const auto file = SafetensorsFile::open(path);
  return file ? "" : file.error().message;
}

TEST(SafetensorsTest, TensorsAndMetadataComeBack) {
  const std::string path = test_path("round_trip");
  const std::vector<float> matrix = {1, -2, 3.5f, 0, 1e-30f, std::numeric_limits<float>::max()};
  const std::vector<float> none;
  const std::vector<std::uint8_t> bytes = {1, 2, 3};
  const std::vector<TensorToWrite> tensors = {
      {"a.weight", DType::kF32, {2, 3}, std::as_bytes(std::span(matrix))},
      {"empty", DType::kF32, {0, 5}, std::as_bytes(std::span(none))},
      {"bytes \"q\"", DType::kU8, {3}, std::as_bytes(std::span(bytes))}};
  const std::vector<std::pair<std::string, std::string>> metadata = {{"format", "pt"}};
  ASSERT_TRUE(write_safetensors(path, tensors, metadata));
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->metadata(), metadata);
  ASSERT_EQ(file->tensors().size(), 3u);
  std::vector<float> read(6);
  const std::vector<std::int64_t> shape = {2, 3};
  ASSERT_TRUE(file->read_floats("a.weight", shape, read));
  EXPECT_EQ(read, matrix);
  ASSERT_NE(file->find("bytes \"q\""), nullptr);
  EXPECT_EQ(std::memcmp(file->find("bytes \"q\"")->bytes.data(), bytes.data(), 3), 0);
  EXPECT_EQ(file->find("b"), nullptr);
}

TEST(SafetensorsTest, AnotherShapeIsNamedBesideTheExpected) {
  const std::string path = test_path("shape");
  const std::vector<float> values(6);
  const std::vector<TensorToWrite> tensors = {
      {"w", DType::kF32, {2, 3}, std::as_bytes(std::span(values))}};
  ASSERT_TRUE(write_safetensors(path, tensors));
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file);
  std::vector<float> out(6);
  const std::vector<std::int64_t> transposed = {3, 2};
  const Status status = file->read_floats("w", transposed, out);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("[2, 3]"));
  EXPECT_THAT(status.error().message, HasSubstr("[3, 2]"));
  EXPECT_FALSE(file->read_floats("v", transposed, out));
}

TEST(SafetensorsTest, HalfPrecisionBecomesFloatExactly) {
  const std::string path = test_path("half");
  const std::vector<std::uint16_t> half = {0x3c00, 0xc000, 0x0001, 0x8000,
                                           0x7bff, 0x03ff, 0x7c00, 0xfc00};
  const std::vector<std::uint16_t> brain = {0x3f80, 0xc000};
  const std::vector<double> wide = {0.1, -3};
  const std::vector<TensorToWrite> tensors = {
      {"f16", DType::kF16, {8}, std::as_bytes(std::span(half))},
      {"bf16", DType::kBF16, {2}, std::as_bytes(std::span(brain))},
      {"f64", DType::kF64, {2}, std::as_bytes(std::span(wide))}};
  ASSERT_TRUE(write_safetensors(path, tensors));
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file);
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> eight(8), two(2);
  const std::vector<std::int64_t> shape8 = {8}, shape2 = {2};
  ASSERT_TRUE(file->read_floats("f16", shape8, eight));
  EXPECT_EQ(eight,
            (std::vector<float>{1, -2, 0x1p-24f, -0.0f, 65504, 0x1.ff8p-15f, infinity, -infinity}));
  EXPECT_TRUE(std::signbit(eight[3]));
  ASSERT_TRUE(file->read_floats("bf16", shape2, two));
  EXPECT_EQ(two, (std::vector<float>{1, -2}));
  ASSERT_TRUE(file->read_floats("f64", shape2, two));
  EXPECT_EQ(two, (std::vector<float>{0.1f, -3}));
}

TEST(SafetensorsTest, DamagedAndForeignFilesAreRefused) {
  EXPECT_THAT(error_of(""), HasSubstr("0 bytes"));
  EXPECT_THAT(error_of("abc"), HasSubstr("3 bytes"));
  EXPECT_THAT(error_of(std::string(64, '\xff')), HasSubstr("header"));
  EXPECT_THAT(error_of("GGUF" + std::string(100, 'x')), HasSubstr("header"));
  const std::string good = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  EXPECT_EQ(error_of(with_header(good, 8)), "");
  EXPECT_EQ(error_of(with_header(good + "   ", 8)), "");  // padding
  const std::string whole = with_header(good, 8);
  EXPECT_THAT(error_of(whole.substr(0, 30)), HasSubstr("cut inside its header"));
  EXPECT_THAT(error_of(whole.substr(0, whole.size() - 1)), HasSubstr("7 bytes of data"));
  EXPECT_THAT(error_of(whole + "x"), HasSubstr("belong to no tensor"));
  EXPECT_THAT(error_of(with_header("[1]", 0)), HasSubstr("begin with {"));
  EXPECT_THAT(error_of(with_header("{\"w\":", 0)), HasSubstr("no JSON"));
}

TEST(SafetensorsTest, EveryEntryOfTheHeaderIsChecked) {
  const auto entry = [](const std::string& content, std::size_t bytes) {
    return error_of(with_header("{\"w\":{" + content + "}}", bytes));
  };
  EXPECT_THAT(entry(R"("dtype":"F31","shape":[2],"data_offsets":[0,8])", 8), HasSubstr("F31"));
  EXPECT_THAT(entry(R"("dtype":"F32","data_offsets":[0,8])", 8), HasSubstr("shape"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])", 8), HasSubstr("-2"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2.5],"data_offsets":[0,8])", 8), HasSubstr("2.5"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2])", 8), HasSubstr("data_offsets"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])", 8), HasSubstr("lies at"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2],"data_offsets":[0,9])", 8), HasSubstr("lies at"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])", 8),
              HasSubstr("cannot have 8 bytes"));
  // The product wraps around to 8 bytes.
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[4611686018427387904,4,2],"data_offsets":[0,8])", 8),
              HasSubstr("too large"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                    R"("v":{"dtype":"F32","shape":[2],"data_offsets":[4,12])",
                    12),
              HasSubstr("overlaps"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                    R"("v":{"dtype":"F32","shape":[1],"data_offsets":[8,12])",
                    12),
              HasSubstr("hole"));
  EXPECT_THAT(entry(R"("dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                    R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8])",
                    8),
              HasSubstr("JSON"));  // a name twice
  EXPECT_THAT(error_of(with_header(R"({"__metadata__":{"a":1}})", 0)), HasSubstr("__metadata__"));
}

TEST(SafetensorsTest, AHeaderBeyondTheCapIsNotRead) {
  const std::uint64_t length = 100'000'001;
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  EXPECT_THAT(error_of(bytes + "{}"), HasSubstr("100000001"));
}

TEST(SafetensorsTest, AMissingFileAndAFolderAreNamed) {
  EXPECT_FALSE(SafetensorsFile::open("/nowhere/model.safetensors"));
  EXPECT_FALSE(SafetensorsFile::open(test_folder()));
}

}  // namespace
}  // namespace pith
