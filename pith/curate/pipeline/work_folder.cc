#include "pith/curate/pipeline/work_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr int kFormatVersion = 2;  // of the work folder and of the algorithms behind the result

std::string five_digits(std::size_t index) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

Result<Json> describe_files(const std::vector<std::string>& paths, std::string_view what) {
  Hasher128 hasher;
  std::uint64_t count = 0, bytes = 0;
  for (const std::string& path : paths) {
    if (!file_exists(path)) {
      return input_error("[curate] " + std::string(what) + " path does not exist: " + path);
    }
    if (::access(path.c_str(), is_folder(path) ? R_OK | X_OK : R_OK) != 0) {
      return io_error("[curate] no permission to read the " + std::string(what) + " path: " + path);
    }
    if (const Status file = check_file_or_folder(path); !file) {
      return input_error("[curate] " + std::string(what) + " " + file.error().message);
    }
    std::vector<std::string> files = {path};
    if (is_folder(path)) {
      PITH_ASSIGN(files, list_files(path));
      if (files.empty()) {
        return input_error("[curate] " + std::string(what) + " folder is empty: " + path);
      }
    }
    for (const std::string& file : files) {
      struct stat status {};
      if (::stat(file.c_str(), &status) != 0) {
        return io_error("[curate] " + file + ": " + std::strerror(errno));
      }
      const auto size = static_cast<std::uint64_t>(status.st_size);
      hasher.add(file);
      hasher.add("\n" + std::to_string(size) + "\n" + std::to_string(status.st_mtim.tv_sec) + "." +
                 std::to_string(status.st_mtim.tv_nsec) + "\n");
      ++count, bytes += size;
    }
  }
  Json json = Json::object();
  json.set("files", count);
  json.set("bytes", bytes);
  json.set("fingerprint", hex(hasher.finish()));
  return json;
}

Json strings(const std::vector<std::string>& values) {
  Json json = Json::array();
  for (const std::string& value : values) json.push_back(value);
  return json;
}

// What differs, for the message: "options.keep_bytes, inputs".
std::string differences(const Json& a, const Json& b) {
  std::string names;
  const auto compare = [&](const Json& x, const Json& y, const std::string& prefix) {
    for (const auto& [key, value] : x.members()) {
      if (value.dump() == y[key].dump()) continue;
      names += (names.empty() ? "" : ", ") + prefix + key;
    }
  };
  compare(a["options"], b["options"], "options.");
  for (const char* part : {"inputs", "like", "classes", "evaluation", "seed", "version"}) {
    if (a[part].dump() != b[part].dump()) names += (names.empty() ? "" : ", ") + std::string(part);
  }
  return names;
}

Result<Json> read_json(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path));
  return parse_json(text, path);
}

}  // namespace

std::string WorkFolder::work() const { return join_path(out_, ".curate"); }
std::string WorkFolder::manifest() const { return join_path(work(), "manifest.json"); }
std::string WorkFolder::shard(std::size_t index, const char* suffix) const {
  return join_path(join_path(work(), "shards"), five_digits(index) + suffix);
}
std::string WorkFolder::column(const char* name) const { return join_path(work(), name); }
std::string WorkFolder::final_folder() const { return join_path(work(), "final"); }
std::string WorkFolder::summary() const { return join_path(out_, "curate.json"); }
std::string WorkFolder::documents() const { return join_path(out_, "documents"); }
std::string WorkFolder::dropped() const { return join_path(out_, "dropped"); }

Result<Json> curate_manifest(const CurateOptions& options, std::uint64_t seed) {
  if (options.inputs.empty()) return input_error("[curate] no input was given");
  if (options.out.empty()) return input_error("[curate] no output folder was given; add -o DIR");
  Json settings = Json::object();
  settings.set("inputs", strings(options.inputs));
  settings.set("like", strings(options.like));
  Json classes = Json::array();
  std::vector<std::string> class_paths;
  for (const ClassFolder& folder : options.classes) {
    classes.push_back(folder.name + "=" + folder.path);
    class_paths.push_back(folder.path);
  }
  settings.set("classes", std::move(classes));
  settings.set("read_bytes", options.read_bytes);
  settings.set("keep_bytes", options.keep_bytes);
  settings.set("text_field", options.text_field);
  settings.set("format", options.format == DocumentFormat::kParquet ? "parquet" : "jsonl");
  settings.set("languages", strings(options.languages));
  settings.set("markup", options.markup);
  settings.set("filters", options.filters);
  settings.set("config", to_json(*options.config));
  settings.set("max_record_bytes", options.max_record_bytes);
  settings.set("max_page_nodes", options.max_page_nodes);
  settings.set("max_parquet_page_bytes", options.max_parquet_page_bytes);
  settings.set("shard_raw_bytes", options.shard_raw_bytes);
  Json manifest = Json::object();
  manifest.set("version", kFormatVersion);
  manifest.set("options", std::move(settings));
  PITH_ASSIGN(Json inputs, describe_files(options.inputs, "input"));
  manifest.set("inputs", std::move(inputs));
  PITH_ASSIGN(Json like, describe_files(options.like, "--like"));
  manifest.set("like", std::move(like));
  PITH_ASSIGN(Json class_files, describe_files(class_paths, "--class"));
  manifest.set("classes", std::move(class_files));
  PITH_ASSIGN(Json evaluation, describe_files(options.evaluation, "--evaluation"));
  manifest.set("evaluation", std::move(evaluation));
  manifest.set("seed", seed);
  return manifest;
}

Result<OutState> claim_output(const CurateOptions& options, const Json& manifest,
                              const Context& context) {
  const WorkFolder folder(options.out);
  if (file_exists(options.out) && !is_folder(options.out)) {
    return input_error("[curate] output is a file, not a folder: " + options.out);
  }
  if (file_exists(folder.summary())) {
    PITH_ASSIGN(const Json summary, read_json(folder.summary()));
    if (summary["manifest"].dump() == manifest.dump()) return OutState::kDone;
    return input_error("[curate] " + options.out + " holds the result of another curation (" +
                       differences(manifest, summary["manifest"]) +
                       " differ); remove it or give another -o");
  }
  if (file_exists(folder.manifest())) {
    PITH_ASSIGN(const Json before, read_json(folder.manifest()));
    if (before.dump() == manifest.dump()) return OutState::kUnfinished;
    context.warn("[curate] " + options.out + " holds unfinished work of another curation (" +
                 differences(manifest, before) + " differ); starting anew");
  } else if (is_folder(options.out)) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(options.out, error)) {
      if (entry.path().filename() == ".curate") continue;  // killed before its manifest was there
      if (entry.path().filename() == "reading.json") continue;  // of pith run, which begins with it
      return input_error("[curate] " + options.out + " holds files that pith did not write: " +
                         entry.path().filename().string() + "; give an empty or new folder to -o");
    }
    if (error) return io_error("[curate] " + options.out + ": " + error.message());
  }
  PITH_TRY(remove_tree(folder.work()));
  PITH_TRY(make_folders(join_path(folder.work(), "shards")));
  PITH_TRY(write_file(folder.manifest(), manifest.dump(true)));
  return OutState::kFresh;
}

}  // namespace pith
