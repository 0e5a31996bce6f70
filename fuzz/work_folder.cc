// What lies in the work folder of a curation, as a crash or a stranger may have left it: signatures
// (s), the end of a shard (e), a column (c).
#include "pith/curate/pipeline/work_folder.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/shard_writer.h"
#include "pith/curate/pipeline/signature_file.h"

namespace pith {
namespace {

void check_signatures(fuzz::Input input) {
  const std::string_view bytes = input.rest();
  const std::string path = fuzz::scratch().write("file.signatures", bytes);
  (void)fuzz::scratch().write("file.shingles", std::string(4096, 's'));
  (void)fuzz::scratch().write("file.segments", std::string(4096, 's'));
  const std::string stem = path.substr(0, path.size() - std::string_view(".signatures").size());
  const auto files = SignatureFiles::open({stem, stem});
  if (!files) return;
  const std::size_t n = files->documents();
  PITH_CHECK(n == 2 * files->documents_of(0) && n <= bytes.size(), "");
  if (const auto hashes = files->exact_hashes()) PITH_CHECK(hashes->size() == n, "");
  if (const auto sizes = files->text_bytes()) PITH_CHECK(sizes->size() == n, "");
  if (const auto marks = files->without_words()) PITH_CHECK(marks->size() == n, "");
  if (const auto languages = files->languages()) {
    for (const LanguageCode& code : *languages) PITH_CHECK(text_of(code).size() <= 8, "");
  }
  const SignatureSource source = files->source();
  std::vector<std::uint64_t> keys;
  std::vector<std::uint32_t> sketch;
  for (std::size_t band = 0; band < kBands; ++band) (void)source.band_keys(band, keys);
  for (std::uint32_t i = 0; i < n; ++i) {
    sketch.resize(std::min<std::uint64_t>(source.shingles.count(i), kSketchSize));
    (void)source.shingles.read(i, 0, sketch);
  }
}

void check_shard_end(fuzz::Input input) {
  const std::string_view bytes = input.rest();
  static const fuzz::ScratchFolder out;
  static const WorkFolder folder(out.path());
  static const std::string records =
      fuzz::scratch().write("input.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  const std::string path = folder.shard(0, ".json");
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto end = read_shard_end(folder, 0);
  if (!end || !*end) return;
  auto reader = RawReader::open({records}, "text");
  PITH_CHECK(reader.ok(), "");
  const Status sought = reader->seek((*end)->cursor);
  if (!sought) {
    PITH_CHECK(sought.error().kind == ErrorKind::kInput, sought.error().message);
    return;
  }
  RawRecord record;
  while (*reader->next(record)) {
  }
}

void check_column(fuzz::Input input) {
  std::vector<char> values(16);
  const std::string path = fuzz::scratch().write("column", input.rest());
  const Status read = read_column(path, values.data(), values.size());
  PITH_CHECK(read.ok() == (input.rest().size() == values.size()), "");
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  return fuzz::run_checks(data, size,
                          {{'s', check_signatures}, {'e', check_shard_end}, {'\0', check_column}});
}
