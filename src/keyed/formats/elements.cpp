#include "keyed/formats/elements.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace kith::keyed {
namespace {

template <class T>
T load(const std::byte* from, ByteOrder order) noexcept {
    std::byte bytes[sizeof(T)];
    std::memcpy(bytes, from, sizeof(T));
    if (order == ByteOrder::kBig) std::reverse(bytes, bytes + sizeof(T));
    return std::bit_cast<T>(bytes);
}

template <class T>
bool convert(T value, float& out) noexcept {
    if constexpr (std::is_same_v<T, Half>) {
        out = to_float(value);
        return std::isfinite(out);
    } else {
        out = static_cast<float>(value);
        if constexpr (std::is_integral_v<T>) return static_cast<double>(out) == static_cast<double>(value);
        return std::isfinite(out);
    }
}

template <class T>
bool convert_back(float value, T& out) noexcept {
    if constexpr (std::is_same_v<T, Half>) {
        out = to_half(value);
        return std::isfinite(to_float(out));
    } else if constexpr (std::is_integral_v<T>) {
        // As doubles, all limits are exact.
        const double wide = value;
        if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) return false;
        out = static_cast<T>(wide);
        return static_cast<double>(out) == wide;
    } else {
        out = static_cast<T>(value);
        return true;
    }
}

// Calls `work` with a value of the type.
template <class Work>
auto visit(NumberType type, Work work) {
    switch (type) {
        case NumberType::kFloat64: return work(double{});
        case NumberType::kFloat16: return work(Half{});
        case NumberType::kInt8: return work(std::int8_t{});
        case NumberType::kUint8: return work(std::uint8_t{});
        case NumberType::kInt16: return work(std::int16_t{});
        case NumberType::kInt32: return work(std::int32_t{});
        case NumberType::kFloat32: break;
    }
    return work(float{});
}

}  // namespace

std::size_t size_of(NumberType type) noexcept {
    return visit(type, [](auto zero) { return sizeof zero; });
}

std::optional<std::size_t> decode(NumberType type, ByteOrder order, const std::byte* from,
                                  std::span<float> out) noexcept {
    return visit(type, [&](auto zero) -> std::optional<std::size_t> {
        using T = decltype(zero);
        bool good = true;
        for (std::size_t i = 0; i < out.size(); ++i) {
            good &= convert(load<T>(from + i * sizeof(T), order), out[i]);
        }
        if (good) return std::nullopt;
        std::size_t first = 0;
        while (convert(load<T>(from + first * sizeof(T), order), out[first])) ++first;
        return first;
    });
}

std::optional<std::size_t> encode(NumberType type, ByteOrder order, std::span<const float> numbers,
                                  std::vector<std::byte>& out) {
    return visit(type, [&](auto value) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (!convert_back(numbers[i], value)) return i;
            std::byte bytes[sizeof value];
            std::memcpy(bytes, &value, sizeof value);
            if (order == ByteOrder::kBig) std::reverse(bytes, bytes + sizeof value);
            out.insert(out.end(), bytes, bytes + sizeof value);
        }
        return std::nullopt;
    });
}

float to_float(Half half) noexcept {
    const std::uint32_t sign = (half.bits & 0x8000U) << 16;
    const std::uint32_t exponent = (half.bits >> 10) & 0x1fU;
    const std::uint32_t fraction = half.bits & 0x3ffU;
    if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000U | (fraction << 13));
    if (exponent == 0) {
        const float value = std::ldexp(static_cast<float>(fraction), -24);
        return sign == 0 ? value : -value;
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

Half to_half(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000U;
    const float magnitude = std::abs(value);
    if (!(magnitude < 65520.0F)) {  // half-way from the largest half to what would come next
        return {static_cast<std::uint16_t>(sign | (std::isnan(value) ? 0x7e00U : 0x7c00U))};
    }
    // Subnormal halves are multiples of 2^-24; normal ones keep 10 bits of fraction.
    if (magnitude < 0x1p-14F) {
        return {static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(std::nearbyint(magnitude * 0x1p24F)))};
    }
    const std::uint32_t even = ((bits >> 13) & 1U) + 0xfffU;
    return {static_cast<std::uint16_t>(sign | ((((bits & 0x7fffffffU) + even) >> 13) - (112U << 10)))};
}

}  // namespace kith::keyed
