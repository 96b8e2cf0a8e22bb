#include "output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <kith/error.hpp>

#include "vector_source.hpp"

namespace kith::cli {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

void sync_path(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw IoError("cannot open", path, errno);
    const int result = fsync(file);
    const int error = errno;
    close(file);
    if (result != 0) throw IoError("cannot write", path, error);
}

}  // namespace

PartialFile::PartialFile(std::string path)
    : path_(std::move(path)), partial_path_(fmt::format("{}.{}.part", path_, getpid())) {}

PartialFile::~PartialFile() {
    if (!kept_) std::remove(partial_path_.c_str());
}

void PartialFile::keep() {
    sync_path(partial_path_);
    if (std::rename(partial_path_.c_str(), path_.c_str()) != 0) throw IoError("cannot rename to", path_, errno);
    kept_ = true;
    sync_path(folder_of(path_).string());
}

void check_output(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) throw IoError("cannot write", path, EISDIR);
    const fs::path folder = folder_of(path);
    if (!fs::is_directory(folder, error)) throw IoError("cannot write into", folder.string(), ENOENT);
    if (access(folder.c_str(), W_OK) != 0) throw IoError("cannot write into", folder.string(), errno);
}

void write_text_file(const std::string& path, std::string_view text) {
    PartialFile partial(path);
    std::FILE* file = std::fopen(partial.path().c_str(), "wb");
    if (file == nullptr) throw IoError("cannot create", partial.path(), errno);
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const int write_error = errno;
    if (std::fclose(file) != 0 || !written)
        throw IoError("cannot write", partial.path(), written ? errno : write_error);
    partial.keep();
}

void put_output_file(Output& out, const std::string& path, std::string_view label) {
    out.field("output", text_cell(path), label);
    out.field("output_bytes", bytes_cell(static_cast<double>(file_size(path))), "size");
}

std::string with_ending(const std::string& path, std::string_view ending) {
    return fs::path(path).replace_extension(ending).string();
}

}  // namespace kith::cli
