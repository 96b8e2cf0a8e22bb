#include "index/coded/leaf_queue.hpp"

#include <algorithm>

#include "base/sort_few.hpp"
#include "index/forest/ordered_key.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

// With so many batches or fewer in all, the leaves are put in order without a choice by their codes.
constexpr std::size_t kFewBatches = 4;

}  // namespace

LeafQueue::LeafQueue(const CodedData& data, std::span<const float> query, const std::uint8_t* lookup,
                     std::size_t batch, Scratch& scratch)
    : data_(data), query_(query), lookup_(lookup), batch_(batch), scratch_(scratch) {
    const std::size_t count = data.parameters.n_leaves;
    std::vector<std::uint32_t>& numbers = scratch.numbers;
    while (numbers.size() < count) numbers.push_back(static_cast<std::uint32_t>(numbers.size()));
    // The corners of a cube say little of means of bits.
    if (data.rows.metric() == Metric::kHamming) batch_ = count;
    complete_ = kFewBatches * batch_ >= count;
    select(complete_ ? count : batch_);
}

std::size_t LeafQueue::next() {
    if (at_ == sorted_) {
        if (!complete_ && sorted_ > 0) add_others();
        if (at_ == leaves_.size()) return data_.parameters.n_leaves;
        sort_batch();
    }
    return node_of(leaves_[at_++]);
}

// leaves_ = the best `wanted` by their codes, and maybe a few more, in no order.
void LeafQueue::select(std::size_t wanted) {
    scratch_.leaves.reset(wanted, false);
    const Scorer scorer{lookup_, &scratch_.leaves};
    score_codes(data_, data_.centroid_codes.as<std::uint8_t>().data(), scratch_.numbers.data(),
                data_.parameters.n_leaves, Selection(), {&scorer, 1});
    leaves_ = scratch_.leaves.finish_roughly();
}

// After the first batch, more were asked for than expected.
void LeafQueue::add_others() {
    select(data_.parameters.n_leaves);
    std::ranges::nth_element(leaves_, leaves_.begin() + static_cast<std::ptrdiff_t>(sorted_));
    complete_ = true;
}

void LeafQueue::sort_batch() {
    sorted_ = complete_ ? std::min(leaves_.size(), sorted_ + batch_) : leaves_.size();
    const std::span<std::uint64_t> rest = leaves_.subspan(at_);
    const std::span<std::uint64_t> batch = rest.first(sorted_ - at_);
    if (batch.size() < rest.size()) {
        std::ranges::nth_element(rest, rest.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    }
    std::vector<std::uint32_t>& rows = scratch_.rows;
    std::vector<float>& ranks = scratch_.ranks;
    rows.resize(batch.size());
    ranks.resize(batch.size());
    std::ranges::transform(batch, rows.begin(), node_of);
    const Metric metric = data_.rows.metric();
    const Metric compared = metric == Metric::kDot || metric == Metric::kManhattan ? metric : Metric::kEuclidean;
    kernel::active()
        .of(compared, Scalar::kFloat32)
        .gather(query_.data(), data_.centroids.data(), query_.size_bytes(), rows.data(), batch.size(),
                query_.size(), ranks.data());
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = make_key(ordered(ranks[i]), rows[i]);
    if (batch.size() <= kFew) {
        sort_few(batch);
    } else {
        std::ranges::sort(batch);
    }
}

}  // namespace kith::index
