#include "pith/report/report.h"

namespace pith {

const char* const kReportStyle = R"css(
:root { --ink: #1c2430; --soft: #5d6b7c; --line: #dde3ea; --paper: #ffffff; --panel: #f5f7fa;
  --kept: #2f7d6b; --pale: #cfe3dd; --dropped: #e3a77b; --second: #3b64b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #2c3743;
  --paper: #12171d; --panel: #1a2129; --kept: #4db39b; --pale: #24453e; --dropped: #a8683c; --second: #7ea2e8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 10px; }
p.lead { color: var(--soft); margin: 0 0 20px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 10px; }
.figure { background: var(--panel); border-radius: 8px; padding: 12px 14px; }
.figure b { display: block; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figure small { color: var(--soft); }
.chart { width: 100%; height: auto; display: block; } .chart.half { max-width: 540px; }
.chart text { fill: var(--ink); font-size: 13px; } .chart text.small { fill: var(--soft); font-size: 12px; }
.chart text.strong { font-weight: 600; }
.kept { fill: var(--kept); } .pale { fill: var(--pale); } .dropped { fill: var(--dropped); opacity: .75; }
.rule, .axis { stroke: var(--soft); stroke-width: 1; } .grid { stroke: var(--line); stroke-width: 1; }
.line0, .line1, .line2 { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line0 { stroke: var(--pale); } .line1 { stroke: var(--second); } .line2 { stroke: var(--kept); } .dot0 { fill: var(--pale); } .dot1 { fill: var(--second); }
.chart text.legend0 { fill: var(--soft); } .chart text.legend1 { fill: var(--second); }
.chart text.legend2 { fill: var(--kept); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 6px 10px 6px 0; vertical-align: top; }
th { color: var(--soft); font-weight: 500; font-size: 13px; } tr { border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
summary { cursor: pointer; } blockquote { margin: 8px 0; padding: 8px 12px; background: var(--panel);
  border-left: 3px solid var(--dropped); border-radius: 4px; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote cite { display: block; color: var(--soft); font-style: normal; overflow-wrap: anywhere; }
pre { background: var(--panel); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
.edge { display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px; } .edge h3 { font-size: 13px; font-weight: 500; margin: 10px 0 0; color: var(--soft); }
.edge div + div blockquote { border-left-color: var(--kept); }
.sample { border-left-color: var(--second); }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
)css";

}  // namespace pith
