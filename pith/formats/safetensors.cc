#include "pith/formats/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/formats/mapped_file.h"

namespace pith {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data are little-endian");
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference reader's cap

struct DTypeName {
  std::string_view name;
  DType dtype;
  unsigned bits;
};
constexpr DTypeName kDTypes[] = {
    {"F32", DType::kF32, 32},
    {"F64", DType::kF64, 64},
    {"BF16", DType::kBF16, 16},
    {"F16", DType::kF16, 16},
    {"I64", DType::kI64, 64},
    {"I32", DType::kI32, 32},
    {"U8", DType::kU8, 8},
    {"BOOL", DType::kOther, 8},
    {"I8", DType::kOther, 8},
    {"I16", DType::kOther, 16},
    {"U16", DType::kOther, 16},
    {"U32", DType::kOther, 32},
    {"U64", DType::kOther, 64},
    {"C64", DType::kOther, 64},
    {"F8_E5M2", DType::kOther, 8},
    {"F8_E4M3", DType::kOther, 8},
    {"F8_E8M0", DType::kOther, 8},
    {"F8_E5M2FNUZ", DType::kOther, 8},
    {"F8_E4M3FNUZ", DType::kOther, 8},
    {"F6_E2M3", DType::kOther, 6},
    {"F6_E3M2", DType::kOther, 6},
    {"F4", DType::kOther, 4},
};

const DTypeName* find_dtype(std::string_view name) {
  const auto* found = std::find_if(std::begin(kDTypes), std::end(kDTypes),
                                   [&](const DTypeName& entry) { return entry.name == name; });
  return found == std::end(kDTypes) ? nullptr : found;
}

const DTypeName& dtype_entry(DType dtype) {
  return *std::find_if(std::begin(kDTypes), std::end(kDTypes),
                       [&](const DTypeName& entry) { return entry.dtype == dtype; });
}

bool multiply(std::uint64_t a, std::uint64_t b, std::uint64_t& product) {
  return !__builtin_mul_overflow(a, b, &product);
}

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fu, fraction = half & 0x3ffu;
  if (exponent == 0) {  // zero or subnormal: fraction * 2^-24
    const float value = static_cast<float>(fraction) * 0x1.0p-24f;
    return sign != 0 ? -value : value;
  }
  const std::uint32_t rebased = exponent == 31 ? 255u : exponent + 112u;
  return std::bit_cast<float>(sign | (rebased << 23) | (fraction << 13));
}

// The i-th value of type T; data need not be aligned.
template <class T>
T value_at(std::span<const std::byte> bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

Status write_safetensors(const std::string& path, std::span<const TensorToWrite> tensors,
                         std::span<const std::pair<std::string, std::string>> metadata) {
  std::string header = "{";
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    for (std::size_t i = 0; i < metadata.size(); ++i) {
      if (i > 0) header += ',';
      append_json_string(metadata[i].first, header);
      header += ':';
      append_json_string(metadata[i].second, header);
    }
    header += '}';
  }
  std::uint64_t offset = 0;
  for (const TensorToWrite& tensor : tensors) {
    const DTypeName& dtype = dtype_entry(tensor.dtype);
    PITH_CHECK(tensor.dtype != DType::kOther, tensor.name);
    std::uint64_t bytes = dtype.bits / 8;
    for (const std::int64_t extent : tensor.shape) {
      PITH_CHECK(extent >= 0 && multiply(bytes, static_cast<std::uint64_t>(extent), bytes),
                 tensor.name);
    }
    PITH_CHECK(bytes == tensor.bytes.size(), tensor.name + " has other bytes than its shape says");
    if (header.size() > 1) header += ',';
    append_json_string(tensor.name, header);
    header += ":{\"dtype\":\"" + std::string(dtype.name) + "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      if (i > 0) header += ',';
      header += std::to_string(tensor.shape[i]);
    }
    header += "],\"data_offsets\":[" + std::to_string(offset) + ',' +
              std::to_string(offset + bytes) + "]}";
    offset += bytes;
  }
  header += '}';
  header.resize((header.size() + 7) / 8 * 8, ' ');  // data begin aligned

  PITH_ASSIGN(AtomicFile file, AtomicFile::create(path));
  const std::uint64_t length = header.size();
  PITH_TRY(file.write(std::as_bytes(std::span(&length, 1))));
  PITH_TRY(file.write(header));
  for (const TensorToWrite& tensor : tensors) PITH_TRY(file.write(tensor.bytes));
  return file.commit();
}

