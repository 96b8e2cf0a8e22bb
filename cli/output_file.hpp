// Output files of the commands: refused before the work when they cannot be written, whole or not there afterwards.
#pragma once

#include <string>
#include <string_view>

#include "output.hpp"

namespace kith::cli {

// A name of its own beside `path`, to write to first; removed again unless keep() renames it to `path`.
class PartialFile {
public:
    explicit PartialFile(std::string path);
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return partial_path_; }

    // Makes the bytes durable and gives the file its final name. Throws IoError.
    void keep();

private:
    std::string path_;
    std::string partial_path_;
    bool kept_ = false;
};

// Throws IoError when the folder of `path` is not there or may not be written to, or when `path` is a folder:
// better said before an hour of training than after it.
void check_output(const std::string& path);

// All of `text` or, on any error, no new file. Throws IoError.
void write_text_file(const std::string& path, std::string_view text);

// Says in a command's answer what was written, and how large it is.
void put_output_file(Output& out, const std::string& path, std::string_view label = "written to");

// `path` with its ending replaced: ("a/tune.svg", ".csv") → "a/tune.csv".
[[nodiscard]] std::string with_ending(const std::string& path, std::string_view ending);

}  // namespace kith::cli
