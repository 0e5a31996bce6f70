#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/formats/documents.h"

// The whole of curation: raw input to documents, what was dropped beside them with reason and
// measured value, and a summary. docs/curation.md tells the steps, docs/formats/curate_summary.md
// the summary.
namespace pith {

// A class of documents and where its examples are.
struct ClassFolder {
  std::string name, path;
};

struct CurateOptions {
  std::vector<std::string> inputs;   // files and folders; ingest/reader.h lists the kinds
  std::vector<std::string> like;     // examples of what is wanted: the same kinds; empty: no target
  std::vector<ClassFolder> classes;  // 2 or more, told apart by the column `class`; empty: none
  std::string out;                   // folder of the result; made when missing
  std::uint64_t read_bytes = 0;      // of the inputs' files to read, a random part; 0: all
  std::uint64_t keep_bytes = 0;      // UTF-8 bytes of text to keep at most; 0: no such bound
  std::string text_field = "text";   // of JSONL and Parquet input
  DocumentFormat format = DocumentFormat::kJsonLines;  // of the result
  std::vector<std::string> languages;   // codes of classify/language.h to keep; empty: all
  bool markup = false;                  // text of pages as Markdown
  bool filters = true;                  // false: no quality filters and no line rules
  std::vector<std::string> evaluation;  // sets whose items no kept document may hold; see
                                        // decontaminate/evaluation_sets.h
  // Every threshold. Copies of the options share it; it is not changed once curate() runs.
  std::shared_ptr<CurateConfig> config = std::make_shared<CurateConfig>();
  // A longer page, line or body is a broken record. Less under a small context.memory_bytes.
  std::uint64_t max_record_bytes = 64 << 20;
  std::uint64_t max_page_nodes = 2'500'000;  // elements and texts of a page that are read; as above
  std::uint64_t max_parquet_page_bytes = 2ull << 30;  // in memory; rows of larger ones are broken
  std::uint64_t shard_raw_bytes = 32 << 20;           // raw input between two points of resumption
};

// How many documents a reason dropped, and their bytes.
struct DroppedCount {
  std::string reason;  // "gopher_quality.mean_word_length", "near_duplicate", "select.keep_bytes"
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;  // UTF-8 text after extraction
};

struct CurateResult {
  std::uint64_t documents_in = 0;  // records read, broken ones not counted
  std::uint64_t bytes_in = 0;      // raw bytes of these records
  std::uint64_t documents_kept = 0;
  std::uint64_t bytes_kept = 0;  // UTF-8 text
  std::uint64_t documents_dropped = 0;
  std::uint64_t bytes_dropped = 0;    // UTF-8 text
  std::vector<DroppedCount> dropped;  // in the order of the stages
  std::uint64_t broken_records = 0;
  double seconds = 0;         // of work, sittings before an interruption included
  bool already_done = false;  // the same result was there; nothing was done
  Json summary;               // what OUT/curate.json holds
};

// Curates `options.inputs` into `options.out`: documents/*.jsonl.zst, dropped/*.jsonl.zst (or
// *.parquet) and curate.json, which appears last. Work in progress lies in OUT/.curate.
//
// The same input and options give the same documents, byte for byte, for any number of threads.
// Killed at any moment, the same call goes on where it was and ends with the same bytes. When the
// result of the same call is there already, returns it. Errors: kInput when `out` holds the result
// of other options or files that are not pith's, when an input, a `like` or a class's path is
// missing or gives no document, or a class is without another; kIo; kInterrupted when context.stop
// was set (calling again goes on); kCapacity when context.memory_bytes is below what any curation
// needs.
//
// Threads: context.threads workers, a reader and the caller. Memory: within context.memory_bytes.
Result<CurateResult> curate(const CurateOptions& options, const Context& context);

}  // namespace pith
