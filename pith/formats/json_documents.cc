#include <simdjson.h>

#include <array>
#include <charconv>
#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/json.h"
#include "pith/base/units.h"
#include "pith/formats/document_columns.h"
#include "pith/formats/document_file.h"

namespace pith {

void append_document(const Document& document, std::string& out) {
  out += '{';
  for (const DocumentColumn& column : document_columns()) {
    if (!has_value(document, column)) continue;
    if (out.back() != '{') out += ',';
    out += '"';
    out += column.name;
    out += "\":";
    std::visit(
        [&](auto member) {
          const auto& value = document.*member;
          if constexpr (std::is_same_v<decltype(value), const std::string&>) {
            append_json_string(value, out);
          } else {
            std::array<char, 40> digits;
            out.append(digits.data(),
                       std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
          }
        },
        column.member);
  }
  out += "}\n";
}

namespace {

// A member of another type than promised is an error for the text, and ignored elsewhere: foreign
// files may use our names for things of their own.
void read_value(simdjson::dom::element value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) out = text;
}
void read_value(simdjson::dom::element value, double& out) {
  double number;
  if (value.get_double().get(number) == simdjson::SUCCESS) out = number;
}
template <class Unsigned>
void read_value(simdjson::dom::element value, Unsigned& out) {
  std::uint64_t number;
  if (value.get_uint64().get(number) == simdjson::SUCCESS) out = static_cast<Unsigned>(number);
}

void read_member(std::string_view key, simdjson::dom::element value, Document& document) {
  if (key == "text") return;  // another field is the text
  for (const DocumentColumn& column : document_columns()) {
    if (column.name != key) continue;
    std::visit([&](auto member) { read_value(value, document.*member); }, column.member);
    return;
  }
}

class JsonLinesReader final : public DocumentFileReader {
 public:
  JsonLinesReader(std::string path, std::unique_ptr<ByteSource> bytes,
                  const DocumentReader::Options& options)
      : path_(std::move(path)),
        options_(options),
        lines_(std::move(bytes), options.max_line_bytes),
        parser_(options.text_field) {}

  Result<bool> next(Document& document) override {
    while (true) {
      std::string_view line;
      PITH_ASSIGN(const bool more, lines_.next(line));
      if (const std::uint64_t too_long = lines_.lines_too_long(); too_long > too_long_seen_) {
        if (!options_.skip_bad_lines) {
          return format_error(where() + ": it or the line before is longer than " +
                              format_size(options_.max_line_bytes) +
                              "; split it, or give --memory more where it was given");
        }
        bad_ += too_long - too_long_seen_;
        too_long_seen_ = too_long;
      }
      if (!more) return false;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const Status parsed = parser_.parse(line, document);
      if (parsed) return true;
      if (!options_.skip_bad_lines) {
        return format_error(where() + ": " + parsed.error().message);
      }
      ++bad_;
    }
  }

  std::uint64_t file_offset() const override { return lines_.file_offset(); }
  std::uint64_t bad() const override { return bad_; }

 private:
  std::string where() const {
    return "[documents] " + path_ + " line " + std::to_string(lines_.line_number());
  }

  const std::string path_;
  const DocumentReader::Options options_;
  LineReader lines_;
  DocumentParser parser_;
  std::uint64_t too_long_seen_ = 0, bad_ = 0;
};

}  // namespace

struct DocumentParser::State {
  std::string text_field;
  simdjson::dom::parser parser;  // picks its instruction set at run time
};

DocumentParser::DocumentParser(std::string text_field) : state_(std::make_unique<State>()) {
  state_->text_field = std::move(text_field);
}
DocumentParser::DocumentParser(DocumentParser&&) noexcept = default;
DocumentParser& DocumentParser::operator=(DocumentParser&&) noexcept = default;
DocumentParser::~DocumentParser() = default;

Status DocumentParser::parse(std::string_view line, Document& document) {
  document = Document{};
  const std::string& text_field = state_->text_field;
  simdjson::dom::object object;
  if (auto code = state_->parser.parse(line.data(), line.size()).get_object().get(object)) {
    return format_error(std::string("is no JSON object in UTF-8: ") +
                        simdjson::error_message(code));
  }
  bool has_text = false;
  for (const auto& [key, value] : object) {
    if (key != text_field) {
      read_member(key, value, document);
      continue;
    }
    std::string_view text;
    if (auto code = value.get_string().get(text)) {
      return format_error("field \"" + text_field +
                          "\" is no string: " + simdjson::error_message(code));
    }
    document.text = text;
    has_text = true;
  }
  if (!has_text) return format_error("has no field \"" + text_field + "\"");
  return {};
}

Result<std::unique_ptr<DocumentFileReader>> read_json_lines(
    const std::string& path, const DocumentReader::Options& options) {
  PITH_ASSIGN(std::unique_ptr<ByteSource> bytes, open_decompressed(path));
  return std::unique_ptr<DocumentFileReader>(
      std::make_unique<JsonLinesReader>(path, std::move(bytes), options));
}

}  // namespace pith
