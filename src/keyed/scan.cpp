#include "keyed/scan.hpp"

#include "kernel/select.hpp"

namespace kith::keyed {
namespace {

float cosine(float dot, float norm) noexcept {
    return norm > 0 ? dot / norm : 0.0F;
}

}  // namespace

Cosines::Cosines(const Store& store) : store_(store), kernels_(kernel::active().f32) {}

void Cosines::operator()(std::span<const float> unit, RowRange range, float* out) const noexcept {
    const std::size_t stride = store_.stride * sizeof(float);
    const float* const norms = store_.norms.as<float>().data() + range.first;
    kernels_.dot_scan(unit.data(), store_.vectors.data() + range.first * stride, stride, range.size(), store_.dim,
                      out);
    const std::size_t count = range.size();
    for (std::size_t i = 0; i < count; ++i) out[i] = cosine(out[i], norms[i]);
}

void Cosines::of_rows(std::span<const float> unit, std::span<const std::size_t> rows, float* out) const {
    const std::size_t stride = store_.stride * sizeof(float);
    const std::span<const float> norms = store_.norms.as<float>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        kernels_.dot_scan(unit.data(), store_.vectors.data() + rows[i] * stride, stride, 1, store_.dim, out + i);
        out[i] = cosine(out[i], norms[rows[i]]);
    }
}

void push_scores(std::span<const float> scores, std::size_t first_row, TopK& best) {
    constexpr std::size_t kStep = 16;
    const auto push = [&](std::size_t i) { best.push(-scores[i], static_cast<Id>(first_row + i)); };
    std::size_t i = 0;
    // Once the heap is full, hardly any row gets in: one comparison then dismisses sixteen of them.
    for (; i + kStep <= scores.size(); i += kStep) {
        const float bar = -best.threshold();
        bool any = false;
        for (std::size_t j = 0; j < kStep; ++j) any |= !(scores[i + j] < bar);
        if (!any) continue;
        for (std::size_t j = 0; j < kStep; ++j) push(i + j);
    }
    for (; i < scores.size(); ++i) push(i);
}

}  // namespace kith::keyed
