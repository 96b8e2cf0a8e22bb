#include "index_source.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <kith/build.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/forest_recall.hpp>

namespace kith::python {
namespace {

constexpr int kDefaultTrees = 50;
constexpr std::size_t kRecallNeighbors = 10;

class ForestSource final : public IndexSource {
public:
    ForestSource(Metric metric, std::size_t dim) : builder_(ForestOptions{.metric = metric, .dim = dim}) {}

    void reserve(std::size_t size) override { builder_.reserve(size); }
    void add(Id id, std::span<const float> vector) override { builder_.add(id, vector); }
    void add(MatrixView<const float> rows, Id first_id) override { builder_.add(rows, first_id); }
    [[nodiscard]] std::size_t size() const noexcept override { return builder_.n_items(); }
    [[nodiscard]] bool contains(Id id) const noexcept override { return builder_.contains(id); }
    void get_vector(Id id, std::span<float> out) const override { builder_.get_vector(id, out); }
    [[nodiscard]] float distance(Id a, Id b) const override { return builder_.distance(a, b); }
    [[nodiscard]] bool makes(IndexKind kind) const noexcept override { return kind == IndexKind::kForest; }
    [[nodiscard]] BuiltIndex build(const BuildRequest& request, const ProgressFn& progress) override {
        if (request.compress) {
            throw InvalidArgument(
                "build(compress=True) is for indexes of kind 'coded' and 'graph'; a forest keeps its vectors "
                "whole");
        }
        builder_.set_seed(request.seed);
        if (request.recall > 0) {
            const ForestEffort effort =
                build_for_recall(builder_, request.recall, kRecallNeighbors, request.threads, progress);
            return {std::make_shared<Forest>(builder_.forest()), effort.recall};
        }
        builder_.build(request.n_trees == 0 ? kDefaultTrees : request.n_trees, request.threads, progress);
        return {std::make_shared<Forest>(builder_.forest()), std::nullopt};
    }
    void unbuild() override { builder_.unbuild(); }
    void on_disk(const std::string& path) override { builder_.on_disk(path); }

private:
    ForestBuilder builder_;
};

// Asks for huge pages where there is much to hold, as NumPy does: filling them costs few faults. New elements are left as
// they are found, for copies to fill.
template <class T>
struct HugePages {
    using value_type = T;

    HugePages() = default;
    template <class U>
    explicit HugePages(const HugePages<U>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) {
        if (count * sizeof(T) < kLarge) return std::allocator<T>().allocate(count);
        auto* const memory = static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t(kPage)));
#if defined(MADV_HUGEPAGE)
        (void)::madvise(memory, count * sizeof(T), MADV_HUGEPAGE);
#endif
        return memory;
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        if (count * sizeof(T) < kLarge) return std::allocator<T>().deallocate(memory, count);
        ::operator delete(memory, std::align_val_t(kPage));
    }
    template <class U>
    void construct(U*) noexcept {}
    [[nodiscard]] friend bool operator==(const HugePages&, const HugePages&) noexcept {
        return true;
    }

private:
    static constexpr std::size_t kPage = std::size_t{1} << 21;
    static constexpr std::size_t kLarge = 2 * kPage;
};

using Rows = std::vector<float, HugePages<float>>;

// Whether none is NaN or infinite. No number ends the loop, so that compilers take several at once: an exponent of
// all ones and one more overflow into the sign.
bool all_finite(std::span<const float> vector) noexcept {
    std::uint32_t any = 0;
    for (const float x : vector) any |= (std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFU) + 0x00800000U;
    return any >> 31 == 0;
}

// Rows in one block, for the kinds whose ids are row numbers. A flat index views them without a copy; a change after
// that copies first.
class DenseSource final : public IndexSource {
public:
    DenseSource(Metric metric, std::size_t dim) : metric_(metric), dim_(dim) {
        if (dim == 0) throw InvalidArgument("dim must be at least 1, not 0");
    }

