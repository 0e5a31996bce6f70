#include "pith/curate/pipeline/final_stage.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/curate/pipeline/document_pass.h"
#include "pith/curate/pipeline/learned_topics.h"
#include "pith/curate/pipeline/topic_counts.h"
#include "pith/curate/select/document_words.h"
#include "pith/curate/select/selection.h"
#include "pith/curate/summarise/extractive_summary.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

// What was chosen, and what the documents have to show for it.
struct Choice {
  Selection selection;
  std::vector<float> quality;  // (n): probabilities; 0 without a target
  double min_quality = 0;      // below it a document is not good enough; 0: all are
};

Choice choose(const CurateOptions& options, const DuplicateColumns& duplicates,
              const std::optional<TargetColumns>& target) {
  const std::size_t n = duplicates.fate.size();
  Choice choice;
  choice.quality.assign(n, 0.0f);
  const std::vector<float> equal(target ? 0 : n, 0.0f);
  const std::vector<float>& scores = target ? target->scores : equal;
  std::vector<std::uint8_t> excluded;
  std::uint64_t left = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (target) choice.quality[i] = static_cast<float>(probability_of(double{scores[i]}));
    excluded.push_back(duplicates.fate[i] != Fate::kKept);
    if (excluded.back() == 0 && (!target || choice.quality[i] > 0)) {
      left += duplicates.text_bytes[i];
    }
  }
  const SelectionOptions& selection = options.config->selection;
  SelectionInput input{scores, duplicates.keys, duplicates.text_bytes, excluded, {}, {}};
  SelectionRule rule;
  rule.keep_bytes = options.keep_bytes;
  if (target) {
    input.strata = target->strata, input.shares = target->shares;
    rule.noise = selection.noise;
  }
  if (target && target->report && (options.keep_bytes == 0 || !selection.fill)) {
    choice.min_quality = target->report->suggested_threshold;
    rule.min_score = std::log(choice.min_quality / (1 - choice.min_quality));
    rule.floor_bytes = options.keep_bytes == 0 ? left / 10 : options.keep_bytes / 4;
  }
  choice.selection = select_documents(input, rule);
  return choice;
}

// What is made of a block: lines for either folder, and what they count.
struct WrittenBlock {
  std::string documents, dropped;
  FinalStageResult counted;
  std::optional<TopicCounts> topics;
};

// Decides where documents belong and makes their lines.
// Threads: one at a time; give each worker its own. What it is made of must outlive it.
class DocumentSorter {
 public:
  DocumentSorter(const CurateOptions& options, const DuplicateColumns& duplicates,
                 const std::optional<TargetColumns>& target, const Choice& choice,
                 const std::optional<TopicModel>& topics, const DocumentClasses* classes)
      : options_(options),
        duplicates_(duplicates),
        target_(target),
        choice_(choice),
        topics_(topics),
        classes_(classes) {}

  Result<WrittenBlock> sort(DocumentBlock& block, bool dropped_before) {
    WrittenBlock out;
    if (dropped_before) {
      out.dropped = std::move(block.lines);
      return out;
    }
    if (topics_) out.topics.emplace(*topics_);
    if (classes_ != nullptr) out.counted.classes.resize(classes_->names.size());
    Document document;
    const auto add_line = [&](std::size_t number, std::string_view line) -> Status {
      PITH_TRY(parser_.parse(line, document));
      add(number, document, out);
      return {};
    };
    PITH_TRY(for_each_line(block, add_line));
    return out;
  }

 private:
  static void drop_document(CurateStage stage, const char* reason, double value, double threshold,
                            Document& document, WrittenBlock& out) {
    document.dropped_by = reason;
    document.dropped_value = value;
    document.dropped_threshold = threshold;
    out.counted.statistics.drop(stage, document.text.size(), document);
    append_document(document, out.dropped);
  }

