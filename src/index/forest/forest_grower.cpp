#include "index/forest/forest_grower.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <kith/error.hpp>

#include "base/finite.hpp"
#include "base/format.hpp"
#include "base/metric.hpp"
#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "index/forest/item_node.hpp"
#include "index/forest/row_codes.hpp"
#include "index/forest/tree_grower.hpp"
#include "kernel/select.hpp"

namespace kith::index {
namespace {

constexpr Id kMaxId = 0x7ffffffe;
constexpr std::size_t kMaxNodes = 0x7fffffff;

// Finished trees wait for their place behind the items: as many as make this share of the items' size, and at least
// one for each thread.
constexpr std::size_t kPendingShare = 32;

}  // namespace

ForestGrower::ForestGrower(const ForestOptions& options)
    : options_(options),
      layout_(layout_of(options.metric, options.dim, options.dot_layout)),
      kernels_(&kernel::active()),
      store_(std::make_shared<NodeStore>()) {
    if (options.metric != Metric::kDot) {
        options_.dot_layout = DotLayout::kAuto;
    } else if (options.dot_layout == DotLayout::kAuto) {
        options_.dot_layout = DotLayout::kRelease;
    }
    if (options.metric == Metric::kHamming) packed_.resize(elements_of(options.metric, options.dim));
}

void ForestGrower::on_disk(const std::string& path) {
    require_unbuilt("move the index to a file");
    if (n_items_ != 0) {
        throw InvalidArgument(formatted("on_disk comes before the first item; there are {} already", n_items_));
    }
    store_ = std::make_shared<NodeStore>(path);
    path_ = path;
}

void ForestGrower::require_unbuilt(const char* what) const {
    if (forest_) throw InvalidArgument(formatted("cannot {}: the index is built; unbuild it first", what));
}

void ForestGrower::check_new_ids(Id first, std::size_t count) const {
    if (first < 0) throw InvalidArgument(formatted("item id {} is negative", first));
    if (first > kMaxId || count > static_cast<std::size_t>(kMaxId - first) + 1) {
        throw InvalidArgument(formatted("item id {} is too large; the largest is {}",
                                        static_cast<std::uint64_t>(first) + count - 1, kMaxId));
    }
}

void ForestGrower::ensure_items(std::size_t n_items) {
    if (n_items <= n_items_) return;
    store_->resize(n_items * layout_.node_bytes);
    n_items_ = n_items;
}

void ForestGrower::forget_items(std::size_t n_items) {
    store_->resize(n_items * layout_.node_bytes);
    n_items_ = n_items;
}

void ForestGrower::reserve(std::size_t n_items) {
    require_unbuilt("reserve room");
    if (n_items <= n_items_) return;
    check_new_ids(0, n_items);
    store_->resize(n_items * layout_.node_bytes);
    store_->resize(n_items_ * layout_.node_bytes);
}

void ForestGrower::write_vector(std::size_t id, std::span<const float> vector) {
    const void* stored = vector.data();
    if (options_.metric == Metric::kHamming) {
        pack_bits(vector, packed_);
        stored = packed_.data();
    }
    write_item(options_.metric, layout_, *kernels_, stored, node(id));
}

// A finite sum of squares vouches for a row; another may also mean large elements.
void ForestGrower::check_row(std::size_t i, std::span<const float> row) const {
    if (std::isfinite(kernels_->f32.sum_of_squares(row.data(), row.size()))) return;
    if (const std::size_t bad = first_not_finite(row); bad != row.size()) {
        throw InvalidArgument(formatted("element [{}, {}] of the rows is {}; it must be finite", i, bad, row[bad]));
    }
}

void ForestGrower::add(Id id, std::span<const float> vector) {
    require_unbuilt("add an item");
    check_new_ids(id, 1);
    if (vector.size() != options_.dim) {
        throw InvalidArgument(formatted("vector of item {} has {} elements; the index has {} dimensions", id,
                                        vector.size(), options_.dim));
    }
    if (const std::size_t bad = first_not_finite(vector); bad != vector.size()) {
        throw InvalidArgument(formatted("element {} of item {} is {}; it must be finite", bad, id, vector[bad]));
    }
    ensure_items(static_cast<std::size_t>(id) + 1);
    write_vector(static_cast<std::size_t>(id), vector);
}

void ForestGrower::add(MatrixView<const float> rows, Id first_id) {
    require_unbuilt("add items");
    if (rows.rows() == 0) return;
    check_new_ids(first_id, rows.rows());
    if (rows.cols() != options_.dim) {
        throw InvalidArgument(
            formatted("rows have {} columns; the index has {} dimensions", rows.cols(), options_.dim));
    }
    const auto first = static_cast<std::size_t>(first_id);
    const std::size_t before = n_items_;
    // A bad row changes nothing. What replaces items is looked at before the first is; what comes after them all is
    // looked at on its way, and can be forgotten.
    if (first < before) {
        for (std::size_t i = 0; i < rows.rows(); ++i) check_row(i, rows.row(i));
    }
    ensure_items(first + rows.rows());
    try {
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            if (first >= before) check_row(i, rows.row(i));
            write_vector(first + i, rows.row(i));
        }
    } catch (...) {
        forget_items(before);
        throw;
    }
}

