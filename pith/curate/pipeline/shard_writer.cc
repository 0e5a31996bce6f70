#include "pith/curate/pipeline/shard_writer.h"

#include <utility>

namespace pith {

void compress_lines(ZstdCompressor& compressor, MadeBatch& batch) {
  for (std::string* lines : {&batch.kept_lines, &batch.dropped_lines}) {
    if (lines->empty()) continue;
    std::string compressed;
    compressor.add(*lines, compressed);
    compressor.end_frame(compressed);
    *lines = std::move(compressed);
  }
}

ShardWriter::ShardWriter(const WorkFolder& folder, std::size_t index, AtomicFile kept,
                         AtomicFile dropped, SignatureWriter signatures)
    : folder_(folder),
      index_(index),
      kept_(std::move(kept)),
      dropped_(std::move(dropped)),
      signatures_(std::move(signatures)) {}

Result<ShardWriter> ShardWriter::create(const WorkFolder& folder, std::size_t index) {
  PITH_ASSIGN(AtomicFile kept, AtomicFile::create(folder.shard(index, ".kept.jsonl.zst")));
  PITH_ASSIGN(AtomicFile dropped, AtomicFile::create(folder.shard(index, ".dropped.jsonl.zst")));
  PITH_ASSIGN(SignatureWriter signatures, SignatureWriter::create(folder.shard(index, "")));
  return ShardWriter(folder, index, std::move(kept), std::move(dropped), std::move(signatures));
}

Status ShardWriter::add(const MadeBatch& batch) {
  PITH_TRY(kept_.write(batch.kept_lines));
  PITH_TRY(dropped_.write(batch.dropped_lines));
  for (const DocumentSignature& signature : batch.signatures) {
    PITH_TRY(signatures_.add(signature));
  }
  statistics_.add(batch.statistics);
  return {};
}

Status ShardWriter::finish(const ShardEnd& end) {
  PITH_TRY(kept_.commit());
  PITH_TRY(dropped_.commit());
  PITH_TRY(signatures_.finish());
  statistics_.add(end.statistics);
  Json json = Json::object();
  json.set("cursor", end.cursor);
  json.set("last", end.last);
  json.set("seconds", end.seconds);
  json.set("statistics", statistics_to_json(statistics_));
  return write_file(folder_.shard(index_, ".json"), json.dump());
}

Result<std::optional<ShardEnd>> read_shard_end(const WorkFolder& folder, std::size_t index) {
  const std::string path = folder.shard(index, ".json");
  if (!file_exists(path)) return std::optional<ShardEnd>();
  PITH_ASSIGN(const std::string text, read_file(path));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  return std::optional<ShardEnd>({.cursor = json["cursor"],
                                  .last = json["last"].as_bool(),
                                  .seconds = json["seconds"].as_double(),
                                  .statistics = statistics_from_json(json["statistics"])});
}

}  // namespace pith
