// A grove over random items, for the tests of what grows in it.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "index/forest/grove.hpp"
#include "index/forest/item_node.hpp"
#include "index/forest/random_items.hpp"
#include "index/forest/row_codes.hpp"
#include "kernel/select.hpp"

namespace kith::test {

struct TestGrove {
    explicit TestGrove(Metric metric, const Matrix& items, std::uint64_t seed = 7) : ids(items.rows()) {
        const index::NodeLayout layout = index::layout_of(metric, items.cols(), DotLayout::kAuto);
        const kernel::Table& kernels = kernel::active();
        nodes.resize(items.rows() * layout.node_bytes);
        std::vector<std::uint64_t> bits(index::elements_of(metric, items.cols()));
        for (std::size_t i = 0; i < items.rows(); ++i) {
            const void* stored = items.row(i).data();
            if (metric == Metric::kHamming) {
                index::pack_bits(items.row(i), bits);
                stored = bits.data();
            }
            index::write_item(metric, layout, kernels, stored, nodes.data() + i * layout.node_bytes);
        }
        if (metric == Metric::kDot) {
            index::set_dot_factors(DotLayout::kRelease, layout, items.cols(), kernels, nodes.data(), items.rows());
        }
        std::iota(ids.begin(), ids.end(), 0U);
        grove = {metric, items.cols(), layout, &kernels, nodes.data(), items.rows(), ids, seed};
        if (metric != Metric::kHamming && codes.emplace(grove, 1).sharp()) grove.codes = &*codes;
    }
    TestGrove(const TestGrove&) = delete;
    TestGrove& operator=(const TestGrove&) = delete;

    std::vector<std::byte> nodes;
    std::vector<std::uint32_t> ids;
    index::Grove grove{};
    std::optional<index::RowCodes> codes;
};

}  // namespace kith::test
