#include "pith/curate/extract/page_hints.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "pith/curate/extract/json_strings.h"
#include "pith/curate/extract/page_text.h"
#include "pith/curate/extract/text_blocks.h"

namespace pith {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

// One line, white space collapsed.
std::string tidy(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool no_break = text[at] == '\xC2' && text.substr(at, 2) == "\xC2\xA0";
    if (is_space(text[at]) || no_break) {
      at += no_break;
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += text[at];
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  make_valid_utf8(out);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

void keep_first(std::string& target, std::string_view value) {
  if (target.empty()) target = tidy(value);
}

// The same field from several places, best place first.
struct Candidates {
  std::string og_title, ld_title, h1, head_title;
  std::string meta_author, ld_author, link_author, class_author;
  std::string meta_date, ld_date, time_date;
  std::string og_site, ld_site, app_site;
  std::string canonical, og_url;
  std::string rel_license, cc_license, meta_license;
  std::size_t h1_count = 0;
};

constexpr std::array kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                "jul", "aug", "sep", "oct", "nov", "dec"};

std::string written_date(int year, int month, int day) {
  if (year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31) return "";
  std::string out = std::to_string(year) + "-00-00";
  out[5] = static_cast<char>('0' + month / 10), out[6] = static_cast<char>('0' + month % 10);
  out[8] = static_cast<char>('0' + day / 10), out[9] = static_cast<char>('0' + day % 10);
  return out;
}

}  // namespace

std::string iso_date(std::string_view text) {
  struct Part {
    int number = 0;  // -1 - month for a month's name
    std::size_t digits = 0;
  };
  std::vector<Part> parts;
  text = text.substr(0, 80);
  for (std::size_t at = 0; at < text.size() && parts.size() < 4;) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      std::size_t end = at;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
      int number = 0;
      std::from_chars(text.data() + at, text.data() + std::min(end, at + 8), number);
      parts.push_back({number, end - at});
      at = end;
    } else if (static_cast<unsigned char>((c | 0x20) - 'a') < 26) {
      std::size_t end = at;
      while (end < text.size() && static_cast<unsigned char>((text[end] | 0x20) - 'a') < 26) ++end;
      const std::string word = lower(text.substr(at, std::min<std::size_t>(3, end - at)));
      for (std::size_t m = 0; m < kMonths.size(); ++m) {
        if (word == kMonths[m] && end - at >= 3) parts.push_back({-1 - static_cast<int>(m), 0});
      }
      at = end;
    } else {
      ++at;
    }
  }
  const auto month = [&](std::size_t i) { return -parts[i].number; };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.digits == 8) {
      return written_date(part.number / 10000, part.number / 100 % 100, part.number % 100);
    }
    if (i + 2 >= parts.size()) break;
    if (part.digits == 4)
      return written_date(part.number, parts[i + 1].number < 0 ? month(i + 1) : parts[i + 1].number,
                          parts[i + 2].number);
    if (part.number < 0 && parts[i + 2].digits == 4) {
      return written_date(parts[i + 2].number, month(i), parts[i + 1].number);
    }
    if (parts[i + 1].number < 0 && parts[i + 2].digits == 4) {
      return written_date(parts[i + 2].number, month(i + 1), part.number);
    }
  }
  return "";
}

namespace {

class HintReader {
 public:
  HintReader(const HtmlTree& tree, PageHints& out) : tree_(tree), out_(out) {}

  void read() {
    const auto nodes = tree_.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      switch (nodes[i].tag) {
        case HtmlTag::kText:
          continue;
        case HtmlTag::kHtml:
          out_.metadata.language = value(i, HtmlAttr::kLang);
          break;
        case HtmlTag::kMeta:
          read_meta(i);
          continue;
        case HtmlTag::kLink:
        case HtmlTag::kA:
          read_link(i);
          break;
        case HtmlTag::kTitle:
          if (found_.head_title.empty() && nodes[nodes[i].parent].tag != HtmlTag::kSvg) {
            found_.head_title = text_of(i);
          }
          continue;
        case HtmlTag::kScript:
          read_script(i);
          continue;
        case HtmlTag::kH1:
          ++found_.h1_count;
          if (found_.h1.empty()) found_.h1 = text_of(i);
          break;
        case HtmlTag::kTime:
          if (found_.time_date.empty()) {
            found_.time_date = iso_date(value(i, HtmlAttr::kDatetime));
            if (found_.time_date.empty()) found_.time_date = iso_date(text_of(i));
          }
          break;
        default:
          break;
      }
      read_properties(i);
    }
    choose();
  }

 private:
  std::string value(std::uint32_t node, HtmlAttr attribute) const {
    std::string out;
    decode_html_attribute(tree_.attribute(node, attribute).substr(0, 20000), out);
    return out;
  }

