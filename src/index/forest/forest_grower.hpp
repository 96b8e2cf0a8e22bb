// What a ForestBuilder is made of: the items, and the forest over them once it is grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <kith/forest.hpp>

#include "index/forest/forest_data.hpp"
#include "index/forest/grove.hpp"
#include "index/forest/node_store.hpp"
#include "kernel/table.hpp"

namespace kith::index {

struct Tree;

// The public functions of ForestBuilder are documented there.
class ForestGrower {
public:
    explicit ForestGrower(const ForestOptions& options);

    void on_disk(const std::string& path);
    void set_seed(std::uint64_t seed) noexcept { options_.seed = seed; }
    void reserve(std::size_t n_items);
    void add(Id id, std::span<const float> vector);
    void add(MatrixView<const float> rows, Id first_id);
    void build(int n_trees, std::size_t threads, const ProgressFn& progress);
    void set_default_effort(std::int64_t search_k, std::size_t k);
    void unbuild();

    [[nodiscard]] const ForestOptions& options() const noexcept { return options_; }
    [[nodiscard]] std::size_t n_items() const noexcept { return n_items_; }
    // Null until built.
    [[nodiscard]] const std::shared_ptr<const ForestData>& forest() const noexcept { return forest_; }

    [[nodiscard]] bool contains(Id id) const noexcept;
    void get_vector(Id id, std::span<float> out) const;
    [[nodiscard]] float distance(Id a, Id b) const;

private:
    // A forest that was handed out shares the nodes: whoever changes them must have them alone.
    void require_unbuilt(const char* what) const;
    void check_new_ids(Id first, std::size_t count) const;
    void check_row(std::size_t i, std::span<const float> row) const;
    void ensure_items(std::size_t n_items);
    void forget_items(std::size_t n_items);
    [[nodiscard]] std::byte* node(std::size_t id) { return store_->data() + id * layout_.node_bytes; }
    void write_vector(std::size_t id, std::span<const float> vector);

    [[nodiscard]] const std::byte* nodes() const noexcept;
    [[nodiscard]] const std::byte* checked_vector(Id id) const;
    [[nodiscard]] std::size_t batch_size(int n_trees, std::size_t grown, std::size_t n_nodes,
                                         const std::vector<Tree>& last, std::size_t threads) const;
    // Grows the trees behind the items; gives the roots.
    [[nodiscard]] std::vector<std::uint32_t> grow(int n_trees, std::size_t threads, const ProgressFn& progress);
    void append_root_copies(std::vector<std::uint32_t>& roots);

    ForestOptions options_;
    NodeLayout layout_;
    const kernel::Table* kernels_;
    std::string path_;  // of an index built on disk; empty for one in memory
    std::shared_ptr<NodeStore> store_;
    std::size_t n_items_ = 0;
    std::vector<std::uint64_t> packed_;  // one Hamming vector
    std::shared_ptr<const ForestData> forest_;
};

}  // namespace kith::index
