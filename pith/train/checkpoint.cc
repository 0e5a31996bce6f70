#include "pith/train/checkpoint.h"

#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/formats/safetensors.h"

namespace pith {
namespace {

constexpr std::string_view kChecksum = "checksum";
using Metadata = std::vector<std::pair<std::string, std::string>>;

// The newest first. The first is there only when the program ended between two renames.
constexpr const char* kNames[] = {"next.safetensors", "state.safetensors", "previous.safetensors"};

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

// visit(name, field) for every number of a state.
template <class State, class Visit>
void visit_numbers(State& state, const Visit& visit) {
  visit("step", state.step);
  visit("seconds", state.seconds);
  visit("loss_average", state.loss_average);
  visit("loss_variance", state.loss_variance);
  visit("skipped", state.skipped);
  visit("skipped_in_a_row", state.skipped_in_a_row);
}

// Of everything that a checkpoint says: a name or a number that changed shows as well as a weight.
class Checksum {
 public:
  void add(std::string_view name, std::string_view bytes) {
    hasher_.add(name);
    hasher_.add(std::string_view("\0", 1));
    hasher_.add(to_text(bytes.size()));
    hasher_.add(std::string_view("\0", 1));
    hasher_.add(bytes);
  }
  void add(std::string_view name, std::span<const std::byte> bytes) {
    add(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  std::string finish() const { return hex(hasher_.finish()); }

 private:
  Hasher128 hasher_;
};

template <class Tensor>
std::string shaped_name(const Tensor& tensor) {
  std::string name = tensor.name;
  for (const std::int64_t extent : tensor.shape) name += " " + to_text(extent);
  return name;
}

std::string value_of(const Metadata& metadata, std::string_view name) {
  for (const auto& [key, value] : metadata) {
    if (key == name) return value;
  }
  return {};
}

// What is wrong with a file as a whole, "" for nothing.
std::string damage(const SafetensorsFile& file) {
  const std::string expected = value_of(file.metadata(), kChecksum);
  if (expected.empty()) return "is no checkpoint of a training";
  Checksum checksum;
  for (const auto& [key, value] : file.metadata()) {
    if (key != kChecksum) checksum.add(key, value);
  }
  for (const TensorView& tensor : file.tensors()) {
    if (tensor.dtype != DType::kF32) return "is no checkpoint of a training";
    checksum.add(shaped_name(tensor), tensor.bytes);
  }
  return checksum.finish() == expected ? "" : "is damaged: its checksum is not that of its content";
}

Result<CheckpointState> fill(const SafetensorsFile& file, const std::string& path,
                             const std::string& job, const std::vector<StateTensor>& tensors) {
  CheckpointState state;
  bool whole = true;
  visit_numbers(state, [&](const char* name, auto& number) {
    whole &= from_text(value_of(file.metadata(), name), number);
  });
  state.job = value_of(file.metadata(), "job");
  if (!whole || state.step < 0) {
    return format_error("[train] " + path +
                        ": is no checkpoint of a training; remove its folder to begin again");
  }
  if (state.job != job) {
    return input_error("[train] " + path +
                       ": is a checkpoint of another training; remove it, or give another -o");
  }
  for (const StateTensor& tensor : tensors) {
    PITH_TRY(file.read_floats(tensor.name, tensor.shape, tensor.values));
  }
  return state;
}

}  // namespace

Status write_checkpoint(const std::string& folder, const CheckpointState& state,
                        const std::vector<StateTensor>& tensors) {
  Metadata metadata;
  visit_numbers(state, [&](const char* name, const auto& number) {
    metadata.emplace_back(name, to_text(number));
  });
  metadata.emplace_back("job", state.job);
  Checksum checksum;
  for (const auto& [key, value] : metadata) checksum.add(key, value);
  std::vector<TensorToWrite> to_write;
  for (const StateTensor& tensor : tensors) {
    const auto bytes = std::as_bytes(std::span<const float>(tensor.values));
    checksum.add(shaped_name(tensor), bytes);
    to_write.push_back({tensor.name, DType::kF32, tensor.shape, bytes});
  }
  metadata.emplace_back(kChecksum, checksum.finish());
  const std::string next = join_path(folder, kNames[0]), last = join_path(folder, kNames[1]);
  PITH_TRY(write_safetensors(next, to_write, metadata));
  if (file_exists(last)) PITH_TRY(rename_path(last, join_path(folder, kNames[2])));
  return rename_path(next, last);
}

bool has_checkpoint(const std::string& folder) {
  for (const char* name : kNames) {
    if (file_exists(join_path(folder, name))) return true;
  }
  return false;
}

Result<CheckpointState> read_checkpoint(const std::string& folder, const std::string& job,
                                        const std::vector<StateTensor>& tensors,
                                        const std::function<void(std::string_view)>& warn) {
  std::string first_damage;
  for (const char* name : kNames) {
    const std::string path = join_path(folder, name);
    if (!file_exists(path)) continue;
    const auto file = SafetensorsFile::open(path);
    std::string why = file ? damage(*file) : file.error().message;
    if (why.empty()) {
      PITH_ASSIGN(CheckpointState state, fill(*file, path, job, tensors));
      if (!first_damage.empty()) {
        warn(first_damage + "; going on from " + name + ", at step " + to_text(state.step));
      }
      return state;
    }
    if (file) why = "[train] " + path + ": " + why;
    if (first_damage.empty()) first_damage = why;
  }
  return format_error(first_damage + "; no other checkpoint is whole; remove " + folder +
                      " to begin again with the same plan");
}

}  // namespace pith
