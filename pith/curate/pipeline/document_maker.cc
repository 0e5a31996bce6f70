#include "pith/curate/pipeline/document_maker.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "pith/base/hash.h"
#include "pith/curate/classify/format.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/classify/mixed_languages.h"
#include "pith/curate/classify/reading_level.h"
#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/ingest/encoding.h"
#include "pith/formats/documents.h"
#include "pith/text/words.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

// Seconds since `begin`, which moves to now.
double lap(Clock::time_point& begin) {
  const auto now = Clock::now();
  return std::chrono::duration<double>(now - std::exchange(begin, now)).count();
}

Hash128 document_id(const Document& document) {
  Hasher128 hasher;
  hasher.add(document.file_path);
  hasher.add(std::string_view("\0", 1));
  hasher.add(std::to_string(document.offset));
  hasher.add(std::string_view("\0", 1));
  hasher.add(document.text);
  return hasher.finish();
}

void drop(CurateStage stage, std::uint64_t bytes_in, Document& document, std::string_view reason,
          double value, double threshold, MadeBatch& batch) {
  if (document.id.empty()) document.id = hex(document_id(document));
  document.dropped_by = reason;
  document.dropped_value = value;
  document.dropped_threshold = threshold;
  batch.statistics.drop(stage, bytes_in, document);
  append_document(document, batch.dropped_lines);
}

}  // namespace

const std::string& spam_title(const Document& document) {
  return document.full_title.empty() ? document.title : document.full_title;
}

DocumentMaker::DocumentMaker(const CurateOptions& options, const EvaluationSets* evaluation)
    : options_(options),
      evaluation_(evaluation),
      spam_(options.config->spam),
      cleaner_(options.config->filters, options.config->c4_lines) {}

bool DocumentMaker::wanted(const std::string& language) const {
  const auto& codes = options_.languages;
  return codes.empty() || std::find(codes.begin(), codes.end(), language) != codes.end();
}

Document DocumentMaker::read(const RawRecord& record) {
  Document document;
  document.raw_bytes = record.bytes.size();
  document.file_path = record.file_path;
  document.offset = record.offset;
  document.url = record.url;
  document.date = record.date;
  document.title = record.title;
  page_measures_.clear();
  const std::string text = decode_record(record).utf8;
  if (record.html) {
    Page page = extractor_.extract(
        text, {.markdown = options_.markup, .max_nodes = options_.max_page_nodes});
    document.text = std::move(page.text);
    page_measures_ = std::move(page.measures);
    if (!page.title.empty()) document.title = std::move(page.title);
    if (page.full_title != document.title) document.full_title = std::move(page.full_title);
    document.author = std::move(page.author);
    document.site = std::move(page.site);
    document.license = std::move(page.license);
    if (document.url.empty()) document.url = std::move(page.url);
    if (!page.date.empty()) document.date = std::move(page.date);
  } else {
    document.text = trim_whitespace(text);
  }
  const Language language = identify_language(document.text);
  document.language = language.code;
  document.language_score = static_cast<double>(language.score);
  return document;
}

bool DocumentMaker::drop_copy(Document& document, MadeBatch& batch) {
  const std::uint64_t bytes = document.text.size();
  const auto matches = evaluation_->index.find(document.text, overlap_);
  if (matches.empty()) {
    batch.statistics.pass(CurateStage::kDecontaminate, bytes, bytes);
    return false;
  }
  const auto best = std::ranges::max_element(matches, {}, &OverlapMatch::share);
  for (const OverlapMatch& match : matches) {
    batch.statistics.evaluation_items[evaluation_->set_of(match.item).path].insert(match.item);
  }
  drop(CurateStage::kDecontaminate, bytes, document, "decontaminate.overlap", best->share,
       options_.config->overlap.share, batch);
  return true;
}

PiiCounts DocumentMaker::mask(std::string& text) {
  const MaskedText result = mask_pii(text, options_.config->mask, masked_);
  if (result.text.data() == masked_.data()) text = masked_;
  return result.counts;
}

std::size_t DocumentMaker::condense_text(std::string& text) {
  const std::size_t whole = text.size();
  const std::string_view condensed = condense(text, options_.config->condense, condensed_);
  if (condensed.data() != text.data()) text = condensed;
  return whole - text.size();
}

