#include "index/forest/row_codes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "index/forest/exact_row.hpp"
#include "storage/checksum.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kLongRow = 256;      // elements
constexpr std::size_t kCodeAlignment = 4;  // bytes: hardly more than the codes themselves
constexpr std::size_t kFloatAlignment = 16;
constexpr float kLargestCode = 127;
// Added to a number of smaller size and taken away again, it leaves the nearest whole number.
constexpr float kRounder = 12582912.0F;
// Outside of these, single precision cannot tell elements from codes.
constexpr float kLeastStep = 1e-30F;
constexpr float kLargestStep = 1e30F;
constexpr std::size_t kCell = 4;      // steps
constexpr std::size_t kGrain = 4096;  // rows that a thread takes at a time
constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

// Sixteen running values side by side, so that the compiler makes vectors of the loops.
using Lanes = std::array<float, kFloatAlignment>;

Lanes lanes(float value) {
    Lanes out;
    out.fill(value);
    return out;
}

// `row` and `out` have a multiple of kFloatAlignment elements.
void encode_row(std::span<const float> row, float centre, float inverse_step, std::uint8_t* out) {
    for (std::size_t d = 0; d < row.size(); d += kFloatAlignment) {
        for (std::size_t i = 0; i < kFloatAlignment; ++i) {
            const float whole = ((row[d + i] - centre) * inverse_step + kRounder) - kRounder;
            out[d + i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(whole) + RowCodes::kZero);
        }
    }
}

}  // namespace

// The least and the largest element of the rows.
struct RowCodes::Extent {
    Lanes least = lanes(kInfinity);
    Lanes most = lanes(-kInfinity);

    void add(std::span<const float> row) {
        for (std::size_t d = 0; d < row.size(); d += kFloatAlignment) {
            for (std::size_t i = 0; i < kFloatAlignment; ++i) {
                least[i] = row[d + i] < least[i] ? row[d + i] : least[i];
                most[i] = row[d + i] > most[i] ? row[d + i] : most[i];
            }
        }
    }
};

// About the rows that a thread encoded.
struct RowCodes::Notes {
    bool zero_rows = false;
    bool lost_rows = false;
};

RowCodes::RowCodes(const Grove& grove, std::size_t threads)
    : width_(row_width(grove)),
      padded_width_(round_up(width_, kBlock)),
      stride_(round_up(width_, width_ >= kLongRow ? kBlock : kCodeAlignment)),
      unit_rows_(has_unit_rows(grove.metric)) {
    if (width_ > kMaxWidth) return;
    measure(grove, threads);
    if (step_ > kLeastStep && step_ < kLargestStep) {
        codes_.resize(grove.n_items * stride_ + kBlock);
        sharp_ = encode(grove, threads) && tells_apart(grove) && are_different(grove, threads);
    }
}

void RowCodes::measure(const Grove& grove, std::size_t threads) {
    std::vector<Extent> extents(threads);
    parallel_ranges(grove.ids.size(), kGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        std::vector<float> row(padded_width_);
                        Extent extent = extents[worker];
                        for (std::size_t i = first; i < last; ++i) {
                            const std::size_t id = grove.ids[i];
                            const float scale = row_scale(grove, id);
                            exact_row(grove, id, scale, grove.vector(id)[0] * scale, row);
                            extent.add(row);
                        }
                        extents[worker] = extent;
                    });
    float least = kInfinity;
    float most = -kInfinity;
    for (const Extent& each : extents) {
        least = std::min(least, *std::min_element(each.least.begin(), each.least.end()));
        most = std::max(most, *std::max_element(each.most.begin(), each.most.end()));
    }
    if (!(least <= most)) least = most = 0;
    // Unit rows must not be shifted: it would change their angles.
    if (unit_rows_) {
        most = std::max(-least, most);
        least = -most;
    }
    centre_ = least / 2 + most / 2;
    step_ = (most / 2 - least / 2) / kLargestCode;
}

