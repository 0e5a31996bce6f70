#include "pith/curate/pipeline/signature_file.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  void write(const std::string& name, const std::vector<DocumentSignature>& documents) {
    auto writer = SignatureWriter::create(test_path(name));
    ASSERT_TRUE(writer) << writer.error().message;
    for (const DocumentSignature& document : documents) ASSERT_TRUE(writer->add(document));
    ASSERT_TRUE(writer->finish());
  }
};

std::string text(int number) {
  std::string words;
  for (int i = 0; i < number * 400; ++i) words += "w" + std::to_string(number * 7 + i) + " ";
  return words;
}

TEST_F(SignatureFileTest, SeveralFilesReadAsOne) {
  std::vector<DocumentSignature> all;
  const std::vector<std::string> codes = {"en", "zh-Hans", "", "und", "12345678"};
  for (int i = 0; i < 5; ++i) {
    all.push_back(sign_document(text(i)));
    all.back().id = {7, static_cast<std::uint64_t>(i)};
    all.back().language = language_code(codes[static_cast<std::size_t>(i)]);
  }
  write("a", {all[0], all[1]});
  write("b", {});
  write("c", {all[2], all[3], all[4]});
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
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(files->exact_hashes().value()[i], exact_text_hash(text(static_cast<int>(i))));
    EXPECT_EQ(files->text_bytes().value()[i], text(static_cast<int>(i)).size());
    EXPECT_EQ(files->ids().value()[i], all[i].id);
    const auto& shingles = all[i].shingles;
    ASSERT_EQ(source.shingles.count(i), shingles.size());
    for (const std::size_t first : {std::size_t{0}, shingles.size() / 3}) {
      std::vector<std::uint32_t> part(shingles.size() / 2);
      ASSERT_TRUE(source.shingles.read(i, first, part));
      EXPECT_TRUE(std::equal(part.begin(), part.end(),
                             shingles.begin() + static_cast<std::ptrdiff_t>(first)));
    }
    std::vector<SegmentKey> segments;
    ASSERT_TRUE(files->segments(i, segments));
    ASSERT_EQ(segments.size(), all[i].segments.size());
    for (std::size_t s = 0; s < segments.size(); ++s) {
      EXPECT_EQ(segments[s].key, all[i].segments[s].key);
      EXPECT_EQ(segments[s].end, all[i].segments[s].end);
    }
    for (const std::size_t band : {std::size_t{0}, kBands - 1}) {
      ASSERT_TRUE(source.band_keys(band, keys));
      EXPECT_EQ(keys[i], all[i].band_keys[band]);
    }
  }
}

TEST_F(SignatureFileTest, ForeignAndCutFilesAreErrors) {
  EXPECT_FALSE(SignatureFiles::open({path("missing")}));
  ASSERT_TRUE(write_file(path("foreign.signatures"), std::string(100, 'x')));
  EXPECT_FALSE(SignatureFiles::open({path("foreign")}));
  write("a", {sign_document(text(2))});
  const std::string whole = read_file(path("a.signatures")).value();
  ASSERT_TRUE(write_file(path("cut.signatures"), whole.substr(0, 100)));
  EXPECT_FALSE(SignatureFiles::open({path("cut")}));
  ASSERT_TRUE(write_file(path("a.shingles"), "cut"));
  std::vector<std::uint32_t> part(10);
  EXPECT_FALSE(SignatureFiles::open({path("a")})->source().shingles.read(0, 0, part));
}

TEST_F(SignatureFileTest, UnfinishedNothingIsThere) {
  {
    auto writer = SignatureWriter::create(path("a"));
    ASSERT_TRUE(writer->add(sign_document(text(1))));
  }
  EXPECT_FALSE(file_exists(path("a.signatures")));
  EXPECT_FALSE(file_exists(path("a.shingles")));
}

TEST_F(SignatureFileTest, MoreFilesThanMayBeOpenAreReadInAnyOrder) {
  std::vector<std::string> stems;
  for (int i = 0; i < 150; ++i) {
    write(std::to_string(i), {sign_document(text(1) + std::to_string(i))});
    stems.push_back(path(std::to_string(i).c_str()));
  }
  const auto files = SignatureFiles::open(stems).value();
  const SignatureSource source = files.source();
  for (std::uint32_t step = 0; step < 300; ++step) {
    const std::uint32_t i = step * 61 % 150;
    std::vector<std::uint32_t> shingles(source.shingles.count(i));
    ASSERT_TRUE(source.shingles.read(i, 0, shingles));
    ASSERT_EQ(shingles, sign_document(text(1) + std::to_string(i)).shingles);
  }
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
