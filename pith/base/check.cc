#include "pith/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pith {

void check_failed(std::string_view belief, std::string_view file, int line,
                  std::string_view detail) {
  std::fprintf(stderr, "pith: internal error at %.*s:%d: expected %.*s. %.*s\n",
               static_cast<int>(file.size()), file.data(), line, static_cast<int>(belief.size()),
               belief.data(), static_cast<int>(detail.size()), detail.data());
  std::abort();
}

}  // namespace pith
