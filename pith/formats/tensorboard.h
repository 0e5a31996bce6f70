#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pith/base/result.h"

// Curves for TensorBoard: an event file (TFRecord framing around Event messages of protocol
// buffers), written by hand. See docs/formats/tensorboard.md.
namespace pith {

// Writes one event file from its beginning; an old one of this path is replaced. Every event is
// in the file when its call returns, so that TensorBoard follows a training. One thread at a time.
class TensorboardWriter {
 public:
  // TensorBoard reads files whose name holds "tfevents". `wall_time` is seconds since 1970.
  static Result<TensorboardWriter> create(const std::string& path, double wall_time);
  TensorboardWriter(TensorboardWriter&&) noexcept;
  TensorboardWriter& operator=(TensorboardWriter&&) noexcept;
  ~TensorboardWriter();

  Status scalar(std::string_view tag, double value, std::int64_t step, double wall_time);
  Status text(std::string_view tag, std::string_view value, std::int64_t step, double wall_time);

 private:
  struct State;
  explicit TensorboardWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// CRC-32C (Castagnoli), and as TFRecord stores it.
std::uint32_t crc32c(std::string_view bytes);
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace pith
