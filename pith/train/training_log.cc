#include "pith/train/training_log.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/formats/tensorboard.h"

namespace pith {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The curves of one line of the log.
Status add_events(TensorboardWriter& events, const Json& line) {
  const std::int64_t step = line["step"].as_int();
  const double time = line["time"].as_double();
  const std::pair<const char*, const char*> scalars[] = {
      {"loss", "train/loss"},
      {"bits_per_byte", "train/bits_per_byte"},
      {"learning_rate", "train/learning_rate"},
      {"grad_norm", "train/grad_norm"},
      {"expert_max_load", "experts/max_load"},
      {"experts_idle", "experts/idle"},
      {"heldout_bits_per_byte", "heldout/bits_per_byte"}};
  for (const auto& [name, tag] : scalars) {
    if (line[name].is_number()) PITH_TRY(events.scalar(tag, line[name].as_double(), step, time));
  }
  if (line["sample"].is_string()) {
    PITH_TRY(events.text("sample", line["sample"].as_string(), step, time));
  }
  return {};
}

}  // namespace

struct TrainingLog::State {
  std::string path;
  std::FILE* file = nullptr;
  TensorboardWriter events;
  double seconds_before = 0;

  State(std::string log_path, TensorboardWriter writer)
      : path(std::move(log_path)), events(std::move(writer)) {}
  ~State() {
    if (file != nullptr) std::fclose(file);
  }

  Status write(Json line) {
    line.set("time", now());
    const std::string text = line.dump() + "\n";
    if (std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fflush(file) != 0) {
      return io_error("[train] " + path + ": cannot write: " + std::strerror(errno) +
                      "; free some space, then run the same command again to go on");
    }
    return add_events(events, line);
  }
};

TrainingLog::TrainingLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrainingLog::TrainingLog(TrainingLog&&) noexcept = default;
TrainingLog& TrainingLog::operator=(TrainingLog&&) noexcept = default;
TrainingLog::~TrainingLog() = default;

Result<TrainingLog> TrainingLog::open(const std::string& folder, std::int64_t last_step) {
  const std::string path = join_path(folder, "log.jsonl");
  PITH_ASSIGN(TensorboardWriter events,
              TensorboardWriter::create(join_path(folder, "events.out.tfevents.pith"), now()));
  auto state = std::make_unique<State>(path, std::move(events));
  std::string kept;
  if (file_exists(path)) {
    PITH_ASSIGN(const std::string text, read_file(path));
    for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
      end = text.find('\n', begin);
      if (end == std::string::npos) break;  // cut short
      const auto line = parse_json(std::string_view(text).substr(begin, end - begin), path);
      if (!line) continue;
      state->seconds_before = std::max(state->seconds_before, (*line)["seconds"].as_double());
      if ((*line)["step"].as_int() > last_step) continue;
      kept.append(text, begin, end - begin + 1);
      PITH_TRY(add_events(state->events, *line));
    }
  }
  PITH_TRY(write_file(path, kept));
  state->file = std::fopen(path.c_str(), "ab");
  if (state->file == nullptr) {
    return io_error("[train] " + path + ": cannot write: " + std::strerror(errno));
  }
  return TrainingLog(std::move(state));
}

double TrainingLog::seconds_before() const { return state_->seconds_before; }

Status TrainingLog::step(const StepRecord& record) {
  Json line = Json::object();
  line.set("step", record.step);
  line.set("loss", record.loss);
  line.set("bits_per_byte", record.bits_per_byte);
  line.set("learning_rate", record.learning_rate);
  line.set("tokens", record.tokens);
  line.set("seconds", record.seconds);
  line.set("grad_norm", record.gradient_norm);
  if (record.has_experts) {
    line.set("expert_max_load", record.experts.max_load);
    line.set("experts_idle", record.experts.idle);
  }
  return state_->write(std::move(line));
}

Status TrainingLog::expert_loads(std::int64_t step, const Json& loads) {
  Json line = Json::object();
  line.set("step", step);
  line.set("expert_loads", loads);
  return state_->write(std::move(line));
}

Status TrainingLog::skipped(std::int64_t step, std::string_view why) {
  Json line = Json::object();
  line.set("step", step);
  line.set("skipped", why);
  return state_->write(std::move(line));
}

Status TrainingLog::heldout(std::int64_t step, double bits_per_byte) {
  Json line = Json::object();
  line.set("step", step);
  line.set("heldout_bits_per_byte", bits_per_byte);
  return state_->write(std::move(line));
}

Status TrainingLog::sample(std::int64_t step, std::string_view text) {
  Json line = Json::object();
  line.set("step", step);
  line.set("sample", text);
  return state_->write(std::move(line));
}

}  // namespace pith
