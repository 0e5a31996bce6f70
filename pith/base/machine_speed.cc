#include "pith/base/machine_speed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pith/base/random.h"
#include "pith/base/threads.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kWords = 1 << 12;
constexpr double kPiecesPerSecond = 6500;  // of one core of the machine that is the measure

// Sorts words of a table that does not fit into the nearest cache.
std::uint64_t one_piece(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint64_t> words(kWords);
  for (std::uint64_t& word : words) word = random.next();
  std::sort(words.begin(), words.end());
  return words[kWords / 2];
}

}  // namespace

double machine_speed(int threads, double seconds) {
  const auto begin = Clock::now();
  const auto end =
      begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  ThreadPool pool(std::max(1, threads));
  std::atomic<std::uint64_t> pieces = 0, kept = 0;
  pool.parallel_for(static_cast<std::size_t>(pool.threads()), 1,
                    [&](std::size_t first, std::size_t, std::size_t) {
                      for (std::uint64_t i = 0; Clock::now() < end; ++i) {
                        kept += one_piece((first << 32) + i);
                        ++pieces;
                      }
                    });
  const double past = std::chrono::duration<double>(Clock::now() - begin).count();
  return static_cast<double>(pieces) / past / kPiecesPerSecond;
}

}  // namespace pith
