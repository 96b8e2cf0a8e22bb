#include "index/coded/codebook.hpp"

#include <algorithm>

#include <kith/matrix.hpp>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "index/coded/coded_data.hpp"
#include "index/coded/prepare.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

constexpr std::size_t kSample = 8192;
constexpr std::size_t kIterations = 10;
constexpr std::size_t kBitsPerCode = 4;

kernel::Sum nearness(Metric metric) noexcept {
    return metric == Metric::kManhattan ? kernel::Sum::kAbsoluteDifference : kernel::Sum::kSquaredDifference;
}

std::uint8_t least(const float* sums) noexcept {
    std::size_t best = 0;
    for (std::size_t c = 1; c < kCodewords; ++c) {
        if (sums[c] < sums[best]) best = c;
    }
    return static_cast<std::uint8_t>(best);
}

// The corners of the cube of `width` bits.
void set_corners(Codebook& codebook) {
    for (std::size_t t = 0; t < codebook.codes(); ++t) {
        for (std::size_t d = 0; d < codebook.width; ++d) {
            for (std::size_t c = 0; c < kCodewords; ++c) {
                codebook.codewords[(t * codebook.width + d) * kCodewords + c] = static_cast<float>(c >> d & 1);
            }
        }
    }
}

// One code's codewords: `sample` columns [first, first + here).
class CodeTrainer {
public:
    CodeTrainer(const Matrix& sample, std::size_t first, std::size_t here, Random random)
        : sample_(sample), first_(first), here_(here), random_(random), sums_(here * kCodewords) {}

    void train(kernel::Sum nearness, float* codewords) {
        for (std::size_t c = 0; c < kCodewords; ++c) set(codewords, c, drawn());
        const auto compare = kernel::active().codes.codewords[static_cast<std::size_t>(nearness)];
        for (std::size_t iteration = 0; iteration < kIterations; ++iteration) {
            std::ranges::fill(sums_, 0.0);
            std::ranges::fill(counts_, 0U);
            for (std::size_t i = 0; i < sample_.rows(); ++i) {
                const float* const part = sample_.row(i).data() + first_;
                float distances[kCodewords];
                compare(part, here_, here_, codewords, distances);
                const std::uint8_t code = least(distances);
                ++counts_[code];
                for (std::size_t d = 0; d < here_; ++d) sums_[code * here_ + d] += part[d];
            }
            move(codewords);
        }
    }

private:
    [[nodiscard]] const float* drawn() { return sample_.row(random_.below(sample_.rows())).data() + first_; }

    void set(float* codewords, std::size_t c, const float* part) const {
        for (std::size_t d = 0; d < here_; ++d) codewords[d * kCodewords + c] = part[d];
    }

    // To the means; a codeword that is nobody's nearest starts again at a random row.
    void move(float* codewords) {
        for (std::size_t c = 0; c < kCodewords; ++c) {
            if (counts_[c] == 0) {
                set(codewords, c, drawn());
                continue;
            }
            for (std::size_t d = 0; d < here_; ++d) {
                codewords[d * kCodewords + c] = static_cast<float>(sums_[c * here_ + d] / counts_[c]);
            }
        }
    }

    const Matrix& sample_;
    std::size_t first_;
    std::size_t here_;
    Random random_;
    std::vector<double> sums_;
    std::uint32_t counts_[kCodewords] = {};
};

}  // namespace

std::size_t default_code_width(Metric metric, std::size_t dim, ByteRows byte_rows) noexcept {
    if (metric == Metric::kHamming) return kBitsPerCode;
    if (dim <= 128) return 1;
    if (dim <= 384) return 2;
    if (dim > 1024) return 8;
    return byte_rows == ByteRows::kMake ? 4 : 5;
}

Codebook make_codebook(const RowStore& rows, std::size_t width, std::uint64_t seed, std::size_t threads) {
    Codebook codebook;
    codebook.dim = rows.dim();
    codebook.width = width;
    codebook.tables = blocks_of(codebook.codes(), 4) * 4;
    codebook.codewords.resize(codebook.codes() * width * kCodewords);
    if (rows.metric() == Metric::kHamming) {
        set_corners(codebook);
        return codebook;
    }
    Matrix sample(std::min(rows.count(), kSample), rows.dim());
    Random random = Random::stream(seed, 0);
    for (std::size_t i = 0; i < sample.rows(); ++i) prepare_row(rows, random.below(rows.count()), sample.row(i));
    parallel_for(codebook.codes(), threads, [&](std::size_t t, std::size_t) {
        const std::size_t first = t * width;
        CodeTrainer trainer(sample, first, std::min(width, codebook.dim - first), Random::stream(seed, t + 1));
        trainer.train(nearness(rows.metric()), codebook.codewords.data() + first * kCodewords);
    });
    return codebook;
}

void encode(const Codebook& codebook, Metric metric, std::span<const float> row, std::span<float> sums,
            std::uint8_t* out) {
    kernel::active().codes.codewords[static_cast<std::size_t>(nearness(metric))](
        row.data(), codebook.dim, codebook.width, codebook.codewords.data(), sums.data());
    for (std::size_t t = 0; t < codebook.codes(); ++t) out[t] = least(sums.data() + t * kCodewords);
}

}  // namespace kith::index
