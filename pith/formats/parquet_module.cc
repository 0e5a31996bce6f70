// The module behind parquet.h, and all that pith has of Apache Arrow. It works on Parquet's own
// columns, not on Arrow's tables: a page at a time, values in place.
#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/status.h>
#include <parquet/column_reader.h>
#include <parquet/column_writer.h>
#include <parquet/file_reader.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <utility>

#include "pith/formats/parquet.h"

namespace pith {
namespace {

constexpr std::int64_t kBatchRows = 256;           // of a column, between two looks at its page
constexpr std::int64_t kReadAheadBytes = 1 << 18;  // of a column
constexpr std::size_t kRowGroupBytes = 16 << 20;   // of values, before compression
constexpr std::size_t kRowGroupRows = 1 << 18;     // of documents of a few bytes
constexpr std::int64_t kWriteBatchRows = 32;       // between two looks at the size of a page
constexpr int kCompressionLevel = 3;

// The first line of what Arrow says.
std::string told(std::string_view what) { return std::string(what.substr(0, what.find('\n'))); }

// ---- Reading

std::string type_name(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  if (logical != nullptr && logical->is_valid() && !logical->is_none()) return logical->ToString();
  return parquet::TypeToString(column.physical_type());
}

// Of no further meaning than its bytes or digits: not a date, a decimal or half a float.
bool is_plain(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical == nullptr || !logical->is_valid() || logical->is_none() || logical->is_int();
}

bool is_string(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return column.physical_type() == parquet::Type::BYTE_ARRAY &&
         (is_plain(column) || logical->is_string() || logical->is_enum() || logical->is_JSON());
}

bool holds(const parquet::ColumnDescriptor& column, ParquetType type) {
  const parquet::Type::type physical = column.physical_type();
  const bool integer = physical == parquet::Type::INT32 || physical == parquet::Type::INT64;
  switch (type) {
    case ParquetType::kString:
      return is_string(column);
    case ParquetType::kInteger:
      return integer && is_plain(column);
    case ParquetType::kNumber:
      return is_plain(column) &&
             (integer || physical == parquet::Type::FLOAT || physical == parquet::Type::DOUBLE);
  }
  return false;
}

// At the top of the schema, one value a row.
bool is_flat(const parquet::ColumnDescriptor& column) {
  return column.path()->ToDotVector().size() == 1 && column.max_repetition_level() == 0;
}

// The values of one column of a row group, a batch at a time.
class ColumnCursor {
 public:
  virtual ~ColumnCursor() = default;
  // The value of the next row, a view into the page; nullopt when the column has no more rows.
  virtual std::optional<ParquetValue> next() = 0;
};

template <class Reader>
class TypedCursor final : public ColumnCursor {
 public:
  explicit TypedCursor(std::shared_ptr<parquet::ColumnReader> reader)
      : owner_(std::move(reader)),
        reader_(static_cast<Reader&>(*owner_)),
        may_be_null_(owner_->descr()->max_definition_level() > 0) {}

  std::optional<ParquetValue> next() override {
    if (row_ == rows_ && !fill()) return std::nullopt;
    if (may_be_null_ && defined_[row_] == 0) {
      ++row_;
      return ParquetValue();
    }
    ++row_;
    if (value_ == values_read_) return std::nullopt;  // fewer values than the levels promise
    return convert(values_[value_++]);
  }

 private:
  using Value = typename Reader::T;

  bool fill() {
    row_ = rows_ = value_ = values_read_ = 0;
    if (!reader_.HasNext()) return false;
    std::int64_t values = 0;
    const std::int64_t levels =
        reader_.ReadBatch(kBatchRows, may_be_null_ ? defined_ : nullptr, nullptr, values_, &values);
    values_read_ = static_cast<std::size_t>(values);
    rows_ = static_cast<std::size_t>(may_be_null_ ? levels : values);
    return rows_ > 0;
  }

