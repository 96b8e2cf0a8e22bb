#include "kernel/elements.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <kith/distance.hpp>

namespace kith::kernel {
namespace {

template <class T>
void widen(const std::byte* elements, std::span<float> out) noexcept {
    std::copy_n(reinterpret_cast<const T*>(elements), out.size(), out.begin());
}

}  // namespace

void widen_elements(const std::byte* elements, Scalar scalar, std::span<float> out) noexcept {
    switch (scalar) {
        case Scalar::kUint8: return widen<std::uint8_t>(elements, out);
        case Scalar::kInt8: return widen<std::int8_t>(elements, out);
        case Scalar::kFloat16: return to_float({reinterpret_cast<const Half*>(elements), out.size()}, out);
        case Scalar::kFloat32:
        case Scalar::kBits: break;
    }
    std::memcpy(out.data(), elements, out.size_bytes());
}

}  // namespace kith::kernel
