#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "pith/curate/ingest/http_body.h"
#include "pith/curate/ingest/record_source.h"

// WARC 1.0 and 1.1 (ISO 28500), and WET.
namespace pith {
namespace {

constexpr std::size_t kMaxHeaderBytes = 1 << 20;
constexpr std::size_t kReadBytes = 256 << 10;

bool looks_like_html(std::string_view body) {
  std::string head;
  for (const char c : body.substr(0, 1024)) {
    head.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return head.find("<!doctype html") != std::string::npos ||
         head.find("<html") != std::string::npos;
}

// The kind of page that a media type and the body say, nothing when it is none.
std::optional<RawKind> kind_of(std::string_view type, std::string_view body) {
  if (type == "text/html" || type == "application/xhtml+xml" ||
      type == "application/vnd.wap.xhtml+xml") {
    return RawKind::kHtml;
  }
  if (type == "text/plain") return looks_like_html(body) ? RawKind::kHtml : RawKind::kText;
  if (type == "text/markdown" || type == "text/x-markdown") return RawKind::kMarkdown;
  const bool unknown = type.empty() || type.find('/') == std::string_view::npos ||
                       type == "application/octet-stream" || type == "unknown/unknown";
  if (unknown && looks_like_html(body)) return RawKind::kHtml;
  return std::nullopt;
}

// What crawlers write about themselves, as resources under names that nobody can fetch: wget's
// "metadata://gnu.org/software/wget/warc/wget.log", "urn:X-wpull:log".
bool about_the_crawl(std::string_view uri) {
  return uri.starts_with("metadata:") || uri.starts_with("urn:");
}

class WarcSource final : public RecordSource {
 public:
  WarcSource(std::unique_ptr<ByteSource> bytes, const IngestOptions& options, IngestLog log)
      : bytes_(std::move(bytes)), options_(options), log_(std::move(log)) {}

  bool next(RawRecord& record) override {
    while (!ended_) {
      record = RawRecord();
      if (read_one(record)) return true;
    }
    return false;
  }

  std::uint64_t file_offset() const override { return bytes_->file_offset(); }

 private:
  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }

  void drop(std::size_t count) {
    begin_ += count;
    offset_ += count;
  }

  // Reads on until `count` bytes are unread; false when the file ends or is damaged before.
  bool ensure(std::size_t count) {
    while (end_ - begin_ < count) {
      if (source_ended_ || damage_) return false;
      if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
      }
      const std::size_t room = std::max(kReadBytes, std::min(count - end_, end_));
      if (buffer_.size() < end_ + room) buffer_.resize(end_ + room);
      const Result<std::size_t> got = bytes_->read(std::span<char>(buffer_.data() + end_, room));
      end_ += got ? *got : 0;
      if (!got)
        damage_ = got.error().message;
      else if (*got == 0)
        source_ended_ = true;
    }
    return true;
  }

  // Behind damage of the compressed file: at its next member, where a record starts.
  void pass_damage() {
    drop(unread().size());
    const Result<bool> skipped = bytes_->skip_damage();
    damage_.reset();
    ended_ = !skipped || !*skipped;
  }

  // Logs, and goes on at the next line that starts a record.
  void resynchronise(std::uint64_t offset, const std::string& reason) {
    log_.broken(offset, reason);
    for (;;) {
      const std::size_t at = unread().find("\nWARC/");
      if (at != std::string_view::npos) {
        drop(at + 1);
        return;
      }
      drop(unread().size() - std::min<std::size_t>(unread().size(), 5));
      if (ensure(6)) continue;
      if (damage_) {
        pass_damage();
        return;
      }
      ended_ = true;
      return;
    }
  }

  // The file ends or is damaged inside the record that starts at `offset`.
  void cut_short(std::uint64_t offset) {
    log_.broken(offset, damage_ ? *damage_ : "the file ends in the middle of a record");
    if (damage_) {
      pass_damage();
    } else {
      ended_ = true;
    }
  }

