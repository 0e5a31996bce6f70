// JSON: as pith reads configs and its own state, lines of documents, and what pages embed.
#include "pith/base/json.h"

#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "pith/curate/extract/json_strings.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/formats/documents.h"
#include "pith/formats/manifest.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// What is read of pith's own state and written again is read the same the next time.
void check_state(const Json& json) {
  const std::string counted = statistics_to_json(statistics_from_json(json)).dump();
  const Result<Json> written = parse_json(counted, "statistics");
  PITH_CHECK(written.ok(), counted);
  PITH_CHECK(statistics_to_json(statistics_from_json(*written)).dump() == counted, counted);
  if (const auto manifest = parse_manifest(json, "manifest")) {
    PITH_CHECK(parse_manifest(to_json(*manifest), "manifest").ok(), "");
    (void)difference(*manifest, *manifest);
  }
  CurateConfig config;
  from_json(json, config);
  CurateConfig same;
  from_json(to_json(config), same);
  PITH_CHECK(to_json(same).dump() == to_json(config).dump(), "settings change on the way");
}

void check_value(std::string_view text) {
  const Result<Json> json = parse_json(text, "input");
  if (!json) {
    PITH_CHECK(json.error().kind == ErrorKind::kFormat, json.error().message);
    return;
  }
  for (const bool indented : {false, true}) {
    const std::string dumped = json->dump(indented);
    PITH_CHECK(valid_utf8(dumped), dumped);
    const Result<Json> again = parse_json(dumped, "dump");
    PITH_CHECK(again.ok(), dumped);
    PITH_CHECK(again->dump(indented) == dumped, dumped);
  }
  check_state(*json);
}

void check_document(std::string_view line) {
  DocumentParser parser;
  Document document;
  if (!parser.parse(line, document)) return;
  PITH_CHECK(valid_utf8(document.text) && valid_utf8(document.title), "");
  std::string written;
  append_document(document, written);
  Document again;
  PITH_CHECK(parser.parse(written, again).ok(), written);
  std::string twice;
  append_document(again, twice);
  PITH_CHECK(twice == written && again.text == document.text, written);
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  const std::string_view text = fuzz::Input(data, size).rest();
  check_value(text);
  check_document(text);
  std::size_t bytes = 0;
  scan_json_strings(text, [&](std::string_view, std::string_view value, std::string_view) {
    bytes += value.size();
  });
  PITH_CHECK(bytes <= 3 * text.size(), "strings larger than the text");
  std::string quoted;
  append_json_string(text, quoted);
  const Result<Json> back = parse_json(quoted, "string");
  PITH_CHECK(back.ok() && back->is_string(), quoted);
  if (valid_utf8(text)) PITH_CHECK(back->as_string() == text, quoted);
  return 0;
}
