#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "pith/base/byte_stream.h"
#include "pith/cli/verb.h"
#include "pith/curate/extract/block_report.h"
#include "pith/curate/extract/extract.h"
#include "pith/curate/ingest/encoding.h"
#include "pith/curate/ingest/file_format.h"

namespace pith {
namespace {

constexpr std::uint64_t kMaxPageBytes = 1ull << 30;

// The page, decompressed where it is .gz or .zst.
Result<std::string> read_page(const std::string& path) {
  const bool piped = path == "-";
  PITH_ASSIGN(const std::unique_ptr<ByteSource> source,
              piped ? open_file_or_stdin(path) : open_decompressed(path));
  const std::string name = "[extract] " + (piped ? "standard input" : path);
  std::string bytes;
  std::string buffer(1 << 16, '\0');
  for (;;) {
    PITH_ASSIGN(const std::size_t got, source->read(buffer));
    if (got == 0) break;
    bytes.append(buffer, 0, got);
    if (bytes.size() > kMaxPageBytes) {
      return capacity_error(name + ": is longer than 1 GiB; give single pages");
    }
  }
  switch (file_format(path, std::string_view(bytes).substr(0, 4096), true)) {
    case FileFormat::kWarc:
      return input_error(name + ": is an archive of pages; pith curate reads it");
    case FileFormat::kBinary:
      return input_error(name + ": is binary, an HTML page is due here");
    default:
      return bytes;
  }
}

class ExtractVerb : public Verb {
 public:
  std::string name() const override { return "extract"; }
  std::string purpose() const override { return "Print the main text of HTML pages"; }
  std::string example() const override {
    return "pith extract page.html\n"
           "pith extract --json *.html > pages.jsonl\n"
           "curl -s https://example.org/ | pith extract -";
  }

  void declare(Arguments& arguments) override {
    arguments.positionals(files_, "FILE", "HTML pages, plain, .gz or .zst; - is standard input");
    arguments.required();
    arguments.flag(options_.markdown, "--markup",
                   "Keep headings, lists, quotations, code and tables, as Markdown");
    arguments.flag(options_.markdown, "--markdown", "The same");
    arguments.flag(blocks_, "--blocks",
                   "Print a JSON line a page: each block of text, and how likely it is main text");
    arguments.flag(measures_, "--measures",
                   "As --blocks, with all that was measured on each, to learn from");
  }

  // One page or piece of text after another, on one thread.
  Uses uses() const override { return {.threads = false, .seed = false, .memory = false}; }

  Result<Json> run(const VerbContext& context) override {
    Extractor extractor;
    Json last;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (context.context.stopped()) {
        return Error{ErrorKind::kInterrupted, "[extract] stopped before " + files_[i]};
      }
      PITH_ASSIGN(const std::string raw, read_page(files_[i]));
      const std::string html = to_utf8(raw, {}, true).utf8;
      if (blocks_ || measures_) {
        const std::string line = block_report(html, measures_) + "\n";
        std::fwrite(line.data(), 1, line.size(), stdout);
        last.set("pages", static_cast<std::uint64_t>(i + 1));
        continue;
      }
      const Page page = extractor.extract(html, options_);
      if (!context.json) {
        if (i > 0) std::fputs("\n", stdout);
        std::fwrite(page.text.data(), 1, page.text.size(), stdout);
        std::fputs("\n", stdout);
        continue;
      }
      // Every page is a line; main prints the last one.
      last = as_json(files_[i], page, raw.size());
      if (i + 1 < files_.size()) {
        const std::string line = last.dump() + "\n";
        std::fwrite(line.data(), 1, line.size(), stdout);
      }
    }
    return last;
  }

 private:
  static Json as_json(const std::string& file, const Page& page, std::size_t raw_bytes) {
    Json json;
    json.set("file_path", file);
    json.set("text", page.text);
    json.set("title", page.title);
    json.set("author", page.author);
    json.set("date", page.date);
    json.set("site", page.site);
    json.set("url", page.url);
    json.set("license", page.license);
    json.set("html_language", page.language);
    json.set("raw_bytes", static_cast<std::uint64_t>(raw_bytes));
    return json;
  }

  std::vector<std::string> files_;
  ExtractOptions options_;
  bool blocks_ = false, measures_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_extract_verb() { return std::make_unique<ExtractVerb>(); }

}  // namespace pith
