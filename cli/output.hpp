// What a command answers, on stdout: text as it comes, or, with --json, one JSON document at the end. Commands say
// each thing once, as fields and tables; this is the one encoder of both.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace kith::cli {

using Json = nlohmann::ordered_json;

// One value: exact for machines, rounded and with its unit for people.
struct Cell {
    Json value;
    std::string text;
    bool right_aligned = true;
};

[[nodiscard]] Cell text_cell(std::string_view text);
[[nodiscard]] Cell count_cell(std::uint64_t value);
[[nodiscard]] Cell id_cell(std::int64_t value);
[[nodiscard]] Cell real_cell(double value, int decimals = 4);
[[nodiscard]] Cell seconds_cell(double seconds);
[[nodiscard]] Cell bytes_cell(double bytes);
[[nodiscard]] Cell percent_cell(double fraction);
[[nodiscard]] Cell flag_cell(bool value);
[[nodiscard]] Cell null_cell();

struct Column {
    std::string key;    // the member's name in JSON
    std::string title;  // what stands above the column; empty means `key`
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

// Aligned columns under their titles, one line per row, each ending in '\n'.
[[nodiscard]] std::string format_table(const Table& table);

// An array of objects, one per row.
[[nodiscard]] Json table_json(const Table& table);

class Output {
public:
    enum class Format { kText, kJson };

    Output(std::FILE* stream, Format format) : stream_(stream), format_(format) {}

    // Starts a part: a heading in text, a nested object in JSON. Parts do not nest.
    void section(std::string_view key, std::string_view title);

    // "label   value" in text. An empty label means `key`.
    void field(std::string_view key, Cell cell, std::string_view label = {});
    void table(std::string_view key, const Table& table);

    // Prose for people; JSON leaves it out.
    void note(std::string_view line = {});

    // A ready JSON value that has no text form.
    void json_only(std::string_view key, Json value);

    // Writes the JSON document and flushes. Throws IoError when anything could not be written.
    void finish();

    [[nodiscard]] bool is_json() const noexcept { return format_ == Format::kJson; }

private:
    void put(std::string_view text);
    [[nodiscard]] Json& target();

    std::FILE* stream_;
    Format format_;
    Json document_ = Json::object();
    std::string section_;
};

}  // namespace kith::cli
