// How spam repair does on pages whose right answer is known (bench/spam_damage.py), and its rate.
//   spam FILE.jsonl [--features OUT.jsonl] [--show KIND N] [--curve]   a row a kind and language;
//   recall and precision of the pages to drop, as they are and at a precision of 0.95 by another
//   threshold of [spam] doorway; with --curve at every threshold; MB/s
// Character F1 compares what is left with what should be left by their longest common subsequence
// (Myers' edit distance); a page that is dropped leaves nothing.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/spam/spam_cleaner.h"
#include "pith/text/utf8.h"

namespace {

struct Page {
  std::string kind, language, title, text, truth;
  bool keep = true;
};

std::u32string points(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = pith::decode_point(text.substr(at));
    out.push_back(point.code_point);
    at += point.bytes;
  }
  return out;
}

// The length of the longest common subsequence.
std::size_t common(const std::u32string& a, const std::u32string& b) {
  std::size_t head = 0, tail = 0;
  while (head < std::min(a.size(), b.size()) && a[head] == b[head]) ++head;
  while (tail < std::min(a.size(), b.size()) - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const auto n = static_cast<std::ptrdiff_t>(a.size() - head - tail);
  const auto m = static_cast<std::ptrdiff_t>(b.size() - head - tail);
  const char32_t *x = a.data() + head, *y = b.data() + head;
  const std::ptrdiff_t most = n + m;
  std::vector<std::ptrdiff_t> reach(static_cast<std::size_t>(2 * most + 3), 0);
  for (std::ptrdiff_t d = 0; d <= most; ++d) {
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      auto* at = reach.data() + most + 1 + k;
      std::ptrdiff_t i = k == -d || (k != d && at[-1] < at[1]) ? at[1] : at[-1] + 1;
      while (i < n && i - k < m && x[i] == y[i - k]) ++i;
      *at = i;
      if (i >= n && i - k >= m) {
        return head + tail + static_cast<std::size_t>((n + m - d) / 2);
      }
    }
  }
  return head + tail;
}

// What is gone of `text`, of which `left` is a part, each piece with what stood around it.
void show_cuts(std::string_view text, std::string_view left) {
  const auto around = [&](std::size_t begin, std::size_t end) {
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) --begin;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) ++end;
    std::string piece(text.substr(begin, end - begin));
    std::ranges::replace(piece, '\n', '~');
    return piece;
  };
  if (left.empty()) {
    std::printf("  all: %s\n", around(0, std::min<std::size_t>(text.size(), 600)).c_str());
    return;
  }
  for (std::size_t at = 0, of = 0; at < text.size();) {
    if (of < left.size() && text[at] == left[of]) {
      ++at, ++of;
      continue;
    }
    // The shortest cut after which the next of what is left stands.
    const std::string_view next = left.substr(of, 24);
    const std::size_t found = next.empty() ? text.npos : text.find(next, at);
    const std::size_t end = found == text.npos ? text.size() : found;
    std::printf("  %s[[%s]]%s\n", around(at - std::min<std::size_t>(at, 36), at).c_str(),
                around(at, std::min(end, at + 400)).c_str(),
                around(end, std::min(text.size(), end + 36)).c_str());
    at = end;
  }
}

struct Row {
  std::size_t pages = 0, dropped = 0, touched = 0;
  double common = 0, kept = 0, truth = 0, common_before = 0, before = 0, lost = 0;
};

// The pages of a language by their doorway score, falling. What is dropped for another reason is
// dropped at any threshold.
struct ScoredPage {
  double score = 0;
  bool wrong = false;  // an honest page
};
struct Scores {
  std::vector<ScoredPage> pages;
  std::size_t right = 0, wrong = 0;  // dropped for another reason
  std::size_t to_drop = 0;
};

