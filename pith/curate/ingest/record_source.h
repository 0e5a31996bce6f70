#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/result.h"
#include "pith/curate/ingest/raw_record.h"
#include "pith/curate/ingest/reader.h"

// The records of one input file, each kind of file in its own .cc.
namespace pith {

// What a source counts while it reads.
class IngestLog {
 public:
  IngestLog(IngestStatistics& statistics, std::string file_path, std::size_t max_messages)
      : statistics_(statistics), file_path_(std::move(file_path)), max_messages_(max_messages) {}

  void broken(std::uint64_t offset, std::string reason) {
    ++statistics_.broken;
    if (statistics_.first_broken.size() < max_messages_) {
      statistics_.first_broken.push_back({file_path_, offset, std::move(reason)});
    }
  }
  void not_text() { ++statistics_.not_text; }
  const std::string& file_path() const { return file_path_; }

 private:
  IngestStatistics& statistics_;
  const std::string file_path_;
  const std::size_t max_messages_;
};

// One thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // False at the end of the file. Damage is logged and passed over.
  virtual bool next(RawRecord& record) = 0;
  virtual std::uint64_t file_offset() const = 0;  // bytes of the file on disk consumed so far
};

std::unique_ptr<RecordSource> read_warc(std::unique_ptr<ByteSource> bytes,
                                        const IngestOptions& options, IngestLog log);
std::unique_ptr<RecordSource> read_json_lines(std::unique_ptr<ByteSource> bytes,
                                              const IngestOptions& options, IngestLog log);
// Null when the file cannot be opened as Parquet, which is logged.
std::unique_ptr<RecordSource> read_parquet_rows(const IngestOptions& options, IngestLog log);
// The whole file as one record.
std::unique_ptr<RecordSource> read_page(std::unique_ptr<ByteSource> bytes, RawKind kind,
                                        const IngestOptions& options, IngestLog log);

}  // namespace pith
