// Rate of every stage of curation that works on one page, for bench/curate.py.
//   curate_stages REPEATS TEXTS.jsonl PAGE...
// Prints one JSON object; writes the main texts, so that rivals are timed on the same. One thread,
// seconds of its processor time, the minimum of REPEATS.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/classify/format.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/classify/mixed_languages.h"
#include "pith/curate/classify/reading_level.h"
#include "pith/curate/clean/document_cleaner.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/shingles.h"
#include "pith/curate/extract/extract.h"
#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/raw_record.h"
#include "pith/curate/privacy/pii.h"
#include "pith/curate/select/document_words.h"
#include "pith/curate/spam/spam_cleaner.h"

namespace {

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
double least_seconds(int repeats, const Work& work) {
  double least = 1e30;
  for (int i = 0; i < repeats; ++i) {
    const double begin = thread_seconds();
    work();
    least = std::min(least, thread_seconds() - begin);
  }
  return least;
}

// Bytes a second that one core copies, both directions counted once: what "share of the memory
// bandwidth" is of.
double copy_rate(int repeats) {
  const std::vector<char> from(256u << 20, 'x');
  std::vector<char> to(from.size());
  const double seconds =
      least_seconds(repeats + 1, [&] { std::memcpy(to.data(), from.data(), from.size()); });
  return static_cast<double>(from.size()) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace pith;
  if (argc < 4) return std::fprintf(stderr, "curate_stages REPEATS TEXTS.jsonl PAGE...\n"), 2;
  const int repeats = std::max(1, std::atoi(argv[1]));
  std::vector<RawRecord> records;
  std::uint64_t raw_bytes = 0, text_bytes = 0;
  for (int i = 3; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    RawRecord record;
    record.bytes.assign(std::istreambuf_iterator<char>(file), {});
    record.kind = RawKind::kHtml;
    record.html = true;
    record.file_path = argv[i];
    raw_bytes += record.bytes.size();
    records.push_back(std::move(record));
  }

  Json stages = Json::array();
  const auto stage = [&](std::string_view name, bool of_pages, const auto& work) {
    Json row = Json::object();
    row.set("stage", std::string(name));
    row.set("bytes", of_pages ? raw_bytes : text_bytes);
    row.set("seconds", least_seconds(repeats, work));
    stages.push_back(std::move(row));
  };

  const std::size_t n = records.size();
  std::vector<std::string> pages(n), texts(n), languages(n);
  std::vector<Page> extracted(n);
  stage("characters", true, [&] {
    for (std::size_t i = 0; i < n; ++i) pages[i] = decode_record(records[i]).utf8;
  });
  Extractor extractor;
  stage("main text", true, [&] {
    for (std::size_t i = 0; i < n; ++i) extracted[i] = extractor.extract(pages[i]);
  });
  for (std::size_t i = 0; i < n; ++i) {
    texts[i] = extracted[i].text;
    text_bytes += texts[i].size();
  }
  stage("language", false, [&] {
    for (std::size_t i = 0; i < n; ++i) languages[i] = identify_language(texts[i]).code;
  });
  const FilterList filters = default_filters();
  DocumentCleaner cleaner(filters);
  stage("filters", false, [&] {
    for (std::size_t i = 0; i < n; ++i) cleaner.clean(texts[i], languages[i]);
  });
  SpamCleaner spam{SpamOptions{.enabled = true}};
  stage("spam", false, [&] {
    for (std::size_t i = 0; i < n; ++i) spam.clean(texts[i], extracted[i].title);
  });
  std::string masked;
  stage("privacy", false, [&] {
    for (const std::string& text : texts) mask_pii(text, PiiKinds{}, masked);
  });
  stage("format", false, [&] {
    for (std::size_t i = 0; i < n; ++i) identify_format(texts[i], extracted[i].measures);
  });
  stage("reading level", false, [&] {
    for (std::size_t i = 0; i < n; ++i) reading_level(texts[i], languages[i]);
  });
  stage("languages of paragraphs", false, [&] {
    for (std::size_t i = 0; i < n; ++i) {
      mixed_languages(texts[i], identify_language(texts[i]));
    }
  });
  std::vector<std::vector<std::uint32_t>> shingles(n);
  stage("MinHash of text", false, [&] {
    for (std::size_t i = 0; i < n; ++i) {
      distinct_shingles(texts[i], shingles[i]);
      band_keys(min_hash(shingles[i]));
    }
  });
  stage("exact hash", false, [&] {
    for (const std::string& text : texts) exact_text_hash(text);
  });
  std::vector<std::uint32_t> features;
  stage("features of --like", false, [&] {
    for (const std::string& text : texts) target_features(text, features);
  });

  std::ofstream out(argv[2], std::ios::binary);
  std::string line;
  for (std::size_t i = 0; i < n; ++i) {
    Json row = Json::object();
    row.set("path", std::string(argv[i + 3]));
    row.set("text", texts[i]);
    line = row.dump() + "\n";
    out << line;
  }
  if (!out.flush()) return std::fprintf(stderr, "cannot write %s\n", argv[2]), 1;
  Json result = Json::object();
  result.set("pages", static_cast<std::uint64_t>(n));
  result.set("raw_bytes", raw_bytes);
  result.set("text_bytes", text_bytes);
  result.set("copy_bytes_per_second", copy_rate(repeats));
  result.set("stages", std::move(stages));
  std::printf("%s\n", result.dump().c_str());
}
