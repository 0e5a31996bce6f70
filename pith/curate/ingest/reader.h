#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/ingest/raw_record.h"

// Records out of files and folders: HTML, text, Markdown, JSON lines, WARC and WET, each plain, .gz
// or .zst, and Parquet. docs/ingest.md lists what is read and what happens to broken records.
namespace pith {

struct IngestOptions {
  std::string text_field = "text";             // of JSON lines and Parquet
  std::uint64_t max_record_bytes = 64u << 20;  // a longer page, line or WARC body is broken
  std::uint64_t max_page_bytes = 2ull << 30;  // what the pages of a Parquet file may take of memory
  // JSON without the text field is read by the strings of its records (question_texts.h), also one
  // value over several lines: sets of questions, whose fields are called otherwise.
  bool questions = false;
  bool every_response = false;     // of WARC: images, redirects and error pages too, as kText
  std::size_t max_messages = 100;  // of broken records that are kept in words
  // Read a random part of the records, about so many bytes of the files as they lie on disk; 0, or
  // more than there is: all. Which ones follows from their places and the context's seed: pages are
  // left out unopened, records of other files by themselves. At least one is read.
  std::uint64_t read_bytes = 0;
};

struct BrokenRecord {
  std::string file_path;
  std::uint64_t offset = 0;  // after decompression; of Parquet the row
  std::string reason;
};

struct IngestStatistics {
  std::uint64_t records = 0;   // delivered
  std::uint64_t bytes = 0;     // of their bodies
  std::uint64_t broken = 0;    // records that could not be read
  std::uint64_t not_text = 0;  // whole WARC records that hold no page: images, requests, revisits
  std::vector<BrokenRecord> first_broken;              // the first max_messages of them
  std::map<std::string, std::uint64_t> skipped_files;  // by reason: "binary", "empty", ...
};

// One thread at a time; memory stays within a few times max_record_bytes for inputs of any size, of
// Parquet within max_page_bytes more.
class RawReader {
 public:
  // Inputs are read in the order given, folders recursively and sorted by path. An input that is
  // missing, or a folder without any file, is an error. A file that is neither text nor one of the
  // formats is skipped and counted.
  static Result<RawReader> open(const std::vector<std::string>& inputs, IngestOptions options,
                                const Context& context);
  static Result<RawReader> open(const std::vector<std::string>& inputs, std::string text_field);
  RawReader(RawReader&&) noexcept;
  RawReader& operator=(RawReader&&) noexcept;
  ~RawReader();

  // False at the end. Broken records are counted and passed over; an error is for good.
  Result<bool> next(RawRecord& record);

  // Where the next record starts; seek() to it in a reader over the same inputs goes on with the
  // same records. A file that is in the middle is read again up to there.
  Json cursor() const;
  Status seek(const Json& cursor);

  const IngestStatistics& statistics() const;
  std::uint64_t bytes_done() const;  // of input files as they lie on disk, for progress
  std::uint64_t bytes_total() const;

 private:
  struct State;
  explicit RawReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pith