  static ParquetValue convert(const Value& value) {
    if constexpr (std::is_same_v<Value, parquet::ByteArray>) {
      return std::string_view(reinterpret_cast<const char*>(value.ptr), value.len);
    } else if constexpr (std::is_floating_point_v<Value>) {
      return static_cast<double>(value);
    } else {
      return static_cast<std::int64_t>(value);
    }
  }

  const std::shared_ptr<parquet::ColumnReader> owner_;
  Reader& reader_;
  const bool may_be_null_;
  std::int16_t defined_[kBatchRows] = {};
  Value values_[kBatchRows] = {};
  std::size_t row_ = 0, rows_ = 0, value_ = 0, values_read_ = 0;
};

std::unique_ptr<ColumnCursor> cursor_of(std::shared_ptr<parquet::ColumnReader> reader) {
  switch (reader->type()) {
    case parquet::Type::INT32:
      return std::make_unique<TypedCursor<parquet::Int32Reader>>(std::move(reader));
    case parquet::Type::INT64:
      return std::make_unique<TypedCursor<parquet::Int64Reader>>(std::move(reader));
    case parquet::Type::FLOAT:
      return std::make_unique<TypedCursor<parquet::FloatReader>>(std::move(reader));
    case parquet::Type::DOUBLE:
      return std::make_unique<TypedCursor<parquet::DoubleReader>>(std::move(reader));
    default:  // holds() lets nothing else through
      return std::make_unique<TypedCursor<parquet::ByteArrayReader>>(std::move(reader));
  }
}

class ArrowReader final : public ParquetReader {
 public:
  ArrowReader(std::string path, std::vector<ParquetColumn> columns, std::uint64_t max_page_bytes)
      : path_(std::move(path)),
        columns_(std::move(columns)),
        // What lies in Arrow's own pool is not given back soon, and not seen by sanitizers.
        memory_(arrow::system_memory_pool(), static_cast<std::int64_t>(max_page_bytes)) {}

  Status open() {
    try {
      auto opened = arrow::io::ReadableFile::Open(path_, &memory_);
      if (!opened.ok()) return io_error("[parquet] " + told(opened.status().message()));
      const auto size = (*opened)->GetSize();
      if (!size.ok()) return io_error("[parquet] " + path_ + ": " + told(size.status().message()));
      file_bytes_ = static_cast<std::uint64_t>(*size);
      parquet::ReaderProperties properties(&memory_);
      properties.enable_buffered_stream();  // not whole row groups
      properties.set_buffer_size(kReadAheadBytes);
      properties.set_page_checksum_verification(true);
      file_ = parquet::ParquetFileReader::Open(*opened, properties);
    } catch (const std::exception& error) {
      return format_error("[parquet] " + path_ +
                          ": is no whole Parquet file: " + told(error.what()));
    }
    rows_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, file_->metadata()->num_rows()));
    return find_columns();
  }

