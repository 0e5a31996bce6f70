#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/byte_stream.h"
#include "pith/base/context.h"
#include "pith/base/ordered_work.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/work_folder.h"

// One walk over the documents of the first stage's shards, on all threads, with results in order.
namespace pith {

// Some lines that follow each other in one file. Where blocks begin depends on the files alone, so
// that what is made of whole blocks is the same for any number of threads.
struct DocumentBlock {
  std::size_t file = 0;    // of the pass
  std::size_t first = 0;   // number of its first document among those of the pass that are numbered
  std::string lines;       // a document each, with their newlines
  std::string_view where;  // path of the file; lives as long as the pass
};

struct PassFile {
  std::string path;
  bool numbered = true;  // its documents count; those of other files have no number
};

// Reads blocks in order. One thread at a time.
class BlockReader {
 public:
  static constexpr std::size_t kBlockBytes = 1 << 20;  // a longer line is a block of its own

  // Reports progress as `stage` and ends with kInterrupted when the user stops it.
  static Result<BlockReader> open(std::vector<PassFile> files, std::string_view stage,
                                  const Context& context);

  Result<bool> next(DocumentBlock& block);

 private:
  BlockReader(std::vector<PassFile> files, std::string_view stage, const Context& context);

  std::vector<PassFile> files_;
  std::string_view stage_;
  const Context& context_;
  std::uint64_t total_ = 0, before_ = 0;  // compressed bytes: of all files, of those behind
  std::size_t next_file_ = 0, number_ = 0;
  std::unique_ptr<LineReader> lines_;
  std::string ahead_;  // a line that found no room in the block before it
};

// Files of the documents that the first stage kept: all of them numbered.
std::vector<PassFile> kept_files(const WorkFolder& folder, std::size_t shards);

// What may be under way in a pass, in bytes of lines.
std::uint64_t pass_bytes(const Context& context);

// The error with the name of the block's file, when it is one of kind kFormat.
Error at_file(const DocumentBlock& block, const Error& error);

// Calls on_line(number, line) -> Status for every line of the block, without the newline. A kFormat
// error of it gets the file's name.
template <class OnLine>
Status for_each_line(const DocumentBlock& block, const OnLine& on_line) {
  std::size_t number = block.first;
  for (std::size_t at = 0; at < block.lines.size(); ++number) {
    const std::size_t end = block.lines.find('\n', at);
    const Status done = on_line(number, std::string_view(block.lines).substr(at, end - at));
    if (!done) return at_file(block, done.error());
    at = end + 1;
  }
  return {};
}

// The pass: work(worker, block) -> Result<Out> on context.threads threads at once, and
// consume(out) -> Status in the order of the blocks, one at a time.
template <class Out, class Work, class Consume>
Status pass_documents(std::vector<PassFile> files, std::string_view stage, const Context& context,
                      const Work& work, const Consume& consume) {
  PITH_ASSIGN(BlockReader reader, BlockReader::open(std::move(files), stage, context));
  OrderedWork<DocumentBlock, Out> pass(context.threads < 1 ? 1 : context.threads,
                                       pass_bytes(context));
  return pass.run([&](DocumentBlock& block) { return reader.next(block); },
                  [](const DocumentBlock& block) { return std::uint64_t{block.lines.size()}; },
                  work, consume);
}

}  // namespace pith
