#include "pith/train/prepare_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/formats/documents.h"
#include "pith/formats/tokens.h"
#include "pith/text/tokenizer.h"

namespace pith {
namespace {

using testing::HasSubstr;

std::vector<std::string> make_texts(std::size_t count) {
  const char* words[] = {"kernel", "package", "the",  "reads", "files",
                         "of",     "each",    "中文", "user"};
  Random random(3);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = "Page " + std::to_string(i) + ".";
    for (int j = 0; j < 40; ++j) text += std::string(" ") + words[random.below(std::size(words))];
    texts.push_back(text);
  }
  return texts;
}

void write_documents(const std::string& folder, const std::vector<std::string>& texts) {
  auto writer = DocumentWriter::create(folder, {.shard_bytes = 4000});
  ASSERT_TRUE(writer);
  for (const std::string& text : texts) {
    Document document;
    document.text = text;
    ASSERT_TRUE(writer->write(document));
  }
  ASSERT_TRUE(writer->finish());
}

// Texts of a part, decoded.
std::vector<std::string> texts_of(const std::string& out, const std::string& part) {
  const Tokenizer tokenizer = Tokenizer::load(out + "/tokenizer.json").value();
  const TokenReader reader = TokenReader::open(out + "/" + part).value();
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < reader.documents(); ++i) {
    std::vector<int> ids(reader.document_begin(i + 1) - reader.document_begin(i));
    EXPECT_TRUE(reader.copy(reader.document_begin(i), ids, tokenizer.vocab_size()));
    EXPECT_EQ(ids.front(), tokenizer.bos_id());
    EXPECT_EQ(ids.back(), tokenizer.eos_id());
    texts.push_back(tokenizer.decode(ids, true));
  }
  return texts;
}

PrepareOptions options_for(const std::string& folder) {
  PrepareOptions options;
  options.documents = folder + "/documents";
  options.out = folder + "/tokens";
  options.vocab = 400;
  options.heldout_fraction = 0.1;
  return options;
}

TEST(PrepareTokensTest, EveryDocumentIsOnOneSideWhole) {
  const std::string folder = test_path("sides");
  const auto texts = make_texts(60);
  write_documents(folder + "/documents", texts);
  const PrepareOptions options = options_for(folder);
  const auto info = prepare_tokens(options, {});
  ASSERT_TRUE(info) << info.error().message;
  auto all = texts_of(options.out, "train");
  const auto heldout = texts_of(options.out, "heldout");
  EXPECT_EQ(all.size(), info->documents);
  EXPECT_EQ(heldout.size(), info->heldout_documents);
  EXPECT_NEAR(static_cast<double>(heldout.size()), 6, 1);
  all.insert(all.end(), heldout.begin(), heldout.end());
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(texts));
  std::uint64_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  EXPECT_EQ(info->bytes + info->heldout_bytes, bytes);
  EXPECT_EQ(info->vocab, Tokenizer::load(options.out + "/tokenizer.json")->vocab_size());
}

TEST(PrepareTokensTest, TheEntropyIsThatOfTheTrainingTokensSpreadOverTheBytesOfText) {
  const std::string folder = test_path("entropy");
  write_documents(folder + "/documents", make_texts(60));
  const PrepareOptions options = options_for(folder);
  const auto info = prepare_tokens(options, {});
  ASSERT_TRUE(info) << info.error().message;
  const TokenReader reader = TokenReader::open(options.out + "/train").value();
  std::vector<int> ids(info->tokens);
  ASSERT_TRUE(reader.copy(0, ids, info->vocab));
  std::map<int, double> times;
  for (const int id : ids) ++times[id];
  double bits = 0;
  for (const int id : ids) bits -= std::log2(times[id] / static_cast<double>(ids.size()));
  EXPECT_NEAR(info->unigram_bits_per_byte, bits / static_cast<double>(info->bytes), 1e-9);
  EXPECT_EQ(read_tokens_info(options.out)->unigram_bits_per_byte, info->unigram_bits_per_byte);
}

