#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/spam/doorway.h"
#include "pith/curate/spam/repeated_insertions.h"
#include "pith/curate/spam/spam_lines.h"

// The whole of spam repair for one document: lines that advertise fall, fragments are cut out of
// the sentences that they broke, and a page that is nothing but spam is dropped. docs/spam.md has
// the method and what it was measured to do.
namespace pith {

struct SpamOptions {
  bool enabled = true;
  InsertionOptions insertions = {};
  SpamLineOptions lines = {};
  double doorway = 0.5;          // a page with a higher score is dropped
  double phrase_density = 0.38;  // of the text, in phrases of the title
  double left = 0.3;             // of the text, that repair must leave, or nothing is repaired
};

void spam_settings(SpamOptions& options, SettingVisitor& visitor);

struct SpamCounts {
  std::size_t fragments = 0, keyword_lines = 0, comment_lines = 0, headline_lines = 0;
  std::size_t cut_bytes = 0;
  std::size_t documents = 0;  // that were repaired

  SpamCounts& operator+=(const SpamCounts& other);
};

struct SpamResult {
  FilterVerdict verdict;
  // Views the text given, or a buffer of the cleaner that lives until its next call.
  std::string_view text;
  SpamCounts counts;
  DoorwayFeatures doorway;
  double evidence = 0;  // of insertions
  double headline_score = 0, keyword_repeats = 0;
};

// One thread at a time; give each worker its own.
class SpamCleaner {
 public:
  explicit SpamCleaner(const SpamOptions& options = {});
  ~SpamCleaner();
  SpamCleaner(SpamCleaner&&) noexcept;
  SpamCleaner& operator=(SpamCleaner&&) noexcept;

  // `text` is valid UTF-8, of less than 4 GB (longer text is left as it is). Without a title the
  // first line stands for it. Time linear in the text. With `all`, what every rule measured is
  // appended.
  SpamResult clean(std::string_view text, std::string_view title,
                   std::vector<Measure>* all = nullptr);

 private:
  struct Scratch;
  SpamOptions options_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pith
