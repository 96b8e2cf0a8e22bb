#include "embed/text_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <kith/error.hpp>

#include "storage/path.hpp"

namespace kith::embed {
namespace {

namespace fs = std::filesystem;

void expand(const std::string& path, std::vector<std::string>& out) {
    storage::check_path(path);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) throw IoError("cannot open", path, error ? error.value() : ENOENT);
    if (!fs::is_directory(status)) {
        out.push_back(path);
        return;
    }
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(path, error)) {
        if (entry.is_regular_file(error)) files.push_back(entry.path().string());
    }
    if (error) throw IoError("cannot list", path, error.value());
    if (files.empty()) throw InvalidArgument("the folder '" + path + "' holds no file to read");
    std::sort(files.begin(), files.end());
    out.insert(out.end(), files.begin(), files.end());
}

}  // namespace

std::vector<std::string> text_files(std::span<const std::string> paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) expand(path, files);
    return files;
}

std::uint64_t total_size(std::span<const std::string> files) {
    std::uint64_t total = 0;
    for (const std::string& file : files) {
        std::error_code error;
        const std::uint64_t size = fs::file_size(file, error);
        if (error) return 0;
        total += size;
    }
    return total;
}

}  // namespace kith::embed
