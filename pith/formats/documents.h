#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/base/result.h"

// The documents between curation and everything after it: a folder of JSONL.zst shards, a line a
// document, FineWeb's column names first. See docs/formats/documents.md.
namespace pith {

struct Document {
  std::string text;          // UTF-8, valid
  std::string id;            // 32 hex digits of hash128(source and text); never empty in output
  std::string url;           // where the page was fetched, or its canonical link; may be empty
  std::string file_path;     // the input file it came from, as given on the command line
  std::uint64_t offset = 0;  // of the record in the uncompressed archive; 0 for plain files
  std::string date;          // ISO 8601, or empty
  std::string title;
  std::string full_title;  // what stands in <title> of a page, where that is more than `title`
  std::string author;
  std::string site;
  std::string license;
  std::string language;            // "en", "zh-Hans", "zh-Hant", ... ; "und" when undetermined
  double language_score = 0;       // 0..1
  std::string languages;           // "en 0.71, de 0.29"; empty for a text of one language
  std::string format;              // "article", "forum", ... ; classify/format.h has them all
  double format_score = 0;         // 0..1
  double reading_level = 0;        // like a school grade; 0 where there is no measure
  double reading_level_score = 0;  // 0..1: on how much of the text it stands
  std::string class_name;          // of those given by --class; empty without
  double class_score = 0;          // its probability, 0..1
  double quality = 0;              // target classifier's probability, 0..1; 0 when none was trained
  std::string topic;               // "kernel, module, driver"; empty when none was found
  double topic_score = 0;          // 0..1: how far it is ahead of the other topics
  std::string summary;             // sentences of the text, when asked for
  std::uint32_t cluster_size = 1;  // near-duplicates in the input, itself included
  std::uint32_t masked = 0;        // addresses, numbers and secrets that were masked in the text
  std::uint64_t repeated_bytes = 0;  // of its text that earlier documents have, cut out of it
  std::uint64_t raw_bytes = 0;       // bytes of the raw record it was made from

  // Only on dropped documents: which filter, what it measured, and the threshold it broke.
  std::string dropped_by;  // "gopher_repetition.top_2_gram", "near_duplicate", ...
  double dropped_value = 0;
  double dropped_threshold = 0;
  std::string duplicate_of;  // id of the document that was kept in place of a duplicate
};

// Appends one JSON line with its newline. Empty optional fields are left out.
void append_document(const Document& document, std::string& out);

// Makes documents of JSON lines. One thread at a time.
class DocumentParser {
 public:
  explicit DocumentParser(std::string text_field = "text");
  DocumentParser(DocumentParser&&) noexcept;
  DocumentParser& operator=(DocumentParser&&) noexcept;
  ~DocumentParser();

  // Sets all of `document`. The message of an error says only what is wrong, not where.
  Status parse(std::string_view line, Document& document);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class DocumentFormat : std::uint8_t { kJsonLines, kParquet };

// Writes shards `folder`/00000.jsonl.zst or 00000.parquet, ... A shard appears when whole. The same
// documents in the same order give the same bytes, and the same documents to a shard in both
// formats. One thread at a time; JSON lines are compressed beside it on up to `threads` more.
// Memory is a block of lines, or a row group of 16 MiB.
class DocumentWriter {
 public:
  struct Options {
    std::uint64_t shard_bytes = 64 << 20;  // about, as JSON lines before compression
    int threads = 1;
    DocumentFormat format = DocumentFormat::kJsonLines;
    bool dropped = false;  // Parquet has the columns of dropped documents; JSONL has no need
  };
  static Result<DocumentWriter> create(const std::string& folder, Options options);
  static Result<DocumentWriter> create(const std::string& folder) {
    return create(folder, Options{});
  }
  DocumentWriter(DocumentWriter&&) noexcept;
  DocumentWriter& operator=(DocumentWriter&&) noexcept;
  ~DocumentWriter();

  Status write(const Document& document);
  Status write_lines(std::string_view lines);  // of append_document, each with its newline
  Status finish();  // makes the last shard whole; without it the last shard is not there

 private:
  struct State;
  explicit DocumentWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Reads documents back in order. `path` is a .jsonl, .jsonl.gz, .jsonl.zst or .parquet file, a
// folder of such files, or a folder that holds `documents/`. Foreign files need only `text_field`;
// unknown fields are ignored. A bad line or row is an error that names file and line (use
// skip_bad_lines to count and pass over them). One thread at a time; memory is one line, or a page
// of each column.
class DocumentReader {
 public:
  struct Options {
    std::string text_field = "text";
    bool skip_bad_lines = false;
    std::uint64_t max_line_bytes = 1ull << 28;  // of Parquet: of the text of a row
    std::uint64_t max_page_bytes = 2ull << 30;  // of Parquet: what its pages may take of memory
  };
  static Result<DocumentReader> open(const std::string& path, Options options);
  static Result<DocumentReader> open(const std::string& path) { return open(path, Options{}); }
  DocumentReader(DocumentReader&&) noexcept;
  DocumentReader& operator=(DocumentReader&&) noexcept;
  ~DocumentReader();

  // False at the end.
  Result<bool> next(Document& document);

  const std::vector<std::string>& files() const;  // in the order in which they are read

  // Compressed bytes read so far and in all, for progress.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;
  std::uint64_t bad_lines() const;

 private:
  struct State;
  explicit DocumentReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pith