struct SafetensorsFile::State {
  std::string path;
  MappedFile mapping;
  std::vector<TensorView> tensors;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::unordered_map<std::string_view, std::size_t> by_name;  // views into tensors

  Error damaged(const std::string& what) const {
    return format_error("[safetensors] " + path + ": " + what +
                        "; the file is damaged or no safetensors file");
  }
  Status read_header();
  Status read_metadata(const Json& json);
  Status read_tensor(const std::string& name, const Json& json, std::span<const std::byte> data);
  Status check_layout(std::span<const std::byte> data) const;
};

Status SafetensorsFile::State::read_header() {
  const std::span<const std::byte> bytes = mapping.bytes();
  if (bytes.size() < 8) {
    return damaged("has " + std::to_string(bytes.size()) + " bytes, fewer than the header length");
  }
  const auto length = value_at<std::uint64_t>(bytes, 0);
  if (length > kMaxHeaderBytes) {
    return damaged("says that its header has " + std::to_string(length) + " bytes, more than " +
                   std::to_string(kMaxHeaderBytes));
  }
  if (length > bytes.size() - 8) {
    return damaged("is cut inside its header: " + std::to_string(length) + " bytes promised, " +
                   std::to_string(bytes.size() - 8) + " there");
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  if (!text.starts_with('{')) return damaged("its header does not begin with {");
  const Result<Json> json = parse_json(text, "[safetensors] " + path + " header");
  if (!json) return damaged("its header is no JSON (" + json.error().message + ")");
  if (!json->is_object()) return damaged("its header is no JSON object");
  const auto data = bytes.subspan(8 + length);
  for (const auto& [name, entry] : json->members()) {
    PITH_TRY(name == "__metadata__" ? read_metadata(entry) : read_tensor(name, entry, data));
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) by_name.emplace(tensors[i].name, i);
  return check_layout(data);
}

Status SafetensorsFile::State::read_metadata(const Json& json) {
  if (!json.is_object()) return damaged("__metadata__ is no object");
  for (const auto& [key, value] : json.members()) {
    if (!value.is_string()) return damaged("__metadata__ \"" + key + "\" is no string");
    metadata.emplace_back(key, value.as_string());
  }
  return {};
}

Status SafetensorsFile::State::read_tensor(const std::string& name, const Json& json,
                                           std::span<const std::byte> data) {
  const std::string which = "tensor \"" + name + "\"";
  const DTypeName* dtype = find_dtype(json["dtype"].as_string());
  if (dtype == nullptr) {
    return damaged(which + " has an unknown dtype \"" + json["dtype"].as_string() + "\"");
  }
  if (!json["shape"].is_array()) return damaged(which + " has no shape");
  TensorView tensor{.name = name, .dtype = dtype->dtype, .shape = {}, .bytes = {}};
  std::uint64_t bits = dtype->bits;
  for (const Json& extent : json["shape"].items()) {
    if (!extent.is_integer() || extent.as_int() < 0) {
      return damaged(which + " has a shape that is not of counts: " + json["shape"].dump());
    }
    tensor.shape.push_back(extent.as_int());
    if (!multiply(bits, static_cast<std::uint64_t>(extent.as_int()), bits)) {
      return damaged(which + " has a shape too large: " + json["shape"].dump());
    }
  }
  const JsonArray& offsets = json["data_offsets"].items();
  if (offsets.size() != 2 || !offsets[0].is_integer() || !offsets[1].is_integer()) {
    return damaged(which + " has no two data_offsets");
  }
  const std::int64_t begin = offsets[0].as_int(), end = offsets[1].as_int();
  if (begin < 0 || end < begin || static_cast<std::uint64_t>(end) > data.size()) {
    return damaged(which + " lies at " + json["data_offsets"].dump() + " of " +
                   std::to_string(data.size()) + " bytes of data");
  }
  if (bits % 8 != 0 || bits / 8 != static_cast<std::uint64_t>(end - begin)) {
    return damaged(which + " of dtype " + std::string(dtype->name) + " and shape " +
                   shape_text(tensor.shape) + " cannot have " + std::to_string(end - begin) +
                   " bytes");
  }
  tensor.bytes =
      data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  tensors.push_back(std::move(tensor));
  return {};
}

Status SafetensorsFile::State::check_layout(std::span<const std::byte> data) const {
  std::vector<const TensorView*> order;
  for (const TensorView& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const TensorView* a, const TensorView* b) {
    return std::pair(a->bytes.data(), a->bytes.size()) <
           std::pair(b->bytes.data(), b->bytes.size());
  });
  const std::byte* expected = data.data();
  for (const TensorView* tensor : order) {
    if (tensor->bytes.data() != expected) {
      return damaged("tensor \"" + tensor->name + "\" " +
                     (tensor->bytes.data() > expected ? "follows a hole" : "overlaps another"));
    }
    expected += tensor->bytes.size();
  }
  if (expected != data.data() + data.size()) {
    return damaged("has " + std::to_string(data.data() + data.size() - expected) +
                   " bytes that belong to no tensor");
  }
  return {};
}

