#include "pith/curate/ingest/reader.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/curate/ingest/file_format.h"
#include "pith/curate/ingest/record_source.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr const char* kOutsidePart = "not in the random part";

struct InputFile {
  std::string path;
  std::uint64_t bytes = 0;
  bool named = false;      // by the user, not found in a folder
  std::size_t inside = 0;  // where the path inside of what the user named begins
};

}  // namespace

struct RawReader::State {
  IngestOptions options;
  Context context;
  std::vector<InputFile> files;
  std::uint64_t bytes_total = 0;
  std::size_t first_chosen = 0;  // file whose first record is in any part: few large files, too

  std::map<std::string, std::uint64_t> passed_over;  // by reason: what is listed and no file

  std::size_t file = 0;                  // index of the one being read
  std::uint64_t delivered = 0;           // records of it
  std::uint64_t records = 0;             // of it, those that are left out too
  std::uint64_t bytes_before = 0;        // of the files before it
  std::unique_ptr<RecordSource> source;  // of it, null before it is opened
  IngestStatistics statistics;

  void skip_file(const std::string& reason) {
    ++statistics.skipped_files[reason];
    if (files[file].named) context.warn(files[file].path + ": not read: " + reason);
  }

  bool reads_part() const { return options.read_bytes != 0 && options.read_bytes < bytes_total; }

  // Of a record of a file, in [0, 1): those of low places are read.
  double place(const InputFile& input, std::uint64_t record) const {
    const std::string_view inside = std::string_view(input.path).substr(input.inside);
    const std::uint64_t hash = mix64(hash64(inside, context.seed) + record);
    return static_cast<double>(hash >> 11) * 0x1p-53;
  }

  // Whether the file, or a record of it, belongs to the part that is read.
  bool chosen(std::uint64_t record) const {
    if (!reads_part() || (file == first_chosen && record == 0)) return true;
    return place(files[file], record) * static_cast<double>(bytes_total) <
           static_cast<double>(options.read_bytes);
  }

  // The same for the next record of the file; a page was chosen before it was opened.
  bool takes_record() { return chosen(records++) || names_a_page(files[file].path); }

  // Counts, once, what the folders hold beside files.
  void count_passed_over() {
    for (const auto& [reason, count] : passed_over) statistics.skipped_files[reason] += count;
    passed_over.clear();
  }

  // Leaves `source` null when the file is not read.
  void open_file() {
    const InputFile& input = files[file];
    if (!chosen(0) && names_a_page(input.path)) {
      ++statistics.skipped_files[kOutsidePart];
      return;
    }
    IngestLog log(statistics, input.path, options.max_messages);
    Result<std::unique_ptr<ByteSource>> opened = open_decompressed(input.path);
    if (!opened) {
      log.broken(0, opened.error().message);
      return;
    }
    auto bytes = std::make_unique<PeekableSource>(std::move(opened).value());
    const Result<std::string_view> head = bytes->peek(kHeadBytes);
    if (!head) {
      log.broken(0, head.error().message);
      return;
    }
    switch (const FileFormat format = file_format(input.path, *head, input.named)) {
      case FileFormat::kWarc:
        source = read_warc(std::move(bytes), options, std::move(log));
        break;
      case FileFormat::kJsonLines:
        source = read_json_lines(std::move(bytes), options, std::move(log));
        break;
      case FileFormat::kParquet:
        source = read_parquet_rows(options, std::move(log));
        break;
      case FileFormat::kHtml:
        source = read_page(std::move(bytes), RawKind::kHtml, options, std::move(log));
        break;
      case FileFormat::kMarkdown:
        source = read_page(std::move(bytes), RawKind::kMarkdown, options, std::move(log));
        break;
      case FileFormat::kText:
        source = read_page(std::move(bytes), RawKind::kText, options, std::move(log));
        break;
      default:
        skip_file(skip_reason(format));
    }
  }

  // As it can stand in JSON: the names of files may be any bytes.
  std::string cursor_path(std::size_t index) const {
    return index < files.size() ? replace_invalid_utf8(files[index].path) : "";
  }

  void close_file() {
    bytes_before += files[file].bytes;
    source.reset();
    delivered = 0, records = 0;
    ++file;
  }
};

RawReader::RawReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RawReader::RawReader(RawReader&&) noexcept = default;
RawReader& RawReader::operator=(RawReader&&) noexcept = default;
RawReader::~RawReader() = default;

