#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/json.h"
#include "pith/formats/documents.h"

// Documents that a report shows beside its counts. Which ones is settled by hashes, so that it is
// the same on every number of threads.
namespace pith {

inline constexpr std::size_t kShownDocuments = 3;  // of each list
inline constexpr std::size_t kExcerptBytes = 300;
inline constexpr double kEdge = 0.1;  // so near to a threshold, as a part of it, is "at its edge"

struct ShownDocument {
  std::uint64_t key = 0;  // hash of the id
  std::string id, url, file_path, excerpt;
  double value = 0;  // what a rule measured
};

// At most kShownDocuments of those that were offered.
class ShownDocuments {
 public:
  // A random sample: those of least key.
  void offer(const Document& document, std::uint64_t key, double value);
  // Those whose values are nearest to `bound`; within kEdge of it all are equally near and the
  // least key decides.
  void offer_near(double bound, const Document& document, std::uint64_t key, double value);

  // As if what `other` was offered had been offered here; both by the same of the two rules above.
  void add(const ShownDocuments& other);
  void add_near(double bound, const ShownDocuments& other);

  // A list of "id", "url", "file_path", "value", "excerpt"; with "key" to be read back.
  Json to_json(bool with_keys) const;
  static ShownDocuments from_json(const Json& json);

  const std::vector<ShownDocument>& list() const { return list_; }  // best first

 private:
  template <class Less>
  void insert(ShownDocument document, const Less& less);
  std::vector<ShownDocument> list_;
};

// The first kExcerptBytes of `text` or less, whole code points, white space runs as one space.
std::string excerpt_of(std::string_view text);

}  // namespace pith
