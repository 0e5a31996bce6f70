#include "pith/curate/pipeline/document_pass.h"

#include <algorithm>

#include "pith/base/files.h"
#include "pith/curate/pipeline/memory_shares.h"

namespace pith {
namespace {

constexpr std::uint64_t kMaxLineBytes = 1ull << 30;

}  // namespace

BlockReader::BlockReader(std::vector<PassFile> files, std::string_view stage,
                         const Context& context)
    : files_(std::move(files)), stage_(stage), context_(context) {}

Result<BlockReader> BlockReader::open(std::vector<PassFile> files, std::string_view stage,
                                      const Context& context) {
  BlockReader reader(std::move(files), stage, context);
  for (const PassFile& file : reader.files_) {
    PITH_ASSIGN(const std::uint64_t bytes, file_size(file.path));
    reader.total_ += bytes;
  }
  return reader;
}

Result<bool> BlockReader::next(DocumentBlock& block) {
  if (context_.stopped()) {
    return Error{ErrorKind::kInterrupted, "[curate] stopped; the same command goes on from there"};
  }
  block.first = number_;
  block.lines.clear();
  std::size_t documents = 0;
  while (block.lines.empty()) {
    if (lines_ == nullptr) {
      if (next_file_ == files_.size()) break;
      PITH_ASSIGN(auto source, open_decompressed(files_[next_file_].path));
      lines_ = std::make_unique<LineReader>(std::move(source), kMaxLineBytes);
      ++next_file_;
    }
    block.file = next_file_ - 1;
    block.where = files_[block.file].path;
    if (!ahead_.empty()) block.lines = std::exchange(ahead_, {}), documents = 1;
    while (block.lines.size() < kBlockBytes) {
      std::string_view line;
      PITH_ASSIGN(const bool more, lines_->next(line));
      if (lines_->lines_too_long() > 0) {
        return format_error("[curate] " + files_[block.file].path +
                            " has a line of more than 1 GiB");
      }
      if (!more) {
        before_ += lines_->file_offset();
        lines_.reset();
        break;
      }
      if (!block.lines.empty() && block.lines.size() + line.size() >= kBlockBytes) {
        ahead_.assign(line).push_back('\n');
        break;
      }
      block.lines.append(line).push_back('\n');
      ++documents;
    }
  }
  if (next_file_ > 0 && files_[next_file_ - 1].numbered) number_ += documents;
  const std::uint64_t done = before_ + (lines_ == nullptr ? 0 : lines_->file_offset());
  context_.progress({.stage = stage_,
                     .done = block.lines.empty() ? total_ : done,
                     .total = total_,
                     .unit = "B",
                     .note = {}});
  return !block.lines.empty();
}

std::vector<PassFile> kept_files(const WorkFolder& folder, std::size_t shards) {
  std::vector<PassFile> files;
  for (std::size_t i = 0; i < shards; ++i) files.push_back({folder.shard(i, ".kept.jsonl.zst")});
  return files;
}

Error at_file(const DocumentBlock& block, const Error& error) {
  if (error.kind != ErrorKind::kFormat) return error;
  return format_error("[curate] " + std::string(block.where) + ": a line " + error.message +
                      "; remove the work folder");
}

std::uint64_t pass_bytes(const Context& context) {
  return memory_shares(context.memory_bytes).raw_bytes;
}

}  // namespace pith