  std::string text_of(std::uint32_t node) const {
    const auto nodes = tree_.nodes();
    std::string out;
    const std::uint32_t end = std::min(nodes[node].end, node + 60);
    for (std::uint32_t i = node + 1; i < end && out.size() < 600; ++i) {
      if (nodes[i].tag != HtmlTag::kText) {
        if (has_behaviour(nodes[i].tag, kTagBlock | kTagVoid)) out += ' ';
        if (has_behaviour(nodes[i].tag, kTagNoText)) i = nodes[i].end - 1;
        continue;
      }
      if (nodes[i].space_before) out += ' ';
      if (nodes[i].in_link && is_permalink_mark(tree_.text(nodes[i]))) continue;
      decode_html_text(tree_.text(nodes[i]).substr(0, 1000), nodes[i].content, out);
    }
    return tidy(out);
  }

  void read_meta(std::uint32_t i) {
    std::string name = lower(tree_.attribute(i, HtmlAttr::kProperty));
    if (name.empty()) name = lower(tree_.attribute(i, HtmlAttr::kName));
    if (name.empty()) name = lower(tree_.attribute(i, HtmlAttr::kItemprop));
    if (name.empty() || name.size() > 60) return;
    const std::string content = value(i, HtmlAttr::kContent);
    if (content.empty()) return;
    if (name == "og:title" || name == "twitter:title") {
      keep_first(found_.og_title, content);
    } else if (name == "og:site_name") {
      keep_first(found_.og_site, content);
    } else if (name == "application-name" || name == "apple-mobile-web-app-title") {
      keep_first(found_.app_site, content);
    } else if (name == "og:url") {
      keep_first(found_.og_url, content);
    } else if (name == "og:type") {
      out_.og_article = contains(content, "article") || contains(content, "blog");
      out_.og_product = contains(content, "product");
      out_.og_website = contains(content, "website");
    } else if (name == "description" || name == "og:description" || name == "twitter:description") {
      keep_first(out_.description, content);
      out_.body += content + "\n";
    } else if (name == "author" || name == "article:author" || name == "dc.creator" ||
               name == "dcterms.creator" || name == "citation_author" || name == "byl" ||
               name == "parsely-author" || name == "sailthru.author") {
      if (!content.starts_with("http") && !content.starts_with("@")) {
        keep_first(found_.meta_author, content);
      }
    } else if (name == "article:published_time" || name == "date" || name == "datepublished" ||
               name == "dc.date" || name == "dcterms.created" || name == "pubdate" ||
               name == "dc.date.issued" || name == "citation_publication_date" ||
               name == "publish-date" || name == "publish_date" || name == "sailthru.date" ||
               name == "parsely-pub-date" || name == "og:published_time") {
      keep_first(found_.meta_date, iso_date(content));
    } else if (name == "dcterms.license" || name == "dc.rights.license" || name == "license" ||
               name == "dcterms.rights" || name == "dc.rights") {
      if (content.size() <= 200) keep_first(found_.meta_license, content);
    }
  }

  void read_link(std::uint32_t i) {
    const std::string_view href = tree_.attribute(i, HtmlAttr::kHref);
    const std::string_view rel = tree_.attribute(i, HtmlAttr::kRel);
    if (!rel.empty()) {
      if (rel == "canonical") {
        keep_first(found_.canonical, value(i, HtmlAttr::kHref));
      } else if (contains(rel, "license")) {
        keep_first(found_.rel_license, value(i, HtmlAttr::kHref));
      } else if (contains(rel, "author") && tree_.nodes()[i].tag == HtmlTag::kA) {
        keep_first(found_.link_author, text_of(i));
      }
    }
    if (found_.cc_license.empty() && contains(href, "creativecommons.org/") &&
        (contains(href, "/licenses/") || contains(href, "/publicdomain/"))) {
      found_.cc_license = tidy(value(i, HtmlAttr::kHref));
    }
  }

  void read_properties(std::uint32_t i) {
    for (const HtmlNodeAttribute& kept : tree_.attributes(i)) {
      const std::string_view raw = tree_.html().substr(kept.begin, std::min(kept.size, 200u));
      if (kept.attribute == HtmlAttr::kItemprop) {
        if (raw == "author" || raw == "creator") {
          std::string name = text_of(i);
          if (name.empty()) name = value(i, HtmlAttr::kContent);
          if (name.size() < 80) keep_first(found_.link_author, name);
        } else if (raw == "datePublished") {
          std::string date = iso_date(value(i, HtmlAttr::kDatetime));
          if (date.empty()) date = iso_date(value(i, HtmlAttr::kContent));
          if (date.empty()) date = iso_date(text_of(i));
          keep_first(found_.meta_date, date);
        }
      } else if (kept.attribute == HtmlAttr::kItemtype) {
        note_type(raw.substr(raw.rfind('/') == raw.npos ? 0 : raw.rfind('/') + 1));
      } else if (kept.attribute == HtmlAttr::kClass && found_.class_author.empty() &&
                 (contains(raw, "author") || contains(raw, "byline"))) {
        const std::string name = text_of(i);
        if (!name.empty() && name.size() < 60) found_.class_author = without_by(name);
      }
    }
  }