  void add(std::size_t i, Document& document, WrittenBlock& out) {
    CurateStatistics& counts = out.counted.statistics;
    const std::uint64_t bytes = document.text.size();
    document.quality = static_cast<double>(choice_.quality[i]);
    document.cluster_size = std::max(1u, duplicates_.cluster_size[i]);
    const auto drop = [&](CurateStage stage, const char* reason, double value, double threshold) {
      drop_document(stage, reason, value, threshold, document, out);
    };
    const auto similarity = static_cast<double>(duplicates_.similarity[i]);
    if (duplicates_.kept[i] != i) document.duplicate_of = duplicates_.kept_id(i);
    if (duplicates_.fate[i] == Fate::kExactDuplicate) {
      return drop(CurateStage::kExactDuplicates, "exact_duplicate", similarity, 1.0);
    }
    counts.pass(CurateStage::kExactDuplicates, bytes, bytes);
    if (duplicates_.fate[i] == Fate::kNearDuplicate) {
      return drop(CurateStage::kNearDuplicates, "near_duplicate", similarity,
                  options_.config->near_duplicate_similarity);
    }
    counts.pass(CurateStage::kNearDuplicates, bytes, bytes);
    const std::span<const ByteRange> cuts = duplicates_.repeated.cuts_of(i);
    if (duplicates_.fate[i] == Fate::kRepeatedText) {
      const RepeatedTextOptions& least = options_.config->repeated_text;
      const auto left = static_cast<double>(duplicates_.text_bytes[i]);
      if (duplicates_.text_bytes[i] < least.least_bytes) {
        return drop(CurateStage::kRepeatedText, "repeated_text.bytes_left", left,
                    static_cast<double>(least.least_bytes));
      }
      return drop(CurateStage::kRepeatedText, "repeated_text.share_left",
                  left / static_cast<double>(bytes), least.least_share);
    }
    if (!cuts.empty()) {
      document.text = without_ranges(document.text, cuts);
      document.repeated_bytes = bytes - document.text.size();
    }
    counts.pass(CurateStage::kRepeatedText, bytes, document.text.size());
    keep(i, document, out);
  }

  // What no duplicate is: whether it is chosen.
  void keep(std::size_t i, Document& document, WrittenBlock& out) {
    CurateStatistics& counts = out.counted.statistics;
    const std::uint64_t bytes = document.text.size();
    const auto drop = [&](CurateStage stage, const char* reason, double value, double threshold) {
      drop_document(stage, reason, value, threshold, document, out);
    };
    if (target_) {
      const auto bin = static_cast<std::size_t>(document.quality * kQualityBins);
      counts.quality_histogram[std::min(bin, kQualityBins - 1)] += 1;
    }
    const bool kept = choice_.selection.kept[i] != 0;
    const double threshold = target_ ? probability_of(threshold_of(i)) : 0.0;
    if (!kept && (options_.keep_bytes == 0 || document.quality < choice_.min_quality)) {
      return drop(CurateStage::kTarget, "target.probability", document.quality, threshold);
    }
    counts.pass(CurateStage::kTarget, bytes, bytes);
    if (!kept) {
      return drop(CurateStage::kSelect, "select.keep_bytes", document.quality, threshold);
    }
    const char* const rule = options_.keep_bytes == 0 ? "target.probability" : "select.keep_bytes";
    counts.measured(rule, document.quality, threshold, true, document);
    counts.pass(CurateStage::kSelect, bytes, bytes);
    LanguageStatistics& language = counts.languages[document.language];
    language.documents_kept += 1, language.bytes_kept += bytes;
    if (!document.format.empty()) {
      FormatStatistics& format = counts.formats[document.format];
      format.documents += 1, format.bytes += bytes;
    }
    out.counted.documents_kept += 1, out.counted.bytes_kept += bytes;
    if (classes_ != nullptr) add_class(document, out.counted.classes);
    if (out.topics) out.topics->add(duplicates_.keys[i], document, scratch_);
    if (options_.config->summaries_enabled) {
      document.summary = summarise(document.text, options_.config->summaries);
    }
    append_document(document, out.documents);
  }

  // The document's class, where it is probable enough.
  void add_class(Document& document, std::vector<FormatStatistics>& counts) {
    target_features(document.text, features_);
    const ClassGuess guess = classes_->model.classify(features_, class_scores_);
    const double score = std::round(guess.probability * 1000) / 1000;
    if (score == 0 || score < options_.config->class_least_score) return;
    document.class_name = classes_->names[guess.label];
    document.class_score = score;
    counts[guess.label].documents += 1, counts[guess.label].bytes += document.text.size();
  }

