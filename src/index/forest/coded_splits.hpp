// Splits chosen and measured by codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/forest/coded_plane.hpp"
#include "index/forest/crown.hpp"
#include "index/forest/near_splitter.hpp"
#include "index/forest/split_source.hpp"

namespace kith::index {

class CodedSplits final : public SplitSource {
public:
    explicit CodedSplits(const Grove& grove);

    [[nodiscard]] std::uint32_t begin(Kiss64& random) override;
    [[nodiscard]] Split split(std::size_t first, std::size_t count, std::uint32_t upper, Kiss64& random,
                              std::byte* plane) override;
    void copy_ids(std::size_t first, std::size_t count, std::uint32_t* out) override;
    [[nodiscard]] std::size_t plane_bytes() const noexcept override { return planes_.packed_bytes(); }
    void write_plane(const std::byte* plane, std::byte* node) const override { planes_.unpack(plane, node); }

private:
    [[nodiscard]] bool is_near(std::size_t first) const noexcept {
        return first >= near_first_ && first < near_first_ + near_count_;
    }

    const Grove& grove_;
    CodedPlanes planes_;
    NearSplitter splitter_;
    Crown crown_;
    CodedPlane plane_;
    std::vector<std::uint32_t> ids_;
    std::size_t near_first_ = 0;  // the range whose codes the splitter has
    std::size_t near_count_ = 0;
};

}  // namespace kith::index
