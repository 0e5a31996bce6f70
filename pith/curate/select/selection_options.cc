#include "pith/curate/select/selection_options.h"

#include <string_view>
#include <vector>

#include "pith/curate/select/selection_method.h"

namespace pith {
namespace {

constexpr std::string_view kBalances[] = {"none", "languages", "topics"};

}  // namespace

void selection_settings(SelectionOptions& options, SettingVisitor& v) {
  v.table("selection", "which documents are taken with --like and --keep-bytes");
  std::vector<std::string_view> names;
  for (const SelectionMethod& method : selection_methods()) names.push_back(method.name);
  v.choice("method", options.method, names, "how documents are compared with the examples");
  v.choice("balance", options.balance, kBalances, "what keeps the parts it has in the examples");
  v.number("noise", options.noise, 0, 100, "0: the best; 1: a sample by the odds");
  v.flag("fill", options.fill, "take what is unlike the examples when the rest is short");
}

}  // namespace pith
