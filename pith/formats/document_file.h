#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pith/base/result.h"
#include "pith/formats/documents.h"

// One shard of documents, each format in its own .cc. documents.h is what others use.
// Threads: one at a time.
namespace pith {

class DocumentFileWriter {
 public:
  virtual ~DocumentFileWriter() = default;
  virtual Status write(const Document& document) = 0;
  virtual Status finish() = 0;  // the file appears; without it, nothing does
};

class DocumentFileReader {
 public:
  virtual ~DocumentFileReader() = default;
  virtual Result<bool> next(Document& document) = 0;  // false at the end
  virtual std::uint64_t file_offset() const = 0;      // bytes of the file behind us, for progress
  virtual std::uint64_t bad() const = 0;              // passed over, as skip_bad_lines asks
};

Result<std::unique_ptr<DocumentFileReader>> read_json_lines(const std::string& path,
                                                            const DocumentReader::Options& options);

// `dropped`: with the columns that only dropped documents have.
Result<std::unique_ptr<DocumentFileWriter>> write_parquet(const std::string& path, bool dropped);
Result<std::unique_ptr<DocumentFileReader>> read_parquet(const std::string& path,
                                                         const DocumentReader::Options& options);

}  // namespace pith