    void reserve(std::size_t size) override {
        if (rows_.use_count() > 1) rows_ = std::make_shared<Rows>(*rows_);
        if (size * dim_ > rows_->capacity()) rows_->reserve(std::max(size * dim_, 2 * rows_->capacity()));
    }
    void add(Id id, std::span<const float> vector) override {
        if (id < 0 || id >= kMaxId) {
            throw InvalidArgument("an id must be from 0 to " + std::to_string(kMaxId - 1) + ", not " +
                                  std::to_string(id));
        }
        check(vector);
        const auto row = static_cast<std::size_t>(id);
        make_room(row + 1);
        std::copy(vector.begin(), vector.end(), rows_->begin() + static_cast<std::ptrdiff_t>(row * dim_));
        present_[row] = true;
    }
    void add(MatrixView<const float> rows, Id first_id) override {
        if (rows.empty()) return;
        const bool appends = static_cast<std::size_t>(first_id) == size() && rows.stride() == dim_;
        if (!appends || first_id + static_cast<Id>(rows.rows()) > kMaxId) {
            for (std::size_t i = 0; i < rows.rows(); ++i) check(rows.row(i), static_cast<std::ptrdiff_t>(i));
            reserve(static_cast<std::size_t>(first_id) + rows.rows());
            for (std::size_t i = 0; i < rows.rows(); ++i) add(first_id + static_cast<Id>(i), rows.row(i));
            return;
        }
        append(rows);
    }
    [[nodiscard]] std::size_t size() const noexcept override { return present_.size(); }
    [[nodiscard]] bool contains(Id id) const noexcept override {
        return id >= 0 && static_cast<std::size_t>(id) < present_.size() && present_[static_cast<std::size_t>(id)];
    }
    void get_vector(Id id, std::span<float> out) const override {
        const auto row = view().row(checked(id));
        std::copy(row.begin(), row.end(), out.begin());
    }
    [[nodiscard]] float distance(Id a, Id b) const override {
        const auto two = FlatIndex::view(view(), metric_);
        return two.distance(static_cast<Id>(checked(a)), static_cast<Id>(checked(b)));
    }
    [[nodiscard]] bool makes(IndexKind kind) const noexcept override {
        return kind == IndexKind::kFlat || kind == IndexKind::kCodedForest || kind == IndexKind::kGraph;
    }
    [[nodiscard]] BuiltIndex build(const BuildRequest& request, const ProgressFn& progress) override {
        const std::string kind(kind_name(request.kind));
        if (request.recall > 0) {
            throw InvalidArgument("build(recall=) chooses the trees of a forest; an index of kind '" + kind +
                                  "' takes its recall when it is searched: search(..., recall=)");
        }
        const auto hole = std::find(present_.begin(), present_.end(), false);
        if (hole != present_.end()) {
            throw InvalidArgument("kind '" + kind + "' needs every id from 0 to " + std::to_string(size() - 1) +
                                  ", but " + std::to_string(hole - present_.begin()) +
                                  " was never added; add it, or use kind 'forest'");
        }
        if (request.kind == IndexKind::kFlat && !request.compress) {
            return {std::make_shared<FlatIndex>(FlatIndex::view(view(), metric_, rows_)), std::nullopt};
        }
        const BuildOptions options{.metric = metric_,
                                   .kind = request.kind,
                                   .seed = request.seed,
                                   .n_trees = std::max(request.n_trees, 0),
                                   .compress = request.compress,
                                   .threads = request.threads};
        return {build_index(view(), options, progress), std::nullopt};
    }
    void unbuild() override {}
    void on_disk(const std::string&) override {
        throw Unsupported("only an index of kind 'forest' can be built in a file");
    }

private:
    static constexpr Id kMaxId = (Id{1} << 31) - 1;
    static constexpr std::size_t kBlockElements = std::size_t{1} << 14;

