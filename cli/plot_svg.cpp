#include "plot_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

// All in SVG user units (CSS pixels).
constexpr double kPanelWidth = 480;
constexpr double kPanelHeight = 360;
constexpr double kCaptionHeight = 44;
constexpr double kLeft = 68;
constexpr double kRight = 22;
constexpr double kTop = 40;
constexpr double kBottom = 58;
constexpr const char* kLineColours[] = {"#1f6fb4", "#c8501e", "#2a8a57", "#7d4bb0"};

constexpr const char* kStyle =
    "text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#2b2f33}"
    ".caption{font-size:16px;font-weight:600;text-anchor:middle}"
    ".title{font-size:14px;font-weight:600;text-anchor:middle}"
    ".label{font-size:12.5px;text-anchor:middle}"
    ".tick{font-size:11.5px;fill:#5a6068}"
    ".grid{stroke:#e4e7ea;stroke-width:1}"
    ".axis{stroke:#8b929a;stroke-width:1}"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}";

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out += c;
        }
    }
    return out;
}

// Maps data to pixels along one axis whose ends are the first and the last tick.
struct Axis {
    std::vector<double> ticks;
    double from_pixel;
    double to_pixel;

    [[nodiscard]] double operator()(double value) const {
        const double part = (value - ticks.front()) / (ticks.back() - ticks.front());
        return from_pixel + part * (to_pixel - from_pixel);
    }
    [[nodiscard]] double step() const { return ticks[1] - ticks[0]; }
};

void check(const Panel& panel) {
    if (panel.x.size() != panel.y.size() || panel.x.empty()) {
        throw InvalidArgument(
            fmt::format("panel '{}': {} x values and {} y values; both must be the same, at least 1", panel.title,
                        panel.x.size(), panel.y.size()));
    }
    const auto finite = [](double value) { return std::isfinite(value); };
    if (!std::all_of(panel.x.begin(), panel.x.end(), finite) ||
        !std::all_of(panel.y.begin(), panel.y.end(), finite)) {
        throw InvalidArgument(fmt::format("panel '{}': a value is not finite", panel.title));
    }
}

Axis make_axis(const std::vector<double>& values, bool from_zero, double from_pixel, double to_pixel) {
    auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double start = from_zero && *low >= 0 ? 0 : *low;
    return {nice_ticks(start, *high), from_pixel, to_pixel};
}

void draw_axes(std::back_insert_iterator<std::string> out, const Panel& panel, const Axis& x, const Axis& y) {
    for (const double tick : y.ticks) {
        const double at = y(tick);
        fmt::format_to(out, R"(<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", x.from_pixel,
                       at, x.to_pixel, at);
        fmt::format_to(out, R"(<text class="tick" text-anchor="end" x="{:.1f}" y="{:.1f}">{}</text>)",
                       x.from_pixel - 8, at + 4, tick_label(tick, y.step()));
    }
    for (const double tick : x.ticks) {
        const double at = x(tick);
        fmt::format_to(out, R"(<line class="axis" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", at,
                       y.from_pixel, at, y.from_pixel + 5);
        fmt::format_to(out, R"(<text class="tick" text-anchor="middle" x="{:.1f}" y="{:.1f}">{}</text>)", at,
                       y.from_pixel + 19, tick_label(tick, x.step()));
    }
    fmt::format_to(out, R"(<path class="axis" fill="none" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}"/>)", x.from_pixel,
                   y.to_pixel, y.from_pixel, x.to_pixel);
    const double middle_x = (x.from_pixel + x.to_pixel) / 2;
    const double middle_y = (y.from_pixel + y.to_pixel) / 2;
    fmt::format_to(out, R"(<text class="title" x="{:.1f}" y="{:.1f}">{}</text>)", middle_x, y.to_pixel - 14,
                   escape(panel.title));
    fmt::format_to(out, R"(<text class="label" x="{:.1f}" y="{:.1f}">{}</text>)", middle_x, y.from_pixel + 42,
                   escape(panel.x_label));
    const double label_x = x.from_pixel - 50;
    fmt::format_to(
        out,
        R"svg(<text class="label" x="{0:.1f}" y="{1:.1f}" transform="rotate(-90 {0:.1f} {1:.1f})">{2}</text>)svg",
        label_x, middle_y, escape(panel.y_label));
}

void draw_line(std::back_insert_iterator<std::string> out, const Panel& panel, const Axis& x, const Axis& y,
               const char* colour) {
    fmt::format_to(out, R"(<polyline class="line" stroke="{}" points=")", colour);
    for (std::size_t i = 0; i < panel.x.size(); ++i) {
        fmt::format_to(out, "{}{:.1f},{:.1f}", i == 0 ? "" : " ", x(panel.x[i]), y(panel.y[i]));
    }
    fmt::format_to(out, "\"/>");
    for (std::size_t i = 0; i < panel.x.size(); ++i) {
        fmt::format_to(out, R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.6" fill="{}"/>)", x(panel.x[i]), y(panel.y[i]),
                       colour);
    }
}

}  // namespace

std::vector<double> nice_ticks(double low, double high, int wanted) {
    if (low == high) {
        const double room = low == 0 ? 1 : std::abs(low) / 2;
        low -= low > 0 && low - room < 0 ? low : room;
        high += room;
    }
    const double rough = (high - low) / std::max(1, wanted - 1);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double scaled = rough / power;
    const double step = power * (scaled <= 1.5 ? 1 : scaled <= 3.5 ? 2 : scaled <= 7.5 ? 5 : 10);
    const auto first = static_cast<long long>(std::floor(low / step + 1e-9));
    const auto last = static_cast<long long>(std::ceil(high / step - 1e-9));
    std::vector<double> ticks;
    for (long long i = first; i <= std::max(last, first + 1); ++i) ticks.push_back(static_cast<double>(i) * step);
    return ticks;
}

std::string tick_label(double value, double step) {
    const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    return fmt::format("{:.{}f}", value, decimals);
}

std::string plot_svg(std::string_view caption, std::span<const Panel> panels) {
    if (panels.empty()) throw InvalidArgument("a plot needs at least one panel");
    for (const Panel& panel : panels) check(panel);
    const double width = kPanelWidth * static_cast<double>(panels.size());
    const double height = kCaptionHeight + kPanelHeight;
    std::string svg;
    const auto out = std::back_inserter(svg);
    fmt::format_to(out,
                   R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
                   R"(viewBox="0 0 {0:.0f} {1:.0f}" role="img"><style>{2}</style>)"
                   R"(<rect width="100%" height="100%" fill="#ffffff"/>)",
                   width, height, kStyle);
    fmt::format_to(out, R"(<text class="caption" x="{:.1f}" y="30">{}</text>)", width / 2, escape(caption));
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const double left = kPanelWidth * static_cast<double>(i);
        const Axis x = make_axis(panels[i].x, true, left + kLeft, left + kPanelWidth - kRight);
        const Axis y = make_axis(panels[i].y, true, height - kBottom, kCaptionHeight + kTop);
        svg += "\n<g>";
        draw_axes(out, panels[i], x, y);
        draw_line(out, panels[i], x, y, kLineColours[i % std::size(kLineColours)]);
        svg += "</g>";
    }
    svg += "\n</svg>\n";
    return svg;
}

}  // namespace kith::cli
