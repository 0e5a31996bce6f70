#include "pith/curate/dedup/shingle_comparison.h"

#include <algorithm>
#include <cmath>

#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

constexpr std::size_t kChunk = 16 * 1024;  // shingles read at a time

// The shingles of a document, chunk after chunk.
class ShingleReader {
 public:
  ShingleReader(const ShingleSource& source, const SketchedDocument& from,
                std::vector<std::uint32_t>& buffer)
      : source_(source), document_(from.document), left_(from.shingles), buffer_(buffer) {
    buffer_.clear();
  }

  // Makes at least one shingle be there; false when none is left.
  Result<bool> more() {
    if (at_ < buffer_.size()) return true;
    if (left_ == 0) return false;
    buffer_.resize(std::min<std::uint64_t>(kChunk, left_));
    PITH_TRY(source_.read(document_, read_, buffer_));
    read_ += buffer_.size(), left_ -= buffer_.size();
    at_ = 0;
    return true;
  }

  std::uint64_t left() const { return left_ + (buffer_.size() - at_); }

  // Counts what both chunks share, up to the end of either.
  friend std::uint64_t merge(ShingleReader& a, ShingleReader& b) {
    std::uint64_t common = 0;
    while (a.at_ < a.buffer_.size() && b.at_ < b.buffer_.size()) {
      const std::uint32_t x = a.buffer_[a.at_], y = b.buffer_[b.at_];
      common += x == y;
      a.at_ += x <= y;
      b.at_ += y <= x;
    }
    return common;
  }

 private:
  const ShingleSource& source_;
  const std::uint32_t document_;
  std::uint64_t read_ = 0, left_;
  std::vector<std::uint32_t>& buffer_;
  std::size_t at_ = 0;
};

double jaccard_of(std::uint64_t common, std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(common) / static_cast<double>(a + b - common);
}

}  // namespace

ShingleComparison::ShingleComparison(const ShingleSource& source, double least_similarity)
    : source_(source),
      least_similarity_(least_similarity),
      least_estimate_(least_similarity -
                      4 * std::sqrt(least_similarity * (1 - least_similarity) / kSketchSize)) {}

Status ShingleComparison::sketch(std::uint32_t document, SketchedDocument& out) const {
  out.document = document;
  out.shingles = source_.count(document);
  out.sketch.resize(std::min<std::uint64_t>(out.shingles, kSketchSize));
  return source_.read(document, 0, out.sketch);
}

Result<double> ShingleComparison::similarity(const SketchedDocument& a, const SketchedDocument& b) {
  const auto [less, more] = std::minmax(a.shingles, b.shingles);
  if (less == 0 || jaccard_of(less, less, more) < least_similarity_) return 0.0;
  const double estimate = sketch_similarity(a.sketch, b.sketch);
  if (more < kSketchSize) return estimate >= least_similarity_ ? estimate : 0.0;
  if (estimate < least_estimate_) return 0.0;
  // s >= t means common >= t / (1 + t) * (a + b); one less, lest rounding asks too much.
  const double needed =
      least_similarity_ / (1 + least_similarity_) * static_cast<double>(less + more) - 1;
  PITH_ASSIGN(const std::uint64_t common,
              common_shingles(a, b, static_cast<std::uint64_t>(std::max(0.0, needed))));
  const double similarity = jaccard_of(common, a.shingles, b.shingles);
  return similarity >= least_similarity_ ? similarity : 0.0;
}

Result<std::uint64_t> ShingleComparison::common_shingles(const SketchedDocument& a,
                                                         const SketchedDocument& b,
                                                         std::uint64_t needed) {
  ShingleReader x(source_, a, a_), y(source_, b, b_);
  std::uint64_t common = 0;
  for (;;) {
    PITH_ASSIGN(const bool more_x, x.more());
    PITH_ASSIGN(const bool more_y, y.more());
    if (!more_x || !more_y || common + std::min(x.left(), y.left()) < needed) return common;
    common += merge(x, y);
  }
}

}  // namespace pith