void ForestGrower::build(int n_trees, std::size_t threads, const ProgressFn& progress) {
    require_unbuilt("build");
    if (n_trees < -1) {
        throw InvalidArgument(
            formatted("n_trees is {}; use a number of trees, or -1 for as many as take up the "
                      "room of the items",
                      n_trees));
    }
    const std::size_t item_bytes = n_items_ * layout_.node_bytes;
    std::vector<std::uint32_t> roots;
    try {
        roots = grow(n_trees, threads, progress);
        append_root_copies(roots);
    } catch (...) {
        store_->resize(item_bytes);
        throw;
    }
    storage::Region region;
    if (storage::GrowingFile* const file = store_->file()) {
        try {
            region = file->commit();
        } catch (...) {
            // The file is gone, and the items with it.
            store_ = std::make_shared<NodeStore>();
            n_items_ = 0;
            path_.clear();
            throw;
        }
        store_.reset();
    } else {
        region = storage::Region({store_->data(), store_->size()}, store_);
    }
    forest_ = std::make_shared<const ForestData>(options_.metric, options_.dim, options_.dot_layout,
                                                 std::move(region), n_items_, std::move(roots), path_);
}

void ForestGrower::set_default_effort(std::int64_t search_k, std::size_t k) {
    if (!forest_) throw InvalidArgument("the index is not built; a default search_k belongs to the trees");
    if (search_k < 1 || k == 0) {
        throw InvalidArgument(formatted(
            "a default search_k of {} for {} neighbours; use at least 1 candidate and 1 neighbour", search_k, k));
    }
    // Forests that were handed out keep what they have.
    auto changed = std::make_shared<ForestData>(*forest_);
    changed->set_default_effort({static_cast<std::uint64_t>(search_k), k});
    forest_ = std::move(changed);
}

// As many trees as are still needed, going by the size of those that stand, and as may wait in memory.
std::size_t ForestGrower::batch_size(int n_trees, std::size_t grown, std::size_t n_nodes,
                                     const std::vector<Tree>& last, std::size_t threads) const {
    std::size_t batch = threads;
    if (grown > 0) {
        const std::size_t tree_nodes = std::max<std::size_t>((n_nodes - n_items_) / grown, 1);
        const std::size_t tree_bytes = last[0].ids.size() * sizeof(std::uint32_t) + last[0].planes.size() + 1;
        batch = std::max(threads, n_items_ * layout_.node_bytes / kPendingShare / tree_bytes);
        if (n_trees < 0) batch = std::min(batch, (2 * n_items_ - n_nodes) / tree_nodes + 1);
    }
    return n_trees < 0 ? batch : std::min(batch, static_cast<std::size_t>(n_trees) - grown);
}

