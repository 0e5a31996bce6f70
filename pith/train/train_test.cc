#include "pith/train/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/time.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/formats/documents.h"
#include "pith/train/evaluate.h"
#include "pith/train/prepare_tokens.h"

namespace pith {
namespace {

using testing::HasSubstr;

// Documents, their tokens and a model small enough for moments.
class TrainTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = test_folder();
    auto writer = DocumentWriter::create(folder_ + "/documents");
    ASSERT_TRUE(writer);
    const char* words[] = {"kernel", "package", "the", "reads", "files", "of", "each", "user"};
    Random random(3);
    for (int i = 0; i < 60; ++i) {
      Document document;
      document.text = "Page " + std::to_string(i) + ".";
      for (int j = 0; j < 60; ++j) {
        document.text += std::string(" ") + words[random.below(std::size(words))];
      }
      ASSERT_TRUE(writer->write(document));
    }
    ASSERT_TRUE(writer->finish());
    PrepareOptions prepare;
    prepare.documents = folder_ + "/documents";
    prepare.out = folder_ + "/tokens";
    prepare.vocab = 300;
    ASSERT_TRUE(prepare_tokens(prepare, {}));
    options_.tokens = prepare.out;
    options_.out = folder_ + "/model";
    options_.steps = 30;
    options_.checkpoint_seconds = 0;  // after every step
    options_.config.hidden_size = 32;
    options_.config.layers = 2;
    options_.config.heads = 2;
    options_.config.context_length = 64;
    options_.config.batch_tokens = 256;
  }

  std::string weights() const { return *read_file(options_.out + "/model.safetensors"); }

  std::string folder_;
  TrainOptions options_;
  Context context_;
};

class TrainTestByOptimizer : public TrainTest, public testing::WithParamInterface<const char*> {};

// With a mean of the last weights and a ramp too, whose places in a training are part of its state.
TEST_P(TrainTestByOptimizer, AStopAtAnyStepChangesNothing) {
  options_.config.optimizer = GetParam();
  options_.config.average = 0.5;
  options_.config.batch_ramp = 0.3;
  const auto whole = train(options_, context_);
  ASSERT_TRUE(whole) << whole.error().message;
  const std::string expected = weights();
  for (const std::uint64_t stop_at : {1, 2, 13, 29, 30}) {
    ASSERT_TRUE(remove_tree(options_.out));
    std::atomic<bool> stop{false};
    Context stopping = context_;
    stopping.stop = &stop;
    stopping.on_progress = [&](const Progress& progress) { stop = progress.done >= stop_at; };
    const auto stopped = train(options_, stopping);
    if (stop_at < 30) {
      ASSERT_FALSE(stopped);
      EXPECT_EQ(stopped.error().kind, ErrorKind::kInterrupted);
      EXPECT_THAT(stopped.error().message,
                  HasSubstr("after step " + std::to_string(stop_at) + " of 30"));
    }
    const auto resumed = train(options_, context_);
    ASSERT_TRUE(resumed) << resumed.error().message;
    EXPECT_EQ(weights(), expected) << stop_at;
    EXPECT_EQ(resumed->bits_per_byte, whole->bits_per_byte);
    EXPECT_EQ(resumed->loss, whole->loss);
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, TrainTestByOptimizer, testing::Values("muon", "adamw"));

TEST_F(TrainTest, ThreadsAndPassesDoNotChangeTheModel) {
  ASSERT_TRUE(train(options_, context_));
  const std::string expected = weights();
  ASSERT_TRUE(remove_tree(options_.out));
  context_.threads = 3;
  ASSERT_TRUE(train(options_, context_));
  EXPECT_EQ(weights(), expected);
  ASSERT_TRUE(remove_tree(options_.out));
  context_.seed = 1;
  ASSERT_TRUE(train(options_, context_));
  EXPECT_NE(weights(), expected);
}

TEST_F(TrainTest, LossFallsAndEvaluationAgrees) {
  options_.steps = 120;
  const auto result = train(options_, context_);
  ASSERT_TRUE(result);
  EXPECT_LT(result->bits_per_byte, 2.0);  // eight words: about 3 bits each, 5 bytes
  EXPECT_GT(result->bits_per_byte, 0.3);
  EXPECT_EQ(result->tokens, 120u * 256u);
  const auto measured = evaluate(options_.out, folder_ + "/documents", context_);
  ASSERT_TRUE(measured) << measured.error().message;
  EXPECT_NEAR(measured->bits_per_byte, result->bits_per_byte, 0.1);
  EXPECT_EQ(measured->documents, 60u);
}

TEST_F(TrainTest, AWildLearningRateStopsWithAdviceAfterTenSkippedSteps) {
  options_.steps = 200;
  options_.config.optimizer = "adamw";
  options_.config.learning_rate = 100;
  options_.config.warmup = 0;
  options_.config.clip = 0;
  std::vector<std::string> warnings;
  context_.on_warning = [&](std::string_view text) { warnings.emplace_back(text); };
  const auto result = train(options_, context_);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("10 steps in a row had to be skipped"));
  EXPECT_THAT(result.error().message, HasSubstr("try half the learning_rate"));
  ASSERT_GE(warnings.size(), 9u);
  EXPECT_THAT(warnings.back(), HasSubstr("is skipped: the loss is not finite"));
  EXPECT_FALSE(file_exists(options_.out + "/model.safetensors"));
}

