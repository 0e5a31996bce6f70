#pragma once

#include <string>
#include <string_view>
#include <vector>

// Charts as inline SVG: no script, no network, colours from the page's style sheet.
namespace pith {

// One stage of a flow: what came in, what went on; the rest was dropped here.
struct FlowStage {
  std::string name;
  double in = 0;
  double out = 0;
  std::string dropped_label;  // "1,234 (12 %)"
};

// A Sankey diagram: one ribbon from the left to the right, thinned by a branch at every stage that
// dropped something. `in_label` and `out_label` name its ends. Empty without stages or input.
std::string flow_chart(const std::vector<FlowStage>& stages, std::string_view in_label,
                       std::string_view out_label);

struct Bar {
  std::string label;
  double whole = 0;  // drawn pale
  double part = 0;   // drawn full, over it
  std::string value_label;
};

// Horizontal bars, a row each, to the scale of the largest `whole`.
std::string bar_chart(const std::vector<Bar>& bars);

// Columns of a histogram over [0, 1].
std::string histogram(const std::vector<double>& counts, std::string_view x_label);

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // in order of x
  bool dots = false;                              // mark every point
};

// Lines over common axes with round ticks. Points that are not finite are left out.
std::string line_chart(const std::vector<Series>& series, std::string_view x_label,
                       std::string_view y_label);

}  // namespace pith
