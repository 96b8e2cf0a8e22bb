// Images of an IDX file (.gz), as rows of floats.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <kith/matrix.hpp>

namespace kith::test {

inline Matrix read_images(const std::string& path, std::size_t first, std::size_t count) {
    constexpr std::size_t kPixels = 784;
    constexpr std::size_t kHeader = 16;
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) throw std::runtime_error("cannot open " + path);
    std::vector<unsigned char> bytes(kHeader + (first + count) * kPixels);
    const int got = gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    if (got != static_cast<int>(bytes.size())) throw std::runtime_error("too few images in " + path);
    Matrix images(count, kPixels);
    for (std::size_t i = 0; i < count * kPixels; ++i) images.data()[i] = bytes[kHeader + first * kPixels + i];
    return images;
}

}  // namespace kith::test
