#pragma once

#include <string>
#include <string_view>

namespace pith {

enum class FileFormat {
  kHtml,
  kText,
  kMarkdown,
  kJsonLines,
  kWarc,
  kParquet,
  kEmpty,
  kArc,
  kBinary,
  kUnknown
};

// What a file holds, by its name (".gz" and ".zst" aside) and its first bytes after decompression.
// The bytes have the last word where they are unmistakable. `named` says that the user named this
// very file: then text under an unknown extension is text.
FileFormat file_format(std::string_view path, std::string_view head, bool named);

// Whether a file of this name is, by its extension, one page or text as a whole.
bool names_a_page(std::string_view path);

// Why a file of this format is not read: "binary", "unknown type".
std::string skip_reason(FileFormat format);

}  // namespace pith
