#include "pith/train/text_hardness.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/train/heldout_sample.h"

namespace pith {
namespace {

constexpr std::uint64_t kForTrigrams = 1 << 20;  // tokens

// Bits per byte of the held-out sample under n-grams up to one length.
class HeldoutText {
 public:
  static Result<HeldoutText> read(const TokenReader& heldout, const Tokenizer& tokenizer,
                                  std::uint64_t most_tokens) {
    HeldoutText text;
    const std::int64_t vocab = tokenizer.vocab_size();
    PITH_ASSIGN(const HeldoutSample sample, HeldoutSample::create(heldout, vocab));
    for (const HeldoutPart& part : sample.parts(most_tokens)) {
      std::vector<int> ids(static_cast<std::size_t>(part.tokens));
      PITH_TRY(heldout.copy(heldout.document_begin(part.document), ids, vocab));
      for (const int id : ids) {
        if (!tokenizer.is_special(id)) {
          text.bytes_ += static_cast<double>(tokenizer.token_bytes(id).size());
        }
      }
      text.documents_.push_back(std::move(ids));
    }
    return text;
  }

  double bits_per_byte(const NgramModel& model) const {
    const auto longest = static_cast<std::size_t>(model.order() - 1);
    double bits = 0;
    for (const std::vector<int>& ids : documents_) {
      for (std::size_t i = 1; i < ids.size(); ++i) {
        const std::size_t known = std::min(i, longest);
        bits -= std::log2(model.probability(std::span(ids).subspan(i - known, known), ids[i]));
      }
    }
    return bytes_ > 0 ? bits / bytes_ : 0;
  }

 private:
  std::vector<std::vector<int>> documents_;
  double bytes_ = 0;
};

}  // namespace

HardnessMeter::HardnessMeter(TokenReader heldout, const TokensInfo& info,
                             const Tokenizer& tokenizer, NgramMixture trigrams,
                             const NgramModel* counted)
    : heldout_(std::move(heldout)),
      info_(info),
      tokenizer_(tokenizer),
      trigrams_(std::move(trigrams)),
      counted_(counted) {}

Result<HardnessMeter> HardnessMeter::create(const std::string& tokens, const TokensInfo& info,
                                            const Tokenizer& tokenizer, const NgramModel* counted) {
  PITH_ASSIGN(const TokenReader train, TokenReader::open(join_path(tokens, "train")));
  PITH_ASSIGN(TokenReader heldout, TokenReader::open(join_path(tokens, "heldout")));
  PITH_ASSIGN(NgramMixture trigrams,
              NgramMixture::create(train, tokenizer.vocab_size(), 3, kForTrigrams));
  return HardnessMeter(std::move(heldout), info, tokenizer, std::move(trigrams), counted);
}

Result<TextHardness> HardnessMeter::measure(std::uint64_t heldout_tokens) const {
  PITH_ASSIGN(const HeldoutText text, HeldoutText::read(heldout_, tokenizer_, heldout_tokens));
  TextHardness hardness{info_.unigram_bits_per_byte, 0, 0};
  hardness.trigram = text.bits_per_byte(trigrams_.interpolation().model);
  if (counted_ != nullptr) hardness.counted = text.bits_per_byte(*counted_);
  return hardness;
}

}  // namespace pith
