#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/cli/arguments.h"
#include "pith/curate/pipeline/curate.h"

// What `pith curate` and `pith run` share: the options of curation, and its result for people and
// for --json.
namespace pith {

// "en,zh-Hans" as words; empty ones are passed over.
std::vector<std::string> split_at_commas(std::string_view text);

// The options of a curation on the command line. Declared once, read after parsing.
class CurationArguments {
 public:
  void declare(Arguments& arguments);  // IN... and all options, without -o and --config
  // `out` is left empty; thresholds are those of the file `config`, or the defaults without one.
  Result<CurateOptions> options(const std::string& config) const;

 private:
  CurateOptions options_;
  std::string languages_, format_ = "jsonl";
  std::vector<std::string> classes_;
  bool no_filters_ = false;
};

// Fields of --json; docs/verbs.md names them.
Json curation_figures(const CurateResult& result);

// What was read, dropped by each stage (`reasons`: by each rule) and kept, to stdout.
void print_curation(const CurateResult& result, bool reasons);

}  // namespace pith
