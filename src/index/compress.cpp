#include "index/compress.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/parallel.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kGrain = 256;
constexpr float kUnsignedSteps = 255;
constexpr float kSignedSteps = 127;

struct Range {
    float low = 0;
    float high = 0;

    void include(Range other) noexcept {
        low = std::min(low, other.low);
        high = std::max(high, other.high);
    }
    [[nodiscard]] float largest() const noexcept { return std::max(-low, high); }
};

Range range_of(std::span<const float> row) noexcept {
    Range range;
    for (const float x : row) range.include({x, x});
    return range;
}

// The least step with which so many of them reach `largest`, but for bits: with 16 of these its products with bytes
// are floats, so that rows given back and compared again are where they were.
float step_for(float largest, float steps) noexcept {
    if (largest == 0) return 0;
    const float least = std::max(largest / steps, std::numeric_limits<float>::min());
    const float step = std::bit_cast<float>((std::bit_cast<std::uint32_t>(least) + 0xFF) & ~std::uint32_t{0xFF});
    return step * steps <= std::numeric_limits<float>::max() ? step : std::nextafter(least, 0.0F);
}

template <class T>
void to_bytes(std::span<const float> row, float step, float steps, std::byte* out) noexcept {
    const float low = std::is_signed_v<T> ? -steps : 0.0F;
    for (std::size_t d = 0; d < row.size(); ++d) {
        const float x = step > 0 ? std::clamp(std::rint(row[d] / step), low, steps) : 0.0F;
        out[d] = static_cast<std::byte>(static_cast<T>(x));
    }
}

Range range_of_all(const RowGetter& get, std::size_t count, std::size_t dim, std::size_t threads) {
    std::vector<Range> ranges((count + kGrain - 1) / kGrain);
    parallel_ranges(count, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<float> row(dim);
        for (std::size_t i = first; i < last; ++i) {
            get(i, row);
            ranges[first / kGrain].include(range_of(row));
        }
    });
    Range all;
    for (const Range& each : ranges) all.include(each);
    return all;
}

}  // namespace

CompressedRows compress(const RowGetter& get, std::size_t count, std::size_t dim, bool step_for_each,
                        std::size_t threads) {
    const Range all = range_of_all(get, count, dim, threads);
    const bool negative = all.low < 0;
    const float steps = negative ? kSignedSteps : kUnsignedSteps;
    CompressedRows out;
    out.scalar = negative ? Scalar::kInt8 : Scalar::kUint8;
    out.step = step_for(all.largest(), steps);
    storage::Buffer bytes(count * dim);
    storage::Buffer row_steps(step_for_each ? count * sizeof(float) : 0);
    parallel_ranges(count, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<float> row(dim);
        for (std::size_t i = first; i < last; ++i) {
            get(i, row);
            float step = out.step;
            if (step_for_each) row_steps.as<float>()[i] = step = step_for(range_of(row).largest(), steps);
            std::byte* const at = bytes.as<std::byte>().data() + i * dim;
            negative ? to_bytes<std::int8_t>(row, step, steps, at) : to_bytes<std::uint8_t>(row, step, steps, at);
        }
    });
    out.bytes = std::move(bytes).freeze();
    out.row_steps = std::move(row_steps).freeze();
    return out;
}

bool is_sound_step(float step) noexcept {
    return step >= std::numeric_limits<float>::min() && step <= std::numeric_limits<float>::max() / kSignedSteps;
}

}  // namespace kith::index