TEST_F(TrainTest, ABudgetTooSmallSaysWhatToGive) {
  options_.steps = 0;
  options_.budget_seconds = 1e-4;
  const auto result = train(options_, context_);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("too short"));
  EXPECT_THAT(result.error().message, HasSubstr("give at least"));
}

// Time that passes only by being asked for, so that it says the same on every machine. A step asks
// more often than planning foresees: a budget always has revisions.
struct Ticks {
  double now = 0, tick = 0.005;
  std::function<double()> clock() {
    return [this] { return now += tick; };
  }
};

TEST_F(TrainTest, ABudgetIsPlannedOnceAndForAll) {
  Ticks ticks;
  options_.clock = ticks.clock();
  options_.steps = 0;
  options_.budget_seconds = 10;
  std::vector<std::string> plans;
  options_.on_plan = [&](const std::string& plan) { plans.push_back(plan); };
  std::atomic<bool> stop{false};
  Context stopping = context_;
  stopping.stop = &stop;
  stopping.on_progress = [&](const Progress& progress) { stop = progress.done >= 1; };
  ASSERT_FALSE(train(options_, stopping));
  const auto result = train(options_, context_);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0], plans[1]);
  EXPECT_GT(result->steps, 1);
  const auto again = train(options_, context_);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->already_done);
  EXPECT_EQ(again->bits_per_byte, result->bits_per_byte);
}

TEST_F(TrainTest, ABudgetIsKeptThoughStepsTakeLonger) {
  Ticks ticks;
  options_.clock = ticks.clock();
  options_.steps = 0;
  options_.budget_seconds = 10;
  options_.budget_spent = 1;
  double least_left = 10;
  context_.on_progress = [&](const Progress& progress) {
    ticks.tick = progress.done < 60 ? 0.005 : 0.01;
    EXPECT_LT(progress.budget_left, least_left);
    least_left = progress.budget_left;
  };
  const auto result = train(options_, context_);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_LT(result->steps, result->planned_steps);
  EXPECT_GT(result->steps, 60);
  EXPECT_EQ(result->tokens, static_cast<std::uint64_t>(result->steps) * 256);
  EXPECT_EQ(result->budget_seconds, 10);
  EXPECT_GT(result->budget_seconds_spent, 9.5);
  EXPECT_LT(result->budget_seconds_spent, 10.05);
  EXPECT_NEAR(ticks.now + 1, result->budget_seconds_spent, 0.1);
}

// As a kill leaves it: a checkpoint from before revisions that plan.json has already.
TEST_F(TrainTest, RevisionsOutliveAKillAndAreTheModelsBytes) {
  Ticks ticks;
  options_.clock = ticks.clock();
  options_.steps = 0;
  options_.budget_seconds = 10;
  options_.budget_spent = 1;
  const std::string plan = "/training/plan.json", early = folder_ + "/early";
  const auto train_until = [&](std::uint64_t stop_at) {
    std::atomic<bool> stop{false};
    Context stopping = context_;
    stopping.stop = &stop;
    stopping.on_progress = [&](const Progress& progress) {
      ticks.tick = progress.done > 60 && progress.done < 100 ? 0.01 : 0.005;
      stop = progress.done >= stop_at;
    };
    return train(options_, stopping);
  };
  const auto revisions_between = [&](std::int64_t begin, std::int64_t end) {
    const Json json = *parse_json(*read_file(options_.out + plan), plan);
    int count = 0;
    for (const Json& revision : json["revisions"].items()) {
      count += revision["at_step"].as_int() >= begin && revision["at_step"].as_int() < end;
    }
    return count;
  };
  ASSERT_FALSE(train_until(40));
  std::filesystem::copy(options_.out, early, std::filesystem::copy_options::recursive);
  // The time that making the tokens took is known to a later sitting.
  options_.budget_spent_here = 0.25;
  ASSERT_FALSE(train_until(150));
  ASSERT_GT(revisions_between(41, 150), 0);
  ASSERT_TRUE(write_file(early + plan, *read_file(options_.out + plan)));
  options_.out = early;
  const auto resumed = train(options_, context_);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_NEAR(resumed->budget_seconds_spent, 1.25 + resumed->seconds, 0.1);
  ASSERT_GT(revisions_between(41, 150), 0);
  const std::string expected = weights();

  // All steps being taken, the plan is settled: another machine takes the same ones.
  options_.out = folder_ + "/again";
  ASSERT_TRUE(make_folders(options_.out + "/training"));
  ASSERT_TRUE(write_file(options_.out + plan, *read_file(early + plan)));
  ticks.tick = 0.1;
  const auto again = train(options_, context_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->steps, resumed->steps);
  EXPECT_EQ(weights(), expected);
}

