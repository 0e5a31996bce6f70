#include "pith/curate/pipeline/final_stage.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/curate/pipeline/topic_counts.h"
#include "pith/curate/select/selection.h"
#include "pith/curate/summarise/extractive_summary.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

Selection choose(const CurateOptions& options, const DuplicateColumns& duplicates,
                 const std::vector<float>& quality, const TargetReport* report) {
  std::vector<std::uint8_t> excluded;
  std::uint64_t left = 0;
  for (std::size_t i = 0; i < duplicates.fate.size(); ++i) {
    excluded.push_back(duplicates.fate[i] != Fate::kKept);
    if (excluded.back() == 0 && (report == nullptr || quality[i] > 0)) {
      left += duplicates.text_bytes[i];
    }
  }
  SelectionRule rule;
  rule.keep_bytes = options.keep_bytes;
  if (report != nullptr && options.keep_bytes == 0) {
    rule.min_quality = report->suggested_threshold;
    rule.floor_bytes = left / 10;
  }
  return select_best({quality, duplicates.keys, duplicates.text_bytes, excluded}, rule);
}

// Writes one document where it belongs and counts it.
class FinalWriter {
 public:
  FinalWriter(const CurateOptions& options, const DuplicateColumns& duplicates,
              const std::vector<float>& quality, bool with_target, const Selection& selection,
              std::optional<TopicCounts> topics, DocumentWriter documents, DocumentWriter dropped)
      : options_(options),
        duplicates_(duplicates),
        quality_(quality),
        with_target_(with_target),
        selection_(selection),
        topics_(std::move(topics)),
        documents_(std::move(documents)),
        dropped_(std::move(dropped)) {}

  Status write_dropped_before(const Document& document) { return dropped_.write(document); }

  Status write(std::size_t i, Document& document) {
    CurateStatistics& counts = result_.statistics;
    const std::uint64_t bytes = document.text.size();
    document.quality = static_cast<double>(quality_[i]);
    document.cluster_size = std::max(1u, duplicates_.cluster_size[i]);
    const auto drop = [&](CurateStage stage, const char* reason, double value, double threshold) {
      document.dropped_by = reason;
      document.dropped_value = value;
      document.dropped_threshold = threshold;
      counts.drop(stage, bytes, document);
      return dropped_.write(document);
    };
    const auto similarity = static_cast<double>(duplicates_.similarity[i]);
    if (duplicates_.fate[i] == Fate::kExactDuplicate) {
      return drop(CurateStage::kExactDuplicates, "exact_duplicate", similarity, 1.0);
    }
    counts.pass(CurateStage::kExactDuplicates, bytes, bytes);
    if (duplicates_.fate[i] == Fate::kNearDuplicate) {
      return drop(CurateStage::kNearDuplicates, "near_duplicate", similarity,
                  options_.config->near_duplicate_similarity);
    }
    counts.pass(CurateStage::kNearDuplicates, bytes, bytes);
    if (with_target_) {
      const auto bin = static_cast<std::size_t>(document.quality * kQualityBins);
      counts.quality_histogram[std::min(bin, kQualityBins - 1)] += 1;
    }
    const bool kept = selection_.kept[i] != 0;
    if (!kept && options_.keep_bytes == 0) {
      return drop(CurateStage::kTarget, "target.probability", document.quality,
                  selection_.threshold);
    }
    counts.pass(CurateStage::kTarget, bytes, bytes);
    if (!kept) {
      return drop(CurateStage::kSelect, "select.keep_bytes", document.quality,
                  selection_.threshold);
    }
    counts.pass(CurateStage::kSelect, bytes, bytes);
    LanguageStatistics& language = counts.languages[document.language];
    language.documents_kept += 1, language.bytes_kept += bytes;
    result_.documents_kept += 1, result_.bytes_kept += bytes;
    if (topics_) topics_->add(duplicates_.keys[i], document);
    if (options_.config->summaries_enabled) {
      document.summary = summarise(document.text, options_.config->summaries);
    }
    return documents_.write(document);
  }

  Result<FinalStageResult> finish() {
    PITH_TRY(documents_.finish());
    PITH_TRY(dropped_.finish());
    result_.target_threshold = selection_.threshold;
    if (topics_) result_.topics = topics_->to_json();
    return std::move(result_);
  }

 private:
  const CurateOptions& options_;
  const DuplicateColumns& duplicates_;
  const std::vector<float>& quality_;
  const bool with_target_;
  const Selection& selection_;
  std::optional<TopicCounts> topics_;
  DocumentWriter documents_, dropped_;
  FinalStageResult result_;
};

// Learns the topics of what is kept from a sample of it.
Result<TopicModel> learn_topics(const CurateConfig& config, const WorkFolder& folder,
                                std::size_t shards, const DuplicateColumns& duplicates,
                                const Selection& selection, const Context& context) {
  TopicSample sample(config.topic_sample);
  PITH_TRY(for_each_document(folder, shards, "topics", context,
                             [&](std::size_t i, Document& document) -> Status {
                               if (selection.kept[i] != 0) {
                                 sample.add(duplicates.keys[i], document.text);
                               }
                               return {};
                             }));
  return TopicModel::learn(sample.take(), config.topics, context);
}

}  // namespace

Result<FinalStageResult> run_final_stage(const CurateOptions& options, const WorkFolder& folder,
                                         std::size_t shards, const DuplicateColumns& duplicates,
                                         const std::optional<TargetColumns>& target,
                                         const Context& context) {
  const std::vector<float> none(target ? 0 : duplicates.fate.size(), 0.0f);
  const std::vector<float>& quality = target ? target->quality : none;
  const TargetReport* report = target && target->report ? &*target->report : nullptr;
  const Selection selection = choose(options, duplicates, quality, report);

  std::optional<TopicCounts> topics;
  if (options.config->topics_enabled) {
    PITH_ASSIGN(TopicModel model,
                learn_topics(*options.config, folder, shards, duplicates, selection, context));
    topics.emplace(std::move(model));
  }

  const std::string documents_folder = join_path(folder.final_folder(), "documents");
  const std::string dropped_folder = join_path(folder.final_folder(), "dropped");
  PITH_TRY(remove_tree(folder.final_folder()));
  PITH_TRY(make_folders(documents_folder));
  PITH_TRY(make_folders(dropped_folder));
  PITH_ASSIGN(DocumentWriter documents, DocumentWriter::create(documents_folder));
  PITH_ASSIGN(DocumentWriter dropped, DocumentWriter::create(dropped_folder));
  FinalWriter writer(options, duplicates, quality, target.has_value(), selection, std::move(topics),
                     std::move(documents), std::move(dropped));
  std::vector<std::string> files;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    files.push_back(folder.shard(shard, ".dropped.jsonl.zst"));
    files.push_back(folder.shard(shard, ".kept.jsonl.zst"));
  }
  std::size_t number = 0;
  PITH_TRY(for_each_document(files, "write", context, [&](std::size_t file, Document& document) {
    const bool kept_before = file % 2 == 1;
    return kept_before ? writer.write(number++, document) : writer.write_dropped_before(document);
  }));
  PITH_ASSIGN(FinalStageResult result, writer.finish());
  PITH_TRY(remove_tree(folder.documents()));
  PITH_TRY(remove_tree(folder.dropped()));
  PITH_TRY(rename_path(documents_folder, folder.documents()));
  PITH_TRY(rename_path(dropped_folder, folder.dropped()));
  return result;
}

}  // namespace pith