    [[nodiscard]] MatrixView<const float> view() const noexcept { return {rows_->data(), size(), dim_}; }

    [[nodiscard]] std::size_t checked(Id id) const {
        if (id < 0 || static_cast<std::size_t>(id) >= size()) {
            throw OutOfRange("there is no item " + std::to_string(id) + "; ids end at " + std::to_string(size()));
        }
        return static_cast<std::size_t>(id);
    }

    void check(std::span<const float> vector, std::ptrdiff_t row = -1) const {
        if (vector.size() != dim_) {
            throw InvalidArgument("a vector must have " + std::to_string(dim_) + " elements, not " +
                                  std::to_string(vector.size()));
        }
        if (all_finite(vector)) return;
        const auto bad = std::find_if_not(vector.begin(), vector.end(), [](float x) { return std::isfinite(x); });
        if (bad != vector.end()) {
            throw InvalidArgument("element " + std::to_string(bad - vector.begin()) +
                                  (row < 0 ? std::string(" of the vector") : " of row " + std::to_string(row)) +
                                  " is " + std::to_string(*bad) + "; it must be finite");
        }
    }

    // Rows are looked at a block at a time while it is on its way through the caches; a bad one takes back all.
    void append(MatrixView<const float> rows) {
        reserve(size() + rows.rows());
        const std::size_t block = std::max<std::size_t>(kBlockElements / dim_, 1);
        const std::size_t before = rows_->size();
        try {
            rows_->resize(before + rows.rows() * dim_);
            for (std::size_t first = 0; first < rows.rows(); first += block) {
                const std::size_t last = std::min(first + block, rows.rows());
                for (std::size_t i = first; i < last; ++i) check(rows.row(i), static_cast<std::ptrdiff_t>(i));
                std::memcpy(rows_->data() + before + first * dim_, rows.row(first).data(),
                            (last - first) * dim_ * sizeof(float));
            }
            present_.resize(size() + rows.rows(), true);
        } catch (...) {
            rows_->resize(before);
            throw;
        }
    }

    void make_room(std::size_t rows) {
        if (rows_.use_count() > 1) rows_ = std::make_shared<Rows>(*rows_);
        if (rows <= size()) return;
        const auto before = static_cast<std::ptrdiff_t>(rows_->size());
        rows_->resize(rows * dim_);
        std::fill(rows_->begin() + before, rows_->end(), 0.0F);
        present_.resize(rows);
    }

    Metric metric_;
    std::size_t dim_;
    std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
    std::vector<bool> present_;
};

}  // namespace

std::string_view kind_name(IndexKind kind) noexcept {
    return kind == IndexKind::kCodedForest ? "coded" : name(kind);
}

std::unique_ptr<IndexSource> make_source(IndexKind kind, Metric metric, std::size_t dim) {
    switch (kind) {
        case IndexKind::kForest: return std::make_unique<ForestSource>(metric, dim);
        case IndexKind::kFlat:
        case IndexKind::kCodedForest:
        case IndexKind::kGraph: return std::make_unique<DenseSource>(metric, dim);
        case IndexKind::kDynamic:
        case IndexKind::kNone: break;
    }
    throw Unsupported("an index of kind '" + std::string(kind_name(kind)) + "' cannot be built here");
}

bool has_holes(const IndexSource& source) {
    for (std::size_t id = 0; id < source.size(); ++id) {
        if (!source.contains(static_cast<Id>(id))) return true;
    }
    return false;
}

std::unique_ptr<IndexSource> converted(const IndexSource& source, IndexKind kind, Metric metric, std::size_t dim) {
    auto result = make_source(kind, metric, dim);
    result->reserve(source.size());
    std::vector<float> vector(dim);
    for (auto id = static_cast<Id>(source.size()) - 1; id >= 0; --id) {
        if (!source.contains(id)) continue;
        source.get_vector(id, vector);
        result->add(id, vector);
    }
    return result;
}

}  // namespace kith::python
