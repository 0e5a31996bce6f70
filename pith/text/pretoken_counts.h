#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

// How often each distinct pre-token occurs.
namespace pith {

// A hash table from bytes to counts, open addressing. One thread at a time.
//
// Lifetime: with add_view the caller keeps the bytes alive; with add_copy they are copied.
class PretokenCounts {
 public:
  struct Entry {
    const char* data = nullptr;  // nullptr: a free slot
    std::uint32_t size = 0;
    std::uint32_t hash = 0;
    std::uint64_t count = 0;
    std::string_view text() const { return {data, size}; }
  };

  void add_view(std::string_view word, std::uint64_t hash, std::uint64_t count) {
    slot(word, hash).count += count;
  }
  void add_copy(std::string_view word, std::uint64_t hash, std::uint64_t count);
  // Removes every entry counted at most `count` times; returns how many.
  std::size_t drop_up_to(std::uint64_t count);
  void clear();  // keeps the slots for the next use

  std::size_t size() const { return size_; }
  // Memory held, about, and how much of it for the bytes of words that were copied.
  std::uint64_t bytes() const { return slots_.size() * sizeof(Entry) + text_bytes_; }
  std::uint64_t text_bytes() const { return text_bytes_; }

  template <class OnEntry>
  void for_each(OnEntry&& on_entry) const {
    for (const Entry& entry : slots_) {
      if (entry.data != nullptr) on_entry(entry);
    }
  }

  static std::uint64_t hash_of(std::string_view word);

 private:
  Entry& slot(std::string_view word, std::uint64_t hash);
  void grow();
  const char* keep(std::string_view word);

  std::vector<Entry> slots_;
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t chunk_left_ = 0;
  char* chunk_next_ = nullptr;
  std::uint64_t text_bytes_ = 0;
};

}  // namespace pith