bool RowCodes::encode(const Grove& grove, std::size_t threads) {
    std::vector<Notes> notes(threads);
    auto* const codes = reinterpret_cast<std::uint8_t*>(codes_.data());
    parallel_ranges(grove.ids.size(), kGrain, threads,
                    [&](std::size_t first, std::size_t last, std::size_t worker) {
                        std::vector<float> row(padded_width_);
                        std::vector<std::uint8_t> coded(padded_width_);
                        Notes mine = notes[worker];
                        for (std::size_t i = first; i < last; ++i) {
                            const std::size_t id = grove.ids[i];
                            const float scale = row_scale(grove, id);
                            if (scale == 0) (is_zero_row(grove, id) ? mine.zero_rows : mine.lost_rows) = true;
                            exact_row(grove, id, scale, centre_, row);
                            encode_row(row, centre_, 1 / step_, coded.data());
                            std::copy_n(coded.data(), stride_, codes + id * stride_);
                        }
                        notes[worker] = mine;
                    });
    bool lost_rows = false;
    for (const Notes& each : notes) {
        has_zero_rows_ |= each.zero_rows;
        lost_rows |= each.lost_rows;
    }
    return !lost_rows;
}

// By pairs of rows from all over: three in four must differ by twenty times of what their codes leave out, or not at all.
bool RowCodes::tells_apart(const Grove& grove) const {
    constexpr std::size_t kPairs = 256;
    constexpr double kFactor = 400;  // of squares
    const std::size_t count = grove.ids.size();
    std::vector<float> rows[2] = {std::vector<float>(padded_width_), std::vector<float>(padded_width_)};
    std::size_t blurred = 0;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
        const std::size_t ids[2] = {grove.ids[pair * count / kPairs],
                                    grove.ids[(pair * count / kPairs + count / 2 + 1) % count]};
        for (std::size_t i = 0; i < 2; ++i) exact_row(grove, ids[i], row_scale(grove, ids[i]), centre_, rows[i]);
        double difference = 0;
        double left_out = 0;
        for (std::size_t d = 0; d < width_; ++d) {
            const double between = (static_cast<double>(rows[0][d]) - rows[1][d]) / step_;
            const double left = (static_cast<double>(rows[0][d]) - centre_) / step_ + kZero - row(ids[0])[d];
            difference += between * between;
            left_out += left * left;
        }
        blurred += difference > 0 && difference < kFactor * left_out ? 1 : 0;
    }
    return blurred <= kPairs / 4;
}

// Where rows crowd, as about a centre, the next row may be nearer than a step: trees that cannot split the crowd find
// its rows by chance. So rows are put into cells of a few steps, twice, since the border of cells may cut a crowd in
// two. Of many cells only those with some hashes are looked at, which keeps the rows of a cell together.
bool RowCodes::are_different(const Grove& grove, std::size_t threads) const {
    constexpr std::size_t kMostRows = 65536;
    const std::size_t count = grove.ids.size();
    const std::size_t every = count / kMostRows + 1;
    std::vector<std::array<HashedRows, 2>> hashed(threads);
    parallel_ranges(count, kGrain, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        std::vector<std::uint8_t> cell(width_);
        for (const std::uint32_t id : grove.ids.subspan(first, last - first)) {
            for (const std::size_t half : {0U, 1U}) {
                std::transform(row(id), row(id) + width_, cell.begin(), [=](std::uint8_t code) {
                    return static_cast<std::uint8_t>((code + half * (kCell / 2)) / kCell);
                });
                const std::uint64_t hash = storage::checksum(std::as_bytes(std::span(cell)));
                if (hash % every == 0) hashed[worker][half].emplace_back(hash, id);
            }
        }
    });
    for (const std::size_t half : {0U, 1U}) {
        HashedRows all;
        for (const auto& mine : hashed) all.insert(all.end(), mine[half].begin(), mine[half].end());
        std::sort(all.begin(), all.end());
        if (share_cells(grove, all)) return false;
    }
    return true;
}

// Whether more than one in a thousand of the rows lie in a cell with another.
bool RowCodes::share_cells(const Grove& grove, const HashedRows& hashed) const {
    constexpr std::size_t kOneIn = 1000;
    std::vector<float> rows[2] = {std::vector<float>(padded_width_), std::vector<float>(padded_width_)};
    std::size_t alike = 0;
    for (std::size_t i = 1; i < hashed.size(); ++i) {
        if (hashed[i].first != hashed[i - 1].first) continue;
        for (const std::size_t side : {0U, 1U}) {
            const std::size_t id = hashed[i - side].second;
            exact_row(grove, id, row_scale(grove, id), centre_, rows[side]);
        }
        alike += rows[0] != rows[1] ? 1 : 0;
    }
    return alike * kOneIn > hashed.size();
}

}  // namespace kith::index
