#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pith/base/result.h"

// Rows of flat columns out of Parquet files and into them, by Apache Arrow. Arrow is a library of
// 60 MB that most runs of the program never use, so what calls it is a module of its own
// (parquet_module.cc, the only file that sees Arrow's headers), loaded when the first Parquet file
// is opened.
namespace pith {

enum class ParquetType : std::uint8_t { kString, kInteger, kNumber };

struct ParquetColumn {
  std::string name;
  ParquetType type = ParquetType::kString;
  bool required = false;    // never null; for a reader: a file without it is an error
  bool few_values = false;  // written through a dictionary
};

// The value of a column in one row; monostate is null.
using ParquetValue = std::variant<std::monostate, std::string_view, std::int64_t, double>;

// Reads the rows of one file in order, of each only the columns that were asked for. Memory is a
// page a column, compressed and not. One thread at a time.
class ParquetReader {
 public:
  virtual ~ParquetReader() = default;
  // False at the end. row[i] is of the i-th column asked for, null also where the file does not
  // have it or has it in another type; strings are bytes as they lie in the file, until the next
  // call. After a kFormat error the next call goes on with the next row group.
  virtual Result<bool> next(std::vector<ParquetValue>& row) = 0;
  // In the file, from 0: of the last row, or of the first that an error took.
  virtual std::uint64_t row_number() const = 0;
  virtual std::uint64_t file_offset() const = 0;  // about how much of the file is behind us
};

// Where the bytes of a written file go.
class ParquetSink {
 public:
  virtual ~ParquetSink() = default;
  virtual Status write(std::string_view bytes) = 0;
};

// Writes rows in groups of about 16 MiB, compressed with zstd. The same rows give the same bytes.
// One thread at a time; memory is a row group. The sink must outlive it.
class ParquetWriter {
 public:
  virtual ~ParquetWriter() = default;
  // Values in the order of the columns, each null or of its column's type.
  virtual Status write(std::span<const ParquetValue> row) = 0;
  virtual Status finish() = 0;  // what is not finished is no Parquet file
};

// What the module gives. Threads: any.
class ParquetLibrary {
 public:
  virtual ~ParquetLibrary() = default;
  // kFormat, naming the path, where the file is not whole or not Parquet, or where a required
  // column is missing or of another type. Where the pages of a row take more than `max_page_bytes`,
  // that row is an error.
  virtual Result<std::unique_ptr<ParquetReader>> read(const std::string& path,
                                                      std::vector<ParquetColumn> columns,
                                                      std::uint64_t max_page_bytes) const = 0;
  // Calls on_string for every string of every column that holds strings, also those within lists
  // and structures, until the next call a view into a page: of each row group a column after the
  // other. An error of on_string ends it. kFormat where the file is not whole or not Parquet;
  // memory is a page of at most `max_page_bytes`, or an error.
  virtual Status for_each_string(
      const std::string& path, std::uint64_t max_page_bytes,
      const std::function<Status(std::string_view)>& on_string) const = 0;
  virtual Result<std::unique_ptr<ParquetWriter>> write(
      ParquetSink& sink, std::vector<ParquetColumn> columns) const = 0;
};

// Loads the module the first time. An error where pith was built without it, or where Arrow is no
// longer there; it says what to do.
Result<const ParquetLibrary*> parquet_library();

// By the first bytes of the file, or by its name where they are damaged.
bool is_parquet_file(const std::string& path);

}  // namespace pith
