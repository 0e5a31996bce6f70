#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/result.h"

// safetensors (github.com/huggingface/safetensors, README "Format"): u64 header length, JSON
// header, then raw little-endian data. Read with every bound checked, so a foreign or damaged file
// gives an error, never a wild read.
namespace pith {

enum class DType : std::uint8_t { kF32, kF64, kBF16, kF16, kI64, kI32, kU8, kOther };

struct TensorToWrite {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  // as many as shape and dtype say
};

// Writes in the order given, atomically. `metadata` becomes __metadata__. Same input, same bytes.
Status write_safetensors(const std::string& path, std::span<const TensorToWrite> tensors,
                         std::span<const std::pair<std::string, std::string>> metadata = {});

struct TensorView {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  // lives as long as the SafetensorsFile
};

// A file mapped read-only. Threads: any number may read.
class SafetensorsFile {
 public:
  static Result<SafetensorsFile> open(const std::string& path);
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
  ~SafetensorsFile();

  const std::vector<TensorView>& tensors() const;
  const TensorView* find(std::string_view name) const;  // null when there is none
  const std::vector<std::pair<std::string, std::string>>& metadata() const;

  // Copies tensor `name` of exactly `shape` into `out`, converting F64, BF16 and F16 to float.
  // The error says both shapes.
  Status read_floats(std::string_view name, std::span<const std::int64_t> shape,
                     std::span<float> out) const;

 private:
  struct State;
  explicit SafetensorsFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pith
