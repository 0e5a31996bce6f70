#include "pith/cli/reading.h"

#include <algorithm>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/machine_speed.h"
#include "pith/base/units.h"
#include "pith/train/plan.h"

namespace pith {
namespace {

// With examples no more text is kept than the training reads once, and if there is not so much that
// is like them, a quarter of it: tokens seen up to four times are worth nearly as much as fresh
// ones (Muennighoff et al. 2023).
constexpr std::uint64_t kBytesPerToken = 4;

// Of a large input a part is read, so many times the text that is kept: more to choose from changes
// little, and reading, cleaning and choosing take a tenth of the time of one core.
constexpr std::uint64_t kReadPerKept = 16;
constexpr std::uint64_t kLeastRead = 8 << 20;

// Counted n-grams learn from text that the network has no time for: a token counted costs next to
// nothing, so that reading and choosing text is worth half of the budget, and what was read is kept
// as long as it is like the examples (docs/cost.md).
constexpr std::uint64_t kCountedBytesPerToken = 24, kReadPerCounted = 8;

constexpr double kGuessedCores = 2;  // that guessed_tokens() is for

// What was settled is of these options.
Json key_of(const TrainOptions& train) {
  Json key = Json::object();
  key.set("budget_seconds", train.budget_seconds);
  key.set("budget_core_seconds", train.budget_core_seconds);
  key.set("budget_joules", train.budget_joules);
  key.set("ngram_order", ngram_order(train.config));
  return key;
}

// Tokens settled by an earlier sitting; 0: by none.
std::uint64_t settled_tokens(const std::string& path, const TrainOptions& train) {
  if (!file_exists(path)) return 0;
  const auto text = read_file(path, 1 << 16);
  if (!text) return 0;
  const auto json = parse_json(*text, path);
  if (!json || (*json)["for"].dump() != key_of(train).dump()) return 0;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, (*json)["tokens"].as_int()));
}

// Of all files; 0 where one cannot be looked at, which reading them will say.
std::uint64_t bytes_of(const std::vector<std::string>& inputs) {
  std::uint64_t sum = 0;
  for (const std::string& input : inputs) {
    const auto files =
        is_folder(input) ? list_files(input) : Result<std::vector<std::string>>(std::vector{input});
    if (!files) return 0;
    for (const std::string& file : *files) {
      const auto size = file_size(file);
      if (!size) return 0;
      sum += *size;
    }
  }
  return sum;
}

Result<std::uint64_t> tokens_for_budget(const std::string& out,
                                        const std::vector<std::string>& inputs,
                                        const TrainOptions& train, const Context& context) {
  const std::string path = join_path(out, "reading.json");
  if (const std::uint64_t before = settled_tokens(path, train); before > 0) return before;
  const int threads = std::max(1, context.threads);
  const double cores = train.budget_core_seconds > 0 ? threads : kGuessedCores;
  const double faster = std::clamp(machine_speed(threads) / cores, 0.05, 100.0);
  const auto tokens =
      static_cast<std::uint64_t>(static_cast<double>(guessed_tokens(train)) * faster) + 1;
  if (!std::ranges::all_of(inputs, file_exists)) return tokens;
  Json json = Json::object();
  json.set("for", key_of(train));
  json.set("tokens", tokens);
  PITH_TRY(make_folders(out));
  PITH_TRY(write_file(path, json.dump(true) + "\n"));
  return tokens;
}

}  // namespace

Result<Reading> settle_reading(const std::string& out, const std::vector<std::string>& inputs,
                               const TrainOptions& train, const Context& context) {
  const bool budget = train.steps == 0 && train.tokens_to_train == 0;
  Reading reading;
  reading.tokens = guessed_tokens(train);
  if (budget) {
    PITH_ASSIGN(reading.tokens, tokens_for_budget(out, inputs, train, context));
  }
  const bool counts = ngram_order(train.config) > 0;
  reading.keep_bytes = reading.tokens * (counts ? kCountedBytesPerToken : kBytesPerToken);
  if (budget) {
    reading.read_bytes =
        std::max(kLeastRead, reading.keep_bytes * (counts ? kReadPerCounted : kReadPerKept));
  }
  return reading;
}

std::string describe(const Reading& reading, const std::vector<std::string>& inputs) {
  const std::uint64_t bytes = bytes_of(inputs);
  std::string text = "budget: about " + format_count(reading.tokens) + " tokens; ";
  if (reading.read_bytes > 0 && reading.read_bytes < bytes) {
    text += format_size(reading.read_bytes) + " of the input's " + format_size(bytes) +
            " are read, a random part";
  } else {
    text += "all " + format_size(bytes) + " of the input are read";
  }
  if (reading.keep_bytes > 0) {
    text += ", at most " + format_size(reading.keep_bytes) + " of its text kept";
  }
  return text;
}

}  // namespace pith
