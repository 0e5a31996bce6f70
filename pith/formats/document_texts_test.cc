#include "pith/formats/document_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "pith/base/files.h"

namespace pith {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string jsonl(const std::string& name, const std::string& lines) {
  std::string path = testing::TempDir() + "pith_document_texts_" + name + ".jsonl";
  EXPECT_TRUE(write_file(path, lines));
  return path;
}

TEST(DocumentTextsTest, GivesTextsInOrderAndLeavesOutEmptyOnes) {
  const std::string path =
      jsonl("order", "{\"body\":\"one\"}\n{\"body\":\"\"}\n{\"body\":\"二\"}\n");
  std::vector<std::string> texts;
  std::vector<std::string> stages;
  Context context;
  context.on_progress = [&](const Progress& progress) { stages.emplace_back(progress.stage); };
  ASSERT_TRUE(for_each_text({path, "body"}, "reading", context, [&](std::string_view text) {
    texts.emplace_back(text);
    return Status{};
  }));
  EXPECT_THAT(texts, ElementsAre("one", "二"));
  EXPECT_THAT(stages, ElementsAre("reading"));
}

TEST(DocumentTextsTest, ADocumentThatMemoryCannotHoldIsAnError) {
  const std::string path =
      jsonl("large", "{\"text\":\"one\"}\n{\"text\":\"" + std::string(100'000, 'x') + "\"}\n");
  const auto ignore = [](std::string_view) { return Status{}; };
  Context context;
  EXPECT_TRUE(for_each_text({path}, "reading", context, ignore));
  context.memory_bytes = 1 << 20;
  const Status status = for_each_text({path}, "reading", context, ignore);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("longer than 87.4 kB"));
}

TEST(DocumentTextsTest, StopsAtAnErrorOfTheCaller) {
  const std::string path = jsonl("error", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
  int calls = 0;
  const Status status = for_each_text({path}, "reading", Context{}, [&](std::string_view) {
    ++calls;
    return Status(input_error("enough"));
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "enough");
  EXPECT_EQ(calls, 1);
}

TEST(DocumentTextsTest, StopsWhenAsked) {
  const std::string path = jsonl("stop", "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
  std::atomic<bool> stop{false};
  Context context;
  context.stop = &stop;
  int calls = 0;
  const Status status = for_each_text({path}, "reading", context, [&](std::string_view) {
    ++calls;
    stop = true;
    return Status{};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInterrupted);
  EXPECT_THAT(status.error().message, HasSubstr(path));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace pith
