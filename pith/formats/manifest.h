#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"

// What a result was made from: it answers "is this the same job?" and links a model back to its
// pages. See docs/formats/manifest.md.
namespace pith {

struct ManifestFile {
  std::string path;  // as given, or relative to the manifest's folder
  std::uint64_t bytes = 0;
  std::string hash;  // 32 hex digits of hash128
  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct Manifest {
  std::string program;  // "pith 0.1.0 train"
  Json options = Json::object();
  std::vector<ManifestFile> inputs, outputs;
};

// Size and hash of a file, read as a stream.
Result<ManifestFile> describe_file(const std::string& path);

// `name` (a path, say) opens error messages.
Json to_json(const Manifest& manifest);
Result<Manifest> parse_manifest(const Json& json, const std::string& name);

// Why `wanted` is another job than `done`: "option batch is 8, was 4", "input a.jsonl is another
// file". Empty when it is the same: program, options, and contents of inputs in order. Where the
// inputs lie does not matter.
std::string difference(const Manifest& wanted, const Manifest& done);

}  // namespace pith