  Result<bool> next(std::vector<ParquetValue>& row) override {
    row.assign(columns_.size(), ParquetValue());
    try {
      while (row_in_group_ == rows_in_group_) {
        if (next_group_ == file_->metadata()->num_row_groups()) return false;
        open_group();
      }
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (cursors_[i] == nullptr) continue;
        std::optional<ParquetValue> value = cursors_[i]->next();
        if (!value) return damaged("column \"" + columns_[i].name + "\" ends too early");
        row[i] = *value;
      }
    } catch (const std::bad_alloc&) {
      return too_large();
    } catch (const std::exception& error) {
      if (std::string_view(error.what()).find("MemoryPool") != std::string_view::npos) {
        return too_large();
      }
      return damaged(told(error.what()));
    }
    ++row_in_group_;
    row_ = next_row_++;
    return true;
  }

  // ParquetLibrary::for_each_string of the file that was opened.
  Status for_each_string(const std::function<Status(std::string_view)>& on_string) {
    const parquet::FileMetaData& file = *file_->metadata();
    for (int g = 0; g < file.num_row_groups(); ++g) {
      for (int c = 0; c < file.num_columns(); ++c) {
        const parquet::ColumnDescriptor& column = *file.schema()->Column(c);
        if (is_string(column)) PITH_TRY(strings_of(g, c, column, on_string));
      }
    }
    return {};
  }

  std::uint64_t row_number() const override { return row_; }

  std::uint64_t file_offset() const override {
    if (rows_ == 0 || next_row_ >= rows_) return file_bytes_;
    return static_cast<std::uint64_t>(static_cast<double>(file_bytes_) *
                                      static_cast<double>(next_row_) / static_cast<double>(rows_));
  }

 private:
  Status find_columns() {
    const parquet::SchemaDescriptor& schema = *file_->metadata()->schema();
    for (const ParquetColumn& wanted : columns_) {
      int found = -1;
      for (int i = 0; i < schema.num_columns() && found < 0; ++i) {
        if (schema.Column(i)->path()->ToDotVector().front() == wanted.name) found = i;
      }
      const bool fits =
          found >= 0 && is_flat(*schema.Column(found)) && holds(*schema.Column(found), wanted.type);
      if (!fits && wanted.required) return lacks(schema, wanted, found);
      places_.push_back(fits ? found : -1);
    }
    return {};
  }

  Status strings_of(int group, int place, const parquet::ColumnDescriptor& column,
                    const std::function<Status(std::string_view)>& on_string) {
    const auto broken = [&](const std::string& what) {
      return format_error("[parquet] " + path_ + " row group " + std::to_string(group) +
                          ", column \"" + column.path()->ToDotString() + "\": " + what);
    };
    try {
      const auto owner = file_->RowGroup(group)->Column(place);
      auto& reader = static_cast<parquet::ByteArrayReader&>(*owner);
      std::vector<std::int16_t> defined(kBatchRows), repeated(kBatchRows);
      std::vector<parquet::ByteArray> values(kBatchRows);
      while (reader.HasNext()) {
        std::int64_t count = 0;
        const std::int64_t levels =
            reader.ReadBatch(kBatchRows, defined.data(), repeated.data(), values.data(), &count);
        if (levels == 0 && count == 0) return broken("ends too early");
        for (std::int64_t i = 0; i < count; ++i) {
          const parquet::ByteArray& value = values[static_cast<std::size_t>(i)];
          PITH_TRY(on_string({reinterpret_cast<const char*>(value.ptr), value.len}));
        }
      }
    } catch (const std::exception& error) {
      const std::string_view what = error.what();
      const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                          what.find("MemoryPool") != std::string_view::npos;
      return memory ? broken("a page is larger than memory allows; write smaller pages")
                    : broken("is damaged: " + told(what));
    }
    return {};
  }

  Error lacks(const parquet::SchemaDescriptor& schema, const ParquetColumn& wanted, int found) {
    std::string strings;
    for (int i = 0; i < schema.num_columns(); ++i) {
      const parquet::ColumnDescriptor& column = *schema.Column(i);
      if (is_flat(column) && is_string(column)) {
        strings += (strings.empty() ? "" : ", ") + column.name();
      }
    }
    std::string what = "[parquet] " + path_;
    if (found < 0) {
      what += ": has no column \"" + wanted.name + "\"";
    } else {
      const parquet::ColumnDescriptor& column = *schema.Column(found);
      what += ": column \"" + wanted.name + "\" holds no strings but " +
              (is_flat(column) ? type_name(column) : "nested values");
    }
    return format_error(what + "; " +
                        (strings.empty() ? "none of its columns holds strings"
                                         : "--text-field names one of: " + strings));
  }

  void open_group() {
    const int index = next_group_++;
    // The rows of a group that was given up are passed over.
    next_row_ += rows_in_group_ - row_in_group_;
    row_in_group_ = rows_in_group_ = 0;
    cursors_.clear();
    group_ = file_->RowGroup(index);
    for (const int place : places_) {
      cursors_.push_back(place < 0 ? nullptr : cursor_of(group_->Column(place)));
    }
    rows_in_group_ =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, group_->metadata()->num_rows()));
  }

  // Gives the row group up.
  Error give_up(const std::string& what) {
    row_ = next_row_;
    next_row_ += rows_in_group_ - row_in_group_;
    row_in_group_ = rows_in_group_ = 0;
    cursors_.clear();
    group_.reset();
    return format_error("[parquet] " + path_ + " row " + std::to_string(row_) + ": " + what);
  }
  Error damaged(const std::string& what) { return give_up("is damaged: " + what); }
  Error too_large() {
    return give_up(
        "its page is larger than memory allows; give more --memory, or write the file "
        "with smaller pages");
  }

  const std::string path_;
  const std::vector<ParquetColumn> columns_;
  arrow::CappedMemoryPool memory_;
  std::unique_ptr<parquet::ParquetFileReader> file_;
  std::vector<int> places_;  // of each column in the file, -1 where it is not there
  std::uint64_t file_bytes_ = 0, rows_ = 0;

  int next_group_ = 0;
  std::shared_ptr<parquet::RowGroupReader> group_;
  std::vector<std::unique_ptr<ColumnCursor>> cursors_;  // null for a column that is not there
  std::uint64_t row_in_group_ = 0, rows_in_group_ = 0, next_row_ = 0, row_ = 0;
};

