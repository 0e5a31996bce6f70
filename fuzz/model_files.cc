// Files of a model folder and of training: safetensors (s), config.json (c), an index of shards
// (x), counted n-grams (n: their order and the vocabulary, then a file of tensors), token files (t:
// the index, whose first byte says how long it is, then the ids).
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "pith/formats/model_folder.h"
#include "pith/formats/safetensors.h"
#include "pith/formats/tokens.h"
#include "pith/model/config.h"
#include "pith/model/parameters.h"
#include "pith/ngram/ngram_tensors.h"

namespace pith {
namespace {

void check_safetensors(fuzz::Input input) {
  const std::string_view bytes = input.rest();
  const auto file = SafetensorsFile::open(fuzz::scratch().write("file.safetensors", bytes));
  if (!file) {
    PITH_CHECK(file.error().kind == ErrorKind::kFormat, file.error().message);
    return;
  }
  std::size_t total = 0;
  unsigned sum = 0;
  for (const TensorView& tensor : file->tensors()) {
    total += tensor.bytes.size();
    for (const std::byte byte : tensor.bytes) sum += std::to_integer<unsigned>(byte);
    std::uint64_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= static_cast<std::uint64_t>(extent);
    if (count > bytes.size()) continue;
    std::vector<float> values(count);
    (void)file->read_floats(tensor.name, tensor.shape, values);
    PITH_CHECK(file->find(tensor.name) != nullptr, tensor.name);
  }
  PITH_CHECK(total <= bytes.size() && sum < UINT32_MAX, "tensors share bytes");
}

void check_config(fuzz::Input input) {
  const auto json = parse_json(input.rest(), "config.json");
  if (!json) return;
  const auto config = parse_model_config(*json, "config.json");
  if (!config) return;
  const Json written = to_json(*config);
  const auto again = parse_model_config(written, "written");
  PITH_CHECK(again.ok() && *again == *config, written.dump());
}

// A folder whose tensors lie in the files that the index names; one of them is there.
void check_index(fuzz::Input input) {
  static const fuzz::ScratchFolder folder;
  static const Status made = write_safetensors(folder.path() + "/a.safetensors", {});
  PITH_CHECK(made.ok(), "");
  folder.write("config.json", "{}");
  folder.write("model.safetensors.index.json", input.rest());
  const auto model = ModelFolder::open(folder.path());
  if (model) PITH_CHECK(model->find("weight") == nullptr, "");
}

// Tables that are taken for good can be looked up anywhere.
void check_ngrams(fuzz::Input input) {
  static const fuzz::ScratchFolder folder;
  const auto order = static_cast<int>(input.number(6)), vocab = static_cast<int>(input.number(64));
  folder.write("config.json", "{}");
  folder.write("model.safetensors", input.rest());
  const auto model = ModelFolder::open(folder.path());
  if (!model) return;
  const auto read = read_interpolation(*model, order, vocab, "fuzz");
  if (!read) {
    PITH_CHECK(read.error().kind == ErrorKind::kFormat, read.error().message);
    return;
  }
  std::vector<float> logits(static_cast<std::size_t>(vocab)), scratch(logits.size());
  for (int id = 0; id < vocab; ++id) {
    const std::vector<int> before = {0, vocab - 1, id, id};
    PITH_CHECK(read->model.probability(before, id) >= 0, "");
    interpolate(*read, before, logits, scratch);
  }
}

void check_tokens(fuzz::Input input) {
  std::size_t length = input.number(256);
  length = std::min(length, input.rest().size());
  const std::string_view index = input.rest().substr(0, length);
  const std::string_view ids = input.rest().substr(length);
  const std::string path = fuzz::scratch().write("tokens.idx", index);
  fuzz::scratch().write("tokens.bin", ids);
  const auto reader = TokenReader::open(path.substr(0, path.size() - 4));
  if (!reader) {
    PITH_CHECK(reader.error().kind == ErrorKind::kFormat, reader.error().message);
    return;
  }
  PITH_CHECK(reader->tokens() <= ids.size() && reader->documents() <= index.size(), "");
  std::vector<int> copied(reader->tokens());
  if (reader->copy(0, copied, 300)) {
    for (const int id : copied) PITH_CHECK(id >= 0 && id < 300, "");
  }
  PITH_CHECK(reader->document_begin(reader->documents()) == reader->tokens(), "");
  for (std::uint64_t i = 0; i < reader->documents(); ++i) {
    PITH_CHECK(reader->document_begin(i) <= reader->document_begin(i + 1), "");
  }
}

}  // namespace
}  // namespace pith

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pith;
  return fuzz::run_checks(data, size,
                          {{'s', check_safetensors},
                           {'c', check_config},
                           {'x', check_index},
                           {'n', check_ngrams},
                           {'\0', check_tokens}});
}
