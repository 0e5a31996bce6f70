#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pith/curate/clean/document_cleaner.h"
#include "pith/curate/decontaminate/evaluation_sets.h"
#include "pith/curate/extract/extract.h"
#include "pith/curate/ingest/raw_record.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/curate/spam/spam_cleaner.h"

namespace pith {

// The title that spam is judged by: spam stands in <title> behind what a reader is shown of it.
const std::string& spam_title(const Document& document);

// What became of a batch of records, in their order.
struct MadeBatch {
  std::string kept_lines, dropped_lines;  // JSON lines of documents; frames of them once compressed
  std::vector<DocumentSignature> signatures;  // of the kept
  CurateStatistics statistics;
};

// Makes documents of records: characters, main text, language, spam, filters, copies of evaluation
// sets, masks. Threads: one at a time; give each worker its own. The options and the sets (null:
// there are none) must outlive it.
class DocumentMaker {
 public:
  explicit DocumentMaker(const CurateOptions& options, const EvaluationSets* evaluation = nullptr);

  void add(const RawRecord& record, MadeBatch& batch);

  // Characters and main text, with what the page tells of itself, and the language.
  Document read(const RawRecord& record);

  // The text that add() would keep, whether the filters let it pass or not.
  std::string cleaned_text(const RawRecord& record);

 private:
  bool wanted(const std::string& language) const;
  // Repairs the text; what it says of the document when it is nothing but spam.
  FilterVerdict repair_spam(Document& document, SpamCounts& counts);
  // Whether the document holds an item of an evaluation set; it is then dropped.
  bool drop_copy(Document& document, MadeBatch& batch);
  PiiCounts mask(std::string& text);
  std::size_t condense_text(std::string& text);  // bytes that were left out
  // What the config asks for beside the language.
  void classify(Document& document) const;

  const CurateOptions& options_;
  const EvaluationSets* evaluation_;
  SpamCleaner spam_;
  DocumentCleaner cleaner_;
  Extractor extractor_;
  OverlapIndex::Scratch overlap_;
  std::vector<float> page_measures_;  // of the record read last; empty when it was no page
  std::string masked_, condensed_;    // buffers
};

}  // namespace pith