void DocumentMaker::classify(Document& document) const {
  const CurateConfig& config = *options_.config;
  if (config.format_enabled) {
    const FormatGuess guess = identify_format(document.text, page_measures_);
    document.format = format_name(guess.format);
    document.format_score = std::round(static_cast<double>(guess.score) * 1000) / 1000;
  }
  if (config.reading_level_enabled) {
    const ReadingLevel level = reading_level(document.text, document.language);
    document.reading_level = level.level;
    document.reading_level_score = level.score;
  }
  if (config.mixed_languages_enabled) {
    document.languages = format_languages(mixed_languages(
        document.text, {document.language, static_cast<float>(document.language_score)}));
  }
}

FilterVerdict DocumentMaker::repair_spam(Document& document, SpamCounts& counts) {
  const SpamResult result = spam_.clean(document.text, spam_title(document));
  if (!result.verdict.keep) return result.verdict;  // shown as it was
  counts += result.counts;
  if (result.text.size() != document.text.size()) document.text = std::string(result.text);
  return {};
}

std::string DocumentMaker::cleaned_text(const RawRecord& record) {
  Document document = read(record);
  if (options_.filters) {
    SpamCounts spam;
    repair_spam(document, spam);
    const CleanedDocument cleaned = cleaner_.clean(document.text, document.language);
    if (cleaned.dropped_lines > 0) document.text = std::string(cleaned.text);
  }
  mask(document.text);
  condense_text(document.text);
  return std::move(document.text);
}

void DocumentMaker::add(const RawRecord& record, MadeBatch& batch) {
  CurateStatistics& counts = batch.statistics;
  auto begin = Clock::now();
  Document document = read(record);
  counts.stage(CurateStage::kExtract).seconds += lap(begin);
  const std::uint64_t bytes = document.text.size();
  if (bytes == 0) {
    drop(CurateStage::kExtract, record.bytes.size(), document, "extract.no_text", 0, 1, batch);
    return;
  }
  counts.pass(CurateStage::kExtract, record.bytes.size(), bytes);
  LanguageStatistics& language = counts.languages[document.language];
  language.documents_in += 1, language.bytes_in += bytes;
  if (!wanted(document.language)) {
    drop(CurateStage::kLanguage, bytes, document, "language.not_wanted", document.language_score, 0,
         batch);
    return;
  }
  counts.pass(CurateStage::kLanguage, bytes, bytes);

  CleanedDocument cleaned;
  if (options_.filters) {
    FilterVerdict verdict = repair_spam(document, counts.spam);
    if (verdict.keep) {
      cleaned = cleaner_.clean(document.text, document.language);
      verdict = cleaned.verdict;
    }
    counts.stage(CurateStage::kFilters).seconds += lap(begin);
    if (!verdict.keep) {
      drop(CurateStage::kFilters, bytes, document, verdict.reason, verdict.value, verdict.threshold,
           batch);
      return;
    }
    if (cleaned.dropped_lines > 0) document.text = std::string(cleaned.text);
  }
  counts.pass(CurateStage::kFilters, bytes, document.text.size());
  if (evaluation_ != nullptr) {
    const bool dropped = drop_copy(document, batch);
    counts.stage(CurateStage::kDecontaminate).seconds += lap(begin);
    if (dropped) return;
  }
  const PiiCounts masked = mask(document.text);
  for (std::size_t kind = 0; kind < kPiiKinds; ++kind) {
    counts.masked[kind] += masked[kind];
    document.masked += masked[kind];
  }
  classify(document);
  counts.condensed_bytes += condense_text(document.text);
  counts.stage(CurateStage::kFilters).seconds += lap(begin);
  const Hash128 id = document_id(document);
  document.id = hex(id);
  for (const Measure& measure : cleaned.measures) {
    counts.measured(measure.rule, measure.value, measure.bound, true, document);
  }
  append_document(document, batch.kept_lines);
  DocumentSignature& signature = batch.signatures.emplace_back(sign_document(document.text));
  signature.id = id;
  signature.language = language_code(document.language);
  counts.stage(CurateStage::kNearDuplicates).seconds += lap(begin);
}

}  // namespace pith