  static std::string without_by(std::string_view name) {
    for (const std::string_view by : {"Written by", "Posted by", "By", "by", "BY", "Author:"}) {
      if (name.starts_with(by) && name.size() > by.size() &&
          (name[by.size()] == ' ' || name[by.size()] == ':' || by.ends_with(':'))) {
        name.remove_prefix(by.size() + 1);
        break;
      }
    }
    return tidy(name);
  }

  void note_type(std::string_view type) {
    out_.ld_article = out_.ld_article || contains(type, "Article") || type == "BlogPosting" ||
                      type == "Report" || type == "Recipe";
    out_.ld_product = out_.ld_product || type == "Product" || type == "ProductGroup";
    out_.ld_forum = out_.ld_forum || type == "DiscussionForumPosting" || type == "QAPage" ||
                    type == "Question" || type == "SocialMediaPosting";
    out_.ld_list = out_.ld_list || type == "ItemList" || type == "CollectionPage" ||
                   type == "SearchResultsPage" || type == "OfferCatalog";
    out_.ld_faq = out_.ld_faq || type == "FAQPage";
  }

  void read_script(std::uint32_t i) {
    const auto nodes = tree_.nodes();
    if (!contains(tree_.attribute(i, HtmlAttr::kType), "ld+json")) return;
    for (std::uint32_t j = i + 1; j < nodes[i].end; ++j) {
      if (nodes[j].tag != HtmlTag::kText) continue;
      scan_json_strings(tree_.text(nodes[j]),
                        [&](std::string_view key, std::string_view text, std::string_view parent) {
                          if (text.empty()) return;
                          if (key == "@type") {
                            note_type(text);
                          } else if (key == "articleBody" || key == "text" ||
                                     key == "description" || key == "reviewBody") {
                            out_.body.append(text) += '\n';
                            if (key == "articleBody" && text.size() > out_.article.size())
                              out_.article = text;
                          } else if (key == "headline") {
                            keep_first(found_.ld_title, text);
                          } else if (key == "datePublished" || key == "uploadDate") {
                            if (found_.ld_date.empty()) found_.ld_date = iso_date(text);
                          } else if ((key == "name" && parent == "author") || key == "author") {
                            if (!text.starts_with("http")) keep_first(found_.ld_author, text);
                          } else if (key == "name" && parent == "publisher") {
                            keep_first(found_.ld_site, text);
                          } else if (key == "license") {
                            keep_first(found_.meta_license, text);
                          }
                        });
    }
  }

  // The page's heading when its title says the same; else the title without the site's name.
  std::string choose_title() const {
    std::string title = !found_.og_title.empty() ? found_.og_title : found_.head_title;
    if (!found_.h1.empty() && (contains(lower(title), lower(found_.h1)) || found_.h1_count == 1) &&
        found_.h1.size() < 300) {
      return found_.h1;
    }
    if (!found_.ld_title.empty()) return found_.ld_title;
    if (title.empty()) return found_.h1;
    static constexpr std::string_view kMarks[] = {
        " | ", " - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " \xC2\xBB ", " :: "};
    for (const std::string_view mark : kMarks) {
      const std::size_t at = title.rfind(mark);
      if (at == title.npos || at < 8) continue;
      const std::string tail = lower(std::string_view(title).substr(at + mark.size()));
      const bool is_site = !found_.og_site.empty() && contains(lower(found_.og_site), tail);
      if (is_site || tail.size() * 2 < at) return title.substr(0, at);
    }
    return title;
  }

  void choose() {
    const auto first = [](std::initializer_list<const std::string*> candidates) {
      for (const std::string* candidate : candidates) {
        if (!candidate->empty()) return *candidate;
      }
      return std::string();
    };
    Page& page = out_.metadata;
    page.title = choose_title();
    page.full_title = found_.head_title;
    page.author =
        first({&found_.ld_author, &found_.meta_author, &found_.link_author, &found_.class_author});
    page.author = without_by(page.author);
    page.date = first({&found_.ld_date, &found_.meta_date, &found_.time_date});
    page.site = first({&found_.og_site, &found_.ld_site, &found_.app_site});
    page.url = first({&found_.canonical, &found_.og_url});
    page.license = first({&found_.rel_license, &found_.cc_license, &found_.meta_license});
    page.language = tidy(page.language);
  }

  const HtmlTree& tree_;
  PageHints& out_;
  Candidates found_;
};

}  // namespace

void read_page_hints(const HtmlTree& tree, PageHints& out) {
  out = PageHints{};
  HintReader(tree, out).read();
}

}  // namespace pith