std::vector<std::uint32_t> ForestGrower::grow(int n_trees, std::size_t threads, const ProgressFn& progress) {
    if (options_.metric == Metric::kDot) {
        set_dot_factors(options_.dot_layout, layout_, options_.dim, *kernels_, store_->data(), n_items_);
    }
    std::vector<std::uint32_t> ids;
    for (std::size_t id = 0; id < n_items_; ++id) {
        if (descendants(node(id)) == 1) ids.push_back(static_cast<std::uint32_t>(id));
    }
    threads = resolve_threads(threads);
    Grove grove{options_.metric, options_.dim, layout_, kernels_, store_->data(), n_items_, ids, options_.seed};
    std::optional<RowCodes> codes;
    if (options_.metric != Metric::kHamming && n_trees != 0 && !ids.empty()) {
        if (codes.emplace(grove, threads).sharp()) {
            grove.codes = &*codes;
        } else {
            codes.reset();
        }
    }
    std::vector<std::unique_ptr<TreeGrower>> growers(threads);
    ProgressMeter meter("building", n_trees < 0 ? 0 : ids.size() * static_cast<std::size_t>(n_trees), progress);

    std::vector<Tree> trees;  // their memory serves one batch after the other
    std::vector<std::uint32_t> roots;
    const auto enough = [&](std::size_t n_nodes) {
        return n_trees < 0 ? n_nodes >= 2 * n_items_ : roots.size() == static_cast<std::size_t>(n_trees);
    };
    std::size_t n_nodes = n_items_;
    while (!enough(n_nodes)) {
        const std::size_t batch = batch_size(n_trees, roots.size(), n_nodes, trees, threads);
        trees.resize(batch);
        const std::size_t first_tree = roots.size();
        parallel_for(batch, threads, [&](std::size_t i, std::size_t worker) {
            if (!growers[worker]) growers[worker] = std::make_unique<TreeGrower>(grove);
            trees[i] = growers[worker]->grow(
                first_tree + i, [&](std::size_t items) { meter.add(items); }, std::move(trees[i]));
        });

        std::vector<std::size_t> starts;
        for (std::size_t i = 0; i < batch && !enough(n_nodes); ++i) {
            starts.push_back(n_nodes);
            n_nodes += trees[i].nodes.size();
            roots.push_back(static_cast<std::uint32_t>(n_nodes - 1));
            if (n_nodes + roots.size() > kMaxNodes) {
                throw InvalidArgument(
                    formatted("{} trees over {} items need more than the {} nodes that an Annoy "
                              "index can have",
                              n_trees, n_items_, kMaxNodes));
            }
        }
        store_->resize(n_nodes * layout_.node_bytes);
        grove.nodes = store_->data();
        parallel_for(starts.size(), threads, [&](std::size_t i, std::size_t worker) {
            if (!growers[worker]) growers[worker] = std::make_unique<TreeGrower>(grove);
            growers[worker]->place(trees[i], starts[i], store_->data() + starts[i] * layout_.node_bytes);
        });
    }
    meter.finish();
    return roots;
}

// Through them a reader finds roots and number of items. They become the roots of the forest, so that it is the
// same before it is saved and after.
void ForestGrower::append_root_copies(std::vector<std::uint32_t>& roots) {
    if (roots.empty() && !path_.empty()) {
        throw InvalidArgument(
            "an index on disk needs at least one tree: its file tells the number of items by them");
    }
    const std::size_t bytes = layout_.node_bytes;
    const std::size_t end = store_->size();
    store_->resize(end + roots.size() * bytes);
    for (std::size_t i = 0; i < roots.size(); ++i) {
        std::memcpy(store_->data() + end + i * bytes, node(roots[i]), bytes);
        roots[i] = static_cast<std::uint32_t>(end / bytes + i);
    }
}

void ForestGrower::unbuild() {
    if (!forest_) throw InvalidArgument("cannot unbuild: the index is not built");
    const std::size_t item_bytes = n_items_ * layout_.node_bytes;
    const std::byte* const old = nodes();
    const std::shared_ptr<const ForestData> keep = std::exchange(forest_, nullptr);
    // Forests that were handed out go on using the old nodes.
    if (store_ && keep.use_count() == 1) {
        store_->resize(item_bytes);
        return;
    }
    auto fresh = path_.empty() ? std::make_shared<NodeStore>() : std::make_shared<NodeStore>(path_);
    fresh->resize(item_bytes);
    std::copy_n(old, item_bytes, fresh->data());
    store_ = std::move(fresh);
}

const std::byte* ForestGrower::nodes() const noexcept {
    return store_ ? store_->data() : forest_->ann_bytes();
}

bool ForestGrower::contains(Id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < n_items_ &&
           descendants(nodes() + static_cast<std::size_t>(id) * layout_.node_bytes) == 1;
}

const std::byte* ForestGrower::checked_vector(Id id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= n_items_) {
        throw OutOfRange(formatted("item id {} is out of range; the index has {} items", id, n_items_));
    }
    return nodes() + static_cast<std::size_t>(id) * layout_.node_bytes + layout_.vector;
}

void ForestGrower::get_vector(Id id, std::span<float> out) const {
    copy_vector(options_.metric, options_.dim, checked_vector(id), out);
}

float ForestGrower::distance(Id a, Id b) const {
    const kernel::PairFn pair = kernels_->of(options_.metric, scalar_of(options_.metric)).pair;
    return display(options_.metric,
                   pair(checked_vector(a), checked_vector(b), elements_of(options_.metric, options_.dim)));
}

}  // namespace kith::index
