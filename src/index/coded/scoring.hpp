// Rows scored by their codes, the best of them kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/coded/coded_data.hpp"
#include "index/selection.hpp"
#include "kernel/table.hpp"

namespace kith::index {

// The best of the rows scored so far, as score << 32 | row. Which these are does not depend on the order of scoring.
class BestScored {
public:
    // Forgets all. `repeats`: whether a row may be scored more than once.
    void reset(std::size_t wanted, bool repeats) noexcept;

    // What a kernel is to find among `count` more rows; take() takes what it found, but for what is not allowed.
    [[nodiscard]] kernel::CodeQuery ask(const std::uint8_t* lookup, std::size_t count);
    void take(const kernel::CodeQuery& found, const Selection& selection);

    // The `wanted` best, or all when there are fewer, each once, in no order. They may be written to.
    [[nodiscard]] std::span<std::uint64_t> finish();

    // The same and all that score as well as some more, as many as cost little to find.
    [[nodiscard]] std::span<std::uint64_t> finish_roughly();

private:
    [[nodiscard]] std::span<std::uint64_t> all() noexcept { return std::span(memory_).first(size_); }
    void drop_repeats();
    // Leaves the wanted and few more, as many as cost little to find; the threshold follows.
    void drop_worst();
    void keep_exactly_wanted();

    // Written without being cleared first.
    std::vector<std::uint64_t> memory_;
    std::size_t size_ = 0;
    std::size_t wanted_ = 0;
    bool repeats_ = false;
    std::uint16_t threshold_ = 0;
};

// A query's lookup table, and where its rows go.
struct Scorer {
    const std::uint8_t* lookup;
    BestScored* best;
};

// Scores `count` rows, whose codes begin at `codes` and whose numbers at `numbers`, for all of `scorers`: several with
// one reading of the codes.
void score_codes(const CodedData& data, const std::uint8_t* codes, const std::uint32_t* numbers, std::size_t count,
                 const Selection& selection, std::span<const Scorer> scorers);

// Each code's sums with a prepared query, less the least of the 16, as bytes of one common unit.
void make_lookup(const CodedData& data, std::span<const float> query, std::vector<std::uint8_t>& lookup);

}  // namespace kith::index
