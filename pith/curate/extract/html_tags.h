#pragma once

#include <cstdint>
#include <string_view>

// The elements that extraction tells apart, and how each behaves in the tree (html_tree.h) and in
// text (text_blocks.h). One table says it all: an element is a line there. It follows WHATWG HTML
// where a page shows the difference (13.1.2 void elements, 13.2.5 content models, 13.2.6 tree
// construction), and browsers' default style sheets (15.3) for what is a block. An element that is
// not in the table is kUnknown: a node without any of the behaviours, whose text is read.
//
// All of it is constant: any thread, at any time.
namespace pith {

// How elements behave; an element has any number of these.
enum : std::uint16_t {
  kTagVoid = 1,        // never has content or an end tag
  kTagBlock = 2,       // begins and ends a block of text
  kTagClosesP = 4,     // its start tag ends an open <p>
  kTagFormatting = 8,  // changes only how text looks: makes no node
  kTagBarrier = 16,    // end tags inside do not close what was opened outside
  kTagNoText = 32,     // its text is never read on a page
  kTagRcdata = 64,     // HtmlContent of what follows its start tag
  kTagRawtext = 128,   // the same; neither: kData, but for what the tree builder knows by name
  kTagTable = 256,     // part of a table; its end tag is matched within the nearest table
  kTagHead = 512,      // may stand in <head>, which any other start tag ends
};

// X(identifier, name, behaviour): HtmlTag::kIdentifier is <name>. The first two are no elements.
// The headings stand side by side, in order; at most 255 in all.
// clang-format off
#define PITH_HTML_TAGS(X)                                              \
  X(Text, "", 0)                                                       \
  X(Unknown, "", 0)                                                    \
  X(Html, "html", kTagBlock | kTagBarrier)                             \
  X(Head, "head", kTagBlock)                                           \
  X(Body, "body", kTagBlock)                                           \
  X(Title, "title", kTagBlock | kTagRcdata | kTagHead)                 \
  X(Meta, "meta", kTagVoid | kTagHead)                                 \
  X(Link, "link", kTagVoid | kTagHead)                                 \
  X(Base, "base", kTagVoid | kTagHead)                                 \
  X(Script, "script", kTagNoText | kTagHead)                           \
  X(Style, "style", kTagNoText | kTagRawtext | kTagHead)               \
  X(Noscript, "noscript", kTagBlock | kTagHead)                        \
  X(Template, "template", kTagNoText | kTagBarrier | kTagHead)         \
  X(Iframe, "iframe", kTagNoText | kTagRawtext)                        \
  X(Noembed, "noembed", kTagNoText | kTagRawtext)                      \
  X(Noframes, "noframes", kTagNoText | kTagRawtext)                    \
  X(Xmp, "xmp", kTagBlock | kTagClosesP | kTagRawtext)                 \
  X(Plaintext, "plaintext", kTagBlock | kTagClosesP)                   \
  X(Textarea, "textarea", kTagNoText | kTagRcdata)                     \
  X(Select, "select", kTagNoText)                                      \
  X(Option, "option", kTagNoText)                                      \
  X(Optgroup, "optgroup", kTagNoText)                                  \
  X(Datalist, "datalist", kTagNoText)                                  \
  X(Object, "object", kTagBarrier | kTagNoText)                        \
  X(Audio, "audio", kTagNoText)                                        \
  X(Video, "video", kTagNoText)                                        \
  X(Canvas, "canvas", kTagNoText)                                      \
  X(Map, "map", kTagNoText)                                            \
  X(Svg, "svg", kTagNoText)                                            \
  X(Math, "math", 0)                                                   \
  X(Annotation, "annotation", 0)                                       \
  X(Area, "area", kTagVoid)                                            \
  X(Br, "br", kTagVoid)                                                \
  X(Col, "col", kTagVoid)                                              \
  X(Embed, "embed", kTagVoid)                                          \
  X(Hr, "hr", kTagVoid | kTagBlock | kTagClosesP)                      \
  X(Img, "img", kTagVoid)                                              \
  X(Input, "input", kTagVoid)                                          \
  X(Param, "param", kTagVoid)                                          \
  X(Source, "source", kTagVoid)                                        \
  X(Track, "track", kTagVoid)                                          \
  X(Wbr, "wbr", kTagVoid)                                              \
  X(Div, "div", kTagBlock | kTagClosesP)                               \
  X(P, "p", kTagBlock | kTagClosesP)                                   \
  X(Article, "article", kTagBlock | kTagClosesP)                       \
  X(Section, "section", kTagBlock | kTagClosesP)                       \
  X(Main, "main", kTagBlock | kTagClosesP)                             \
  X(Nav, "nav", kTagBlock | kTagClosesP)                               \
  X(Header, "header", kTagBlock | kTagClosesP)                         \
  X(Footer, "footer", kTagBlock | kTagClosesP)                         \
  X(Aside, "aside", kTagBlock | kTagClosesP)                           \
  X(Address, "address", kTagBlock | kTagClosesP)                       \
  X(Blockquote, "blockquote", kTagBlock | kTagClosesP)                 \
  X(Center, "center", kTagBlock | kTagClosesP)                         \
  X(Details, "details", kTagBlock | kTagClosesP)                       \
  X(Summary, "summary", kTagBlock | kTagClosesP)                       \
  X(Dialog, "dialog", kTagBlock | kTagClosesP)                         \
  X(Figure, "figure", kTagBlock | kTagClosesP)                         \
  X(Figcaption, "figcaption", kTagBlock | kTagClosesP)                 \
  X(Hgroup, "hgroup", kTagBlock | kTagClosesP)                         \
  X(Search, "search", kTagBlock | kTagClosesP)                         \
  X(Form, "form", kTagBlock | kTagClosesP)                             \
  X(Fieldset, "fieldset", kTagBlock | kTagClosesP)                     \
  X(Legend, "legend", kTagBlock)                                       \
  X(Label, "label", kTagBlock)                                         \
  X(Button, "button", kTagBlock | kTagBarrier)                         \
  X(H1, "h1", kTagBlock | kTagClosesP)                                 \
  X(H2, "h2", kTagBlock | kTagClosesP)                                 \
  X(H3, "h3", kTagBlock | kTagClosesP)                                 \
  X(H4, "h4", kTagBlock | kTagClosesP)                                 \
  X(H5, "h5", kTagBlock | kTagClosesP)                                 \
  X(H6, "h6", kTagBlock | kTagClosesP)                                 \
  X(Ul, "ul", kTagBlock | kTagClosesP)                                 \
  X(Ol, "ol", kTagBlock | kTagClosesP)                                 \
  X(Menu, "menu", kTagBlock | kTagClosesP)                             \
  X(Dir, "dir", kTagBlock | kTagClosesP)                               \
  X(Li, "li", kTagBlock | kTagClosesP)                                 \
  X(Dl, "dl", kTagBlock | kTagClosesP)                                 \
  X(Dt, "dt", kTagBlock | kTagClosesP)                                 \
  X(Dd, "dd", kTagBlock | kTagClosesP)                                 \
  X(Pre, "pre", kTagBlock | kTagClosesP)                               \
  X(Listing, "listing", kTagBlock | kTagClosesP)                       \
  X(Table, "table", kTagBlock | kTagClosesP | kTagBarrier | kTagTable) \
  X(Caption, "caption", kTagBlock | kTagBarrier | kTagTable)           \
  X(Colgroup, "colgroup", kTagNoText | kTagTable)                      \
  X(Thead, "thead", kTagBlock | kTagTable)                             \
  X(Tbody, "tbody", kTagBlock | kTagTable)                             \
  X(Tfoot, "tfoot", kTagBlock | kTagTable)                             \
  X(Tr, "tr", kTagBlock | kTagTable)                                   \
  X(Td, "td", kTagBlock | kTagBarrier | kTagTable)                     \
  X(Th, "th", kTagBlock | kTagBarrier | kTagTable)                     \
  X(A, "a", 0)                                                         \
  X(Span, "span", 0)                                                   \
  X(Code, "code", 0)                                                   \
  X(Time, "time", 0)                                                   \
  X(Sup, "sup", 0)                                                     \
  X(Rt, "rt", kTagNoText)                                              \
  X(Rp, "rp", kTagNoText)                                              \
  X(B, "b", kTagFormatting)                                            \
  X(I, "i", kTagFormatting)                                            \
  X(Em, "em", kTagFormatting)                                          \
  X(Strong, "strong", kTagFormatting)                                  \
  X(U, "u", kTagFormatting)                                            \
  X(S, "s", kTagFormatting)                                            \
  X(Font, "font", kTagFormatting)                                      \
  X(Big, "big", kTagFormatting)                                        \
  X(Small, "small", kTagFormatting)                                    \
  X(Strike, "strike", kTagFormatting)                                  \
  X(Tt, "tt", kTagFormatting)                                          \
  X(Nobr, "nobr", kTagFormatting)                                      \
  X(Abbr, "abbr", kTagFormatting)                                      \
  X(Acronym, "acronym", kTagFormatting)                                \
  X(Cite, "cite", kTagFormatting)                                      \
  X(Dfn, "dfn", kTagFormatting)                                        \
  X(Ins, "ins", kTagFormatting)                                        \
  X(Del, "del", kTagFormatting)                                        \
  X(Mark, "mark", kTagFormatting)                                      \
  X(Q, "q", kTagFormatting)                                            \
  X(Samp, "samp", kTagFormatting)                                      \
  X(Var, "var", kTagFormatting)                                        \
  X(Kbd, "kbd", kTagFormatting)                                        \
  X(Sub, "sub", kTagFormatting)                                        \
  X(Bdi, "bdi", kTagFormatting)                                        \
  X(Bdo, "bdo", kTagFormatting)                                        \
  X(Data, "data", kTagFormatting)                                      \
  X(Ruby, "ruby", kTagFormatting)
// clang-format on

enum class HtmlTag : std::uint8_t {
#define PITH_HTML_TAG_ID(id, name, behaviour) k##id,
  PITH_HTML_TAGS(PITH_HTML_TAG_ID)
#undef PITH_HTML_TAG_ID
};
inline constexpr std::size_t kHtmlTagCount = 0
#define PITH_HTML_TAG_ONE(id, name, behaviour) +1
    PITH_HTML_TAGS(PITH_HTML_TAG_ONE)
#undef PITH_HTML_TAG_ONE
    ;

// The element of this name, as written in any case; kUnknown for every other name. One look into a
// hash table.
HtmlTag html_tag(std::string_view name);
// In lower case, for ever; "" for kText and kUnknown.
std::string_view html_tag_name(HtmlTag tag);

namespace html_internal {
inline constexpr std::uint16_t kBehaviour[kHtmlTagCount] = {
#define PITH_HTML_TAG_BEHAVIOUR(id, name, behaviour) static_cast<std::uint16_t>(behaviour),
    PITH_HTML_TAGS(PITH_HTML_TAG_BEHAVIOUR)
#undef PITH_HTML_TAG_BEHAVIOUR
};
}  // namespace html_internal

// Whether `tag` has one of the behaviours: has_behaviour(tag, kTagVoid | kTagNoText).
constexpr bool has_behaviour(HtmlTag tag, int behaviours) {
  return (html_internal::kBehaviour[static_cast<std::size_t>(tag)] & behaviours) != 0;
}
constexpr bool is_heading(HtmlTag tag) { return tag >= HtmlTag::kH1 && tag <= HtmlTag::kH6; }

}  // namespace pith