void print_curve(const std::string& language, Scores scores, bool all) {
  constexpr double kPrecision = 0.95;
  std::ranges::stable_sort(scores.pages, std::ranges::greater{}, &ScoredPage::score);
  double best_recall = 0, best_precision = 0, best_score = 0;
  if (all)
    std::printf("| %s, score or more | recall | precision | honest pages |\n", language.c_str());
  if (all) std::printf("| --- | --- | --- | --- |\n");
  for (std::size_t i = 0; i < scores.pages.size();) {
    const double score = scores.pages[i].score;
    if (score <= 0) break;
    for (; i < scores.pages.size() && scores.pages[i].score == score; ++i) {
      ++(scores.pages[i].wrong ? scores.wrong : scores.right);
    }
    const auto right = static_cast<double>(scores.right);
    const double recall = right / static_cast<double>(std::max<std::size_t>(1, scores.to_drop));
    const double precision = right / std::max(1.0, right + static_cast<double>(scores.wrong));
    if (precision >= kPrecision && recall > best_recall) {
      best_recall = recall, best_precision = precision, best_score = score;
    }
    if (all) std::printf("| %.4f | %.3f | %.3f | %zu |\n", score, recall, precision, scores.wrong);
  }
  if (best_recall > 0) {
    std::printf(
        "%s: at a precision of %.2f or more: recall %.3f, precision %.3f, from a score of %.3f\n",
        language.c_str(), kPrecision, best_recall, best_precision, best_score);
  }
}

