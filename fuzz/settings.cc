// What a user writes: TOML files of settings (c) and of trainings (t), words of a command line (a,
// a line a word), quantities (u).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/base/closest_word.h"
#include "pith/base/units.h"
#include "pith/cli/arguments.h"
#include "pith/cli/budget.h"
#include "pith/cli/terminal_text.h"
#include "pith/curate/cluster/topic_model.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/text/utf8.h"
#include "pith/train/train_config.h"

namespace pith {
namespace {

constexpr std::string_view kPage =
    "<h1>A walk along the river</h1><p>The boats came in before noon, and the market was full of "
    "people who had waited for them since the morning.</p><p>The boats came in before noon, and "
    "call me at 415 555 2671.</p><p>我们沿着河走，看见了很多船。船上的人都在唱歌。</p>";

// Whatever values a file gives, curation works with them.
void use(CurateConfig config) {
  CurateOptions options;
  options.config = std::make_shared<CurateConfig>(std::move(config));
  EvaluationSets sets{.index = OverlapIndex(options.config->overlap), .sets = {}};
  sets.index.add("The boats came in before noon, and the market was full of people.");
  sets.index.add("我们沿着河走，看见了很多船。船上的人都在唱歌。");
  sets.sets.push_back({.path = "set", .items = static_cast<std::uint32_t>(sets.index.items())});
  sets.index.build();
  DocumentMaker maker(options, &sets);
  MadeBatch batch;
  RawRecord record;
  record.bytes = kPage;
  record.kind = RawKind::kHtml, record.html = true;
  maker.add(record, batch);
  (void)summarise(maker.cleaned_text(record), options.config->summaries);
  std::vector<SampledDocument> sample;
  TermCounts counts;
  sample.push_back(sample_document(1, kPage.substr(0, 150), counts));
  sample.push_back(sample_document(2, kPage.substr(150), counts));
  (void)TopicModel::learn(sample, options.config->topics, Context{});
}

void check_config(fuzz::Input input) {
  const std::string path = fuzz::scratch().write("curate.toml", input.rest());
  CurateConfig config;
  const Status read = read_curate_config(path, {"model", "training"}, config);
  if (!read) {
    PITH_CHECK(read.error().kind == ErrorKind::kInput, read.error().message);
    return;
  }
  const std::string printed = print_curate_config(config);
  CurateConfig again;
  const Status same = read_curate_config(fuzz::scratch().write("again.toml", printed), {}, again);
  PITH_CHECK(same.ok(), same ? "" : same.error().message);
  PITH_CHECK(print_curate_config(again) == printed, printed);
  use(std::move(config));
}

void check_training(fuzz::Input input) {
  (void)read_train_config(fuzz::scratch().write("train.toml", input.rest()));
}

void check_arguments(fuzz::Input input) {
  std::vector<std::string> words;
  while (!input.rest().empty() && words.size() < 50) words.emplace_back(input.line());
  std::string text;
  std::vector<std::string> many, inputs;
  std::int64_t integer = 0;
  double number = 0, seconds = 0;
  std::optional<double> maybe;
  bool flag = false;
  std::uint64_t size = 0, count = 0;
  Arguments arguments("try", "Tries", "pith try");
  arguments.positionals(inputs, "INPUT", "what");
  arguments.option(text, "-o,--output", "DIR", "where");
  arguments.required();
  arguments.option(many, "--like", "PATH", "what");
  arguments.option(integer, "--steps", "N", "how many");
  arguments.option(number, "--top-p", "P", "how much");
  arguments.option(maybe, "--temperature", "T", "how much");
  arguments.flag(flag, "--all", "whether");
  arguments.size(size, "--memory", "how much");
  arguments.duration(seconds, "--budget", "how long");
  arguments.count(count, "--tokens", "how many");
  const auto parsed = arguments.parse(words);
  if (!parsed) PITH_CHECK(parsed.error().kind == ErrorKind::kInput, parsed.error().message);
  if (parsed && !*parsed) PITH_CHECK(seconds >= 0, "");
}

void check_quantities(fuzz::Input input) {
  const std::string_view text = input.rest();
  (void)parse_size(text);
  (void)parse_count(text);
  if (const auto seconds = parse_duration(text)) {
    PITH_CHECK(*seconds >= 0 && *seconds < 1e300, text);
    (void)format_duration(*seconds);
  }
  for (const std::string_view price : {"", "0.04", "0.04EUR"}) {
    const auto budget = parse_budget(text, price);
    if (!budget) continue;
    PITH_CHECK((budget->seconds > 0) + (budget->core_seconds > 0) + (budget->joules > 0) == 1,
               text);
  }
  static const std::vector<std::string> kVerbs = {"curate", "train", "eval"};
  (void)closest_word(text.substr(0, 100), kVerbs);
  const std::string repaired = replace_invalid_utf8(text);
  for (const char c : terminal_text(repaired)) {
    PITH_CHECK(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t', "a control sign");
    PITH_CHECK(c != 0x7F, "a control sign");
  }
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  return fuzz::run_checks(data, size,
                          {{'c', check_config},
                           {'t', check_training},
                           {'a', check_arguments},
                           {'\0', check_quantities}});
}
