#pragma once

#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/clean/c4_lines.h"
#include "pith/curate/clean/filter.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/cluster/topic_model.h"
#include "pith/curate/decontaminate/overlap_index.h"
#include "pith/curate/dedup/repeated_text.h"
#include "pith/curate/privacy/pii.h"
#include "pith/curate/select/selection_options.h"
#include "pith/curate/spam/spam_cleaner.h"
#include "pith/curate/summarise/condense.h"
#include "pith/curate/summarise/extractive_summary.h"

// Every threshold of curation in one place, and the TOML file that shows and changes them.
namespace pith {

struct CurateConfig {
  SpamOptions spam;
  C4LineOptions c4_lines;
  FilterList filters = default_filters();
  PiiKinds mask;
  bool format_enabled = true, reading_level_enabled = true, mixed_languages_enabled = true;
  double class_least_score = 0;
  OverlapOptions overlap;
  CondenseOptions condense;
  SelectionOptions selection;
  bool topics_enabled = true;
  TopicOptions topics;
  std::size_t topic_sample = 20000;
  bool summaries_enabled = false;
  SummaryOptions summaries;
  double near_duplicate_similarity = 0.8;  // Jaccard of 5-word shingles
  bool near_duplicates_enabled = true;
  RepeatedTextOptions repeated_text;

  // Names all of them: a table a stage, in the order in which stages come.
  void settings(SettingVisitor& visitor);
};

// Changes what the file names; the rest stays as it is. Tables among `others` are left to their
// readers. An unknown name or a value of the wrong type or range is a kInput error that gives file
// and line, and the known name that is most alike.
Status read_curate_config(const std::string& path, const std::vector<std::string>& others,
                          CurateConfig& config);

// The file that would give `config`: every setting with its value and, as a comment, its meaning.
std::string print_curate_config(CurateConfig& config);

// The tables of such a file.
std::vector<std::string> curate_config_tables();

Json to_json(CurateConfig& config);
// Of what to_json gave; what is missing stays as it is.
void from_json(const Json& json, CurateConfig& config);

}  // namespace pith
