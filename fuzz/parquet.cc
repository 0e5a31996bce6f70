// Parquet files of others, as raw input and as documents. Arrow itself, which reads them, is not
// built with sanitizers.
#include "pith/formats/parquet.h"

#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "pith/curate/ingest/reader.h"
#include "pith/formats/documents.h"
#include "pith/text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  if (!parquet_library()) return 0;  // built without
  static const fuzz::ScratchFolder folder;
  const std::string path = folder.write("input.parquet", fuzz::Input(data, size).rest());
  IngestOptions options;
  options.max_record_bytes = 1 << 20;
  options.max_page_bytes = 16 << 20;
  auto rows = RawReader::open({path}, options, Context{});
  PITH_CHECK(rows.ok(), "");
  RawRecord record;
  for (int i = 0; i < 10'000; ++i) {
    const auto more = rows->next(record);
    PITH_CHECK(more.ok(), "");
    if (!*more) break;
    PITH_CHECK(valid_utf8(record.bytes) && valid_utf8(record.url), "");
    PITH_CHECK(record.bytes.size() <= options.max_record_bytes, "");
  }
  std::size_t strings = 0;
  (void)(*parquet_library())->for_each_string(path, 16 << 20, [&](std::string_view text) -> Status {
    unsigned sum = 0;
    for (const char c : text) sum += static_cast<unsigned char>(c);
    if (sum == 1 || ++strings == 10'000) return input_error("enough");
    return {};
  });
  for (const bool skip : {false, true}) {
    auto documents = DocumentReader::open(
        path, {.skip_bad_lines = skip, .max_line_bytes = 1 << 20, .max_page_bytes = 16 << 20});
    if (!documents) break;
    Document document;
    for (int i = 0; i < 10'000; ++i) {
      const auto more = documents->next(document);
      if (!more || !*more) break;
      PITH_CHECK(valid_utf8(document.text) && valid_utf8(document.title), "");
    }
  }
  return 0;
}
