#include "index/coded/scoring.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/sort_few.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

// The sum of a row's looked-up bytes stays below 2^16, rounded up as they may all be.
constexpr float kLargestByte = 255;
constexpr float kLargestScore = 65000;
constexpr float kLargestRounded = 65535;
constexpr std::uint16_t kNoThreshold = std::numeric_limits<std::uint16_t>::max();

// The candidates kept while scoring, as a multiple of those wanted: more means fewer but longer selections.
constexpr std::size_t kSlack = 4;

// Codes scored before the worst of them are dropped.
constexpr std::size_t kAtATime = 128;
static_assert(kAtATime % kCodeBlock == 0);

// Queries that go through a leaf side by side.
constexpr std::size_t kTogether = 4;

}  // namespace

void BestScored::reset(std::size_t wanted, bool repeats) noexcept {
    size_ = 0;
    wanted_ = wanted;
    repeats_ = repeats;
    threshold_ = kNoThreshold;
}

kernel::CodeQuery BestScored::ask(const std::uint8_t* lookup, std::size_t count) {
    const std::size_t room = size_ + count + kernel::kSpareScored;
    if (memory_.size() < room) memory_.resize(2 * room);
    return {lookup, memory_.data() + size_, threshold_};
}

void BestScored::take(const kernel::CodeQuery& found, const Selection& selection) {
    std::uint64_t* end = found.out;
    if (!selection.everything()) {
        end = std::remove_if(memory_.data() + size_, end, [&](std::uint64_t each) {
            return !selection.allows(static_cast<std::uint32_t>(each));
        });
    }
    size_ = static_cast<std::size_t>(end - memory_.data());
    const std::size_t most = kSlack * wanted_ + kCodeBlock;
    if (size_ < most) return;
    if (repeats_) drop_repeats();
    drop_worst();
    if (size_ >= most) keep_exactly_wanted();
}

std::span<std::uint64_t> BestScored::finish() {
    (void)finish_roughly();
    keep_exactly_wanted();
    return all();
}

std::span<std::uint64_t> BestScored::finish_roughly() {
    if (repeats_) drop_repeats();
    drop_worst();
    return all();
}

void BestScored::drop_repeats() {
    const std::span<std::uint64_t> sorted = all();
    std::ranges::sort(sorted);
    size_ = static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

void BestScored::drop_worst() {
    if (size_ <= wanted_ || wanted_ == 0) return;
    std::uint16_t last = 0;
    size_ = kernel::active().codes.keep_best(memory_.data(), size_, wanted_, &last);
    // A row as good as the last may still come before it by its number.
    threshold_ = static_cast<std::uint16_t>(std::min<unsigned>(last + 1U, kNoThreshold));
}

void BestScored::keep_exactly_wanted() {
    if (size_ <= wanted_) return;
    const std::span<std::uint64_t> scored = all();
    if (size_ <= kFew) {
        sort_few(scored);
    } else {
        std::ranges::nth_element(scored, scored.begin() + static_cast<std::ptrdiff_t>(wanted_));
    }
    size_ = wanted_;
}

void score_codes(const CodedData& data, const std::uint8_t* codes, const std::uint32_t* numbers, std::size_t count,
                 const Selection& selection, std::span<const Scorer> scorers) {
    const auto select = kernel::active().codes.select;
    std::array<kernel::CodeQuery, kTogether> asks;
    for (; !scorers.empty(); scorers = scorers.subspan(std::min(kTogether, scorers.size()))) {
        const auto now = scorers.first(std::min(kTogether, scorers.size()));
        for (std::size_t first = 0; first < count; first += kAtATime) {
            const std::size_t here = std::min(kAtATime, count - first);
            for (std::size_t q = 0; q < now.size(); ++q) asks[q] = now[q].best->ask(now[q].lookup, here);
            select(asks.data(), now.size(), codes + first / kCodeBlock * data.code_block_bytes(), numbers + first,
                   here, data.parameters.tables);
            for (std::size_t q = 0; q < now.size(); ++q) now[q].best->take(asks[q], selection);
        }
    }
}

void make_lookup(const CodedData& data, std::span<const float> query, std::vector<std::uint8_t>& lookup) {
    const std::size_t width = data.parameters.code_width;
    const std::size_t codes = blocks_of(query.size(), width);
    thread_local std::vector<float> sums;
    sums.resize(codes * kCodewords);
    lookup.assign(std::size_t{data.parameters.tables} * kCodewords, 0);
    const Metric metric = data.rows.metric();
    kernel::active().codes.codewords[static_cast<std::size_t>(sum_of(metric))](
        query.data(), query.size(), width, data.codewords.as<float>().data(), sums.data());
    if (metric == Metric::kDot) {
        for (float& sum : sums) sum = -sum;
    }
    const kernel::SumRange range = kernel::active().codes.level(sums.data(), codes);
    const float most = std::min(kLargestScore, kLargestRounded - static_cast<float>(codes) / 2);
    float scale = std::min(kLargestByte / range.largest, most / range.total);
    // Whole numbers stay what they are, so that Hamming scores are exact.
    if (metric == Metric::kHamming) scale = std::min(1.0F, scale);
    if (!(scale < std::numeric_limits<float>::infinity())) return;
    kernel::active().codes.to_bytes(sums.data(), sums.size(), 0, scale, lookup.data());
}

}  // namespace kith::index
