// The filters' rate and drop rates, and the rate of language identification beside CLD2's.
//   filters documents FILE.jsonl...  rates a core, drop rate per rule; --examples N shows some
// One thread; the minimum of 5 repeats, both sides interleaved.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#ifdef PITH_WITH_CLD2
#include <cld2/public/compact_lang_det.h>
#endif

#include "pith/base/json.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/clean/document_cleaner.h"

namespace {

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

#ifdef PITH_WITH_CLD2
std::string cld2_code(const std::string& text) {
  bool reliable = false;
  const CLD2::Language language =
      CLD2::DetectLanguage(text.data(), static_cast<int>(text.size()), true, &reliable);
  std::string code = CLD2::LanguageCode(language);
  if (code == "zh") return "zh-Hans";
  if (code == "iw") return "he";
  if (code == "no") return "nb";
  return code;
}
#endif

struct Rival {
  const char* name;
  std::string (*identify)(const std::string&);
};
const std::vector<Rival> kRivals = {
    {"pith",
     [](const std::string& text) { return std::string(pith::identify_language(text).code); }},
#ifdef PITH_WITH_CLD2
    {"CLD2", cld2_code},
#endif
};

int documents_table(const std::vector<std::string>& paths, int examples) {
  for (const std::string& path : paths) {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    std::ifstream file(path);
    if (!file) return std::fprintf(stderr, "cannot read %s\n", path.c_str()), 1;
    for (std::string line; std::getline(file, line);) {
      const auto record = pith::parse_json(line, path);
      if (!record) return std::fprintf(stderr, "%s\n", record.error().message.c_str()), 1;
      texts.push_back((*record)["text"].as_string());
      bytes += texts.back().size();
    }
    const pith::FilterList filters = pith::default_filters();
    pith::DocumentCleaner cleaner(filters);
    std::vector<std::string> codes(texts.size());
    std::map<std::string, int> languages, reasons;
    std::vector<double> best(kRivals.size() + 1, 1e9);
    int repeats = 3;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      for (std::size_t r = 0; r < kRivals.size(); ++r) {
        best[r] = std::min(best[r], seconds_of([&] {
                             for (std::size_t i = 0; i < texts.size(); ++i) {
                               std::string code = kRivals[r].identify(texts[i]);
                               if (r == 0) codes[i] = std::move(code);
                             }
                           }));
      }
      best.back() = std::min(best.back(), seconds_of([&] {
                               for (std::size_t i = 0; i < texts.size(); ++i)
                                 cleaner.clean(texts[i], codes[i]);
                             }));
    }
    std::size_t dropped = 0, lines = 0, dropped_bytes = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      ++languages[codes[i]];
      const auto result = cleaner.clean(texts[i], codes[i]);
      lines += result.dropped_lines;
      if (result.verdict.keep) continue;
      ++dropped;
      dropped_bytes += texts[i].size();
      if (reasons[std::string(result.verdict.reason)]++ < examples) {
        std::printf("--- %s %.3f (%.3f) %s\n%.300s\n", std::string(result.verdict.reason).c_str(),
                    result.verdict.value, result.verdict.threshold, codes[i].c_str(),
                    texts[i].c_str());
      }
    }
    const double megabytes = static_cast<double>(bytes) / 1e6;
    std::printf("%s: %zu documents, %.1f MB; dropped %zu (%.2f %%), %.2f %% of bytes; %zu lines\n",
                path.c_str(), texts.size(), megabytes, dropped,
                100.0 * static_cast<double>(dropped) / static_cast<double>(texts.size()),
                100.0 * static_cast<double>(dropped_bytes) / static_cast<double>(bytes), lines);
    for (std::size_t r = 0; r < kRivals.size(); ++r)
      std::printf("  language %s %.1f MB/s\n", kRivals[r].name, megabytes / best[r]);
    std::printf("  filters %.1f MB/s\n  languages", megabytes / best.back());
    for (const auto& [code, n] : languages) std::printf(" %s:%d", code.c_str(), n);
    std::printf("\n");
    for (const auto& [reason, n] : reasons)
      std::printf("  %-50s %6d %6.2f %%\n", reason.c_str(), n,
                  100.0 * n / static_cast<double>(texts.size()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2 && arguments[0] == "documents") {
    int examples = 0;
    std::vector<std::string> paths;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      if (arguments[i] == "--examples" && i + 1 < arguments.size())
        examples = std::stoi(arguments[++i]);
      else
        paths.push_back(arguments[i]);
    }
    return documents_table(paths, examples);
  }
  std::fprintf(stderr, "filters documents [--examples N] FILE.jsonl...\n");
  return 2;
}
