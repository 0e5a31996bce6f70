#include "pith/formats/documents.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "pith/base/json.h"
#include "pith/base/units.h"

namespace pith {
namespace {

// Writes members of one object in order.
class LineBuilder {
 public:
  explicit LineBuilder(std::string& out) : out_(out) { out_ += '{'; }
  void string(std::string_view name, std::string_view value) {
    open(name);
    append_json_string(value, out_);
  }
  void optional(std::string_view name, std::string_view value) {
    if (!value.empty()) string(name, value);
  }
  template <class Number>
  void number(std::string_view name, Number value) {
    open(name);
    std::array<char, 40> digits;
    out_.append(digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
  void optional(std::string_view name, double value) {
    if (value != 0 && std::isfinite(value)) number(name, value);
  }
  void optional(std::string_view name, std::uint64_t value) {
    if (value != 0) number(name, value);
  }
  void finish() { out_ += "}\n"; }

 private:
  void open(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  std::string& out_;
};

// Of a writer: so many compress more than workers can make.
constexpr int kMostCompressThreads = 4;

bool ends_with_any(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".jsonl.gz") || path.ends_with(".jsonl.zst");
}

std::string shard_path(const std::string& folder, std::uint64_t index) {
  std::array<char, 32> name;
  std::snprintf(name.data(), name.size(), "%05llu.jsonl.zst",
                static_cast<unsigned long long>(index));
  return join_path(folder, name.data());
}

Result<std::vector<std::string>> shards_of(const std::string& path) {
  if (!file_exists(path)) {
    return input_error("[documents] " + path + ": does not exist; give a folder that pith curate " +
                       "wrote, or a .jsonl, .jsonl.gz or .jsonl.zst file");
  }
  if (!is_folder(path)) return std::vector<std::string>{path};
  const std::string inner = join_path(path, "documents");
  PITH_ASSIGN(const std::vector<std::string> files, list_files(is_folder(inner) ? inner : path));
  std::vector<std::string> shards;
  for (const std::string& file : files) {
    if (ends_with_any(file)) shards.push_back(file);
  }
  if (shards.empty()) {
    return input_error("[documents] " + path + ": holds no .jsonl, .jsonl.gz or .jsonl.zst file; " +
                       "raw pages become documents with pith curate");
  }
  return shards;
}

}  // namespace

void append_document(const Document& document, std::string& out) {
  LineBuilder line(out);
  line.string("text", document.text);
  line.optional("id", document.id);
  line.optional("url", document.url);
  line.optional("date", document.date);
  if (!document.language.empty()) {
    line.string("language", document.language);
    if (std::isfinite(document.language_score)) {
      line.number("language_score", document.language_score);
    }
  }
  line.optional("file_path", document.file_path);
  line.optional("offset", document.offset);
  line.optional("title", document.title);
  line.optional("author", document.author);
  line.optional("site", document.site);
  line.optional("license", document.license);
  line.optional("languages", document.languages);
  line.optional("format", document.format);
  line.optional("format_score", document.format_score);
  line.optional("reading_level", document.reading_level);
  line.optional("quality", document.quality);
  line.optional("topic", document.topic);
  line.optional("topic_score", document.topic_score);
  line.optional("summary", document.summary);
  line.number("cluster_size", document.cluster_size);
  line.optional("masked", std::uint64_t{document.masked});
  line.optional("raw_bytes", document.raw_bytes);
  if (!document.dropped_by.empty()) {
    line.string("dropped_by", document.dropped_by);
    if (std::isfinite(document.dropped_value)) line.number("dropped_value", document.dropped_value);
    if (std::isfinite(document.dropped_threshold)) {
      line.number("dropped_threshold", document.dropped_threshold);
    }
  }
  line.finish();
}

struct DocumentWriter::State {
  std::string folder;
  std::uint64_t shard_bytes = 0;
  std::uint64_t next_shard = 0;
  std::uint64_t bytes_in_shard = 0;
  std::unique_ptr<AtomicFile> file;
  ZstdCompressor compressor;
  std::string line, compressed;

  explicit State(int threads) : compressor(3, threads) {}

  // Lines of one shard.
  Status add(std::string_view lines) {
    compressor.add(lines, compressed);
    bytes_in_shard += lines.size();
    if (bytes_in_shard >= shard_bytes) return close_shard();
    if (compressed.size() >= 1 << 16) return write_compressed();
    return {};
  }

  Status open_shard() {
    PITH_ASSIGN(AtomicFile opened, AtomicFile::create(shard_path(folder, next_shard)));
    file = std::make_unique<AtomicFile>(std::move(opened));
    bytes_in_shard = 0;
    ++next_shard;
    return {};
  }

