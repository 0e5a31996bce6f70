#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"

// What lies in the output folder while curation works and after, and whom it belongs to.
//
//   OUT/curate.json, documents/, dropped/     the result; curate.json appears last
//   OUT/.curate/manifest.json                 whose work this is
//   OUT/.curate/shards/00000.{kept,dropped}.jsonl.zst, .signatures, .shingles, .segments, .json
//                                             stage 1, json last
//   OUT/.curate/fate, quality, ...            columns of the later stages
//   OUT/.curate/final/{documents,dropped}     moved to OUT when whole
namespace pith {

class WorkFolder {
 public:
  explicit WorkFolder(std::string out) : out_(std::move(out)) {}

  std::string work() const;
  std::string manifest() const;
  std::string shard(std::size_t index, const char* suffix) const;  // ".kept.jsonl.zst"
  std::string column(const char* name) const;
  std::string final_folder() const;
  std::string summary() const;  // OUT/curate.json
  std::string documents() const;
  std::string dropped() const;

 private:
  std::string out_;
};

// What the result depends on: {"options": {...}, "inputs": {"files", "bytes", "fingerprint"},
// "like" and "evaluation": the same, "seed"}. The fingerprint is a hash of paths, sizes and times
// of change. kInput when a path is missing or a folder is empty; `what` of the message is "input"
// or "--like".
Result<Json> curate_manifest(const CurateOptions& options, std::uint64_t seed);

// How the output folder stands to a manifest.
enum class OutState : std::uint8_t {
  kFresh,       // nothing there yet, or work of other options, which was removed with a warning
  kUnfinished,  // work of the same manifest
  kDone,        // the result of the same manifest
};

// kInput when the folder holds a result of another manifest (the message names what differs) or
// files that are not pith's.
Result<OutState> claim_output(const CurateOptions& options, const Json& manifest,
                              const Context& context);

}  // namespace pith
