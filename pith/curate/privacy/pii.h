#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What tells who someone is, or lets others act as them, in a text: found and masked. Written for
// few false finds: a number is taken for a telephone, an identity number or a card only by its
// shape and, where it has one, its check digit. Pure; any thread.
namespace pith {

enum class PiiKind : std::uint8_t { kEmail, kPhone, kIdNumber, kCard, kSecret };
inline constexpr std::size_t kPiiKinds = 5;

std::string_view pii_name(PiiKind kind);  // "email", "phone", "id_number", "card", "secret"
// What stands for it in masked text: "<EMAIL>", ... as in StarCoder's data (Li et al. 2023).
std::string_view pii_mask(PiiKind kind);

// Which kinds are wanted.
struct PiiKinds {
  std::array<bool, kPiiKinds> wanted = {true, true, true, true, true};
  bool has(PiiKind kind) const { return wanted[static_cast<std::size_t>(kind)]; }
  bool any() const;
};

struct PiiSpan {
  std::size_t begin = 0, end = 0;  // bytes of the text
  PiiKind kind = PiiKind::kEmail;
  friend bool operator==(const PiiSpan&, const PiiSpan&) = default;
};

// Every find of the kinds, ascending, none within another; `spans` is cleared first. Time linear in
// the text; ill-formed bytes belong to no find.
void find_pii(std::string_view text, const PiiKinds& kinds, std::vector<PiiSpan>& spans);

using PiiCounts = std::array<std::uint32_t, kPiiKinds>;

// `text` with every find masked, and how many of each kind there were. Views `text` when there was
// none, else `storage`.
struct MaskedText {
  std::string_view text;
  PiiCounts counts{};
};
MaskedText mask_pii(std::string_view text, const PiiKinds& kinds, std::string& storage);

}  // namespace pith
