// How often classify/format.h names the right kind of web page.
//   format [--measures] LIST     lines of: kind, tab, path of an HTML page
// --measures prints what scripts/train_format.py learns from, a JSON line a page.
#include "pith/curate/classify/format.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/extract/extract.h"

namespace {

struct Tally {
  int pages = 0, by_page = 0, by_text = 0;
};

void print(const std::string& name, const Tally& tally) {
  std::printf("  %-14s %5d pages  page %.3f  text alone %.3f\n", name.c_str(), tally.pages,
              static_cast<double>(tally.by_page) / tally.pages,
              static_cast<double>(tally.by_text) / tally.pages);
}

pith::Json numbers(const auto& values) {
  pith::Json list = pith::Json::array();
  for (const float value : values) list.push_back(static_cast<double>(value));
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  const bool measures = argc == 3 && std::string(argv[1]) == "--measures";
  if (argc != 2 && !measures) {
    std::fprintf(stderr, "format [--measures] LIST\n");
    return 2;
  }
  std::ifstream list(argv[argc - 1]);
  std::map<std::string, Tally> tallies;
  Tally all;
  double seconds = 0, bytes = 0;
  pith::Extractor extractor;
  for (std::string line; std::getline(list, line);) {
    const std::size_t tab = line.find('\t');
    const auto html = pith::read_file(line.substr(tab + 1), 1 << 30);
    if (tab == line.npos || !html) {
      std::fprintf(stderr, "format: %s: no kind and page\n", line.c_str());
      return 2;
    }
    const std::string kind = line.substr(0, tab);
    const pith::Page page = extractor.extract(*html);
    if (measures) {
      pith::Json json = pith::Json::object();
      json.set("text", page.text.substr(0, 64 << 10));
      json.set("shape", numbers(pith::measure_shape(page.text)));
      json.set("page", numbers(page.measures));
      std::printf("%s\n", json.dump().c_str());
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto by_page = pith::identify_format(page.text, page.measures);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    bytes += static_cast<double>(page.text.size());
    const bool right = pith::format_name(by_page.format) == kind;
    const bool text_right = pith::format_name(pith::identify_format(page.text, {}).format) == kind;
    for (Tally* tally : {&all, &tallies[kind]}) {
      ++tally->pages, tally->by_page += right, tally->by_text += text_right;
    }
  }
  for (const auto& [name, tally] : tallies) print(name, tally);
  if (all.pages > 0) print("all", all);
  if (!measures) std::printf("  %.0f MB/s of text\n", bytes / seconds / 1e6);
  return 0;
}