SafetensorsFile::SafetensorsFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;
SafetensorsFile::~SafetensorsFile() = default;

Result<SafetensorsFile> SafetensorsFile::open(const std::string& path) {
  auto mapping = MappedFile::open(path);
  if (!mapping) return Error{mapping.error().kind, "[safetensors] " + mapping.error().message};
  auto state = std::make_unique<State>(State{path, std::move(*mapping), {}, {}, {}});
  PITH_TRY(state->read_header());
  return SafetensorsFile(std::move(state));
}

const std::vector<TensorView>& SafetensorsFile::tensors() const { return state_->tensors; }
const std::vector<std::pair<std::string, std::string>>& SafetensorsFile::metadata() const {
  return state_->metadata;
}

namespace {

// The elements of a tensor, as many as `out` has room for.
Status to_floats(const TensorView& tensor, std::span<float> out, const std::string& where) {
  const std::span<const std::byte> bytes = tensor.bytes;
  switch (tensor.dtype) {
    case DType::kF32:
      if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
      return {};
    case DType::kF64:
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(value_at<double>(bytes, i));
      return {};
    case DType::kBF16:
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::bit_cast<float>(std::uint32_t{value_at<std::uint16_t>(bytes, i)} << 16);
      }
      return {};
    case DType::kF16:
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = half_to_float(value_at<std::uint16_t>(bytes, i));
      }
      return {};
    default:
      return format_error(where + "tensor \"" + tensor.name +
                          "\" is not of floats (F32, F64, BF16 or F16)");
  }
}

}  // namespace

const TensorView* SafetensorsFile::find(std::string_view name) const {
  const auto found = state_->by_name.find(name);
  return found == state_->by_name.end() ? nullptr : &state_->tensors[found->second];
}

Status SafetensorsFile::read_floats(std::string_view name, std::span<const std::int64_t> shape,
                                    std::span<float> out) const {
  const std::string where = "[safetensors] " + state_->path + ": ";
  const TensorView* tensor = find(name);
  if (tensor == nullptr) return format_error(where + "has no tensor \"" + std::string(name) + "\"");
  if (!std::ranges::equal(tensor->shape, shape)) {
    return format_error(where + "tensor \"" + std::string(name) + "\" has shape " +
                        shape_text(tensor->shape) + ", " + shape_text(shape) + " was expected");
  }
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::uint64_t>(extent);
  PITH_CHECK(out.size() == count, std::string(name));
  PITH_TRY(to_floats(*tensor, out, where));
  state_->mapping.release(tensor->bytes);  // read once, as a rule, and as large as the model
  return {};
}

}  // namespace pith
