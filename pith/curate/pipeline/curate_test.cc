#include "pith/curate/pipeline/curate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/curate/pipeline/corpus_test.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CurateTest : public testing::Test {
 protected:
  void SetUp() override {
    make_corpus();
    options_.inputs = {path("in")};
    options_.out = path("out");
    options_.shard_raw_bytes = 20'000;
    context_.threads = 2;
  }

  std::string path(std::string_view name) const { return test_path(name); }
  void put(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(make_folders(parent_folder(path(name))));
    ASSERT_TRUE(write_file(path(name), bytes));
  }

  void make_corpus() {
    for (std::uint64_t i = 0; i < 30; ++i) {
      const std::string number = std::to_string(100 + i);
      put("in/page" + number + ".html", html("Page " + number, prose(i, 24)));
    }
    for (std::uint64_t i = 0; i < 10; ++i) {
      put("in/ship" + std::to_string(i) + ".html",
          html("Ship", prose(1000 + i, 24, "sailing ship captain")));
      put("in/zh" + std::to_string(i) + ".html", html("中文", chinese(i, 24)));
    }
    put("in/same.html", html("Page 105", prose(5, 24)));                        // exact copy
    put("in/a_near.html", html("Page 107", prose(7, 24) + "One line more. "));  // longer near copy
    std::string lines;
    for (std::uint64_t i = 0; i < 20; ++i) {
      lines += R"({"text": ")" + prose(2000 + i, 3) + prose(3000 + i, 3) + "\"}\n";
    }
    for (std::size_t at; (at = lines.find("\n\n")) != std::string::npos;)
      lines.replace(at, 2, "\\n");
    put("in/lines.jsonl", lines + "{\"text\": \"cut");
  }

  CurateResult run() {
    auto result = curate(options_, context_);
    EXPECT_TRUE(result) << result.error().message;
    return result ? std::move(result).value() : CurateResult();
  }
  std::string fails() {
    const auto result = curate(options_, context_);
    EXPECT_FALSE(result);
    return result ? "" : result.error().message;
  }

  std::vector<Document> documents(std::string_view part) const {
    std::vector<Document> all;
    auto reader = DocumentReader::open(join_path(options_.out, part));
    EXPECT_TRUE(reader) << reader.error().message;
    if (!reader) return all;
    for (Document document;;) {
      const auto more = reader->next(document);
      EXPECT_TRUE(more);
      if (!more || !*more) return all;
      all.push_back(document);
    }
  }
  std::map<std::string, int> dropped_by() const {
    std::map<std::string, int> counts;
    for (const Document& document : documents("dropped")) ++counts[document.dropped_by];
    return counts;
  }
  // Every file of the result that must be equal, by name.
  std::map<std::string, std::string> bytes() const {
    std::map<std::string, std::string> all;
    for (const char* part : {"documents", "dropped"}) {
      const auto files = list_files(join_path(options_.out, part));
      EXPECT_TRUE(files);
      for (const std::string& file : files.value()) {
        all[part + file_name(file)] = read_file(file).value();
      }
    }
    EXPECT_FALSE(all.empty());
    return all;
  }

  CurateOptions options_;
  Context context_;
};

TEST_F(CurateTest, EveryRecordIsKeptOrDroppedWithAReason) {
  const CurateResult result = run();
  EXPECT_EQ(result.documents_in, 72u);
  EXPECT_EQ(result.broken_records, 1u);
  EXPECT_EQ(result.documents_kept + result.documents_dropped, result.documents_in);
  const auto kept = documents("documents"), dropped = documents("dropped");
  EXPECT_EQ(kept.size(), result.documents_kept);
  EXPECT_EQ(dropped.size(), result.documents_dropped);
  std::uint64_t bytes_kept = 0;
  for (const Document& document : kept) {
    bytes_kept += document.text.size();
    EXPECT_EQ(document.id.size(), 32u);
    EXPECT_TRUE(document.dropped_by.empty());
    EXPECT_THAT(document.file_path, HasSubstr("in/"));
    EXPECT_THAT(document.text, testing::Not(HasSubstr("Copyright")));
  }
  EXPECT_EQ(bytes_kept, result.bytes_kept);
  for (const Document& document : dropped) EXPECT_FALSE(document.dropped_by.empty());
  EXPECT_FALSE(file_exists(path("out/.curate")));
}

TEST_F(CurateTest, EvaluationSetsAreReportedAndTheirCopiesDropped) {
  put("quiz.jsonl",
      R"({"q": "How many barrels of salted herring did the old skipper sell in May?", "a": "7"})"
      "\n"
      R"({"q": "Which of the green lamps in the harbour was lit before the storm began?"})"
      "\n");
  put("in/copy.txt",
      prose(77, 24) + "how many barrels of salted herring did the old skipper sell?");
  options_.evaluation = {path("quiz.jsonl")};
  const CurateResult result = run();
  EXPECT_EQ(dropped_by()["decontaminate.overlap"], 1);
  const Json& set = result.summary["decontaminate"].items().at(0);
  EXPECT_EQ(set["items"].as_int(), 2);
  EXPECT_EQ(set["found"].as_int(), 1);
  EXPECT_EQ(set["too_short"].as_int(), 1);
}

