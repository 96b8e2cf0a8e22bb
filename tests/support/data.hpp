// Where tests find the real data sets: the folder that KITH_DATA_DIR names. Tests that need one skip without it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace kith::test {

// Empty when KITH_DATA_DIR is not set or the file is not there.
inline std::string data_path(const std::string& name) {
    const char* folder = std::getenv("KITH_DATA_DIR");
    if (folder == nullptr) return {};
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    return std::filesystem::exists(path) ? path.string() : std::string{};
}

}  // namespace kith::test

// Skips the running test, saying why, unless the data set is there; defines `var` as its path.
#define KITH_NEED_DATA(var, name)                          \
    const std::string var = ::kith::test::data_path(name); \
    if (var.empty()) GTEST_SKIP() << "needs " << (name) << " in the folder that KITH_DATA_DIR names"
