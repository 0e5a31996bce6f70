#include "pith/curate/privacy/pii.h"

#include <algorithm>

#include "pith/curate/privacy/pii_finders.h"

namespace pith {
namespace {

constexpr std::array<std::string_view, kPiiKinds> kNames = {"email", "phone", "id_number", "card",
                                                            "secret"};
constexpr std::array<std::string_view, kPiiKinds> kMasks = {"<EMAIL>", "<PHONE>", "<ID_NUMBER>",
                                                            "<CARD>", "<SECRET>"};

// What a byte may be the beginning of.
enum : unsigned char { kNothing = 0, kNumber = 1, kAt = 2, kSecretStart = 4, kWord = 8 };

constexpr bool is_word(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || byte == '+' || byte == '(') classes[byte] |= kNumber;
    if (byte == '@') classes[byte] |= kAt;
    if (begins_secret(byte)) classes[byte] |= kSecretStart;
  }
  return classes;
}

// Looks at one place after another and keeps what was found.
class Finder {
 public:
  Finder(std::string_view text, const PiiKinds& kinds, std::vector<PiiSpan>& spans)
      : text_(text), kinds_(kinds), spans_(spans) {}

  void find() {
    static const std::array<unsigned char, 256> kClasses = make_classes();
    for (std::size_t at = 0; at < text_.size();) {
      const unsigned char interest = kClasses[static_cast<unsigned char>(text_[at])];
      if (interest == kNothing) {
        ++at;
        continue;
      }
      at = std::max(at + 1, look(at, interest));
    }
  }

 private:
  // Where to go on.
  std::size_t look(std::size_t at, unsigned char interest) {
    PiiSpan span;
    if ((interest & kAt) != 0 && kinds_.has(PiiKind::kEmail) && find_email(text_, at, span)) {
      return keep(span);
    }
    const bool word_begins = at == 0 || !is_word(static_cast<unsigned char>(text_[at - 1]));
    if (!word_begins) return at + 1;
    if ((interest & kSecretStart) != 0 && kinds_.has(PiiKind::kSecret) &&
        find_secret(text_, at, span)) {
      return keep(span);
    }
    if ((interest & kNumber) == 0 || !read_number_run(text_, at, run_, digits_)) return at + 1;
    span = {run_.begin, run_.end, PiiKind::kPhone};
    if (is_id_number(run_)) {
      span.kind = PiiKind::kIdNumber;
      span.end += run_.ends_in_x ? 1 : 0;
    } else if (is_card(run_)) {
      span.kind = PiiKind::kCard;
    } else if (!is_phone(text_, run_)) {
      return run_.end;
    }
    return kinds_.has(span.kind) ? keep(span) : span.end;
  }

  std::size_t keep(const PiiSpan& span) {
    // An address may begin within the number or secret before it.
    while (!spans_.empty() && spans_.back().end > span.begin) spans_.pop_back();
    spans_.push_back(span);
    return span.end;
  }

  const std::string_view text_;
  const PiiKinds& kinds_;
  std::vector<PiiSpan>& spans_;
  NumberRun run_;
  std::string digits_;
};

}  // namespace

std::string_view pii_name(PiiKind kind) { return kNames[static_cast<std::size_t>(kind)]; }
std::string_view pii_mask(PiiKind kind) { return kMasks[static_cast<std::size_t>(kind)]; }

bool PiiKinds::any() const {
  return std::any_of(wanted.begin(), wanted.end(), [](bool want) { return want; });
}

void find_pii(std::string_view text, const PiiKinds& kinds, std::vector<PiiSpan>& spans) {
  spans.clear();
  if (kinds.any()) Finder(text, kinds, spans).find();
}

MaskedText mask_pii(std::string_view text, const PiiKinds& kinds, std::string& storage) {
  std::vector<PiiSpan> spans;
  find_pii(text, kinds, spans);
  if (spans.empty()) return {.text = text};
  MaskedText masked;
  storage.clear();
  std::size_t done = 0;
  for (const PiiSpan& span : spans) {
    storage += text.substr(done, span.begin - done);
    storage += pii_mask(span.kind);
    done = span.end;
    ++masked.counts[static_cast<std::size_t>(span.kind)];
  }
  storage += text.substr(done);
  masked.text = storage;
  return masked;
}

}  // namespace pith
