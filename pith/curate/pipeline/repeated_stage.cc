#include "pith/curate/pipeline/repeated_stage.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "pith/base/external_sort.h"
#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/pipeline/memory_shares.h"

namespace pith {
namespace {

// Where a key stands: in which document, as which of its keys.
struct KeyPlace {
  std::uint64_t key;
  std::uint32_t document, index;
  friend auto operator<=>(const KeyPlace&, const KeyPlace&) = default;
};

// A key of a document that an earlier one has too, and how many have it.
struct Repeat {
  std::uint32_t document, index, documents;
  friend auto operator<=>(const Repeat&, const Repeat&) = default;
};

// More repeats of one key are passed on before all are counted: of so many documents it is known
// well enough how common it is.
constexpr std::size_t kMostPending = 1 << 16;

constexpr const char* kStage = "repeated text";

Status stopped() {
  return Error{ErrorKind::kInterrupted, "[curate] stopped while repeated text was sought"};
}

// The repeats of a key that comes once after another, ascending.
class RepeatCounter {
 public:
  explicit RepeatCounter(ExternalSorter<Repeat>& out) : out_(out) {}

  Status add(const KeyPlace& place) {
    if (documents_ == 0 || place.key != last_.key) {
      PITH_TRY(flush());
      documents_ = 1, first_ = place.document;
    } else if (place.document != last_.document) {
      ++documents_;
    }
    last_ = place;
    if (place.document == first_) return {};
    pending_.push_back(place);
    return pending_.size() < kMostPending ? Status() : flush();
  }
  Status flush() {
    for (const KeyPlace& place : pending_) {
      PITH_TRY(out_.add({place.document, place.index, documents_}));
    }
    pending_.clear();
    return {};
  }

