#pragma once

#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"

namespace pith {

// What the page is made from: the JSON that the stages leave beside their output. Null parts are
// left out of the page, so a curation without a training has a report too.
struct ReportInput {
  std::string title;
  Json curate;                     // curate.json, see docs/formats/curate_summary.md
  Json tokens;                     // tokens.json of the token folder
  std::vector<Json> training_log;  // lines of training/log.jsonl, see docs/formats/training_log.md
  Json result;                     // the run's result, as --json prints it
  std::vector<std::string> next_commands;
};

// One self-contained page: styles and charts inline, nothing fetched, no script. The same input
// gives the same bytes. Every figure of the result stands in an element with data-figure="NAME".
std::string render_report(const ReportInput& input);

// The page's style sheet.
extern const char* const kReportStyle;

}  // namespace pith
