// Language identification: pith and CLD2 on the texts of a file, for bench/language.py.
//   language TEXTS.tsv   lines of set, code, text -> lines of pith's code and score, then CLD2's
//   code (with its
//                        full tables where Debian's libcld2_full is linked, "-" without CLD2)
// The rates of one thread in processor time go to stderr as "NAME MB/s": the best of 3, taken in
// turns.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#ifdef PITH_WITH_CLD2
#include <cld2/public/compact_lang_det.h>
#endif

#include "pith/curate/classify/language.h"

namespace {

double processor_seconds(const auto& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::string cld2_code([[maybe_unused]] const std::string& text) {
#ifdef PITH_WITH_CLD2
  bool reliable = false;
  const CLD2::Language language =
      CLD2::DetectLanguage(text.data(), static_cast<int>(text.size()), true, &reliable);
  return CLD2::LanguageCode(language);
#else
  return "-";
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "language TEXTS.tsv\n"), 2;
  std::ifstream file(argv[1]);
  if (!file) return std::fprintf(stderr, "cannot read %s\n", argv[1]), 1;
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (std::string line; std::getline(file, line);) {
    texts.push_back(line.substr(line.find('\t', line.find('\t') + 1) + 1));
    bytes += texts.back().size();
  }
  std::vector<pith::Language> ours(texts.size());
  std::vector<std::string> theirs(texts.size());
  double our_seconds = 1e9, their_seconds = 1e9;
  for (int repeat = 0; repeat < 3; ++repeat) {
    our_seconds = std::min(our_seconds, processor_seconds([&] {
                             for (std::size_t i = 0; i < texts.size(); ++i)
                               ours[i] = pith::identify_language(texts[i]);
                           }));
    their_seconds = std::min(their_seconds, processor_seconds([&] {
                               for (std::size_t i = 0; i < texts.size(); ++i)
                                 theirs[i] = cld2_code(texts[i]);
                             }));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::printf("%.*s\t%.3f\t%s\n", static_cast<int>(ours[i].code.size()), ours[i].code.data(),
                static_cast<double>(ours[i].score), theirs[i].c_str());
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  std::fprintf(stderr, "pith %.1f\nCLD2 %.1f\n", megabytes / std::max(our_seconds, 1e-6),
               megabytes / std::max(their_seconds, 1e-6));
  return 0;
}