TEST_F(CurateTest, CopiesAreDroppedAndCountedOnTheKeptOne) {
  options_.filters = false;
  run();
  EXPECT_EQ(dropped_by(),
            (std::map<std::string, int>{{"exact_duplicate", 1}, {"near_duplicate", 1}}));
  for (const Document& document : documents("dropped")) {
    EXPECT_GE(document.dropped_value, 0.8);
    EXPECT_THAT(document.file_path,
                HasSubstr(document.dropped_by == "exact_duplicate" ? "same" : "page107"));
  }
  for (const Document& document : documents("documents")) {
    const bool copied = document.file_path.find("page105") != std::string::npos ||
                        document.file_path.find("a_near") != std::string::npos;
    EXPECT_EQ(document.cluster_size, copied ? 2u : 1u) << document.file_path;
  }
}

TEST_F(CurateTest, EqualBytesForAnyNumberOfThreads) {
  options_.like = {path("in/ship1.html"), path("in/ship2.html")};
  context_.threads = 1;
  run();
  const auto one = bytes();
  for (const int threads : {2, 5}) {
    options_.out = path("out" + std::to_string(threads));
    context_.threads = threads;
    run();
    EXPECT_EQ(bytes(), one) << threads << " threads";
  }
}

TEST_F(CurateTest, ExamplesDrawTheirKind) {
  options_.filters = false;
  options_.like = {path("in/ship1.html"), path("in/ship2.html"), path("in/ship3.html")};
  options_.keep_bytes = 16'000;
  const CurateResult result = run();
  EXPECT_LE(result.bytes_kept, options_.keep_bytes);
  int ships = 0, others = 0;
  for (const Document& document : documents("documents")) {
    (document.file_path.find("ship") != std::string::npos ? ships : others) += 1;
  }
  EXPECT_GE(ships, 6);
  EXPECT_LE(others, 1);
  for (const Document& document : documents("dropped")) {
    if (document.dropped_by == "select.keep_bytes") {
      EXPECT_LE(document.quality, document.dropped_threshold);
    }
  }
  EXPECT_GT(result.summary["target"]["held_out_auc"].as_double(), 0.9);
  EXPECT_EQ(result.summary["quality_histogram"].items().size(), 20u);
}

TEST_F(CurateTest, WithoutABoundTheExamplesSetTheBar) {
  options_.filters = false;
  options_.like = {path("in/ship1.html"), path("in/ship2.html"), path("in/ship3.html")};
  const CurateResult result = run();
  EXPECT_GT(dropped_by()["target.probability"], 30);
  EXPECT_GE(result.documents_kept, 5u);
}

TEST_F(CurateTest, ALanguageOfNoExampleIsNotLikeThem) {
  options_.filters = false;
  options_.like = {path("in/zh1.html")};
  ASSERT_GT(run().documents_kept, 0u);
  for (const Document& document : documents("documents")) {
    EXPECT_EQ(document.language, "zh-Hans") << document.file_path;
  }
  bool english = false;
  for (const Document& document : documents("dropped")) {
    if (document.language != "en" || document.dropped_by != "target.probability") continue;
    english = true;
    EXPECT_EQ(document.quality, 0) << document.file_path;
  }
  EXPECT_TRUE(english);
}

TEST_F(CurateTest, ExamplesInNoLanguageOfTheInputAreRefused) {
  put("hungarian/a.txt",
      "A magyar nyelv az uráli nyelvcsalád tagja, azon belül a finnugor nyelvek közé tartozó "
      "ugor nyelvek egyike. Legközelebbi rokonai a manysi és a hanti nyelv, majd utánuk az "
      "udmurt, a komi, a mari és a mordvin nyelvek.");
  options_.like = {path("hungarian")};
  EXPECT_THAT(fails(), HasSubstr("hu"));
}

TEST_F(CurateTest, AllInputBeingExamplesKeepsAll) {
  options_.filters = false;
  options_.like = options_.inputs;
  EXPECT_EQ(run().documents_kept, 70u);
}

