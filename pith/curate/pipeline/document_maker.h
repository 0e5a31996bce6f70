#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pith/curate/clean/document_cleaner.h"
#include "pith/curate/extract/extract.h"
#include "pith/curate/ingest/raw_record.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/curate/pipeline/statistics.h"

namespace pith {

// What became of a batch of records, in their order.
struct MadeBatch {
  std::string kept_lines, dropped_lines;      // JSON lines of documents
  std::vector<DocumentSignature> signatures;  // of the kept
  CurateStatistics statistics;
};

// Makes documents of records: characters, main text, language, filters.
// Threads: one at a time; give each worker its own. The options and filters must outlive it.
class DocumentMaker {
 public:
  DocumentMaker(const CurateOptions& options, const FilterList& filters);

  void add(const RawRecord& record, MadeBatch& batch);

  // The text that add() would keep, whether the filters let it pass or not.
  std::string cleaned_text(const RawRecord& record);

 private:
  // Characters and main text, with what the page tells of itself, and the language.
  Document read(const RawRecord& record);
  bool wanted(const std::string& language) const;

  const CurateOptions& options_;
  DocumentCleaner cleaner_;
  Extractor extractor_;
  std::vector<std::uint32_t> shingles_;
};

}  // namespace pith
