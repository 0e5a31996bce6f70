#include "pith/curate/pipeline/shown_documents.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include "pith/text/utf8.h"

namespace pith {
namespace {

// How far from the bound, as a part of it; 0 at the edge.
double distance(double bound, double value) {
  const double part = std::abs(value - bound) / std::max(std::abs(bound), 1e-9);
  return part <= kEdge ? 0 : part;
}

// Keys have all 64 bits, which no integer of JSON here has, and are strings.
std::uint64_t as_key(const Json& json) {
  const std::string& digits = json.as_string();
  std::uint64_t key = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), key);
  return key;
}

bool less_key(const ShownDocument& a, const ShownDocument& b) { return a.key < b.key; }

auto nearer_to(double bound) {
  return [bound](const ShownDocument& a, const ShownDocument& b) {
    return std::tuple(distance(bound, a.value), a.key) <
           std::tuple(distance(bound, b.value), b.key);
  };
}

ShownDocument shown(const Document& document, std::uint64_t key, double value) {
  return {.key = key,
          .id = document.id,
          .url = document.url,
          .file_path = document.file_path,
          .excerpt = excerpt_of(document.text),
          .value = value};
}

}  // namespace

template <class Less>
void ShownDocuments::insert(ShownDocument document, const Less& less) {
  list_.insert(std::upper_bound(list_.begin(), list_.end(), document, less), std::move(document));
  if (list_.size() > kShownDocuments) list_.pop_back();
}

void ShownDocuments::offer(const Document& document, std::uint64_t key, double value) {
  if (list_.size() == kShownDocuments && key >= list_.back().key) return;
  insert(shown(document, key, value), less_key);
}

void ShownDocuments::offer_near(double bound, const Document& document, std::uint64_t key,
                                double value) {
  const auto nearer = nearer_to(bound);
  ShownDocument probe;
  probe.key = key, probe.value = value;
  if (list_.size() == kShownDocuments && !nearer(probe, list_.back())) return;
  insert(shown(document, key, value), nearer);
}

void ShownDocuments::add(const ShownDocuments& other) {
  for (const ShownDocument& document : other.list_) insert(document, less_key);
}

void ShownDocuments::add_near(double bound, const ShownDocuments& other) {
  for (const ShownDocument& document : other.list_) insert(document, nearer_to(bound));
}

Json ShownDocuments::to_json(bool with_keys) const {
  Json json = Json::array();
  for (const ShownDocument& document : list_) {
    Json entry = Json::object();
    entry.set("id", document.id);
    entry.set("url", document.url);
    entry.set("file_path", document.file_path);
    entry.set("value", document.value);
    entry.set("excerpt", document.excerpt);
    if (with_keys) entry.set("key", std::to_string(document.key));
    json.push_back(std::move(entry));
  }
  return json;
}

ShownDocuments ShownDocuments::from_json(const Json& json) {
  ShownDocuments documents;
  for (const Json& entry : json.items()) {
    documents.list_.push_back({.key = as_key(entry["key"]),
                               .id = entry["id"].as_string(),
                               .url = entry["url"].as_string(),
                               .file_path = entry["file_path"].as_string(),
                               .excerpt = entry["excerpt"].as_string(),
                               .value = entry["value"].as_double()});
  }
  return documents;
}

std::string excerpt_of(std::string_view text) {
  std::string excerpt;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedPoint point = decode_point(text.substr(at));
    const std::string_view bytes = text.substr(at, point.bytes);
    at += point.bytes;
    if (point.code_point <= ' ') {
      if (excerpt.empty() || excerpt.back() == ' ') continue;
      if (excerpt.size() + 1 > kExcerptBytes) break;
      excerpt.push_back(' ');
      continue;
    }
    if (excerpt.size() + bytes.size() > kExcerptBytes) break;
    excerpt.append(bytes);
  }
  if (!excerpt.empty() && excerpt.back() == ' ') excerpt.pop_back();
  return excerpt;
}

}  // namespace pith
