#include "pith/train/checkpoint.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/formats/safetensors.h"

namespace pith {
namespace {

template <class Number>
std::string to_text(Number value) {  // shortest that reads back the same
  std::array<char, 40> digits;
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

template <class Number>
bool from_text(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  return std::from_chars(text.data(), end, value).ptr == end && !text.empty();
}

std::string first_name(const Parameter& parameter) { return "adamw.first." + parameter.name; }
std::string second_name(const Parameter& parameter) { return "adamw.second." + parameter.name; }

}  // namespace

Status save_checkpoint(const std::string& path, const CheckpointState& state,
                       Transformer& transformer, AdamW& optimizer) {
  std::vector<TensorToWrite> tensors;
  const auto parameters = transformer.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    tensors.push_back({p.name, DType::kF32, p.shape, std::as_bytes(p.value)});
    tensors.push_back(
        {first_name(p), DType::kF32, p.shape, std::as_bytes(optimizer.first_moment(i))});
    tensors.push_back(
        {second_name(p), DType::kF32, p.shape, std::as_bytes(optimizer.second_moment(i))});
  }
  const std::vector<std::pair<std::string, std::string>> metadata = {
      {"step", to_text(state.step)},
      {"seconds", to_text(state.seconds)},
      {"loss_average", to_text(state.loss_average)},
      {"job", state.job}};
  return write_safetensors(path, tensors, metadata);
}

Result<CheckpointState> load_checkpoint(const std::string& path, const std::string& job,
                                        Transformer& transformer, AdamW& optimizer) {
  PITH_ASSIGN(const SafetensorsFile file, SafetensorsFile::open(path));
  CheckpointState state;
  bool whole = true;
  const auto entry = [&](std::string_view name) {
    for (const auto& [key, value] : file.metadata()) {
      if (key == name) return value;
    }
    return std::string();
  };
  whole &= from_text(entry("step"), state.step) && state.step >= 0;
  whole &= from_text(entry("seconds"), state.seconds);
  whole &= from_text(entry("loss_average"), state.loss_average);
  state.job = entry("job");
  if (!whole) {
    return format_error("[train] " + path +
                        ": is no checkpoint of a training; remove it to begin " + "again");
  }
  if (state.job != job) {
    return input_error("[train] " + path +
                       ": is a checkpoint of another training; remove it, or give another -o");
  }
  const auto parameters = transformer.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    PITH_TRY(file.read_floats(p.name, p.shape, p.value));
    PITH_TRY(file.read_floats(first_name(p), p.shape, optimizer.first_moment(i)));
    PITH_TRY(file.read_floats(second_name(p), p.shape, optimizer.second_moment(i)));
  }
  optimizer.set_steps(state.step);
  return state;
}

}  // namespace pith
