// A graph that grows and shrinks: vectors come and go while others search.
//
//     kith::DynamicIndex index(384, {.graph = {.metric = kith::Metric::kAngular}});
//     index.add(vectors);                                   // ids follow on from the largest so far
//     index.remove(outdated);
//     const kith::Neighbors near = index.search(query, {.k = 10, .recall = 0.95});
//     index.save("documents.kith");
//
// What was added last waits in a small buffer, which searches read as a whole. A full buffer becomes a graph, together
// with the graphs that are not much larger, so that there are about log(items) of them (a log-structured merge tree;
// O'Neil et al. 1996). A search asks every graph and merges the answers. Removed items are passed over until their graph
// is built anew, which happens when they are half of it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <kith/graph.hpp>
#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/open.hpp>
#include <kith/progress.hpp>
#include <kith/types.hpp>

namespace kith {

struct DynamicOptions {
    // Behaviour and performance of every graph. The same calls, options and seed give the same answers, whatever the
    // number of threads. calibration_queries above 200 are 200: graphs are built more than once.
    GraphOptions graph = {};

    // Performance: vectors that wait in the buffer. More make additions cheaper and searches slower; 0 takes what a
    // search reads in some 50 microseconds, 128 to 2048. At most 2^20.
    std::size_t buffer = 0;
};

// Const members are safe to call from any number of threads, beside add, remove and compact too: each sees the index
// as it was between two of these calls, and waits for none of them. add, remove and compact wait for each other. A call
// that throws has changed nothing.
class DynamicIndex final : public Index {
public:
    // Of no items.
    // Throws InvalidArgument: no dimensions, an option out of range.
    explicit DynamicIndex(std::size_t dim, const DynamicOptions& options = {});

    // Goes on from a built graph, whose memory is shared, not copied. Ids are its row numbers. The metric is the
    // graph's.
    [[nodiscard]] static DynamicIndex grow(const GraphIndex& graph, const DynamicOptions& options = {});

    // Maps a .kith file that save() wrote, or a GraphIndex's. `threads`: as GraphOptions. Throws IoError, CorruptFile,
    // Unsupported.
    [[nodiscard]] static DynamicIndex open(const std::string& path, const OpenOptions& options = {},
                                           std::size_t threads = 0);

    DynamicIndex(DynamicIndex&&) noexcept;
    DynamicIndex& operator=(DynamicIndex&&) noexcept;
    ~DynamicIndex() override;

    // Copies `vectors`. Without ids they take size(), size() + 1, …; the first of these is returned. Graphs that have
    // to be built report as GraphIndex::build does. Throws InvalidArgument: NaN or infinity, another dimension, as many
    // ids as vectors not given, an id that is negative, there already, or given twice, none left after the largest;
    // Cancelled.
    Id add(MatrixView<const float> vectors, const ProgressFn& progress = {});
    void add(MatrixView<const float> vectors, std::span<const Id> ids, const ProgressFn& progress = {});

    // Ids may be given again afterwards. Throws OutOfRange naming the first that is not there, InvalidArgument for one
    // that comes twice.
    void remove(std::span<const Id> ids, const ProgressFn& progress = {});

    // Brings all items into one graph, which searches fastest, and frees what removed ones take.
    void compact(const ProgressFn& progress = {});

    // Items there are; size() is one more than the largest id that there ever was.
    [[nodiscard]] std::size_t count() const noexcept;

    // Graphs, and items that wait in the buffer.
    [[nodiscard]] std::size_t n_graphs() const noexcept;
    [[nodiscard]] std::size_t buffered() const noexcept;

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kDynamic; }
    [[nodiscard]] Metric metric() const noexcept override;
    [[nodiscard]] std::size_t dim() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] bool contains(Id id) const noexcept override;

    // Effort, as GraphIndex understands it, is that of each graph. A filter may be for any number of items: those that
    // it does not know, because they are new, are not allowed.
    using Index::search;
    void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const override;
    using Index::search_item;
    void search_item(Id id, const SearchOptions& options, Neighbors& out) const override;
    using Index::range_search;
    void range_search(std::span<const float> query, float radius, const SearchOptions& options,
                      Neighbors& out) const override;

    // These throw OutOfRange also for ids below size() that are not there.
    using Index::get_vector;
    void get_vector(Id id, std::span<float> out) const override;
    [[nodiscard]] float distance(Id a, Id b) const override;

    void save(const std::string& path) const override;
    void write_sections(storage::FileWriter& writer) const override;

private:
    struct Impl;
    explicit DynamicIndex(std::unique_ptr<Impl> impl) noexcept;

    std::unique_ptr<Impl> impl_;
};

}  // namespace kith
