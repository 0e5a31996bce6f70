// Extractive summaries for bench/summarise.py.
//   summarise FILE.jsonl N   {"source": [sentence, ...]} a line; prints the indexes of the N chosen
//                            sentences a line, and on stderr the seconds that choosing took
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/summarise/extractive_summary.h"

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: summarise FILE.jsonl N\n"), 2;
  std::ifstream file(argv[1]);
  const pith::SummaryOptions options{.sentences = static_cast<std::size_t>(std::atoi(argv[2])),
                                     .longest = 1 << 16};
  double seconds = 0;
  for (std::string line; std::getline(file, line);) {
    const auto json = pith::parse_json(line, argv[1]);
    if (!json) return std::fprintf(stderr, "%s\n", json.error().message.c_str()), 2;
    std::vector<std::string> texts;
    for (const pith::Json& sentence : (*json)["source"].items()) {
      texts.push_back(sentence.as_string());
    }
    const std::vector<std::string_view> sentences(texts.begin(), texts.end());
    const auto begin = std::chrono::steady_clock::now();
    const auto chosen = pith::choose_sentences(sentences, options);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (const std::size_t i : chosen) std::printf("%zu ", i);
    std::printf("\n");
  }
  std::fprintf(stderr, "%.6f\n", seconds);
}
