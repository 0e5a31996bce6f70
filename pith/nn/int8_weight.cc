#include "pith/nn/int8_weight.h"

#include <algorithm>

namespace pith {
namespace {

constexpr std::size_t kTaskPanels = 4;

std::size_t groups(std::size_t panels) { return (panels + kTaskPanels - 1) / kTaskPanels; }

}  // namespace

Int8Weight::Side::Side(std::size_t K, std::size_t N)
    : panels(int8_panels(N)),
      panel_size(int8_panel_size(K)),
      data(panels * panel_size),
      scales(panels * kInt8Panel),
      offsets(panels * kInt8Panel) {}

Int8Weight::Int8Weight(std::size_t out, std::size_t in)
    : out_(out), in_(in), forward_(in, out), backward_(out, in) {}

std::size_t Int8Weight::tasks() const { return groups(forward_.panels) + groups(backward_.panels); }

void Int8Weight::pack(std::size_t task, const float* value, bool with_backward) {
  const bool to_forward = task < groups(forward_.panels);
  if (!to_forward && !with_backward) return;
  const std::size_t first = (to_forward ? task : task - groups(forward_.panels)) * kTaskPanels;
  Side& side = to_forward ? forward_ : backward_;
  const auto pack_panel = to_forward ? to_int8_panel_transposed : to_int8_panel;
  for (std::size_t panel = first; panel < std::min(side.panels, first + kTaskPanels); ++panel) {
    pack_panel(value, in_, out_, in_, panel, side.data.data() + panel * side.panel_size,
               side.scales.data() + panel * kInt8Panel, side.offsets.data() + panel * kInt8Panel);
  }
}

}  // namespace pith