  // False when no record is delivered this time.
  bool read_one(RawRecord& record) {
    do {
      const std::size_t blank = std::min(unread().find_first_not_of("\r\n \t"), unread().size());
      drop(blank);
    } while (unread().empty() && ensure(1));
    ensure(5);
    const std::uint64_t start = offset_;
    if (unread().empty()) {
      if (damage_) {
        cut_short(start);
      } else {
        ended_ = true;
      }
      return false;
    }
    if (!unread().starts_with("WARC/")) {
      resynchronise(start, "no WARC record where one is due");
      return false;
    }
    std::size_t header_end = 0;
    for (std::size_t searched = 0; header_end == 0;) {
      const std::string_view text = unread();
      for (std::size_t at = text.find('\n', searched); at != std::string_view::npos;
           at = text.find('\n', at + 1)) {
        const std::string_view after = text.substr(at + 1);
        if (after.starts_with("\n")) header_end = at + 2;
        if (after.starts_with("\r\n")) header_end = at + 3;
        if (header_end != 0) break;
        if (after.starts_with("WARC/")) {  // so that no part of the file is looked through twice
          drop(at);
          resynchronise(start, "the header has no end");
          return false;
        }
      }
      if (header_end != 0) break;
      searched = text.size() - std::min<std::size_t>(text.size(), 6);
      if (text.size() > kMaxHeaderBytes) {
        drop(5);
        resynchronise(start, "the header is longer than 1 MiB");
        return false;
      }
      if (!ensure(text.size() + 1)) {
        cut_short(start);
        return false;
      }
    }
    HeaderFields header;
    const std::string_view head = unread().substr(0, header_end);
    const std::size_t first_line = head.find('\n') + 1;
    parse_header_fields(head.substr(first_line), header);
    const std::string_view length_text = header.get("content-length");
    std::uint64_t length = 0;
    const auto [stop, code] =
        std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    if (length_text.empty() || code != std::errc() ||
        stop != length_text.data() + length_text.size()) {
      drop(first_line - 1);
      resynchronise(start, "Content-Length is no number: \"" + std::string(length_text) + "\"");
      return false;
    }
    drop(header_end);
    const std::string_view type = header.get("warc-type");
    const bool wanted = type == "response" || type == "resource" || type == "conversion";
    if (!wanted || length > options_.max_record_bytes) {
      if (wanted) {
        log_.broken(start, "larger than " + std::to_string(options_.max_record_bytes) + " bytes");
      } else {
        log_.not_text();
      }
      skip(length, start);
      return false;
    }
    if (!ensure(length)) {
      if (damage_) {
        cut_short(start);
      } else {  // cut off, or a wrong length that reaches over the records behind
        resynchronise(start, "the file ends in the middle of a record");
      }
      return false;
    }
    const bool delivered = fill(type, header, unread().substr(0, length), start, record);
    drop(length);
    return delivered;
  }

  void skip(std::uint64_t length, std::uint64_t start) {
    while (length > 0) {
      if (unread().empty() && !ensure(1)) {
        cut_short(start);
        return;
      }
      const std::size_t part =
          static_cast<std::size_t>(std::min<std::uint64_t>(length, unread().size()));
      drop(part);
      length -= part;
    }
  }

  bool fill(std::string_view type, const HeaderFields& header, std::string_view block,
            std::uint64_t start, RawRecord& record) {
    std::string_view uri = header.get("warc-target-uri");
    if (uri.starts_with("<") && uri.ends_with(">")) uri = uri.substr(1, uri.size() - 2);
    if (type == "resource" && about_the_crawl(uri)) {
      log_.not_text();
      return false;
    }
    auto [content_type, charset] = split_content_type(header.get("content-type"));
    HttpResponse response;
    std::optional<RawKind> kind;
    std::string body;
    if (type == "response" && parse_http_response(block, response)) {
      if (!options_.every_response && (response.status < 200 || response.status > 299)) {
        log_.not_text();
        return false;
      }
      Result<std::string> decoded = decode_http_body(response, options_.max_record_bytes);
      if (!decoded) {
        log_.broken(start, decoded.error().message);
        return false;
      }
      body = std::move(decoded).value();
      std::tie(content_type, charset) = split_content_type(response.headers.get("content-type"));
      kind = kind_of(content_type, body);
    } else if (type == "response" && content_type.starts_with("application/http")) {
      log_.broken(start, "no HTTP response in a response record");
      return false;
    } else {
      kind = kind_of(content_type, block);
      if (type == "conversion" && !kind && content_type.empty()) kind = RawKind::kText;
      body = block;
    }
    if (!options_.every_response && (!kind || body.empty())) {
      log_.not_text();
      return false;
    }
    record.bytes = std::move(body);
    record.kind = kind.value_or(RawKind::kText);
    record.html = record.kind == RawKind::kHtml;
    record.url = uri;
    record.file_path = log_.file_path();
    record.offset = start;
    record.content_type = std::move(content_type);
    record.charset = std::move(charset);
    record.date = header.get("warc-date");
    record.id = header.get("warc-record-id");
    return true;
  }

  const std::unique_ptr<ByteSource> bytes_;
  const IngestOptions options_;
  IngestLog log_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;  // unread part of buffer_
  std::uint64_t offset_ = 0;         // of it, after decompression
  std::optional<std::string> damage_;
  bool source_ended_ = false, ended_ = false;
};

}  // namespace

std::unique_ptr<RecordSource> read_warc(std::unique_ptr<ByteSource> bytes,
                                        const IngestOptions& options, IngestLog log) {
  return std::make_unique<WarcSource>(std::move(bytes), options, std::move(log));
}

}  // namespace pith
