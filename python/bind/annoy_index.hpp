// Annoy's one class for everything, over Kith's builder and built forest. Methods are called with the GIL and let
// go of it while they work; any thread may call any of them at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <kith/forest.hpp>

#include "index_source.hpp"
#include "object_lock.hpp"

namespace kith::python {

//     empty --add_item--> filled --build--> built --save--> loaded (read-only) --unload--> empty
//
// Queries of an index that is not built find nothing, as in Annoy. What Annoy refuses raises what Annoy raises;
// what makes Annoy crash, hang or lose data raises ValueError, or Exception for a call out of order.
class AnnoyIndex {
public:
    // Raises ValueError: unknown metric, f < 1.
    AnnoyIndex(int f, const std::string& metric);

    [[nodiscard]] int f() const noexcept { return static_cast<int>(options_.dim); }
    [[nodiscard]] Metric metric() const noexcept { return options_.metric; }
    [[nodiscard]] std::size_t n_items() const noexcept { return n_items_; }
    [[nodiscard]] std::size_t n_trees() const noexcept { return forest_ ? forest_->n_trees() : 0; }

    void add_item(int id, std::span<const float> vector);
    void build(int n_trees, int n_jobs);
    void unbuild();
    void unload();
    void on_disk_build(const std::string& path);
    void save(const std::string& path, bool prefault);
    void load(const std::string& path, bool prefault);
    void set_seed(std::uint64_t seed);

    // Both overwrite `out`. n < 0 asks for all items, search_k < -1 for no limit.
    void search_item(int id, int n, int search_k, Neighbors& out) const;
    void search_vector(std::span<const float> vector, int n, int search_k, Neighbors& out) const;

    void get_item(int id, std::span<float> out) const;
    [[nodiscard]] float distance(int a, int b) const;

    // The built forest, if there is one.
    [[nodiscard]] std::optional<Forest> forest() const { return forest_; }

    // For an index that is not built.
    void copy_items_to(IndexSource& source) const;

private:
    // Raises IndexError unless 0 <= id < n_items(), or for `adding` unless 0 <= id.
    void check_id(int id, bool adding = false) const;
    void reset();
    void adopt(Forest forest);

    ForestOptions options_;
    std::optional<ForestBuilder> builder_;  // none while loaded
    std::optional<Forest> forest_;  // what queries read; set and cleared with the GIL or the object's section held
    std::size_t n_items_ = 0;
    mutable ObjectLock lock_;
};

}  // namespace kith::python
