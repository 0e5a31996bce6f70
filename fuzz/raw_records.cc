// Files of records: WARC (w), JSON lines (j), pages (p), and WARC in damaged gzip (W) or JSON lines
// in damaged zstd (J). The second byte says in how small pieces the file comes.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/file_format.h"
#include "pith/curate/ingest/record_source.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kMaxRecordBytes = 2000;  // small, so that inputs reach it

struct Read {
  std::vector<RawRecord> records;
  IngestStatistics statistics;
};

Read read_all(char kind, std::string_view bytes, std::size_t piece) {
  Read read;
  IngestOptions options;
  options.max_record_bytes = kMaxRecordBytes;
  IngestLog log(read.statistics, "input", options.max_messages);
  std::unique_ptr<ByteSource> source = std::make_unique<fuzz::PieceSource>(bytes, piece);
  if (kind == 'W') source = decompress_gzip(std::move(source), "input");
  if (kind == 'J') source = decompress_zstd(std::move(source), "input");
  std::unique_ptr<RecordSource> records;
  switch (kind) {
    case 'w':
    case 'W':
      records = read_warc(std::move(source), options, std::move(log));
      break;
    case 'j':
    case 'J':
      records = read_json_lines(std::move(source), options, std::move(log));
      break;
    default:
      records = read_page(std::move(source), RawKind::kHtml, options, std::move(log));
  }
  for (RawRecord record; records->next(record);) {
    // A JSON string of U+FFFD for single bytes, or a body decompressed, stays below these too.
    PITH_CHECK(record.bytes.size() <= 3 * kMaxRecordBytes, "a record beyond the bound");
    PITH_CHECK(valid_utf8(decode_record(record).utf8), "");
    PITH_CHECK(read.records.size() <= 4 * bytes.size() + 4 || kind == 'W' || kind == 'J', "");
    read.records.push_back(record);
    if (read.records.size() > 2000) break;  // of a bomb
  }
  return read;
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  fuzz::Input input(data, size);
  const char kind = input.letter();
  const std::size_t piece = input.number(100);
  const Read whole = read_all(kind, input.rest(), SIZE_MAX);
  const Read pieces = read_all(kind, input.rest(), piece);
  if (kind == 'W' || kind == 'J') return 0;  // how much of damage is decoded is not promised
  PITH_CHECK(whole.records.size() == pieces.records.size(), "pieces give other records");
  for (std::size_t i = 0; i < whole.records.size(); ++i) {
    const RawRecord &a = whole.records[i], &b = pieces.records[i];
    PITH_CHECK(a.bytes == b.bytes && a.url == b.url && a.offset == b.offset && a.kind == b.kind,
               "pieces give another record");
  }
  PITH_CHECK(whole.statistics.broken == pieces.statistics.broken, "pieces break other records");
  PITH_CHECK(whole.statistics.not_text == pieces.statistics.not_text, "");
  return 0;
}
