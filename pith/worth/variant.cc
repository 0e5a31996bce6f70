#include "pith/worth/variant.h"

#include <utility>

#include "pith/base/files.h"
#include "pith/formats/document_texts.h"
#include "pith/train/prepare_tokens.h"
#include "pith/worth/stages.h"
#include "pith/worth/target_sample.h"

namespace pith {
namespace {

Result<WorthVariant> make(const std::string& name, const CurateOptions& options,
                          const std::string& tokenizer, const Context& context) {
  PITH_ASSIGN(const CurateResult curated, curate(options, context));
  PrepareOptions prepare;
  prepare.documents = join_path(options.out, "documents");
  prepare.out = join_path(options.out, "tokens");
  prepare.tokenizer = tokenizer;
  PITH_ASSIGN(const TokensInfo tokens, prepare_tokens(prepare, context));
  WorthVariant variant;
  variant.name = name;
  variant.documents = curated.documents_kept;
  variant.bytes = curated.bytes_kept;
  variant.corpus_tokens = tokens.tokens;
  variant.vocab = tokens.vocab;
  variant.tokens = prepare.out;
  return variant;
}

}  // namespace

std::string way_of(const std::string& name) {
  return name.empty() ? "with every stage" : "without " + name;
}

Result<WorthVariant> make_variant(const std::string& name, CurateOptions options,
                                  const std::string& tokenizer, const std::string& folder,
                                  const Context& context) {
  options = without_stages(options, {});  // a configuration of its own
  options.config->topics_enabled = false;
  options.config->summaries_enabled = false;
  options.out = folder;
  auto variant = make(name, options, tokenizer, context);
  if (variant) return variant;
  Error error = variant.error();
  if (error.kind != ErrorKind::kInterrupted) error.message += " (curated " + way_of(name) + ")";
  return error;
}

Result<std::uint64_t> count_texts(const std::string& folder,
                                  const std::unordered_set<std::uint64_t>& keys,
                                  const Context& context) {
  std::uint64_t count = 0;
  PITH_TRY(for_each_text({.path = join_path(folder, "documents")}, "target", context,
                         [&](std::string_view text) -> Status {
                           count += keys.contains(text_key(text)) ? 1 : 0;
                           return {};
                         }));
  return count;
}

}  // namespace pith
