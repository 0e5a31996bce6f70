#include <simdjson.h>

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/formats/document_columns.h"
#include "pith/formats/document_file.h"
#include "pith/formats/parquet.h"

namespace pith {
namespace {

ParquetType parquet_type(const DocumentColumn& column) {
  if (std::holds_alternative<std::string Document::*>(column.member)) return ParquetType::kString;
  if (std::holds_alternative<double Document::*>(column.member)) return ParquetType::kNumber;
  return ParquetType::kInteger;
}

class FileSink final : public ParquetSink {
 public:
  explicit FileSink(AtomicFile file) : file_(std::move(file)) {}
  Status write(std::string_view bytes) override { return file_.write(bytes); }
  Status commit() { return file_.commit(); }

 private:
  AtomicFile file_;
};

class ParquetDocumentWriter final : public DocumentFileWriter {
 public:
  static Result<std::unique_ptr<DocumentFileWriter>> create(const std::string& path, bool dropped) {
    PITH_ASSIGN(const ParquetLibrary* library, parquet_library());
    PITH_ASSIGN(AtomicFile file, AtomicFile::create(path));
    auto writer = std::make_unique<ParquetDocumentWriter>(std::move(file));
    std::vector<ParquetColumn> columns;
    for (const DocumentColumn& column : document_columns()) {
      if (only_when_dropped(column) && !dropped) continue;
      writer->columns_.push_back(&column);
      columns.push_back({.name = std::string(column.name),
                         .type = parquet_type(column),
                         .required = column.presence == ColumnPresence::kAlways,
                         .few_values = column.few_values});
    }
    PITH_ASSIGN(writer->rows_, library->write(writer->sink_, std::move(columns)));
    return std::unique_ptr<DocumentFileWriter>(std::move(writer));
  }

  explicit ParquetDocumentWriter(AtomicFile file) : sink_(std::move(file)) {}

  Status write(const Document& document) override {
    row_.assign(columns_.size(), ParquetValue());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!has_value(document, *columns_[i])) continue;
      row_[i] =
          std::visit([&](auto member) { return value_of(document.*member); }, columns_[i]->member);
    }
    return rows_->write(row_);
  }

  Status finish() override {
    PITH_TRY(rows_->finish());
    return sink_.commit();
  }

 private:
  static ParquetValue value_of(const std::string& value) { return std::string_view(value); }
  static ParquetValue value_of(double value) { return value; }
  template <class Unsigned>
  static ParquetValue value_of(Unsigned value) {
    return static_cast<std::int64_t>(value);
  }

  std::vector<const DocumentColumn*> columns_;
  FileSink sink_;
  std::unique_ptr<ParquetWriter> rows_;  // goes before the sink
  std::vector<ParquetValue> row_;
};

void read_value(const ParquetValue& value, std::string& out) {
  const auto* const text = std::get_if<std::string_view>(&value);
  if (text != nullptr && simdjson::validate_utf8(*text)) out = *text;
}
void read_value(const ParquetValue& value, double& out) {
  if (const auto* const number = std::get_if<double>(&value)) out = *number;
  if (const auto* const number = std::get_if<std::int64_t>(&value)) {
    out = static_cast<double>(*number);
  }
}
template <class Unsigned>
void read_value(const ParquetValue& value, Unsigned& out) {
  const auto* const number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < 0) return;
  if (static_cast<std::uint64_t>(*number) > std::numeric_limits<Unsigned>::max()) return;
  out = static_cast<Unsigned>(*number);
}

class ParquetDocumentReader final : public DocumentFileReader {
 public:
  static Result<std::unique_ptr<DocumentFileReader>> open(const std::string& path,
                                                          const DocumentReader::Options& options) {
    PITH_ASSIGN(const ParquetLibrary* library, parquet_library());
    auto reader = std::make_unique<ParquetDocumentReader>(path, options);
    std::vector<ParquetColumn> columns = {{.name = options.text_field, .required = true}};
    for (const DocumentColumn& column : document_columns()) {
      if (column.name == "text" || column.name == options.text_field) continue;
      reader->columns_.push_back(&column);
      columns.push_back({.name = std::string(column.name), .type = parquet_type(column)});
    }
    PITH_ASSIGN(reader->rows_, library->read(path, std::move(columns), options.max_page_bytes));
    return std::unique_ptr<DocumentFileReader>(std::move(reader));
  }

  ParquetDocumentReader(std::string path, const DocumentReader::Options& options)
      : path_(std::move(path)), options_(options) {}

  Result<bool> next(Document& document) override {
    while (true) {
      const Result<bool> more = rows_->next(row_);
      if (more && !*more) return false;
      document = Document{};
      const Status read = more ? read_row(document) : Status(more.error());
      if (read) return true;
      if (!options_.skip_bad_lines) return read.error();
      ++bad_;
    }
  }

  std::uint64_t file_offset() const override { return rows_->file_offset(); }
  std::uint64_t bad() const override { return bad_; }

 private:
  std::string where() const {
    return "[documents] " + path_ + " row " + std::to_string(rows_->row_number());
  }

  Status read_row(Document& document) {
    const auto* const text = std::get_if<std::string_view>(&row_[0]);
    if (text == nullptr || !simdjson::validate_utf8(*text)) {
      return format_error(where() + ": column \"" + options_.text_field + "\" is " +
                          (text == nullptr ? "null" : "not UTF-8") +
                          "; pith curate passes over such rows");
    }
    if (text->size() > options_.max_line_bytes) {
      return format_error(where() + ": it is longer than " + format_size(options_.max_line_bytes) +
                          "; split it, or give --memory more where it was given");
    }
    document.text = *text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      std::visit([&](auto member) { read_value(row_[i + 1], document.*member); },
                 columns_[i]->member);
    }
    return {};
  }

  const std::string path_;
  const DocumentReader::Options options_;
  std::vector<const DocumentColumn*> columns_;  // of row_[1] and on; row_[0] is the text
  std::unique_ptr<ParquetReader> rows_;
  std::vector<ParquetValue> row_;
  std::uint64_t bad_ = 0;
};

}  // namespace

Result<std::unique_ptr<DocumentFileWriter>> write_parquet(const std::string& path, bool dropped) {
  return ParquetDocumentWriter::create(path, dropped);
}

Result<std::unique_ptr<DocumentFileReader>> read_parquet(const std::string& path,
                                                         const DocumentReader::Options& options) {
  return ParquetDocumentReader::open(path, options);
}

}  // namespace pith
