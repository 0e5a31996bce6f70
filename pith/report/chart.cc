#include "pith/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "pith/report/html.h"

namespace pith {
namespace {

// The round number (1, 2 or 5 times a power of ten) that gives about `ticks` steps over `range`.
double round_step(double range, int ticks) {
  const double raw = range / ticks;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  const double lead = raw / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

std::string tick_label(double value) {
  if (value == 0) return "0";
  if (std::abs(value) >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (std::abs(value) >= 1e4) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", value);
}

// A ribbon between two vertical edges.
std::string ribbon(double x0, double top0, double bottom0, double x1, double top1, double bottom1,
                   std::string_view css) {
  const double middle = (x0 + x1) / 2;
  return fmt::format(
      "<path class=\"{}\" d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}L{:.1f} "
      "{:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}Z\"/>",
      css, x0, top0, middle, top0, middle, top1, x1, top1, x1, bottom1, middle, bottom1, middle,
      bottom0, x0, bottom0);
}

std::string label(double x, double y, std::string_view anchor, std::string_view css,
                  std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>", x,
                     y, anchor, css, escape_html(text));
}

}  // namespace

std::string flow_chart(const std::vector<FlowStage>& stages, std::string_view in_label,
                       std::string_view out_label) {
  if (stages.empty() || stages[0].in <= 0) return "";
  constexpr double kWidth = 1080, kLeft = 10, kRight = 120, kTop = 46, kBand = 150, kGap = 26;
  const double total = stages[0].in;
  const double scale = kBand / total;
  double largest_drop = 0;
  for (const FlowStage& stage : stages) largest_drop = std::max(largest_drop, stage.in - stage.out);
  const double base = kTop + kBand + kGap;
  const double height = base + largest_drop * scale + 44;
  const double step = (kWidth - kLeft - kRight) / static_cast<double>(stages.size());

  std::string svg = fmt::format(
      "<svg class=\"chart\" viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"{} to {}\">",
      kWidth, height, escape_html(in_label), escape_html(out_label));
  svg += label(kLeft, 16, "start", "strong", in_label);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const FlowStage& stage = stages[i];
    const double x = kLeft + step * static_cast<double>(i);
    const double in = stage.in * scale, out = stage.out * scale, dropped = in - out;
    svg += fmt::format(
        "<rect class=\"kept\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{:.2f}\"/>", x, kTop,
        step, std::max(out, 0.6));
    if (dropped > 0) {
      const double end = x + step * 0.55;
      svg += ribbon(x, kTop + out, kTop + in, end, base, base + dropped, "dropped");
      svg += label(x + 4, base + dropped + 16, "start", "small", stage.dropped_label);
    }
    svg += fmt::format(
        "<line class=\"rule\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>", x,
        kTop - 6, kTop + in);
    svg += label(x + 4, kTop - 10, "start", "small", stage.name);
  }
  const double kept = std::max(stages.back().out * scale, 0.6);
  svg +=
      label(kWidth - kRight + 8, kTop + std::max(kept / 2, 6.0) + 4, "start", "strong", out_label);
  return svg + "</svg>";
}

std::string bar_chart(const std::vector<Bar>& bars) {
  double largest = 0;
  for (const Bar& bar : bars) largest = std::max(largest, bar.whole);
  if (largest <= 0) return "";
  constexpr double kRow = 24, kName = 120, kScale = 560;
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 1080 {:.0f}\" role=\"img\">",
                                kRow * static_cast<double>(bars.size()) + 4);
  double y = 2;
  for (const Bar& bar : bars) {
    svg += label(kName - 8, y + 15, "end", "", bar.label);
    svg += fmt::format(
        "<rect class=\"pale\" x=\"{0}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"16\" rx=\"2\"/>"
        "<rect class=\"kept\" x=\"{0}\" y=\"{1:.1f}\" width=\"{3:.1f}\" height=\"16\" rx=\"2\"/>",
        kName, y + 2, std::max(bar.whole / largest * kScale, 1.0), bar.part / largest * kScale);
    svg +=
        label(kName + bar.whole / largest * kScale + 8, y + 15, "start", "small", bar.value_label);
    y += kRow;
  }
  return svg + "</svg>";
}