  // The lowest score kept of the document's stratum.
  double threshold_of(std::size_t i) const {
    const std::vector<double>& thresholds = choice_.selection.thresholds;
    return thresholds[target_->shares.empty() ? 0 : target_->strata[i]];
  }

  const CurateOptions& options_;
  const DuplicateColumns& duplicates_;
  const std::optional<TargetColumns>& target_;
  const Choice& choice_;
  const std::optional<TopicModel>& topics_;
  const DocumentClasses* const classes_;  // null without --class
  std::vector<std::uint32_t> features_;
  ClassModel::Scratch class_scores_;
  DocumentParser parser_;
  TopicModel::Scratch scratch_;
};

}  // namespace

Result<FinalStageResult> run_final_stage(const CurateOptions& options, const WorkFolder& folder,
                                         std::size_t shards, const DuplicateColumns& duplicates,
                                         const std::optional<TargetColumns>& target,
                                         const DocumentClasses* classes, const Context& context) {
  const Choice choice = choose(options, duplicates, target);
  const Selection& selection = choice.selection;

  std::optional<TopicModel> model;
  std::optional<TopicCounts> topics;
  if (options.config->topics_enabled) {
    PITH_ASSIGN(model, learn_topics(*options.config, selection.kept, duplicates, folder, shards,
                                    "topics", context));
    topics.emplace(*model);
  }

  const std::string documents_folder = join_path(folder.final_folder(), "documents");
  const std::string dropped_folder = join_path(folder.final_folder(), "dropped");
  PITH_TRY(remove_tree(folder.final_folder()));
  PITH_TRY(make_folders(documents_folder));
  PITH_TRY(make_folders(dropped_folder));
  PITH_ASSIGN(DocumentWriter documents,
              DocumentWriter::create(documents_folder,
                                     {.threads = context.threads, .format = options.format}));
  PITH_ASSIGN(
      DocumentWriter dropped,
      DocumentWriter::create(
          dropped_folder, {.threads = context.threads, .format = options.format, .dropped = true}));
  std::vector<PassFile> files;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    files.push_back({folder.shard(shard, ".dropped.jsonl.zst"), false});
    files.push_back({folder.shard(shard, ".kept.jsonl.zst"), true});
  }
  std::vector<DocumentSorter> sorters;
  for (int worker = 0; worker < std::max(1, context.threads); ++worker) {
    sorters.emplace_back(options, duplicates, target, choice, model, classes);
  }
  FinalStageResult result;
  if (classes != nullptr) result.classes.resize(classes->names.size());
  const auto sort = [&](std::size_t worker, DocumentBlock& block) {
    return sorters[worker].sort(block, block.file % 2 == 0);
  };
  const auto write = [&](const WrittenBlock& block) -> Status {
    PITH_TRY(documents.write_lines(block.documents));
    PITH_TRY(dropped.write_lines(block.dropped));
    result.statistics.add(block.counted.statistics);
    result.documents_kept += block.counted.documents_kept;
    result.bytes_kept += block.counted.bytes_kept;
    for (std::size_t c = 0; c < block.counted.classes.size(); ++c) {
      result.classes[c].documents += block.counted.classes[c].documents;
      result.classes[c].bytes += block.counted.classes[c].bytes;
    }
    if (block.topics) topics->add(*block.topics);
    return {};
  };
  PITH_TRY(pass_documents<WrittenBlock>(std::move(files), "write", context, sort, write));
  PITH_TRY(documents.finish());
  PITH_TRY(dropped.finish());
  if (target) result.target_threshold = probability_of(selection.threshold);
  if (topics) result.topics = topics->to_json();
  PITH_TRY(remove_tree(folder.documents()));
  PITH_TRY(remove_tree(folder.dropped()));
  PITH_TRY(rename_path(documents_folder, folder.documents()));
  PITH_TRY(rename_path(dropped_folder, folder.dropped()));
  return result;
}

}  // namespace pith
