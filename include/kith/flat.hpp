// Exact search: compares the query with every vector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/open.hpp>
#include <kith/types.hpp>

namespace kith {

// Ids are row numbers. Answers are exact and the yardstick of every other index: same result type, same order
// (ascending rank, equal ranks in ascending order of id). A search costs O(rows x dim) and ignores search_k.
// Safe to search from any number of threads.
class FlatIndex final : public Index {
public:
    // Copies `vectors` (for kHamming: one bit per element, set when it is > 0.5).
    // Throws InvalidArgument naming row and column of the first NaN or infinity, or when there are no columns.
    FlatIndex(MatrixView<const float> vectors, Metric metric);

    // Searches the rows where they are; `owner` keeps them alive, or is null when the caller does. They must not
    // change. Hamming needs its bits and copies. Throws as the constructor.
    [[nodiscard]] static FlatIndex view(MatrixView<const float> vectors, Metric metric,
                                        std::shared_ptr<const void> owner = nullptr);

    // Searches the rows of a .kith file (of any kind that has a vectors section) where they are mapped, by the
    // metric that the file names. O(1). Throws as open_index. Bad numbers in a damaged file give bad distances,
    // not crashes.
    [[nodiscard]] static FlatIndex open(const std::string& path, const OpenOptions& options = {});

    FlatIndex(FlatIndex&&) noexcept;
    FlatIndex& operator=(FlatIndex&&) noexcept;
    ~FlatIndex() override;

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kFlat; }
    [[nodiscard]] Metric metric() const noexcept override;
    [[nodiscard]] std::size_t dim() const noexcept override;
    [[nodiscard]] Scalar scalar() const noexcept override;
    [[nodiscard]] float step() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] bool contains(Id id) const noexcept override;
    void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const override;
    void search_item(Id id, const SearchOptions& options, Neighbors& out) const override;
    void range_search(std::span<const float> query, float radius, const SearchOptions& options,
                      Neighbors& out) const override;
    void get_vector(Id id, std::span<float> out) const override;
    [[nodiscard]] float distance(Id a, Id b) const override;
    void save(const std::string& path) const override;
    void write_sections(storage::FileWriter& writer) const override;

    using Index::get_vector;
    using Index::range_search;
    using Index::search;
    using Index::search_item;

protected:
    // Compares every block of rows with all queries while it is in the cache.
    void search_block(MatrixView<const float> queries, const SearchOptions& options,
                      std::span<Neighbors> out) const override;

private:
    struct Impl;
    explicit FlatIndex(std::unique_ptr<const Impl> impl) noexcept;

    std::unique_ptr<const Impl> impl_;
};

}  // namespace kith
