#include <span>

#include "pith/curate/ingest/record_source.h"

namespace pith {
namespace {

class PageSource final : public RecordSource {
 public:
  PageSource(std::unique_ptr<ByteSource> bytes, RawKind kind, const IngestOptions& options,
             IngestLog log)
      : bytes_(std::move(bytes)), kind_(kind), options_(options), log_(std::move(log)) {}

  bool next(RawRecord& record) override {
    if (done_) return false;
    done_ = true;
    std::string body;
    for (;;) {
      const std::size_t before = body.size();
      body.resize(before + (before < (1 << 16) ? 1 << 14 : before / 2));
      const Result<std::size_t> count =
          bytes_->read(std::span<char>(body.data() + before, body.size() - before));
      body.resize(before + (count ? *count : 0));
      if (!count) {
        log_.broken(body.size(), count.error().message);
        break;
      }
      if (*count == 0) break;
      if (body.size() > options_.max_record_bytes) {
        log_.broken(0, "larger than " + std::to_string(options_.max_record_bytes) + " bytes");
        return false;
      }
    }
    if (body.empty()) return false;
    record.bytes = std::move(body);
    record.kind = kind_;
    record.html = kind_ == RawKind::kHtml;
    record.file_path = log_.file_path();
    return true;
  }

  std::uint64_t file_offset() const override { return bytes_->file_offset(); }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  const RawKind kind_;
  const IngestOptions options_;
  IngestLog log_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<RecordSource> read_page(std::unique_ptr<ByteSource> bytes, RawKind kind,
                                        const IngestOptions& options, IngestLog log) {
  return std::make_unique<PageSource>(std::move(bytes), kind, options, std::move(log));
}

}  // namespace pith