// ---- Writing

class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ParquetSink& sink) : sink_(sink) {}
  arrow::Status Write(const void* data, std::int64_t bytes) override {
    if (failure) return arrow::Status::IOError(failure->message);
    const Status written = sink_.write(
        std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(bytes)));
    if (!written) {
      failure = written.error();
      return arrow::Status::IOError(failure->message);
    }
    position_ += bytes;
    return arrow::Status::OK();
  }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return position_; }

  std::optional<Error> failure;  // of the sink

 private:
  ParquetSink& sink_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

// The rows of one column until their group is full.
struct PendingColumn {
  std::vector<std::int16_t> defined;
  std::string bytes;                 // of strings, one after the other
  std::vector<std::uint32_t> sizes;  // of each
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;

  void clear() { defined.clear(), bytes.clear(), sizes.clear(), integers.clear(), numbers.clear(); }
};

class ArrowWriter final : public ParquetWriter {
 public:
  ArrowWriter(ParquetSink& sink, std::vector<ParquetColumn> columns)
      : columns_(std::move(columns)),
        pending_(columns_.size()),
        stream_(std::make_shared<SinkStream>(sink)) {}

  Status open() {
    namespace schema = parquet::schema;
    schema::NodeVector fields;
    parquet::WriterProperties::Builder properties;
    properties.memory_pool(arrow::system_memory_pool())
        ->created_by("pith")
        ->compression(parquet::Compression::ZSTD)
        ->compression_level(kCompressionLevel)
        ->write_batch_size(kWriteBatchRows)
        ->enable_page_checksum();
    for (const ParquetColumn& column : columns_) {
      const auto repetition =
          column.required ? parquet::Repetition::REQUIRED : parquet::Repetition::OPTIONAL;
      if (column.type == ParquetType::kString) {
        fields.push_back(schema::PrimitiveNode::Make(
            column.name, repetition, parquet::LogicalType::String(), parquet::Type::BYTE_ARRAY));
      } else {
        fields.push_back(schema::PrimitiveNode::Make(
            column.name, repetition,
            column.type == ParquetType::kInteger ? parquet::Type::INT64 : parquet::Type::DOUBLE));
      }
      if (column.few_values) continue;
      properties.disable_dictionary(column.name);
      properties.disable_statistics(column.name);  // the least and the greatest text help nobody
    }
    return guarded([&] {
      file_ = parquet::ParquetFileWriter::Open(
          stream_,
          std::static_pointer_cast<schema::GroupNode>(
              schema::GroupNode::Make("document", parquet::Repetition::REQUIRED, fields)),
          properties.build());
    });
  }

