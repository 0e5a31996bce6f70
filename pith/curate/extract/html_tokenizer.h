#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// HTML's tokenization stage (WHATWG HTML, 13.2.5), as slices of the input. The states decide where
// tokens begin and end; character references, case, NUL and line ends are left to the decode
// functions below, so that what nobody reads is never copied. Parse errors are not reported.
namespace pith {

// How the text ahead is read: the tokenizer's "content model".
enum class HtmlContent : std::uint8_t {
  kData,
  kRcdata,     // title, textarea: character references, no tags but the own end tag
  kRawtext,    // style, iframe, ...: only the own end tag
  kScript,     // as rawtext, with the escape states of script data
  kPlaintext,  // everything that follows
  kCdata,      // up to "]]>", then data
};

struct HtmlAttribute {
  std::string_view name;   // as written; compare with equals_ignoring_case
  std::string_view value;  // as written, without quotes; decode_html_attribute makes it readable
};

enum class HtmlTokenKind : std::uint8_t { kText, kStartTag, kEndTag, kComment, kDoctype };

// One token. Views and spans end with the next call of next() or with the input.
struct HtmlToken {
  HtmlTokenKind kind = HtmlTokenKind::kText;
  HtmlContent content = HtmlContent::kData;  // kText: how to decode `text`
  bool self_closing = false;                 // kStartTag: ended with "/>"
  bool force_quirks = false;                 // kDoctype
  bool has_public_id = false, has_system_id = false;
  std::string_view text;  // kText, kComment: as written; kStartTag, kEndTag, kDoctype: the name
  std::string_view public_id, system_id;      // kDoctype
  std::span<const HtmlAttribute> attributes;  // kStartTag; of two with one name the first counts
};

// Reads tokens off a page. `html` must outlive it. One thread at a time. Linear time.
class HtmlTokenizer {
 public:
  explicit HtmlTokenizer(std::string_view html) : html_(html) {}

  // False at the end of the input.
  bool next(HtmlToken& token);

  // What follows the start tag just read is `content`, up to the end tag `name`.
  void set_content(HtmlContent content, std::string_view name) {
    content_ = content;
    end_name_ = name;
  }
  // Inside SVG or MathML "<![CDATA[" opens a CDATA section; elsewhere it is a comment.
  void set_foreign(bool foreign) { foreign_ = foreign; }

  std::size_t position() const { return at_; }

 private:
  bool next_data(HtmlToken& token);
  bool next_raw(HtmlToken& token);
  bool read_tag(HtmlToken& token, std::size_t name_begin, HtmlTokenKind kind);
  void read_markup_declaration(HtmlToken& token, std::size_t begin);
  void read_comment(HtmlToken& token, std::size_t begin);
  void read_bogus_comment(HtmlToken& token, std::size_t begin);
  void read_doctype(HtmlToken& token, std::size_t begin);
  bool own_end_tag_at(std::size_t less_than) const;
  std::size_t find_script_end(std::size_t begin) const;
  void text_token(HtmlToken& token, std::size_t begin, std::size_t end, HtmlContent content) const;

  std::string_view html_;
  std::size_t at_ = 0;
  HtmlContent content_ = HtmlContent::kData;
  std::string_view end_name_;
  bool foreign_ = false;
  std::vector<HtmlAttribute> attributes_;
};

// Appends text as it reads: character references resolved where `content` has them, CR and CRLF as
// LF, NUL as U+FFFD (in data and CDATA NUL stays, as the standard says).
void decode_html_text(std::string_view raw, HtmlContent content, std::string& out);
// The same for attribute values, whose references without ";" follow a stricter rule.
void decode_html_attribute(std::string_view raw, std::string& out);
// ASCII letters to lower case, NUL to U+FFFD.
void decode_html_name(std::string_view raw, std::string& out);
// A comment's or an identifier's text: line ends and NUL only.
void decode_html_raw(std::string_view raw, std::string& out);

bool equals_ignoring_case(std::string_view text, std::string_view lower);  // ASCII only

}  // namespace pith