 private:
  ExternalSorter<Repeat>& out_;
  KeyPlace last_{};
  std::uint32_t documents_ = 0, first_ = 0;  // that have the last key; the first of them
  std::vector<KeyPlace> pending_;
};

Status add_keys(const SignatureFiles& files, const std::vector<std::uint8_t>& taking_part,
                const Context& context, ExternalSorter<KeyPlace>& keys) {
  std::vector<SegmentKey> segments;
  for (std::uint32_t i = 0; i < taking_part.size(); ++i) {
    if (i % 4096 == 0) {
      if (context.stopped()) return stopped();
      context.progress({kStage, i, 2 * taking_part.size(), "documents", ""});
    }
    if (taking_part[i] == 0) continue;
    PITH_TRY(files.segments(i, segments));
    for (std::uint32_t index = 0; index < segments.size(); ++index) {
      if (segments[index].key != 0) PITH_TRY(keys.add({segments[index].key, i, index}));
    }
  }
  return keys.finish();
}

// Makes cuts of the repeats, document after document.
Status find_cuts(const SignatureFiles& files, const RepeatedTextOptions& options,
                 const Context& context, ExternalSorter<Repeat>& repeats, RepeatedText& result) {
  std::vector<SegmentKey> segments;
  std::vector<std::uint32_t> documents;
  std::vector<ByteRange> cuts;
  Repeat repeat{};
  PITH_ASSIGN(bool more, repeats.next(repeat));
  for (std::uint64_t turn = 0; more; ++turn) {
    const std::uint32_t document = repeat.document;
    if (turn % 4096 == 0) {
      if (context.stopped()) return stopped();
      context.progress(
          {kStage, files.documents() + document, 2 * files.documents(), "documents", ""});
    }
    PITH_TRY(files.segments(document, segments));
    documents.assign(segments.size(), 0);
    while (more && repeat.document == document) {
      documents[repeat.index] = repeat.documents;
      PITH_ASSIGN(more, repeats.next(repeat));
    }
    result.counts += find_repeated(segments, documents, options, cuts);
    if (cuts.empty()) continue;
    result.documents.push_back(document);
    result.cuts.insert(result.cuts.end(), cuts.begin(), cuts.end());
    result.ends.push_back(result.cuts.size());
  }
  return {};
}

Json to_json(const RepeatedText& r) {
  Json json = Json::object();
  json.set("documents", std::uint64_t{r.documents.size()});
  json.set("cuts", std::uint64_t{r.cuts.size()});
  json.set("passages", r.counts.passages);
  json.set("passage_bytes", r.counts.passage_bytes);
  json.set("paragraphs", r.counts.paragraphs);
  json.set("paragraph_bytes", r.counts.paragraph_bytes);
  json.set("lines", r.counts.lines);
  json.set("line_bytes", r.counts.line_bytes);
  json.set("seconds", r.seconds);
  return json;
}

Status save(const WorkFolder& folder, const RepeatedText& r) {
  PITH_TRY(write_column(folder.column("repeated_documents"), r.documents.data(),
                        r.documents.size() * 4));
  PITH_TRY(write_column(folder.column("repeated_ends"), r.ends.data(), r.ends.size() * 8));
  PITH_TRY(write_column(folder.column("repeated_cuts"), r.cuts.data(),
                        r.cuts.size() * sizeof(ByteRange)));
  return write_file(folder.column("repeated.json"), to_json(r).dump());  // last: marks all
}

Result<RepeatedText> load(const WorkFolder& folder) {
  const std::string path = folder.column("repeated.json");
  PITH_ASSIGN(const std::string text, read_file(path));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  const auto count = [&](const char* name) {
    return static_cast<std::uint64_t>(json[name].as_int());
  };
  RepeatedText r;
  r.documents.resize(count("documents")), r.ends.resize(r.documents.size());
  r.cuts.resize(count("cuts"));
  PITH_TRY(
      read_column(folder.column("repeated_documents"), r.documents.data(), r.documents.size() * 4));
  PITH_TRY(read_column(folder.column("repeated_ends"), r.ends.data(), r.ends.size() * 8));
  PITH_TRY(read_column(folder.column("repeated_cuts"), r.cuts.data(),
                       r.cuts.size() * sizeof(ByteRange)));
  r.counts.passages = count("passages"), r.counts.passage_bytes = count("passage_bytes");
  r.counts.paragraphs = count("paragraphs"), r.counts.paragraph_bytes = count("paragraph_bytes");
  r.counts.lines = count("lines"), r.counts.line_bytes = count("line_bytes");
  r.seconds = json["seconds"].as_double();
  return r;
}

}  // namespace

std::span<const ByteRange> RepeatedText::cuts_of(std::size_t document) const {
  const auto place = std::ranges::lower_bound(documents, document);
  if (place == documents.end() || *place != document) return {};
  const auto i = static_cast<std::size_t>(place - documents.begin());
  const std::uint64_t begin = i == 0 ? 0 : ends[i - 1];
  return std::span(cuts).subspan(begin, ends[i] - begin);
}

Result<RepeatedText> find_repeated_text(const SignatureFiles& files,
                                        const std::vector<std::uint8_t>& taking_part,
                                        const RepeatedTextOptions& options,
                                        const WorkFolder& folder, const Context& context) {
  RepeatedText result;
  if (!options.enabled) return result;
  if (file_exists(folder.column("repeated.json"))) return load(folder);
  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t share = memory_shares(context.memory_bytes).sort_bytes;
  ExternalSorter<Repeat> repeats(folder.column("repeats.sort"), share / 2);
  {
    ExternalSorter<KeyPlace> keys(folder.column("keys.sort"), share / 2);
    PITH_TRY(add_keys(files, taking_part, context, keys));
    RepeatCounter counter(repeats);
    KeyPlace place{};
    for (std::uint64_t turn = 0;; ++turn) {
      if (turn % (1 << 20) == 0 && context.stopped()) return stopped().error();
      PITH_ASSIGN(const bool more, keys.next(place));
      if (!more) break;
      PITH_TRY(counter.add(place));
    }
    PITH_TRY(counter.flush());
  }
  PITH_TRY(repeats.finish());
  PITH_TRY(find_cuts(files, options, context, repeats, result));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  PITH_TRY(save(folder, result));
  return result;
}

}  // namespace pith