Result<RawReader> RawReader::open(const std::vector<std::string>& inputs, IngestOptions options,
                                  const Context& context) {
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  state->context = context;
  if (inputs.empty()) return input_error("[ingest] no input; name files or folders");
  for (const std::string& input : inputs) {
    if (!file_exists(input)) {
      return input_error("[ingest] " + input + ": there is no such file or folder; check the path");
    }
    if (::access(input.c_str(), is_folder(input) ? R_OK | X_OK : R_OK) != 0) {
      return io_error("[ingest] " + input + ": no permission to read it; check who may");
    }
    if (const Status file = check_file_or_folder(input); !file) {
      return input_error("[ingest] " + file.error().message);
    }
    std::vector<std::string> paths = {input};
    const bool folder = is_folder(input);
    if (folder) {
      PITH_ASSIGN(FolderListing listing, list_folder(input));
      paths = std::move(listing.files);
      if (listing.others > 0) state->passed_over["no regular file"] += listing.others;
      if (listing.folder_links > 0) state->passed_over["link to a folder"] += listing.folder_links;
      if (paths.empty()) {
        return input_error("[ingest] " + input +
                           ": the folder holds no file; name one with pages or texts");
      }
    }
    for (std::string& path : paths) {
      const Result<std::uint64_t> size = file_size(path);
      state->bytes_total += size ? *size : 0;
      const std::size_t inside =
          folder ? std::min(input.size(), path.size()) : path.find_last_of('/') + 1;
      state->files.push_back({std::move(path), size ? *size : 0, !folder, inside});
    }
  }
  if (state->reads_part()) {
    const auto& files = state->files;
    const auto lower = [&](const InputFile& a, const InputFile& b) {
      return state->place(a, 0) < state->place(b, 0);
    };
    state->first_chosen = static_cast<std::size_t>(
        std::min_element(files.begin(), files.end(), lower) - files.begin());
  }
  return RawReader(std::move(state));
}

Result<RawReader> RawReader::open(const std::vector<std::string>& inputs, std::string text_field) {
  IngestOptions options;
  options.text_field = std::move(text_field);
  return open(inputs, std::move(options), Context());
}

Result<bool> RawReader::next(RawRecord& record) {
  state_->count_passed_over();
  for (; state_->file < state_->files.size(); state_->close_file()) {
    if (!state_->source) state_->open_file();
    bool found = state_->source != nullptr;
    do {
      found = found && state_->source->next(record);
    } while (found && !state_->takes_record());
    if (!found) continue;
    ++state_->delivered;
    ++state_->statistics.records;
    state_->statistics.bytes += record.bytes.size();
    return true;
  }
  return false;
}

Json RawReader::cursor() const {
  Json cursor = Json::object();
  cursor.set("file", static_cast<std::uint64_t>(state_->file));
  cursor.set("path", state_->cursor_path(state_->file));
  cursor.set("records", state_->delivered);
  return cursor;
}

Status RawReader::seek(const Json& cursor) {
  const std::int64_t file = cursor["file"].as_int(-1), records = cursor["records"].as_int(-1);
  const std::size_t files = state_->files.size();
  const bool fits =
      file >= 0 && records >= 0 && static_cast<std::size_t>(file) <= files &&
      (static_cast<std::size_t>(file) == files ||
       state_->cursor_path(static_cast<std::size_t>(file)) == cursor["path"].as_string());
  const Error changed = input_error(
      "[ingest] the inputs are not those of the run that was interrupted (" +
      cursor["path"].as_string() + "); restore them, or start over with another output");
  if (!fits) return changed;
  state_->source.reset();
  state_->file = 0, state_->delivered = 0, state_->records = 0, state_->bytes_before = 0;
  while (state_->file < static_cast<std::size_t>(file)) state_->close_file();
  if (file > 0 || records > 0) state_->passed_over.clear();  // they were counted at the beginning
  const IngestStatistics before = state_->statistics;
  RawRecord record;
  for (std::int64_t i = 0; i < records; ++i) {
    PITH_ASSIGN(const bool more, next(record));
    if (!more || state_->file != static_cast<std::size_t>(file)) return changed;
  }
  state_->statistics = before;
  return {};
}

const IngestStatistics& RawReader::statistics() const { return state_->statistics; }

std::uint64_t RawReader::bytes_done() const {
  return state_->bytes_before + (state_->source ? state_->source->file_offset() : 0);
}

std::uint64_t RawReader::bytes_total() const { return state_->bytes_total; }

}  // namespace pith
