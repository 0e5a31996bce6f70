#include "pith/formats/tensorboard.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace pith {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78u : 0u);
    table[i] = value;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

template <class T>
void append_bytes(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// Protocol buffers: a key (field number and wire type), then the value.
enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}
void append_key(std::string& out, unsigned field, WireType type) {
  append_varint(out, field << 3 | type);
}
void append_integer(std::string& out, unsigned field, std::int64_t value) {
  append_key(out, field, kVarint);
  append_varint(out, static_cast<std::uint64_t>(value));
}
void append_double(std::string& out, unsigned field, double value) {
  append_key(out, field, kFixed64);
  append_bytes(out, value);
}
void append_float(std::string& out, unsigned field, float value) {
  append_key(out, field, kFixed32);
  append_bytes(out, value);
}
void append_message(std::string& out, unsigned field, std::string_view message) {
  append_key(out, field, kLengthDelimited);
  append_varint(out, message.size());
  out += message;
}

// Field numbers of tensorflow's event.proto, summary.proto and tensor.proto.
namespace event {
constexpr unsigned kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5;
}
namespace summary {
constexpr unsigned kValue = 1, kTag = 1, kSimpleValue = 2, kTensor = 8, kMetadata = 9;
constexpr unsigned kPluginData = 1, kPluginName = 1;
}  // namespace summary
namespace tensor {
constexpr unsigned kDType = 1, kShape = 2, kStringValue = 8, kDimension = 2, kSize = 1;
constexpr int kString = 7;
}  // namespace tensor

std::string event_message(std::int64_t step, double wall_time) {
  std::string message;
  append_double(message, event::kWallTime, wall_time);
  append_integer(message, event::kStep, step);
  return message;
}

std::string with_summary(std::string message, std::string_view value) {
  std::string list;
  append_message(list, summary::kValue, value);
  append_message(message, event::kSummary, list);
  return message;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc = kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
  }
  return ~crc;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xa282ead8u;
}

struct TensorboardWriter::State {
  std::string path;
  std::FILE* file = nullptr;
  ~State() {
    if (file != nullptr) std::fclose(file);
  }

  Status write(std::string_view message) {
    std::string record;
    append_bytes(record, std::uint64_t{message.size()});
    append_bytes(record, masked_crc32c(record));
    record += message;
    append_bytes(record, masked_crc32c(message));
    if (std::fwrite(record.data(), 1, record.size(), file) != record.size() ||
        std::fflush(file) != 0) {
      return io_error("[tensorboard] " + path + ": cannot write: " + std::strerror(errno));
    }
    return {};
  }
};

TensorboardWriter::TensorboardWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
TensorboardWriter::TensorboardWriter(TensorboardWriter&&) noexcept = default;
TensorboardWriter& TensorboardWriter::operator=(TensorboardWriter&&) noexcept = default;
TensorboardWriter::~TensorboardWriter() = default;

Result<TensorboardWriter> TensorboardWriter::create(const std::string& path, double wall_time) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->file = std::fopen(path.c_str(), "wb");
  if (state->file == nullptr) {
    return io_error("[tensorboard] " + path + ": cannot write: " + std::strerror(errno));
  }
  std::string message;
  append_double(message, event::kWallTime, wall_time);
  append_message(message, event::kFileVersion, "brain.Event:2");
  PITH_TRY(state->write(message));
  return TensorboardWriter(std::move(state));
}

Status TensorboardWriter::scalar(std::string_view tag, double value, std::int64_t step,
                                 double wall_time) {
  std::string entry;
  append_message(entry, summary::kTag, tag);
  append_float(entry, summary::kSimpleValue, static_cast<float>(value));
  return state_->write(with_summary(event_message(step, wall_time), entry));
}

Status TensorboardWriter::text(std::string_view tag, std::string_view value, std::int64_t step,
                               double wall_time) {
  std::string plugin, metadata, dimension, shape, content, entry;
  append_message(plugin, summary::kPluginName, "text");
  append_message(metadata, summary::kPluginData, plugin);
  append_integer(dimension, tensor::kSize, 1);
  append_message(shape, tensor::kDimension, dimension);
  append_integer(content, tensor::kDType, tensor::kString);
  append_message(content, tensor::kShape, shape);
  append_message(content, tensor::kStringValue, value);
  append_message(entry, summary::kTag, tag);
  append_message(entry, summary::kTensor, content);
  append_message(entry, summary::kMetadata, metadata);
  return state_->write(with_summary(event_message(step, wall_time), entry));
}

}  // namespace pith
