#include "pith/curate/pipeline/signature_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/files.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

constexpr std::array<char, 8> kMagic = {'P', 'I', 'T', 'H', 'S', 'I', 'G', '4'};
constexpr std::size_t kMostOpen = 128;  // files; a process may often have 1,024

// Then follow, n each: ids, exact hashes, text bytes, languages, keys of band 0, of band 1, ...,
// and n + 1 ends of shingles (the first is 0). The file of shingles has nothing else.
struct Header {
  std::array<char, 8> magic;
  std::uint64_t documents;
};

template <class T>
Status write_values(AtomicFile& file, const std::vector<T>& values) {
  return file.write(std::as_bytes(std::span(values)));
}

// A file read at any place; opened when it is first read, and again after close().
class LazyFile {
 public:
  explicit LazyFile(std::string path) : path_(std::move(path)) {}
  LazyFile(LazyFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  LazyFile& operator=(LazyFile&&) = delete;
  ~LazyFile() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  Status open() {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ >= 0) return {};
    return io_error("[curate] " + path_ + ": cannot open: " + std::strerror(errno));
  }
  Status read(std::uint64_t offset, void* out, std::size_t bytes) const {
    auto* to = static_cast<char*>(out);
    while (bytes > 0) {
      const ssize_t got = ::pread(descriptor_, to, bytes, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return io_error("[curate] " + path_ + ": cannot read: " + std::strerror(errno));
      if (got == 0) return format_error("[curate] " + path_ + ": ends too early");
      to += got, offset += static_cast<std::uint64_t>(got), bytes -= static_cast<std::size_t>(got);
    }
    return {};
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

struct SignatureFile {
  LazyFile columns, shingles, segments;
  std::uint64_t documents = 0;

  std::uint64_t ids_at() const { return sizeof(Header); }
  std::uint64_t exact_at() const { return ids_at() + documents * sizeof(Hash128); }
  std::uint64_t text_bytes_at() const { return exact_at() + documents * sizeof(Hash128); }
  std::uint64_t languages_at() const { return text_bytes_at() + documents * 8; }
  std::uint64_t band_at(std::size_t band) const {
    return languages_at() + documents * 8 * (1 + band);
  }
  std::uint64_t shingle_ends_at() const { return band_at(kBands); }
  std::uint64_t segment_ends_at() const { return shingle_ends_at() + (documents + 1) * 8; }
  std::uint64_t bytes() const { return segment_ends_at() + (documents + 1) * 8; }
};

}  // namespace

LanguageCode language_code(std::string_view code) {
  LanguageCode fixed{};
  PITH_CHECK(code.size() <= fixed.size(), "a language's code has at most eight letters");
  std::ranges::copy(code, fixed.begin());
  return fixed;
}

std::string_view text_of(const LanguageCode& code) {
  return {code.data(), static_cast<std::size_t>(std::ranges::find(code, '\0') - code.begin())};
}

DocumentSignature sign_document(std::string_view text) {
  DocumentSignature signature;
  signature.exact = exact_text_hash(text);
  signature.text_bytes = text.size();
  distinct_shingles(text, signature.shingles);
  signature.band_keys = band_keys(min_hash(signature.shingles));
  segment_keys(text, signature.segments);
  return signature;
}

SignatureWriter::SignatureWriter(AtomicFile columns, AtomicFile shingles, AtomicFile segments)
    : columns_(std::move(columns)),
      shingles_(std::move(shingles)),
      segments_(std::move(segments)),
      shingle_ends_(1, 0),
      segment_ends_(1, 0) {}

Result<SignatureWriter> SignatureWriter::create(const std::string& stem) {
  PITH_ASSIGN(AtomicFile columns, AtomicFile::create(stem + ".signatures"));
  PITH_ASSIGN(AtomicFile shingles, AtomicFile::create(stem + ".shingles"));
  PITH_ASSIGN(AtomicFile segments, AtomicFile::create(stem + ".segments"));
  return SignatureWriter(std::move(columns), std::move(shingles), std::move(segments));
}

Status SignatureWriter::add(const DocumentSignature& document) {
  shingle_ends_.push_back(shingle_ends_.back() + document.shingles.size());
  segment_ends_.push_back(segment_ends_.back() + document.segments.size());
  documents_.push_back({.id = document.id,
                        .exact = document.exact,
                        .language = document.language,
                        .text_bytes = document.text_bytes,
                        .band_keys = document.band_keys,
                        .shingles = {},
                        .segments = {}});
  PITH_TRY(write_values(shingles_, document.shingles));
  return write_values(segments_, document.segments);
}

Status SignatureWriter::finish() {
  const Header header = {kMagic, documents_.size()};
  PITH_TRY(columns_.write(std::as_bytes(std::span(&header, 1))));
  std::vector<Hash128> ids, exact;
  std::vector<LanguageCode> languages;
  std::vector<std::uint64_t> column;
  for (const DocumentSignature& d : documents_) {
    ids.push_back(d.id);
    exact.push_back(d.exact);
    languages.push_back(d.language);
    column.push_back(d.text_bytes);
  }
  PITH_TRY(write_values(columns_, ids));
  PITH_TRY(write_values(columns_, exact));
  PITH_TRY(write_values(columns_, column));
  PITH_TRY(write_values(columns_, languages));
  for (std::size_t band = 0; band < kBands; ++band) {
    for (std::size_t i = 0; i < documents_.size(); ++i) column[i] = documents_[i].band_keys[band];
    PITH_TRY(write_values(columns_, column));
  }
  PITH_TRY(write_values(columns_, shingle_ends_));
  PITH_TRY(write_values(columns_, segment_ends_));
  PITH_TRY(shingles_.commit());
  PITH_TRY(segments_.commit());
  return columns_.commit();
}

struct SignatureFiles::State {
  std::vector<SignatureFile> files;
  std::vector<std::uint64_t> first;  // (files + 1): number of each file's first document
  // (n + files): the columns of all files in a row.
  std::vector<std::uint64_t> shingle_ends, segment_ends;
  std::size_t open = 0;

  Status read(LazyFile& file, std::uint64_t offset, void* out, std::size_t bytes) {
    if (!file.is_open()) {
      if (open >= kMostOpen) {
        for (SignatureFile& f : files) f.columns.close(), f.shingles.close(), f.segments.close();
        open = 0;
      }
      PITH_TRY(file.open());
      ++open;
    }
    return file.read(offset, out, bytes);
  }

  template <class T>
  Status read_all(std::uint64_t (*at)(const SignatureFile&, std::size_t), std::size_t argument,
                  std::vector<T>& out) {
    out.resize(first.back());
    for (std::size_t f = 0; f < files.size(); ++f) {
      PITH_TRY(read(files[f].columns, at(files[f], argument), out.data() + first[f],
                    files[f].documents * sizeof(T)));
    }
    return {};
  }

  std::size_t file_of(std::uint32_t document) const {
    const auto after = std::upper_bound(first.begin(), first.end(), document);
    return static_cast<std::size_t>(after - first.begin()) - 1;
  }
  // Where the shingles or segments of a document begin and end in their file.
  const std::uint64_t* ends_of(const std::vector<std::uint64_t>& ends,
                               std::uint32_t document) const {
    return ends.data() + document + file_of(document);
  }
};

SignatureFiles::SignatureFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
SignatureFiles::SignatureFiles(SignatureFiles&&) noexcept = default;
SignatureFiles& SignatureFiles::operator=(SignatureFiles&&) noexcept = default;
SignatureFiles::~SignatureFiles() = default;

Result<SignatureFiles> SignatureFiles::open(const std::vector<std::string>& stems) {
  auto state = std::make_unique<State>();
  state->first.push_back(0);
  for (const std::string& stem : stems) {
    SignatureFile file = {.columns = LazyFile(stem + ".signatures"),
                          .shingles = LazyFile(stem + ".shingles"),
                          .segments = LazyFile(stem + ".segments")};
    Header header{};
    PITH_TRY(file.columns.open());
    PITH_TRY(file.columns.read(0, &header, sizeof(header)));
    file.documents = header.documents;
    PITH_ASSIGN(const std::uint64_t size, file_size(file.columns.path()));
    if (header.magic != kMagic || header.documents > size || file.bytes() != size) {
      return format_error("[curate] " + file.columns.path() +
                          ": is no signature file; remove the work folder");
    }
    for (auto& [ends, at] : {std::pair(&state->shingle_ends, file.shingle_ends_at()),
                             std::pair(&state->segment_ends, file.segment_ends_at())}) {
      const std::size_t before = ends->size();
      ends->resize(before + header.documents + 1);
      PITH_TRY(file.columns.read(at, ends->data() + before, (header.documents + 1) * 8));
      if (!std::is_sorted(ends->begin() + static_cast<std::ptrdiff_t>(before), ends->end()) ||
          ends->back() > (std::uint64_t{1} << 40)) {
        return format_error("[curate] " + file.columns.path() +
                            ": its ends do not ascend; remove the work folder");
      }
    }
    file.columns.close();
    state->first.push_back(state->first.back() + header.documents);
    state->files.push_back(std::move(file));
  }
  return SignatureFiles(std::move(state));
}

std::size_t SignatureFiles::documents() const { return state_->first.back(); }
std::size_t SignatureFiles::documents_of(std::size_t file) const {
  return state_->files[file].documents;
}

Result<std::vector<Hash128>> SignatureFiles::ids() const {
  std::vector<Hash128> ids;
  PITH_TRY(
      state_->read_all([](const SignatureFile& f, std::size_t) { return f.ids_at(); }, 0, ids));
  return ids;
}

Result<std::vector<Hash128>> SignatureFiles::exact_hashes() const {
  std::vector<Hash128> hashes;
  PITH_TRY(state_->read_all([](const SignatureFile& f, std::size_t) { return f.exact_at(); }, 0,
                            hashes));
  return hashes;
}

Result<std::vector<std::uint64_t>> SignatureFiles::text_bytes() const {
  std::vector<std::uint64_t> bytes;
  PITH_TRY(state_->read_all([](const SignatureFile& f, std::size_t) { return f.text_bytes_at(); },
                            0, bytes));
  return bytes;
}

Result<std::vector<LanguageCode>> SignatureFiles::languages() const {
  std::vector<LanguageCode> languages;
  PITH_TRY(state_->read_all([](const SignatureFile& f, std::size_t) { return f.languages_at(); }, 0,
                            languages));
  return languages;
}

Result<std::vector<std::uint8_t>> SignatureFiles::without_words() const {
  std::vector<std::uint8_t> marks;
  for (std::size_t f = 0; f < state_->files.size(); ++f) {
    const std::uint64_t* ends = state_->shingle_ends.data() + state_->first[f] + f;
    for (std::size_t i = 0; i < state_->files[f].documents; ++i) {
      marks.push_back(ends[i + 1] == ends[i]);
    }
  }
  return marks;
}

SignatureSource SignatureFiles::source() const {
  State* state = state_.get();
  const auto band_keys = [state](std::size_t band, std::vector<std::uint64_t>& keys) {
    return state->read_all([](const SignatureFile& f, std::size_t b) { return f.band_at(b); }, band,
                           keys);
  };
  const auto count = [state](std::uint32_t document) {
    const std::uint64_t* ends = state->ends_of(state->shingle_ends, document);
    return ends[1] - ends[0];
  };
  const auto read = [state](std::uint32_t document, std::uint64_t first,
                            std::span<std::uint32_t> out) {
    return state->read(state->files[state->file_of(document)].shingles,
                       (state->ends_of(state->shingle_ends, document)[0] + first) * 4, out.data(),
                       out.size_bytes());
  };
  return {.band_keys = band_keys, .shingles = {.count = count, .read = read}};
}

Status SignatureFiles::segments(std::uint32_t document, std::vector<SegmentKey>& out) const {
  const std::uint64_t* ends = state_->ends_of(state_->segment_ends, document);
  out.resize(ends[1] - ends[0]);
  return state_->read(state_->files[state_->file_of(document)].segments,
                      ends[0] * sizeof(SegmentKey), out.data(), out.size() * sizeof(SegmentKey));
}

Status write_column(const std::string& path, const void* values, std::size_t bytes) {
  return write_file(path, {static_cast<const char*>(values), bytes});
}

Status read_column(const std::string& path, void* values, std::size_t bytes) {
  PITH_ASSIGN(const std::string content, read_file(path));
  if (content.size() != bytes) {
    return format_error("[curate] " + path + ": has " + std::to_string(content.size()) +
                        " bytes, not " + std::to_string(bytes));
  }
  std::copy_n(content.data(), bytes, static_cast<char*>(values));  // memcpy takes no null of none
  return {};
}

}  // namespace pith
