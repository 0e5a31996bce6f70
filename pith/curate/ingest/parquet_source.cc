#include <iterator>
#include <string_view>
#include <variant>
#include <vector>

#include "pith/curate/ingest/record_source.h"
#include "pith/formats/parquet.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

struct Field {
  const char* column;
  std::string RawRecord::*member;
};
// What a row may tell beside its text, as a JSON line may.
constexpr Field kFields[] = {{"url", &RawRecord::url},
                             {"id", &RawRecord::id},
                             {"date", &RawRecord::date},
                             {"title", &RawRecord::title}};

class ParquetSource final : public RecordSource {
 public:
  ParquetSource(std::unique_ptr<ParquetReader> rows, const IngestOptions& options, IngestLog log)
      : rows_(std::move(rows)), options_(options), log_(std::move(log)) {}

  static std::vector<ParquetColumn> columns(const std::string& text_field) {
    std::vector<ParquetColumn> columns = {{.name = text_field, .required = true}};
    for (const Field& field : kFields) columns.push_back({.name = field.column});
    return columns;
  }

  bool next(RawRecord& record) override {
    for (;;) {
      const Result<bool> more = rows_->next(row_);
      if (more && !*more) return false;
      if (!more) {
        log_.broken(rows_->row_number(), more.error().message);
        continue;
      }
      const std::uint64_t row = rows_->row_number();
      const auto* const text = std::get_if<std::string_view>(&row_[0]);
      if (text == nullptr) {
        log_.broken(row, "row " + std::to_string(row) + ": no string in column \"" +
                             options_.text_field + "\", but null");
        continue;
      }
      if (text->size() > options_.max_record_bytes) {
        log_.broken(row, "row " + std::to_string(row) + ": the text is longer than " +
                             std::to_string(options_.max_record_bytes) + " bytes");
        continue;
      }
      record = RawRecord();
      record.bytes = replace_invalid_utf8(*text);
      for (std::size_t i = 0; i < std::size(kFields); ++i) {
        const auto* const value = std::get_if<std::string_view>(&row_[i + 1]);
        if (value != nullptr) record.*kFields[i].member = replace_invalid_utf8(*value);
      }
      record.kind = RawKind::kJsonText;
      record.file_path = log_.file_path();
      record.offset = row;
      return true;
    }
  }

  std::uint64_t file_offset() const override { return rows_->file_offset(); }

 private:
  const std::unique_ptr<ParquetReader> rows_;
  const IngestOptions options_;
  IngestLog log_;
  std::vector<ParquetValue> row_;
};

}  // namespace

std::unique_ptr<RecordSource> read_parquet_rows(const IngestOptions& options, IngestLog log) {
  const Result<const ParquetLibrary*> library = parquet_library();
  if (!library) {
    log.broken(0, library.error().message);
    return nullptr;
  }
  Result<std::unique_ptr<ParquetReader>> rows = (*library)->read(
      log.file_path(), ParquetSource::columns(options.text_field), options.max_page_bytes);
  if (!rows) {
    log.broken(0, rows.error().message);
    return nullptr;
  }
  return std::make_unique<ParquetSource>(std::move(rows).value(), options, std::move(log));
}

}  // namespace pith
