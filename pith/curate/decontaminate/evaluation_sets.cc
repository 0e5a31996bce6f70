#include "pith/curate/decontaminate/evaluation_sets.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/base/json.h"
#include "pith/formats/parquet.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kMaxLineBytes = 64 << 20;
constexpr std::size_t kMaxJsonBytes = 256 << 20;  // of a file that is one JSON value
constexpr std::size_t kMaxPageBytes = 256 << 20;  // of Parquet

// "a.jsonl" of "a.jsonl.zst".
std::string_view without_compression(std::string_view path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

class SetReader {
 public:
  SetReader(OverlapIndex& index, const Context& context) : index_(index), context_(context) {}

  Result<EvaluationSet> read(const std::string& path) {
    set_ = {.path = replace_invalid_utf8(path),
            .first_item = static_cast<std::uint32_t>(index_.items())};
    if (is_parquet_file(path)) {
      PITH_TRY(read_parquet(path));
    } else {
      const std::string_view name = without_compression(path);
      PITH_ASSIGN(std::unique_ptr<ByteSource> bytes, open_decompressed(path));
      if (name.ends_with(".json")) {
        PITH_TRY(read_json(path, *bytes));
      } else {
        PITH_TRY(read_lines(path, std::move(bytes), name.ends_with(".jsonl")));
      }
    }
    set_.items = static_cast<std::uint32_t>(index_.items()) - set_.first_item;
    return set_;
  }

  // Texts that were items before.
  std::uint64_t repeated() const { return repeated_; }

 private:
  void add(std::string_view text) {
    if (!seen_.insert(hash64(text)).second) {
      ++repeated_;
      return;
    }
    if (!index_.add(replace_invalid_utf8(text))) ++set_.too_short;
  }

  void add_strings(const Json& json) {
    if (json.is_string()) add(json.as_string());
    for (const Json& item : json.items()) add_strings(item);
    for (const auto& [name, value] : json.members()) add_strings(value);
  }

  Status read_parquet(const std::string& path) {
    PITH_ASSIGN(const ParquetLibrary* const library, parquet_library());
    return library->for_each_string(path, kMaxPageBytes, [&](std::string_view text) -> Status {
      if (context_.stopped()) return Error{ErrorKind::kInterrupted, "[curate] stopped"};
      add(text);
      return {};
    });
  }

  // A .json file is one value, or a line a value, as many sets are published.
  Status read_json(const std::string& path, ByteSource& bytes) {
    std::string text;
    std::vector<char> buffer(1 << 16);
    for (;;) {
      PITH_ASSIGN(const std::size_t count, bytes.read(buffer));
      if (count == 0) break;
      text.append(buffer.data(), count);
      if (text.size() > kMaxJsonBytes) {
        return capacity_error("[curate] --evaluation " + path +
                              ": one JSON value of over 256 MB; give JSONL, a record a line");
      }
    }
    const Result<Json> whole = parse_json(text, path);
    if (whole) {
      add_strings(*whole);
      return {};
    }
    for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view record(text.data() + begin, end - begin);
      begin = end + 1;
      if (record.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const Result<Json> json = parse_json(record, path + " line " + std::to_string(line));
      if (!json) return line == 1 ? whole.error() : json.error();
      add_strings(*json);
    }
    return {};
  }

  Status read_lines(const std::string& path, std::unique_ptr<ByteSource> bytes, bool json) {
    LineReader lines(std::move(bytes), kMaxLineBytes);
    for (;;) {
      if (context_.stopped()) return Error{ErrorKind::kInterrupted, "[curate] stopped"};
      std::string_view line;
      PITH_ASSIGN(const bool more, lines.next(line));
      if (!more) return {};
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (!json) {
        add(line);
        continue;
      }
      PITH_ASSIGN(const Json record,
                  parse_json(line, path + " line " + std::to_string(lines.line_number())));
      add_strings(record);
    }
  }

  OverlapIndex& index_;
  const Context& context_;
  EvaluationSet set_;
  std::unordered_set<std::uint64_t> seen_;
  std::uint64_t repeated_ = 0;
};

}  // namespace

const EvaluationSet& EvaluationSets::set_of(std::uint32_t item) const {
  const auto next = std::upper_bound(
      sets.begin(), sets.end(), item,
      [](std::uint32_t number, const EvaluationSet& set) { return number < set.first_item; });
  return *std::prev(next);
}

Result<EvaluationSets> read_evaluation_sets(const std::vector<std::string>& paths,
                                            const OverlapOptions& options, const Context& context) {
  EvaluationSets sets{.index = OverlapIndex(options), .sets = {}};
  SetReader reader(sets.index, context);
  for (const std::string& path : paths) {
    std::vector<std::string> files = {path};
    if (is_folder(path)) {
      PITH_ASSIGN(files, list_files(path));
    }
    const std::size_t before = sets.index.items() + reader.repeated();
    for (const std::string& file : files) {
      PITH_ASSIGN(EvaluationSet set, reader.read(file));
      if (set.items > 0) sets.sets.push_back(std::move(set));
    }
    if (sets.index.items() + reader.repeated() == before) {
      return input_error(
          "[curate] --evaluation " + path + ": gives no text of " +
          std::to_string(options.least_words) +
          " words or more; give JSONL, JSON, Parquet or text with a question a record");
    }
  }
  sets.index.build();
  return sets;
}

}  // namespace pith