  Status write_compressed() {
    PITH_TRY(file->write(compressed));
    compressed.clear();
    return {};
  }

  Status close_shard() {
    compressor.end_frame(compressed);
    PITH_TRY(write_compressed());
    PITH_TRY(file->commit());
    file.reset();
    return {};
  }
};

DocumentWriter::DocumentWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
DocumentWriter::DocumentWriter(DocumentWriter&&) noexcept = default;
DocumentWriter& DocumentWriter::operator=(DocumentWriter&&) noexcept = default;
DocumentWriter::~DocumentWriter() = default;

Result<DocumentWriter> DocumentWriter::create(const std::string& folder, std::uint64_t shard_bytes,
                                              int threads) {
  PITH_TRY(make_folders(folder));
  auto state = std::make_unique<State>(std::clamp(threads, 1, kMostCompressThreads));
  state->folder = folder;
  state->shard_bytes = shard_bytes;
  return DocumentWriter(std::move(state));
}

Status DocumentWriter::write(const Document& document) {
  state_->line.clear();
  append_document(document, state_->line);
  return write_lines(state_->line);
}

Status DocumentWriter::write_lines(std::string_view lines) {
  State& state = *state_;
  while (!lines.empty()) {
    if (state.file == nullptr) PITH_TRY(state.open_shard());
    // Up to the end of the line that makes the shard full.
    const std::uint64_t room = state.shard_bytes - state.bytes_in_shard;
    const std::size_t end = room >= lines.size()
                                ? lines.size()
                                : lines.find('\n', std::max<std::uint64_t>(room, 1) - 1) + 1;
    PITH_TRY(state.add(lines.substr(0, end)));
    lines.remove_prefix(end);
  }
  return {};
}

Status DocumentWriter::finish() {
  State& state = *state_;
  // No documents are an empty shard, so that readers find what they expect.
  if (state.file == nullptr && state.next_shard == 0) PITH_TRY(state.open_shard());
  if (state.file != nullptr) PITH_TRY(state.close_shard());
  for (std::uint64_t stale = state.next_shard; file_exists(shard_path(state.folder, stale));
       ++stale) {
    PITH_TRY(remove_tree(shard_path(state.folder, stale)));
  }
  return {};
}

struct DocumentReader::State {
  Options options;
  std::vector<std::string> shards;
  std::vector<std::uint64_t> sizes;
  std::uint64_t total = 0, before = 0;  // bytes of all shards, and of those read to the end
  std::size_t next_shard = 0;
  std::unique_ptr<LineReader> lines;
  std::uint64_t too_long_seen = 0, bad = 0;
  DocumentParser parser;

  std::string where() const {
    return "[documents] " + shards[next_shard - 1] + " line " +
           std::to_string(lines->line_number());
  }