TEST_F(CurateTest, KeepBytesAloneKeepsASample) {
  options_.keep_bytes = 20'000;
  const CurateResult result = run();
  EXPECT_LE(result.bytes_kept, 20'000u);
  EXPECT_GT(result.bytes_kept, 10'000u);
}

TEST_F(CurateTest, LanguagesCanBeChosen) {
  options_.filters = false;
  options_.languages = {"zh-Hans"};
  run();
  const auto kept = documents("documents");
  EXPECT_GE(kept.size(), 8u);
  for (const Document& document : kept) EXPECT_EQ(document.language, "zh-Hans");
  EXPECT_GT(dropped_by()["language.not_wanted"], 50);
}

TEST_F(CurateTest, ALanguageThatIsNotToldApartIsTheUsersMistake) {
  options_.languages = {"en", "zh"};
  EXPECT_THAT(fails(), testing::AllOf(HasSubstr("\"zh\""), HasSubstr("zh-Hans")));
  EXPECT_FALSE(file_exists(options_.out));
}

TEST_F(CurateTest, ASecondRunDoesNothing) {
  const CurateResult first = run();
  EXPECT_FALSE(first.already_done);
  const CurateResult second = run();
  EXPECT_TRUE(second.already_done);
  EXPECT_EQ(second.documents_kept, first.documents_kept);
}

TEST_F(CurateTest, AnotherResultIsNotOverwritten) {
  run();
  const auto before = bytes();
  options_.keep_bytes = 5000;
  EXPECT_THAT(fails(), HasSubstr("options.keep_bytes"));
  options_.keep_bytes = 0;
  put("in/new.html", html("New", prose(77, 9)));
  EXPECT_THAT(fails(), HasSubstr("inputs"));
  EXPECT_EQ(bytes(), before);
}

TEST_F(CurateTest, ForeignFilesAreRefused) {
  put("out/holiday.jpg", "picture");
  EXPECT_THAT(fails(), HasSubstr("holiday.jpg"));
  EXPECT_EQ(read_file(path("out/holiday.jpg")).value(), "picture");
  options_.out = path("in/lines.jsonl");
  EXPECT_THAT(fails(), HasSubstr("not a folder"));
}

TEST_F(CurateTest, BadInputsAndExamplesAreNamed) {
  options_.inputs = {path("missing")};
  EXPECT_THAT(fails(), HasSubstr("missing"));
  ASSERT_TRUE(make_folders(path("empty")));
  options_.inputs = {path("empty")};
  EXPECT_THAT(fails(), HasSubstr("empty"));
  options_.inputs = {path("in")};
  options_.like = {path("no_examples")};
  EXPECT_THAT(fails(), HasSubstr("--like"));
  EXPECT_FALSE(file_exists(options_.out));
  put("blank/blank.txt", "  \n");
  options_.like = {path("blank")};
  EXPECT_THAT(fails(), HasSubstr("--like"));
}

TEST_F(CurateTest, InputWithoutADocumentIsAnError) {
  using std::string_literals::operator""s;
  put("pictures/one.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"s);
  options_.inputs = {path("pictures")};
  EXPECT_THAT(fails(), HasSubstr("no document"));
  EXPECT_FALSE(file_exists(path("out/.curate")));
}

TEST_F(CurateTest, TooLittleMemoryIsSaid) {
  context_.memory_bytes = 1 << 20;
  EXPECT_THAT(fails(), HasSubstr("--memory"));
}

TEST_F(CurateTest, StoppedAndCalledAgainGoesOn) {
  run();
  const auto expected = bytes();
  options_.out = path("again");
  std::atomic<bool> stop = false;
  context_.stop = &stop;
  for (const std::string_view stage : {"curate", "near duplicates", "write"}) {
    stop = false;
    context_.on_progress = [&](const Progress& progress) {
      stop = stop || progress.stage == stage;
    };
    const auto result = curate(options_, context_);
    ASSERT_FALSE(result) << stage;
    EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
  }
  stop = false;
  context_.on_progress = nullptr;
  run();
  EXPECT_EQ(bytes(), expected);
}

TEST_F(CurateTest, KilledAtAnyMomentTheSameCallEndsWithTheSameBytes) {
  options_.like = {path("in/ship1.html"), path("in/zh1.html")};
  run();
  const auto expected = bytes();
  Random random(20);
  for (int trial = 0; trial < 6; ++trial) {
    options_.out = path("killed" + std::to_string(trial));
    int kills = 0;
    for (; kills < 40; ++kills) {
      const pid_t child = fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        const auto result = curate(options_, context_);
        _exit(result ? 0 : 1);
      }
      usleep(static_cast<useconds_t>(random.below(60'000)));
      kill(child, SIGKILL);
      int status = 0;
      ASSERT_EQ(waitpid(child, &status, 0), child);
      if (WIFEXITED(status)) {
        EXPECT_EQ(WEXITSTATUS(status), 0);
        break;
      }
    }
    run();
    EXPECT_EQ(bytes(), expected) << "after " << kills << " kills";
  }
}

TEST_F(CurateTest, AFullDiskIsSaidAndRoomLetsItGoOn) {
  ASSERT_TRUE(make_folders(path("small")));
  if (mount("tmpfs", path("small").c_str(), "tmpfs", 0, "size=48k") != 0) {
    GTEST_SKIP() << "mounting a small tmpfs needs root";
  }
  options_.out = path("small/out");
  EXPECT_THAT(fails(), HasSubstr("small"));
  EXPECT_FALSE(file_exists(path("small/out/curate.json")));
  ASSERT_EQ(mount("tmpfs", path("small").c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
  EXPECT_FALSE(run().already_done);
  const auto small = bytes();
  umount(path("small").c_str());
  options_.out = path("out");
  run();
  EXPECT_EQ(bytes(), small);
}

}  // namespace
}  // namespace pith
