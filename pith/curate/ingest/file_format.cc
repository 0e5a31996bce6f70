#include "pith/curate/ingest/file_format.h"

#include <algorithm>
#include <array>

#include "pith/curate/ingest/encoding.h"

namespace pith {
namespace {

std::string extension_of(std::string_view path) {
  std::string name(path.substr(path.find_last_of('/') + 1));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view packed : {".gz", ".zst", ".bgz"}) {
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? "" : name.substr(dot + 1);
}

bool is_binary(std::string_view head) {
  for (const std::string_view magic : {"%PDF-", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "PK\x03\x04"}) {
    if (head.starts_with(magic)) return true;
  }
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return false;
  std::size_t nul = 0, control = 0;
  for (const char c : head) {
    nul += c == 0;
    control += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
               c != '\f' && c != 0x1B;
  }
  if (nul > 0) return !guess_encoding(head).starts_with("utf-16");
  return control * 20 > head.size();
}

bool starts_as_html(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  std::string start;
  for (const char c : head.substr(first, 16)) {
    start.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return start.starts_with("<!doctype html") || start.starts_with("<html");
}

bool is_one_of(std::string_view extension, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), extension) != names.end();
}

}  // namespace

FileFormat file_format(std::string_view path, std::string_view head, bool named) {
  if (head.empty()) return FileFormat::kEmpty;
  if (head.starts_with("WARC/")) return FileFormat::kWarc;
  if (head.starts_with("filedesc://")) return FileFormat::kArc;
  const std::string extension = extension_of(path);
  if (is_one_of(extension, {"warc", "wet"})) return FileFormat::kWarc;  // damaged at its start
  if (head.starts_with("PAR1") || extension == "parquet") return FileFormat::kParquet;
  if (is_binary(head)) return FileFormat::kBinary;
  if (starts_as_html(head)) return FileFormat::kHtml;
  if (is_one_of(extension, {"html", "htm", "xhtml", "shtml"})) return FileFormat::kHtml;
  if (is_one_of(extension, {"jsonl", "ndjson", "json"})) return FileFormat::kJsonLines;
  if (is_one_of(extension, {"md", "markdown", "mkd"})) return FileFormat::kMarkdown;
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  const bool object = first != std::string_view::npos && head.substr(first).starts_with("{\"");
  if (extension.empty() && object) return FileFormat::kJsonLines;
  if (is_one_of(extension, {"", "txt", "text", "rst", "debian"})) return FileFormat::kText;
  return named ? FileFormat::kText : FileFormat::kUnknown;
}

bool names_a_page(std::string_view path) {
  return is_one_of(extension_of(path), {"html", "htm", "xhtml", "shtml", "md", "markdown", "mkd",
                                        "txt", "text", "rst"});
}

std::string skip_reason(FileFormat format) {
  switch (format) {
    case FileFormat::kEmpty:
      return "empty";
    case FileFormat::kArc:
      return "ARC, the format before WARC";
    case FileFormat::kBinary:
      return "binary";
    default:
      return "unknown type";
  }
}

}  // namespace pith
