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

constexpr std::array<char, 8> kMagic = {'P', 'I', 'T', 'H', 'S', 'I', 'G', '2'};

// Then follow, n each: exact hashes, text bytes, languages, keys of band 0, of band 1, ..., and n +
// 1 ends of sketches (the first is 0), and the sketches.
struct Header {
  std::array<char, 8> magic;
  std::uint64_t documents;
};

template <class T>
Status write_values(AtomicFile& file, const std::vector<T>& values) {
  return file.write(std::as_bytes(std::span(values)));
}

// A file read at any place.
class OpenFile {
 public:
  OpenFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
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

 private:
  std::string path_;
  int descriptor_;
};

struct SignatureFile {
  OpenFile file;
  std::uint64_t documents;

  std::uint64_t exact_at() const { return sizeof(Header); }
  std::uint64_t text_bytes_at() const { return exact_at() + documents * sizeof(Hash128); }
  std::uint64_t languages_at() const { return text_bytes_at() + documents * 8; }
  std::uint64_t band_at(std::size_t band) const {
    return languages_at() + documents * 8 * (1 + band);
  }
  std::uint64_t ends_at() const { return band_at(kBands); }
  std::uint64_t sketches_at() const { return ends_at() + (documents + 1) * 8; }
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

DocumentSignature sign_document(std::string_view text, std::vector<std::uint32_t>& shingles) {
  DocumentSignature signature;
  signature.exact = exact_text_hash(text);
  signature.text_bytes = text.size();
  distinct_shingles(text, shingles);
  signature.band_keys = band_keys(min_hash(shingles));
  const auto sketch = sketch_of(shingles);
  signature.sketch.assign(sketch.begin(), sketch.end());
  return signature;
}

Status write_signatures(const std::string& path, const std::vector<DocumentSignature>& documents) {
  PITH_ASSIGN(AtomicFile file, AtomicFile::create(path));
  const Header header = {kMagic, documents.size()};
  PITH_TRY(file.write(std::as_bytes(std::span(&header, 1))));
  std::vector<Hash128> exact;
  std::vector<LanguageCode> languages;
  std::vector<std::uint64_t> column;
  for (const DocumentSignature& d : documents) {
    exact.push_back(d.exact);
    languages.push_back(d.language);
    column.push_back(d.text_bytes);
  }
  PITH_TRY(write_values(file, exact));
  PITH_TRY(write_values(file, column));
  PITH_TRY(write_values(file, languages));
  for (std::size_t band = 0; band < kBands; ++band) {
    for (std::size_t i = 0; i < documents.size(); ++i) column[i] = documents[i].band_keys[band];
    PITH_TRY(write_values(file, column));
  }
  column.assign(1, 0);
  for (const DocumentSignature& d : documents) column.push_back(column.back() + d.sketch.size());
  PITH_TRY(write_values(file, column));
  for (const DocumentSignature& d : documents) PITH_TRY(write_values(file, d.sketch));
  return file.commit();
}

struct SignatureFiles::State {
  std::vector<SignatureFile> files;
  std::vector<std::uint64_t> first;        // (files + 1): number of each file's first document
  std::vector<std::uint64_t> sketch_ends;  // (n + files): the columns of all files in a row

  template <class T>
  Status read_all(std::uint64_t (*at)(const SignatureFile&, std::size_t), std::size_t argument,
                  std::vector<T>& out) const {
    out.resize(first.back());
    for (std::size_t f = 0; f < files.size(); ++f) {
      PITH_TRY(files[f].file.read(at(files[f], argument), out.data() + first[f],
                                  files[f].documents * sizeof(T)));
    }
    return {};
  }
};

SignatureFiles::SignatureFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
SignatureFiles::SignatureFiles(SignatureFiles&&) noexcept = default;
SignatureFiles& SignatureFiles::operator=(SignatureFiles&&) noexcept = default;
SignatureFiles::~SignatureFiles() = default;

Result<SignatureFiles> SignatureFiles::open(const std::vector<std::string>& paths) {
  auto state = std::make_unique<State>();
  state->first.push_back(0);
  for (const std::string& path : paths) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      return io_error("[curate] " + path + ": cannot open: " + std::strerror(errno));
    }
    OpenFile file(path, descriptor);
    Header header{};
    PITH_TRY(file.read(0, &header, sizeof(header)));
    PITH_ASSIGN(const std::uint64_t size, file_size(path));
    if (header.magic != kMagic || header.documents > size / (16 + 8 * (kBands + 3))) {
      return format_error("[curate] " + path + ": is no signature file; remove the work folder");
    }
    state->files.push_back({std::move(file), header.documents});
    state->first.push_back(state->first.back() + header.documents);
    const SignatureFile& opened = state->files.back();
    const std::size_t before = state->sketch_ends.size();
    state->sketch_ends.resize(before + header.documents + 1);
    PITH_TRY(opened.file.read(opened.ends_at(), state->sketch_ends.data() + before,
                              (header.documents + 1) * 8));
  }
  return SignatureFiles(std::move(state));
}

std::size_t SignatureFiles::documents() const { return state_->first.back(); }
std::size_t SignatureFiles::documents_of(std::size_t file) const {
  return state_->files[file].documents;
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
    const std::uint64_t* ends = state_->sketch_ends.data() + state_->first[f] + f;
    for (std::size_t i = 0; i < state_->files[f].documents; ++i) {
      marks.push_back(ends[i + 1] == ends[i]);
    }
  }
  return marks;
}

SignatureSource SignatureFiles::source() const {
  const State* state = state_.get();
  return {.band_keys =
              [state](std::size_t band, std::vector<std::uint64_t>& keys) {
                return state->read_all(
                    [](const SignatureFile& f, std::size_t b) { return f.band_at(b); }, band, keys);
              },
          .sketch =
              [state](std::uint32_t document, std::vector<std::uint32_t>& sketch) {
                const auto after =
                    std::upper_bound(state->first.begin(), state->first.end(), document);
                const auto f = static_cast<std::size_t>(after - state->first.begin()) - 1;
                const std::uint64_t* end = state->sketch_ends.data() + document + f;
                sketch.resize(std::min<std::uint64_t>(end[1] - end[0], kSketchSize));
                return state->files[f].file.read(state->files[f].sketches_at() + end[0] * 4,
                                                 sketch.data(), sketch.size() * 4);
              }};
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
