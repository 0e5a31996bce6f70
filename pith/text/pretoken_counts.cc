#include "pith/text/pretoken_counts.h"

#include <algorithm>
#include <cstring>

namespace pith {
namespace {

constexpr std::size_t kChunkBytes = 1 << 16;

template <class Word>
Word load(const char* data) {
  Word value;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

// At most 8 bytes; different for different bytes of one size.
std::uint64_t load_short(const char* data, std::size_t size) {
  if (size >= 4) {
    return load<std::uint32_t>(data) |
           static_cast<std::uint64_t>(load<std::uint32_t>(data + size - 4)) << 32;
  }
  if (size == 0) return 0;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(data[i]));
  };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

// memcmp is a call, and most words are a few bytes long.
bool same_bytes(const char* a, const char* b, std::size_t size) {
  if (size <= 8) return load_short(a, size) == load_short(b, size);
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (load<std::uint64_t>(a + at) != load<std::uint64_t>(b + at)) return false;
  }
  return load<std::uint64_t>(a + size - 8) == load<std::uint64_t>(b + size - 8);
}

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t PretokenCounts::hash_of(std::string_view word) {
  std::uint64_t hash = word.size() + 0x9e3779b97f4a7c15ull;
  const char* at = word.data();
  std::size_t left = word.size();
  for (; left > 8; at += 8, left -= 8) {
    hash = fold(hash ^ load<std::uint64_t>(at), 0xd1b54a32d192ed03ull);
  }
  return fold(hash ^ load_short(at, left), 0xa0761d6478bd642full);
}

PretokenCounts::Entry& PretokenCounts::slot(std::string_view word, std::uint64_t hash) {
  if (slots_.size() < (size_ + 1) * 2) grow();
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t i = static_cast<std::size_t>(hash) & mask;; i = (i + 1) & mask) {
    Entry& entry = slots_[i];
    if (entry.data == nullptr) {
      entry = {word.data(), static_cast<std::uint32_t>(word.size()), tag, 0};
      ++size_;
      return entry;
    }
    if (entry.hash == tag && entry.size == word.size() &&
        same_bytes(entry.data, word.data(), word.size())) {
      return entry;
    }
  }
}

void PretokenCounts::add_copy(std::string_view word, std::uint64_t hash, std::uint64_t count) {
  Entry& entry = slot(word, hash);
  if (entry.count == 0) entry.data = keep(word);
  entry.count += count;
}

const char* PretokenCounts::keep(std::string_view word) {
  if (word.size() > chunk_left_) {
    const std::size_t bytes = std::max(kChunkBytes, word.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    chunk_next_ = chunks_.back().get();
    chunk_left_ = bytes;
    text_bytes_ += bytes;
  }
  char* const kept = chunk_next_;
  std::memcpy(kept, word.data(), word.size());
  chunk_next_ += word.size();
  chunk_left_ -= word.size();
  return kept;
}

void PretokenCounts::grow() {
  std::vector<Entry> old = std::move(slots_);
  slots_.assign(std::max<std::size_t>(256, old.size() * 2), Entry{});
  const std::size_t mask = slots_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.data == nullptr) continue;
    std::size_t i = static_cast<std::size_t>(hash_of(entry.text())) & mask;
    while (slots_[i].data != nullptr) i = (i + 1) & mask;
    slots_[i] = entry;
  }
}

std::size_t PretokenCounts::drop_up_to(std::uint64_t count) {
  PretokenCounts kept;
  for_each([&](const Entry& entry) {
    if (entry.count > count) kept.add_copy(entry.text(), hash_of(entry.text()), entry.count);
  });
  const std::size_t dropped = size_ - kept.size_;
  *this = std::move(kept);
  return dropped;
}

void PretokenCounts::clear() {
  std::ranges::fill(slots_, Entry{});
  size_ = 0;
  chunks_.clear();
  chunk_left_ = 0;
  text_bytes_ = 0;
}

}  // namespace pith
