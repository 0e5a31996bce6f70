#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <string_view>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/ingest/question_texts.h"
#include "pith/curate/ingest/record_source.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

class JsonSource final : public RecordSource {
 public:
  JsonSource(std::unique_ptr<ByteSource> bytes, const IngestOptions& options, IngestLog log)
      : lines_(std::move(bytes), options.max_record_bytes),
        options_(options),
        log_(std::move(log)) {}

  bool next(RawRecord& record) override {
    for (;;) {
      if (!texts_.empty()) {
        record = RawRecord();
        record.bytes = std::move(texts_.front());
        texts_.pop_front();
        return finish(record);
      }
      if (ended_) return false;
      std::string_view line;
      const Result<bool> more = lines_.next(line);
      for (; too_long_ < lines_.lines_too_long(); ++too_long_) {
        log_.broken(lines_.line_offset(), "before line " + std::to_string(lines_.line_number()) +
                                              ": a line is longer than " +
                                              std::to_string(options_.max_record_bytes) + " bytes");
      }
      if (!more) {
        log_.broken(lines_.line_offset(), more.error().message);
        ended_ = true;
        return false;
      }
      if (!*more) {
        ended_ = true;
        continue;
      }
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (lines_.line_number() == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      const bool opens = records_ == 0 && broken_ == 0 && only_opens(line);
      if (opens && options_.questions) {
        read_whole(line);
        continue;
      }
      if (opens) {  // said once, not for every line
        log_.broken(lines_.line_offset(),
                    "one JSON value over several lines; give one object per line");
        ended_ = true;
        return false;
      }
      std::string_view reason = parse(line, record);
      if (reason == kBadUtf8) {  // a document with a few bad bytes is still a document
        reason = parse(replace_invalid_utf8(line), record);
      }
      if (reason.empty()) return finish(record);
      if (options_.questions && add_texts(line)) continue;
      record = RawRecord();
      ++broken_;
      log_.broken(lines_.line_offset(),
                  "line " + std::to_string(lines_.line_number()) + ": " +
                      (reason == kNoText ? "no string in field \"" + options_.text_field +
                                               "\"; --text-field names another"
                                         : std::string(reason)));
    }
  }

  std::uint64_t file_offset() const override { return lines_.file_offset(); }

 private:
  bool finish(RawRecord& record) {
    record.kind = RawKind::kJsonText;
    record.html = false;
    record.file_path = log_.file_path();
    record.offset = lines_.line_offset();
    ++records_;
    return true;
  }

  // The texts of a line, or of all lines as one, to come; false when there is none.
  bool add_texts(std::string_view json) {
    const Result<Json> value = parse_json(replace_invalid_utf8(json), log_.file_path());
    if (!value) return false;
    std::vector<std::string> texts = question_texts(*value);
    if (texts.empty()) return false;
    std::ranges::move(texts, std::back_inserter(texts_));
    return true;
  }

  // What begins with `line` and goes on to the end of the file is one value.
  void read_whole(std::string_view first) {
    std::string json(first);
    ended_ = true;
    for (std::string_view line;;) {
      const Result<bool> more = lines_.next(line);
      if (!more || !*more || json.size() > options_.max_record_bytes) break;
      json.append("\n").append(line);
    }
    if (!add_texts(json)) log_.broken(0, "one JSON value without a string, or none");
  }

  static constexpr std::string_view kBadUtf8 = "invalid UTF-8", kNoText = "no text";

  // A bracket that other lines close, as programs for people to read write it.
  static bool only_opens(std::string_view line) {
    const std::size_t last = line.find_last_not_of(" \t\r");
    line = line.substr(0, last + 1);
    return line == "{" || line == "[";
  }

  // "" or what is wrong.
  std::string_view parse(std::string_view line, RawRecord& record) {
    record = RawRecord();
    padded_.assign(line);
    padded_.resize(line.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    auto error = parser_.iterate(padded_.data(), line.size(), padded_.size()).get(document);
    if (error == simdjson::UTF8_ERROR) return kBadUtf8;
    simdjson::ondemand::object object;
    if (!error) error = document.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE) return "not a JSON object; give one object per line";
    if (error) return simdjson::error_message(error);
    bool found = false;
    for (auto field : object) {
      std::string_view key;
      if ((error = field.unescaped_key().get(key))) return simdjson::error_message(error);
      std::string* target = nullptr;
      if (key == options_.text_field) {
        target = &record.bytes;
      } else if (key == "url") {
        target = &record.url;
      } else if (key == "id") {
        target = &record.id;
      } else if (key == "date") {
        target = &record.date;
      } else if (key == "title") {
        target = &record.title;
      }
      if (target == nullptr) continue;
      simdjson::ondemand::value value;
      if ((error = field.value().get(value))) return simdjson::error_message(error);
      simdjson::ondemand::json_type type;
      if ((error = value.type().get(type))) return simdjson::error_message(error);
      if (type != simdjson::ondemand::json_type::string) continue;
      std::string_view text;
      if ((error = value.get_string().get(text))) return simdjson::error_message(error);
      target->assign(text);
      found = found || target == &record.bytes;
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return "something follows the object; give one object per line";
    return found ? std::string_view() : kNoText;
  }

  LineReader lines_;
  const IngestOptions options_;
  IngestLog log_;
  simdjson::ondemand::parser parser_;
  std::string padded_;
  std::deque<std::string> texts_;  // of question sets, to come
  std::uint64_t too_long_ = 0, records_ = 0, broken_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RecordSource> read_json_lines(std::unique_ptr<ByteSource> bytes,
                                              const IngestOptions& options, IngestLog log) {
  return std::make_unique<JsonSource>(std::move(bytes), options, std::move(log));
}

}  // namespace pith
