// Line charts side by side, as a self-contained SVG document.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

struct Panel {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::vector<double> x;  // finite, same length as y; drawn in this order
    std::vector<double> y;
};

// Round steps (1, 2 or 5 times a power of ten) from at or below `low` to at or above `high`, about `wanted` of
// them. REQUIRES: both finite. low == high gives a range around it.
[[nodiscard]] std::vector<double> nice_ticks(double low, double high, int wanted = 6);

// A tick's label: no more decimals than its step needs.
[[nodiscard]] std::string tick_label(double value, double step);

// The panels share one row under `caption`. Every y axis starts at 0 when its data are not negative.
// Throws InvalidArgument: no panels, x and y of unequal length, no points, a value that is not finite.
[[nodiscard]] std::string plot_svg(std::string_view caption, std::span<const Panel> panels);

}  // namespace kith::cli