TEST(PrepareTokensTest, ThreadsDoNotMatterAndASecondCallDoesNothing) {
  const std::string folder = test_path("threads");
  write_documents(folder + "/documents", make_texts(60));
  PrepareOptions one = options_for(folder), four = options_for(folder);
  four.out = folder + "/tokens4";
  Context threads;
  ASSERT_TRUE(prepare_tokens(one, threads));
  threads.threads = 4;
  ASSERT_TRUE(prepare_tokens(four, threads));
  for (const char* name :
       {"train.bin", "train.idx", "heldout.bin", "heldout.idx", "tokenizer.json", "tokens.json"}) {
    EXPECT_EQ(*read_file(one.out + "/" + name), *read_file(four.out + "/" + name)) << name;
  }
  const auto before = std::filesystem::last_write_time(one.out + "/train.bin");
  const auto again = prepare_tokens(one, {});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->already_done);
  EXPECT_EQ(std::filesystem::last_write_time(one.out + "/train.bin"), before);
  // A file that has gone is made again.
  ASSERT_TRUE(remove_tree(one.out + "/heldout.bin"));
  ASSERT_TRUE(prepare_tokens(one, {}));
  EXPECT_EQ(*read_file(one.out + "/heldout.bin"), *read_file(four.out + "/heldout.bin"));
}

TEST(PrepareTokensTest, OtherOptionsAndOtherFilesAreRefused) {
  const std::string folder = test_path("refused");
  write_documents(folder + "/documents", make_texts(20));
  PrepareOptions options = options_for(folder);
  ASSERT_TRUE(prepare_tokens(options, {}));
  options.vocab = 500;
  const auto other = prepare_tokens(options, {});
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("option vocab is 500, was 400"));
  options.out = folder + "/mine";
  ASSERT_TRUE(make_folders(options.out));
  ASSERT_TRUE(write_file(options.out + "/thesis.tex", "x"));
  const auto foreign = prepare_tokens(options, {});
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, HasSubstr("thesis.tex"));
}

TEST(PrepareTokensTest, OneDocumentGivesItsEnd) {
  const std::string folder = test_path("one");
  std::string text;
  for (const std::string& part : make_texts(30)) text += part + "\n";
  write_documents(folder + "/documents", {text});
  const PrepareOptions options = options_for(folder);
  const auto info = prepare_tokens(options, {});
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(texts_of(options.out, "train")[0] + texts_of(options.out, "heldout")[0], text);
}

TEST(PrepareTokensTest, AGivenTokenizerIsUsed) {
  const std::string folder = test_path("given");
  write_documents(folder + "/documents", make_texts(20));
  PrepareOptions options = options_for(folder);
  ASSERT_TRUE(prepare_tokens(options, {}));
  PrepareOptions again = options;
  again.tokenizer = options.out + "/tokenizer.json";
  again.out = folder + "/again";
  ASSERT_TRUE(prepare_tokens(again, {}));
  EXPECT_EQ(*read_file(again.out + "/train.bin"), *read_file(options.out + "/train.bin"));
}

TEST(PrepareTokensTest, NothingToLearnFromIsSaid) {
  const std::string folder = test_path("nothing");
  PrepareOptions options = options_for(folder);
  const auto missing = prepare_tokens(options, {});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("does not exist"));
  write_documents(options.documents, {});
  const auto none = prepare_tokens(options, {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("too little"));
  write_documents(options.documents, {"", "", ""});
  EXPECT_FALSE(prepare_tokens(options, {}));
  const std::string text(500, 'a');
  write_documents(options.documents, {text, text, text});
  const auto copies = prepare_tokens(options, {});
  ASSERT_FALSE(copies);
  EXPECT_THAT(copies.error().message, HasSubstr("copies of one text"));
}

TEST(PrepareTokensTest, TooLittleMemoryIsSaidBeforeAnythingIsWritten) {
  const std::string folder = test_path("memory");
  write_documents(folder + "/documents", make_texts(20));
  PrepareOptions options;
  options.documents = folder + "/documents";
  options.out = folder + "/tokens";
  Context context;
  context.memory_bytes = 100 << 20;
  const auto result = prepare_tokens(options, context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCapacity);
  EXPECT_THAT(result.error().message, HasSubstr("--memory"));
  EXPECT_FALSE(file_exists(options.out));
}

}  // namespace
}  // namespace pith