std::string histogram(const std::vector<double>& counts, std::string_view x_label) {
  const double largest = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  if (largest <= 0) return "";
  constexpr double kWidth = 520, kHeight = 120;
  const double step = kWidth / static_cast<double>(counts.size());
  std::string svg = "<svg class=\"chart half\" viewBox=\"0 0 540 160\" role=\"img\">";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double height = counts[i] / largest * kHeight;
    svg += fmt::format(
        "<rect class=\"kept\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
        10 + step * static_cast<double>(i), 4 + kHeight - height, step - 2, height);
  }
  svg +=
      fmt::format("<line class=\"axis\" x1=\"10\" y1=\"{0}\" x2=\"530\" y2=\"{0}\"/>", kHeight + 4);
  svg += label(10, kHeight + 20, "start", "small", "0");
  svg += label(530, kHeight + 20, "end", "small", "1");
  svg += label(270, kHeight + 34, "middle", "small", x_label);
  return svg + "</svg>";
}

std::string line_chart(const std::vector<Series>& series, std::string_view x_label,
                       std::string_view y_label) {
  double x_min = std::numeric_limits<double>::infinity(), x_max = -x_min;
  double y_min = x_min, y_max = x_max;
  for (const Series& line : series) {
    for (const auto& [x, y] : line.points) {
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      x_min = std::min(x_min, x), x_max = std::max(x_max, x);
      y_min = std::min(y_min, y), y_max = std::max(y_max, y);
    }
  }
  if (!(x_max >= x_min)) return "";
  x_min = std::min(x_min, 0.0);
  if (x_max == x_min) x_max = x_min + 1;
  const double y_step = round_step(std::max(y_max - y_min, 1e-3), 5);
  y_min = std::floor(y_min / y_step) * y_step;
  y_max = std::max(std::ceil(y_max / y_step) * y_step, y_min + y_step);

  constexpr double kLeft = 60, kRight = 1060, kTop = 16, kBottom = 290;
  const auto at_x = [&](double x) {
    return kLeft + (x - x_min) / (x_max - x_min) * (kRight - kLeft);
  };
  const auto at_y = [&](double y) {
    return kBottom - (y - y_min) / (y_max - y_min) * (kBottom - kTop);
  };

  std::string svg = "<svg class=\"chart\" viewBox=\"0 0 1080 340\" role=\"img\">";
  for (double y = y_min; y <= y_max + y_step / 2; y += y_step) {
    svg += fmt::format("<line class=\"grid\" x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\"/>",
                       kLeft, at_y(y), kRight, at_y(y));
    svg += label(kLeft - 8, at_y(y) + 4, "end", "small", tick_label(std::round(y * 1e6) / 1e6));
  }
  const double x_step = round_step(x_max - x_min, 8);
  for (double x = std::ceil(x_min / x_step) * x_step; x <= x_max + x_step * 1e-6; x += x_step) {
    svg += label(at_x(x), kBottom + 18, "middle", "small", tick_label(x));
  }
  svg += label((kLeft + kRight) / 2, kBottom + 38, "middle", "small", x_label);
  svg += label(kLeft + 6, kTop + 4, "start", "small", y_label);
  double legend = kRight;
  for (std::size_t i = series.size(); i-- > 0;) {
    const Series& line = series[i];
    std::string points;
    std::string dots;
    for (const auto& [x, y] : line.points) {
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      points += fmt::format("{:.1f},{:.1f} ", at_x(x), at_y(y));
      if (line.dots) {
        dots += fmt::format("<circle class=\"dot{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", i,
                            at_x(x), at_y(y));
      }
    }
    svg += fmt::format("<polyline class=\"line{}\" points=\"{}\"/>{}", i, points, dots);
    svg += label(legend, kTop + 4, "end", fmt::format("legend{}", i), "● " + line.name);
    legend -= 30 + 8.0 * static_cast<double>(line.name.size());
  }
  return svg + "</svg>";
}

}  // namespace pith