  // Opens the next shard; false when there is none.
  Result<bool> open_next() {
    if (lines != nullptr) before += sizes[next_shard - 1];
    lines.reset();
    if (next_shard == shards.size()) return false;
    PITH_ASSIGN(auto source, open_decompressed(shards[next_shard]));
    ++next_shard;
    too_long_seen = 0;
    lines = std::make_unique<LineReader>(std::move(source), options.max_line_bytes);
    return true;
  }
};

struct DocumentParser::State {
  std::string text_field;
  simdjson::dom::parser parser;  // picks its instruction set at run time
};

namespace {

// A member of another type than promised is an error for the text, and ignored elsewhere: foreign
// files may use our names for things of their own.
void read_string(simdjson::dom::element value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) out = text;
}
void read_double(simdjson::dom::element value, double& out) {
  double number;
  if (value.get_double().get(number) == simdjson::SUCCESS) out = number;
}
template <class Unsigned>
void read_unsigned(simdjson::dom::element value, Unsigned& out) {
  std::uint64_t number;
  if (value.get_uint64().get(number) == simdjson::SUCCESS) out = static_cast<Unsigned>(number);
}

void read_member(std::string_view key, simdjson::dom::element value, Document& d) {
  if (key == "id") return read_string(value, d.id);
  if (key == "url") return read_string(value, d.url);
  if (key == "file_path") return read_string(value, d.file_path);
  if (key == "offset") return read_unsigned(value, d.offset);
  if (key == "date") return read_string(value, d.date);
  if (key == "title") return read_string(value, d.title);
  if (key == "author") return read_string(value, d.author);
  if (key == "site") return read_string(value, d.site);
  if (key == "license") return read_string(value, d.license);
  if (key == "language") return read_string(value, d.language);
  if (key == "language_score") return read_double(value, d.language_score);
  if (key == "languages") return read_string(value, d.languages);
  if (key == "format") return read_string(value, d.format);
  if (key == "format_score") return read_double(value, d.format_score);
  if (key == "reading_level") return read_double(value, d.reading_level);
  if (key == "quality") return read_double(value, d.quality);
  if (key == "cluster_size") return read_unsigned(value, d.cluster_size);
  if (key == "topic") return read_string(value, d.topic);
  if (key == "topic_score") return read_double(value, d.topic_score);
  if (key == "summary") return read_string(value, d.summary);
  if (key == "masked") return read_unsigned(value, d.masked);
  if (key == "raw_bytes") return read_unsigned(value, d.raw_bytes);
  if (key == "dropped_by") return read_string(value, d.dropped_by);
  if (key == "dropped_value") return read_double(value, d.dropped_value);
  if (key == "dropped_threshold") return read_double(value, d.dropped_threshold);
}

}  // namespace

DocumentParser::DocumentParser(std::string text_field) : state_(std::make_unique<State>()) {
  state_->text_field = std::move(text_field);
}
DocumentParser::DocumentParser(DocumentParser&&) noexcept = default;
DocumentParser& DocumentParser::operator=(DocumentParser&&) noexcept = default;
DocumentParser::~DocumentParser() = default;

Status DocumentParser::parse(std::string_view line, Document& document) {
  document = Document{};
  const std::string& text_field = state_->text_field;
  simdjson::dom::object object;
  if (auto code = state_->parser.parse(line.data(), line.size()).get_object().get(object)) {
    return format_error(std::string("is no JSON object in UTF-8: ") +
                        simdjson::error_message(code));
  }
  bool has_text = false;
  for (const auto& [key, value] : object) {
    if (key != text_field) {
      read_member(key, value, document);
      continue;
    }
    std::string_view text;
    if (auto code = value.get_string().get(text)) {
      return format_error("field \"" + text_field +
                          "\" is no string: " + simdjson::error_message(code));
    }
    document.text = text;
    has_text = true;
  }
  if (!has_text) return format_error("has no field \"" + text_field + "\"");
  return {};
}

DocumentReader::DocumentReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
DocumentReader::DocumentReader(DocumentReader&&) noexcept = default;
DocumentReader& DocumentReader::operator=(DocumentReader&&) noexcept = default;
DocumentReader::~DocumentReader() = default;

Result<DocumentReader> DocumentReader::open(const std::string& path, Options options) {
  auto state = std::make_unique<State>();
  PITH_ASSIGN(state->shards, shards_of(path));
  for (const std::string& shard : state->shards) {
    PITH_ASSIGN(const std::uint64_t size, file_size(shard));
    state->sizes.push_back(size);
    state->total += size;
  }
  state->parser = DocumentParser(options.text_field);
  state->options = std::move(options);
  return DocumentReader(std::move(state));
}

Result<bool> DocumentReader::next(Document& document) {
  State& state = *state_;
  while (true) {
    if (state.lines == nullptr) {
      PITH_ASSIGN(const bool opened, state.open_next());
      if (!opened) return false;
    }
    std::string_view line;
    PITH_ASSIGN(const bool more, state.lines->next(line));
    if (const std::uint64_t too_long = state.lines->lines_too_long();
        too_long > state.too_long_seen) {
      if (!state.options.skip_bad_lines) {
        return format_error(state.where() + ": it or the line before is longer than " +
                            format_size(state.options.max_line_bytes) +
                            "; split it, or give --memory more where it was given");
      }
      state.bad += too_long - state.too_long_seen;
      state.too_long_seen = too_long;
    }
    if (!more) {
      PITH_ASSIGN(const bool opened, state.open_next());
      if (!opened) return false;
      continue;
    }
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Status parsed = state.parser.parse(line, document);
    if (parsed) return true;
    if (!state.options.skip_bad_lines) {
      return format_error(state.where() + ": " + parsed.error().message);
    }
    ++state.bad;
  }
}

const std::vector<std::string>& DocumentReader::files() const { return state_->shards; }
std::uint64_t DocumentReader::bytes_read() const {
  return state_->before + (state_->lines == nullptr ? 0 : state_->lines->file_offset());
}
std::uint64_t DocumentReader::bytes_total() const { return state_->total; }
std::uint64_t DocumentReader::bad_lines() const { return state_->bad; }

}  // namespace pith
