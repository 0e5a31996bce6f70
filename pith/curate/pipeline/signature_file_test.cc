#include "pith/curate/pipeline/signature_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

class SignatureFileTest : public testing::Test {
 protected:
  std::string path(const char* name) const { return test_path(name); }
};

std::string text(int number) {
  std::string words;
  for (int i = 0; i < number * 400; ++i) words += "w" + std::to_string(number * 7 + i) + " ";
  return words;
}

TEST_F(SignatureFileTest, SeveralFilesReadAsOne) {
  std::vector<std::uint32_t> shingles;
  std::vector<DocumentSignature> all;
  const std::vector<std::string> codes = {"en", "zh-Hans", "", "und", "12345678"};
  for (int i = 0; i < 5; ++i) {
    all.push_back(sign_document(text(i), shingles));
    all.back().language = language_code(codes[static_cast<std::size_t>(i)]);
  }
  ASSERT_TRUE(write_signatures(path("a"), {all[0], all[1]}));
  ASSERT_TRUE(write_signatures(path("b"), {}));
  ASSERT_TRUE(write_signatures(path("c"), {all[2], all[3], all[4]}));
  const auto files = SignatureFiles::open({path("a"), path("b"), path("c")});
  ASSERT_TRUE(files) << files.error().message;
  const auto languages = files->languages().value();
  ASSERT_EQ(languages.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(text_of(languages[i]), codes[i]);
  ASSERT_EQ(files->documents(), 5u);
  EXPECT_EQ(files->documents_of(2), 3u);
  EXPECT_EQ(files->without_words().value(), (std::vector<std::uint8_t>{1, 0, 0, 0, 0}));
  const SignatureSource source = files->source();
  std::vector<std::uint64_t> keys;
  std::vector<std::uint32_t> sketch;
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(files->exact_hashes().value()[i], exact_text_hash(text(static_cast<int>(i))));
    EXPECT_EQ(files->text_bytes().value()[i], text(static_cast<int>(i)).size());
    ASSERT_TRUE(source.sketch(i, sketch));
    EXPECT_EQ(sketch, all[i].sketch);
    EXPECT_LE(sketch.size(), kSketchSize);
    for (const std::size_t band : {std::size_t{0}, kBands - 1}) {
      ASSERT_TRUE(source.band_keys(band, keys));
      EXPECT_EQ(keys[i], all[i].band_keys[band]);
    }
  }
}

TEST_F(SignatureFileTest, ForeignAndCutFilesAreErrors) {
  EXPECT_FALSE(SignatureFiles::open({path("missing")}));
  ASSERT_TRUE(write_file(path("foreign"), std::string(100, 'x')));
  EXPECT_FALSE(SignatureFiles::open({path("foreign")}));
  std::vector<std::uint32_t> shingles;
  ASSERT_TRUE(write_signatures(path("a"), {sign_document(text(2), shingles)}));
  const std::string whole = read_file(path("a")).value();
  ASSERT_TRUE(write_file(path("cut"), whole.substr(0, 100)));
  EXPECT_FALSE(SignatureFiles::open({path("cut")}));
}

TEST_F(SignatureFileTest, AColumnOfNoValuesIsAColumn) {
  ASSERT_TRUE(write_column(path("column"), nullptr, 0));
  EXPECT_TRUE(read_column(path("column"), nullptr, 0));
}

TEST_F(SignatureFileTest, AColumnOfAnotherLengthIsAnError) {
  const std::vector<float> values = {1, 2, 3};
  ASSERT_TRUE(write_column(path("column"), values.data(), 12));
  std::vector<float> back(3);
  EXPECT_TRUE(read_column(path("column"), back.data(), 12));
  EXPECT_EQ(back, values);
  EXPECT_FALSE(read_column(path("column"), back.data(), 8));
}

}  // namespace
}  // namespace pith