TEST_F(TrainTest, AnotherTrainingOrSomethingElseInTheFolderIsRefused) {
  ASSERT_TRUE(train(options_, context_));
  options_.steps = 31;
  const auto other = train(options_, context_);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("option steps is 31, was 30"));
  options_.out = folder_ + "/mine";
  ASSERT_TRUE(make_folders(options_.out));
  ASSERT_TRUE(write_file(options_.out + "/thesis.tex", "x"));
  const auto foreign = train(options_, context_);
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, HasSubstr("thesis.tex"));
  EXPECT_EQ(list_files(options_.out)->size(), 1u);
}

TEST_F(TrainTest, ADamagedOrForeignCheckpointIsRefused) {
  ASSERT_TRUE(make_folders(options_.out + "/training/checkpoint"));
  const std::string checkpoint = options_.out + "/training/checkpoint/state.safetensors";
  ASSERT_TRUE(write_file(checkpoint, "nonsense"));
  const auto damaged = train(options_, context_);
  ASSERT_FALSE(damaged);
  EXPECT_THAT(damaged.error().message, HasSubstr("state.safetensors"));
  EXPECT_THAT(damaged.error().message, HasSubstr("to begin again"));

  // One of another seed.
  ASSERT_TRUE(remove_tree(options_.out));
  std::atomic<bool> stop{false};
  Context stopping = context_;
  stopping.stop = &stop;
  stopping.on_progress = [&](const Progress&) { stop = true; };
  ASSERT_FALSE(train(options_, stopping));
  ASSERT_TRUE(remove_tree(options_.out + "/training/plan.json"));
  context_.seed = 9;
  const auto foreign = train(options_, context_);
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, HasSubstr("another training"));
}

TEST_F(TrainTest, OverADamagedCheckpointTheOneBeforeGivesTheSameModel) {
  ASSERT_TRUE(train(options_, context_));
  const std::string expected = weights();
  ASSERT_TRUE(remove_tree(options_.out));
  std::atomic<bool> stop{false};
  Context stopping = context_;
  stopping.stop = &stop;
  stopping.on_progress = [&](const Progress& progress) { stop = progress.done >= 20; };
  ASSERT_FALSE(train(options_, stopping));
  const std::string state = options_.out + "/training/checkpoint/state.safetensors";
  std::string bytes = *read_file(state);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  ASSERT_TRUE(write_file(state, bytes));
  std::vector<std::string> warnings;
  context_.on_warning = [&](std::string_view text) { warnings.emplace_back(text); };
  const auto resumed = train(options_, context_);
  ASSERT_TRUE(resumed) << resumed.error().message;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0], HasSubstr("its checksum is not that of its content"));
  EXPECT_EQ(weights(), expected);
}

TEST_F(TrainTest, TooLittleMemoryIsSaid) {
  context_.memory_bytes = 1 << 20;
  const auto result = train(options_, context_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCapacity);
}

std::atomic<int> handled{0};
void on_timer(int) {
  volatile char frame[2048];
  std::memset(const_cast<char*>(frame), 0x77, sizeof(frame));
  ++handled;
}

// Without HeldSignals the heap is overwritten within the first steps.
TEST_F(TrainTest, SignalsWithHandlersDoNoHarm) {
  ASSERT_TRUE(train(options_, context_));
  const std::string expected = weights();
  ASSERT_TRUE(remove_tree(options_.out));
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = on_timer;
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(sigaction(SIGPROF, &action, &before), 0);
  const itimerval often{{0, 200}, {0, 200}}, never{};
  setitimer(ITIMER_PROF, &often, nullptr);
  context_.threads = 2;
  const auto result = train(options_, context_);
  setitimer(ITIMER_PROF, &never, nullptr);
  sigaction(SIGPROF, &before, nullptr);
  ASSERT_TRUE(result);
  EXPECT_GT(handled, 0);
  EXPECT_EQ(weights(), expected);
}

}  // namespace
}  // namespace pith
