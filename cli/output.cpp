#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include <kith/error.hpp>

#include "text_format.hpp"

namespace kith::cli {
namespace {

constexpr std::size_t kLabelWidth = 24;

void append_padded(std::string& line, const Cell& cell, std::size_t width) {
    const std::size_t padding = width - std::min(width, display_width(cell.text));
    if (cell.right_aligned) line.append(padding, ' ');
    line += cell.text;
    if (!cell.right_aligned) line.append(padding, ' ');
}

void end_line(std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
    line += '\n';
}

}  // namespace

Cell text_cell(std::string_view text) {
    return {std::string(text), std::string(text), false};
}

Cell count_cell(std::uint64_t value) {
    return {value, with_commas(value), true};
}

Cell id_cell(std::int64_t value) {
    return {value, std::to_string(value), true};
}

Cell real_cell(double value, int decimals) {
    return {value, fmt::format("{:.{}f}", value, decimals), true};
}

Cell seconds_cell(double seconds) {
    return {seconds, duration(seconds), true};
}

Cell bytes_cell(double bytes) {
    return {static_cast<std::uint64_t>(std::llround(bytes)), byte_size(bytes), true};
}

Cell percent_cell(double fraction) {
    return {fraction, fmt::format("{:.1f}%", fraction * 100), true};
}

Cell flag_cell(bool value) {
    return {value, value ? "yes" : "no", false};
}

Cell null_cell() {
    return {nullptr, "-", true};
}

std::string format_table(const Table& table) {
    std::vector<std::size_t> widths;
    std::vector<Cell> titles;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const Column& column = table.columns[c];
        Cell title = text_cell(column.title.empty() ? column.key : column.title);
        title.right_aligned = !table.rows.empty() && table.rows.front()[c].right_aligned;
        std::size_t width = display_width(title.text);
        for (const auto& row : table.rows) width = std::max(width, display_width(row[c].text));
        widths.push_back(width);
        titles.push_back(std::move(title));
    }
    std::string text;
    const auto append_row = [&](const std::vector<Cell>& cells) {
        std::string line;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (c > 0) line += "  ";
            append_padded(line, cells[c], widths[c]);
        }
        end_line(line);
        text += line;
    };
    append_row(titles);
    for (const auto& row : table.rows) append_row(row);
    return text;
}

Json table_json(const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json object = Json::object();
        for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].key] = row[c].value;
        rows.push_back(std::move(object));
    }
    return rows;
}

void Output::section(std::string_view key, std::string_view title) {
    section_ = key;
    if (is_json()) {
        document_[section_] = Json::object();
    } else {
        put(fmt::format("\n{}\n{}\n", title, std::string(display_width(title), '-')));
        // The parts of a long command appear as they come, also in a pipe.
        std::fflush(stream_);
    }
}

void Output::field(std::string_view key, Cell cell, std::string_view label) {
    if (is_json()) {
        target()[std::string(key)] = std::move(cell.value);
        return;
    }
    std::string text(label.empty() ? key : label);
    text.append(std::max(kLabelWidth, display_width(text) + 1) - display_width(text), ' ');
    put(text + cell.text + '\n');
}

void Output::table(std::string_view key, const Table& table) {
    if (is_json()) {
        target()[std::string(key)] = table_json(table);
    } else {
        put(format_table(table));
    }
}

void Output::note(std::string_view line) {
    if (!is_json()) put(std::string(line) + '\n');
}

void Output::json_only(std::string_view key, Json value) {
    if (is_json()) target()[std::string(key)] = std::move(value);
}

void Output::finish() {
    // Words of a foreign file need not be valid UTF-8; JSON must be, so bad bytes become U+FFFD.
    if (is_json()) put(document_.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
    if (std::fflush(stream_) != 0 || std::ferror(stream_) != 0)
        throw IoError("cannot write", "standard output", errno);
}

void Output::put(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream_);
}

Json& Output::target() {
    return section_.empty() ? document_ : document_[section_];
}

}  // namespace kith::cli
