#include "pith/formats/documents.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/formats/document_file.h"
#include "pith/formats/parquet.h"

namespace pith {
namespace {

// Of a writer: so many compress more than workers can make.
constexpr int kMostCompressThreads = 4;

constexpr std::array<const char*, 4> kEndings = {".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"};

const char* ending_of(DocumentFormat format) {
  return format == DocumentFormat::kParquet ? ".parquet" : ".jsonl.zst";
}

std::string shard_path(const std::string& folder, std::uint64_t index, DocumentFormat format) {
  std::array<char, 32> name;
  std::snprintf(name.data(), name.size(), "%05llu%s", static_cast<unsigned long long>(index),
                ending_of(format));
  return join_path(folder, name.data());
}

Result<std::vector<std::string>> shards_of(const std::string& path) {
  if (!file_exists(path)) {
    return input_error("[documents] " + path + ": does not exist; give a folder that pith curate " +
                       "wrote, or a .jsonl, .jsonl.gz, .jsonl.zst or .parquet file");
  }
  if (!is_folder(path)) return std::vector<std::string>{path};
  const std::string inner = join_path(path, "documents");
  PITH_ASSIGN(const std::vector<std::string> files, list_files(is_folder(inner) ? inner : path));
  std::vector<std::string> shards;
  for (const std::string& file : files) {
    const auto ends = [&](const char* ending) { return file.ends_with(ending); };
    if (std::ranges::any_of(kEndings, ends)) shards.push_back(file);
  }
  if (shards.empty()) {
    return input_error("[documents] " + path + ": holds no .jsonl, .jsonl.gz, .jsonl.zst or " +
                       ".parquet file; raw pages become documents with pith curate");
  }
  return shards;
}

}  // namespace

// A shard of JSON lines takes lines as they are; one of Parquet takes the documents in them.
struct DocumentWriter::State {
  std::string folder;
  Options options;
  std::uint64_t next_shard = 0;
  std::uint64_t bytes_in_shard = 0;
  std::unique_ptr<DocumentFileWriter> parquet;
  std::unique_ptr<AtomicFile> file;
  ZstdCompressor compressor;
  std::string line, compressed;
  DocumentParser parser;
  Document document;

  explicit State(int threads) : compressor(3, threads) {}

  bool shard_is_open() const { return parquet != nullptr || file != nullptr; }

  Status open_shard() {
    const std::string path = shard_path(folder, next_shard, options.format);
    if (options.format == DocumentFormat::kParquet) {
      PITH_ASSIGN(parquet, write_parquet(path, options.dropped));
    } else {
      PITH_ASSIGN(AtomicFile opened, AtomicFile::create(path));
      file = std::make_unique<AtomicFile>(std::move(opened));
    }
    bytes_in_shard = 0;
    ++next_shard;
    return {};
  }

  // Lines of one shard.
  Status add(std::string_view lines) {
    bytes_in_shard += lines.size();
    if (parquet != nullptr) {
      PITH_TRY(add_documents(lines));
    } else {
      compressor.add(lines, compressed);
      if (compressed.size() >= 1 << 16) PITH_TRY(write_compressed());
    }
    return bytes_in_shard >= options.shard_bytes ? close_shard() : Status();
  }

  Status add_documents(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
      PITH_TRY(parser.parse(lines.substr(0, end), document));
      PITH_TRY(parquet->write(document));
      lines.remove_prefix(end);
    }
    return {};
  }

  Status write_compressed() {
    PITH_TRY(file->write(compressed));
    compressed.clear();
    return {};
  }

  Status close_shard() {
    if (parquet != nullptr) {
      PITH_TRY(parquet->finish());
      parquet.reset();
      return {};
    }
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

Result<DocumentWriter> DocumentWriter::create(const std::string& folder, Options options) {
  if (options.format == DocumentFormat::kParquet) PITH_TRY(parquet_library());
  PITH_TRY(make_folders(folder));
  auto state = std::make_unique<State>(std::clamp(options.threads, 1, kMostCompressThreads));
  state->folder = folder;
  state->options = options;
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
    if (!state.shard_is_open()) PITH_TRY(state.open_shard());
    // Up to the end of the line that makes the shard full.
    const std::uint64_t room = state.options.shard_bytes - state.bytes_in_shard;
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
  if (!state.shard_is_open() && state.next_shard == 0) PITH_TRY(state.open_shard());
  if (state.shard_is_open()) PITH_TRY(state.close_shard());
  // What an earlier writer left there is not of these documents.
  for (const DocumentFormat format : {DocumentFormat::kJsonLines, DocumentFormat::kParquet}) {
    const bool ours = format == state.options.format;
    for (std::uint64_t stale = ours ? state.next_shard : 0;; ++stale) {
      const std::string path = shard_path(state.folder, stale, format);
      if (!file_exists(path)) break;
      PITH_TRY(remove_tree(path));
    }
  }
  return {};
}

struct DocumentReader::State {
  Options options;
  std::vector<std::string> shards;
  std::vector<std::uint64_t> sizes;
  std::uint64_t total = 0, before = 0;  // bytes of all shards, and of those read to the end
  std::uint64_t bad_before = 0;         // bad lines of those
  std::size_t next_shard = 0;
  std::unique_ptr<DocumentFileReader> file;

  // Opens the next shard; false when there is none.
  Result<bool> open_next() {
    if (file != nullptr) {
      before += sizes[next_shard - 1];
      bad_before += file->bad();
    }
    file.reset();
    if (next_shard == shards.size()) return false;
    const std::string& path = shards[next_shard];
    if (is_parquet_file(path)) {
      PITH_ASSIGN(file, read_parquet(path, options));
    } else {
      PITH_ASSIGN(file, read_json_lines(path, options));
    }
    ++next_shard;
    return true;
  }
};

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
  state->options = std::move(options);
  return DocumentReader(std::move(state));
}

Result<bool> DocumentReader::next(Document& document) {
  State& state = *state_;
  while (true) {
    if (state.file != nullptr) {
      PITH_ASSIGN(const bool more, state.file->next(document));
      if (more) return true;
    }
    PITH_ASSIGN(const bool opened, state.open_next());
    if (!opened) return false;
  }
}

const std::vector<std::string>& DocumentReader::files() const { return state_->shards; }
std::uint64_t DocumentReader::bytes_read() const {
  return state_->before + (state_->file == nullptr ? 0 : state_->file->file_offset());
}
std::uint64_t DocumentReader::bytes_total() const { return state_->total; }
std::uint64_t DocumentReader::bad_lines() const {
  return state_->bad_before + (state_->file == nullptr ? 0 : state_->file->bad());
}

}  // namespace pith