  Status write(std::span<const ParquetValue> row) override {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      PendingColumn& column = pending_[i];
      column.defined.push_back(!std::holds_alternative<std::monostate>(row[i]));
      if (const auto* text = std::get_if<std::string_view>(&row[i])) {
        column.bytes += *text;
        column.sizes.push_back(static_cast<std::uint32_t>(text->size()));
        pending_bytes_ += text->size();
      } else if (const auto* integer = std::get_if<std::int64_t>(&row[i])) {
        column.integers.push_back(*integer);
      } else if (const auto* number = std::get_if<double>(&row[i])) {
        column.numbers.push_back(*number);
      }
    }
    ++pending_rows_;
    if (pending_bytes_ >= kRowGroupBytes || pending_rows_ == kRowGroupRows) return flush();
    return {};
  }

  Status finish() override {
    if (pending_rows_ > 0) PITH_TRY(flush());
    return guarded([&] { file_->Close(); });
  }

 private:
  Status flush() {
    Status written = guarded([&] {
      parquet::RowGroupWriter* const group = file_->AppendRowGroup();
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        write_column(group->NextColumn(), columns_[i], pending_[i]);
        pending_[i].clear();
      }
      group->Close();
    });
    pending_rows_ = pending_bytes_ = 0;
    return written;
  }

  void write_column(parquet::ColumnWriter* out, const ParquetColumn& description,
                    const PendingColumn& column) {
    const std::int16_t* const defined = description.required ? nullptr : column.defined.data();
    const auto rows = static_cast<std::int64_t>(pending_rows_);
    if (description.type == ParquetType::kInteger) {
      static_cast<parquet::Int64Writer*>(out)->WriteBatch(rows, defined, nullptr,
                                                          column.integers.data());
    } else if (description.type == ParquetType::kNumber) {
      static_cast<parquet::DoubleWriter*>(out)->WriteBatch(rows, defined, nullptr,
                                                           column.numbers.data());
    } else {
      std::vector<parquet::ByteArray> values;
      values.reserve(column.sizes.size());
      const auto* next = reinterpret_cast<const std::uint8_t*>(column.bytes.data());
      for (const std::uint32_t size : column.sizes) {
        values.emplace_back(size, next);
        next += size;
      }
      static_cast<parquet::ByteArrayWriter*>(out)->WriteBatch(rows, defined, nullptr,
                                                              values.data());
    }
    out->Close();
  }

  // What Arrow throws as a value; of a sink that failed, the sink's own error.
  template <class Body>
  Status guarded(const Body& body) {
    try {
      body();
    } catch (const std::exception& error) {
      if (stream_->failure) return *stream_->failure;
      return Error{ErrorKind::kInternal, "[parquet] cannot write: " + told(error.what())};
    }
    return {};
  }

  const std::vector<ParquetColumn> columns_;
  std::vector<PendingColumn> pending_;
  std::size_t pending_rows_ = 0, pending_bytes_ = 0;
  const std::shared_ptr<SinkStream> stream_;
  std::unique_ptr<parquet::ParquetFileWriter> file_;
};

class ArrowLibrary final : public ParquetLibrary {
 public:
  Result<std::unique_ptr<ParquetReader>> read(const std::string& path,
                                              std::vector<ParquetColumn> columns,
                                              std::uint64_t max_page_bytes) const override {
    auto reader = std::make_unique<ArrowReader>(path, std::move(columns), max_page_bytes);
    PITH_TRY(reader->open());
    return std::unique_ptr<ParquetReader>(std::move(reader));
  }

  Status for_each_string(const std::string& path, std::uint64_t max_page_bytes,
                         const std::function<Status(std::string_view)>& on_string) const override {
    ArrowReader reader(path, {}, max_page_bytes);
    PITH_TRY(reader.open());
    return reader.for_each_string(on_string);
  }

  Result<std::unique_ptr<ParquetWriter>> write(ParquetSink& sink,
                                               std::vector<ParquetColumn> columns) const override {
    auto writer = std::make_unique<ArrowWriter>(sink, std::move(columns));
    PITH_TRY(writer->open());
    return std::unique_ptr<ParquetWriter>(std::move(writer));
  }
};

}  // namespace
}  // namespace pith

extern "C" __attribute__((visibility("default"))) const pith::ParquetLibrary*
pith_parquet_library() {
  static const pith::ArrowLibrary library;
  return &library;
}
