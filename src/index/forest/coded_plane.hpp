// Hyperplanes over coded rows: chosen by a few rounds of two means, and the rows' margins to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/kiss64.hpp"
#include "index/forest/row_codes.hpp"

namespace kith::index {

// Rows of codes, `stride` bytes apart.
struct CodeView {
    const std::uint8_t* base;
    std::size_t stride;

    [[nodiscard]] const std::uint8_t* row(std::size_t place) const noexcept { return base + place * stride; }
};

struct CodedPlane {
    std::vector<std::int8_t> normal;  // whole blocks
    float limit = 0;                  // what its dot product with codes must exceed

    // Nothing to tell rows apart by: the normal is zero.
    [[nodiscard]] bool blank() const noexcept;
};

// What all planes over one grove's codes have in common. One per thread.
class CodedPlanes {
public:
    explicit CodedPlanes(const Grove& grove);

    // A plane that parts the rows at these places, which are whole blocks.
    void choose(const CodeView& rows, std::span<const std::uint32_t> places, Kiss64& random, CodedPlane& plane);

    // Signed, in some unit. Rows without an angle are on either side by chance.
    void margins(const CodedPlane& plane, const CodeView& rows, std::span<const std::uint32_t> places,
                 Kiss64& random, float* out) const;

    // A plane in few bytes: what a finished tree waits as.
    [[nodiscard]] std::size_t packed_bytes() const noexcept;
    void pack(const CodedPlane& plane, std::byte* out) const;
    // Writes the normal, and the offset where the layout has one, of a packed plane into a node.
    void unpack(const std::byte* packed, std::byte* node) const;

private:
    // How many rows a plane is chosen by. Sums of codes must stay below 2^16.
    static constexpr std::size_t kSample = 256;
    static constexpr int kRounds = 2;
    // A first round looks at about so many of the sample: most of what a round is worth for little of its time.
    static constexpr std::size_t kGlance = 64;

    // One place from each of kSample equal parts, or all of them.
    void draw(std::span<const std::uint32_t> places, Kiss64& random);
    void level();
    // A round of two means: turns the normal towards the mean of those above it. False if all are on one side.
    bool turn(const CodeView& rows, std::span<const std::uint32_t> sample, Kiss64& random, CodedPlane& plane);
    void encode(CodedPlane& plane);

    const Grove& grove_;
    const RowCodes& codes_;
    bool unit_rows_;
    std::size_t padded_;
    std::vector<std::uint32_t> sample_;
    std::vector<std::uint32_t> glance_;  // a part of the sample
    std::vector<float> margins_;
    std::vector<std::uint16_t> sums_;
    std::vector<float> mean_;  // of the sample, less kZero
    std::vector<float> normal_;
};

}  // namespace kith::index