double f1(double common, double a, double b) { return a + b == 0 ? 1 : 2 * common / (a + b); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    return std::fprintf(
               stderr, "usage: spam FILE.jsonl [--features OUT.jsonl] [--show KIND N] [--curve]\n"),
           2;
  std::string show;
  int shown = 0;
  std::ofstream features;
  bool curve = false;
  for (int i = 2; i < argc; ++i) {
    curve |= std::string(argv[i]) == "--curve";
    if (i + 1 == argc) break;
    if (std::string(argv[i]) == "--features") features.open(argv[i + 1]);
    if (std::string(argv[i]) == "--show" && i + 2 < argc) {
      show = argv[i + 1], shown = std::atoi(argv[i + 2]);
    }
  }
  std::vector<Page> pages;
  std::ifstream file(argv[1]);
  for (std::string line; std::getline(file, line);) {
    const auto json = pith::parse_json(line, argv[1]);
    if (!json) return std::fprintf(stderr, "%s\n", json.error().message.c_str()), 2;
    pages.push_back({(*json)["kind"].as_string(), (*json)["language"].as_string(),
                     (*json)["title"].as_string(), (*json)["text"].as_string(),
                     (*json)["truth"].as_string(), !(*json)["truth"].is_null()});
  }
  pith::SpamCleaner cleaner(pith::SpamOptions{.enabled = true});
  std::map<std::pair<std::string, std::string>, Row> rows;
  std::map<std::string, std::array<std::size_t, 3>> doorways;  // right, wrong, missed
  std::map<std::string, Scores> scores;
  std::vector<pith::Measure> measures;
  for (const Page& page : pages) {
    measures.clear();
    const auto result = cleaner.clean(page.text, page.title, &measures);
    Scores& of_language = scores[page.language];
    of_language.to_drop += !page.keep;
    const bool otherwise = std::ranges::any_of(measures, [](const pith::Measure& measure) {
      return measure.rule != "spam.doorway" && measure.broken();
    });
    if (otherwise) {
      ++(page.keep ? of_language.wrong : of_language.right);
    } else {
      of_language.pages.push_back({pith::doorway_score(result.doorway), page.keep});
    }
    const std::string_view left = result.verdict.keep ? result.text : std::string_view();
    Row& row = rows[{page.kind, page.language}];
    ++row.pages;
    row.dropped += !result.verdict.keep;
    row.touched += left.size() != page.text.size();
    auto& doorway = doorways[page.language];
    doorway[page.keep ? 1 : 0] += !result.verdict.keep;
    doorway[2] += !page.keep && result.verdict.keep;
    if (page.keep) {
      const auto truth = points(page.truth), kept = points(left), before = points(page.text);
      const auto both = static_cast<double>(kept == truth ? truth.size() : common(kept, truth));
      row.common += both, row.kept += static_cast<double>(kept.size());
      row.truth += static_cast<double>(truth.size());
      row.lost += static_cast<double>(truth.size()) - both;
      row.common_before += static_cast<double>(truth.size());
      row.before += static_cast<double>(before.size());
    }
    if (features.is_open()) {
      const auto& f = result.doorway;
      pith::Json json = pith::Json::object();
      json.set("kind", page.kind);
      json.set("language", page.language);
      json.set("title", page.title);
      json.set("evidence", result.evidence);
      json.set("headline_score", result.headline_score);
      json.set("keyword_repeats", result.keyword_repeats);
      pith::Json list = pith::Json::array();
      for (const double v :
           {static_cast<double>(f.brand), static_cast<double>(f.trade), static_cast<double>(f.call),
            static_cast<double>(f.glued), static_cast<double>(f.suffix),
            static_cast<double>(f.repeats), static_cast<double>(f.foreign),
            static_cast<double>(f.spoken), static_cast<double>(f.edges),
            static_cast<double>(f.replaced), static_cast<double>(f.made), f.inserted,
            static_cast<double>(f.untitled)}) {
        list.push_back(v);
      }
      json.set("features", std::move(list));
      features << json.dump() << '\n';
    }
    if ((page.kind == show || show == "all") && left != page.truth && shown-- > 0) {
      std::printf(
          "=== %s %s | %s | %s %.2f, fragments %zu, keywords %zu, comments %zu, headlines %zu, "
          "evidence %.1f\n",
          page.language.c_str(), page.kind.c_str(), page.title.c_str(),
          std::string(result.verdict.reason).c_str(), result.verdict.value, result.counts.fragments,
          result.counts.keyword_lines, result.counts.comment_lines, result.counts.headline_lines,
          result.evidence);
      show_cuts(page.text, left);
    }
  }
  std::printf(
      "| kind | language | pages | dropped | touched | F1 before | F1 after | spam removed | lost "
      "of the truth |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const auto& [key, row] : rows) {
    std::printf("| %s | %s | %zu | %zu | %zu |", key.first.c_str(), key.second.c_str(), row.pages,
                row.dropped, row.touched);
    if (row.truth == 0) {
      std::printf(" | | | |\n");
      continue;
    }
    std::printf(" %.4f | %.4f | %.1f %% | %.3f %% |\n",
                f1(row.common_before, row.before, row.truth), f1(row.common, row.kept, row.truth),
                row.before == row.truth
                    ? 0
                    : 100 - 100 * (row.kept - row.common) / (row.before - row.truth),
                100 * row.lost / row.truth);
  }
  for (const auto& [language, d] : doorways) {
    const auto right = static_cast<double>(d[0]);
    std::printf("%s: pages to drop: recall %.3f, precision %.3f\n", language.c_str(),
                right / std::max(1.0, right + static_cast<double>(d[2])),
                right / std::max(1.0, right + static_cast<double>(d[1])));
  }
  for (const auto& [language, of_language] : scores) print_curve(language, of_language, curve);
  for (const char* language : {"zh", "en"}) {
    double best = 1e9;
    std::size_t bytes = 0;
    for (int repeat = 0; repeat < 3; ++repeat) {
      bytes = 0;
      const std::clock_t begin = std::clock();
      for (const Page& page : pages) {
        if (page.kind != "clean" || page.language != language) continue;
        cleaner.clean(page.text, page.title);
        bytes += page.text.size();
      }
      best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    std::printf("%s: clean text: %.1f MB/s of one thread's time\n", language,
                static_cast<double>(bytes) / 1e6 / best);
  }
}
