#pragma once

#include <string>

#include "pith/curate/clean/settings.h"

// How documents are chosen: the table [selection] of the settings file.
namespace pith {

struct SelectionOptions {
  std::string method = "dsir_mean";   // of selection_methods()
  std::string balance = "languages";  // none, languages or topics
  double noise = 0;                   // SelectionRule::noise
  // With a bound on the bytes, what is below the examples' own threshold is taken too until the
  // bound is reached; else only until a quarter of it is.
  bool fill = false;
};

void selection_settings(SelectionOptions& options, SettingVisitor& visitor);

}  // namespace pith
