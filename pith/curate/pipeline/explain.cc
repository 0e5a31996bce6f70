#include "pith/curate/pipeline/explain.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/clean/document_cleaner.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/first_stage.h"
#include "pith/curate/pipeline/work_folder.h"
#include "pith/curate/spam/spam_cleaner.h"

namespace pith {
namespace {

constexpr std::size_t kLeastIdDigits = 6;

bool is_id(std::string_view what) {
  return what.size() >= kLeastIdDigits && what.size() <= 32 &&
         what.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Whether `what` is the path or its end, from a slash on.
bool ends_path(std::string_view path, std::string_view what) {
  if (!path.ends_with(what)) return false;
  return path.size() == what.size() || what.starts_with('/') ||
         path[path.size() - what.size() - 1] == '/';
}

bool names(const Document& document, std::string_view what) {
  return (is_id(what) && document.id.starts_with(what)) || document.url == what ||
         ends_path(document.file_path, what);
}

Explanation explain(Document document, SpamCleaner& spam, DocumentCleaner& cleaner) {
  Explanation explanation;
  const SpamResult repaired =
      spam.clean(document.text, spam_title(document), &explanation.measures);
  const CleanedDocument cleaned = cleaner.clean(repaired.text, document.language, true);
  explanation.dropped_lines = cleaned.dropped_lines;
  explanation.measures.insert(explanation.measures.end(), cleaned.measures.begin(),
                              cleaned.measures.end());
  explanation.kept = document.dropped_by.empty();
  explanation.document = std::move(document);
  return explanation;
}

}  // namespace

Result<std::vector<Explanation>> explain_documents(const std::string& folder,
                                                   const std::string& what, std::size_t most,
                                                   const Context& context) {
  const WorkFolder place(folder);
  if (!file_exists(place.summary())) {
    return input_error("[why] " + folder + " holds no finished curation (there is no " +
                       place.summary() + "); give the -o folder of pith curate or pith run");
  }
  PITH_ASSIGN(const std::string text, read_file(place.summary()));
  PITH_ASSIGN(const Json summary, parse_json(text, place.summary()));
  CurateConfig config;
  from_json(summary["manifest"]["options"]["config"], config);
  SpamCleaner spam(config.spam);
  DocumentCleaner cleaner(config.filters, config.c4_lines);
  std::vector<Explanation> found;
  for (const std::string& side : {place.documents(), place.dropped()}) {
    PITH_ASSIGN(DocumentReader reader, DocumentReader::open(side));
    Document document;
    while (found.size() < most) {
      if (context.stopped()) return Error{ErrorKind::kInterrupted, "[why] stopped"};
      PITH_ASSIGN(const bool more, reader.next(document));
      if (!more) break;
      context.progress({"why", reader.bytes_read(), reader.bytes_total(), "B", ""});
      if (names(document, what)) found.push_back(explain(document, spam, cleaner));
    }
  }
  if (found.empty()) {
    return input_error("[why] " + folder + " has no document \"" + what +
                       "\"; give an id (six digits of it are enough), a URL or a file path");
  }
  return found;
}

Result<std::vector<Explanation>> explain_file(const std::string& path, CurateConfig& config,
                                              std::size_t most, const Context& context) {
  CurateOptions options;
  options.inputs = {path};
  PITH_ASSIGN(RawReader reader, RawReader::open(options.inputs, ingest_options(options), context));
  DocumentMaker maker(options);
  SpamCleaner spam(config.spam);
  DocumentCleaner cleaner(config.filters, config.c4_lines);
  std::vector<Explanation> found;
  RawRecord record;
  while (found.size() < most) {
    PITH_ASSIGN(const bool more, reader.next(record));
    if (!more) break;
    Document document = maker.read(record);
    const SpamResult repaired = spam.clean(document.text, spam_title(document));
    FilterVerdict verdict = repaired.verdict;
    if (verdict.keep) document.text = std::string(repaired.text);
    if (verdict.keep) verdict = cleaner.clean(document.text, document.language).verdict;
    if (!verdict.keep) {
      document.dropped_by = verdict.reason;
      document.dropped_value = verdict.value;
      document.dropped_threshold = verdict.threshold;
    }
    found.push_back(explain(std::move(document), spam, cleaner));
  }
  if (found.empty()) {
    return input_error("[why] " + path + ": holds no page and no text that pith reads");
  }
  return found;
}

}  // namespace pith
