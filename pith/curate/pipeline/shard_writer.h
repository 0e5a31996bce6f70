#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pith/base/byte_stream.h"
#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/work_folder.h"

namespace pith {

// What the last file of a shard says; once it is there the shard is whole.
struct ShardEnd {
  Json cursor;         // where the reader goes on
  bool last = false;   // the input ends here
  double seconds = 0;  // of work on it
  CurateStatistics statistics;
};

// Compresses the lines of a batch, a worker's job: each becomes a zstd frame, or stays empty.
void compress_lines(ZstdCompressor& compressor, MadeBatch& batch);

// One shard of stage 1, of batches whose lines are compressed. Destroyed before finish(), it leaves
// nothing that counts.
class ShardWriter {
 public:
  static Result<ShardWriter> create(const WorkFolder& folder, std::size_t index);

  Status add(const MadeBatch& batch);
  Status finish(const ShardEnd& end);

 private:
  ShardWriter(const WorkFolder& folder, std::size_t index, AtomicFile kept, AtomicFile dropped,
              SignatureWriter signatures);

  WorkFolder folder_;
  std::size_t index_;
  AtomicFile kept_, dropped_;
  SignatureWriter signatures_;
  CurateStatistics statistics_;
};

// The end of shard `index`, or nothing when it is not whole.
Result<std::optional<ShardEnd>> read_shard_end(const WorkFolder& folder, std::size_t index);

}  // namespace pith
