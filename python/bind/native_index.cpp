#include "native_index.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include <kith/coded_forest.hpp>
#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>
#include <kith/open.hpp>

#include "errors.hpp"
#include "interrupt.hpp"
#include "numbers.hpp"
#include "searches.hpp"

namespace kith::python {
namespace {

constexpr Id kLargestId = (Id{1} << 31) - 2;

constexpr std::string_view kAuto = "auto";
constexpr const char* kAdopted = "that is what was loaded";

IndexKind parse_kind(const std::string& text) {
    if (text == kAuto) return IndexKind::kFlat;  // until build() chooses
    for (const IndexKind kind :
         {IndexKind::kForest, IndexKind::kFlat, IndexKind::kCodedForest, IndexKind::kGraph}) {
        if (kind_name(kind) == text) return kind;
    }
    throw InvalidArgument("kind must be 'auto', 'forest', 'flat', 'coded' or 'graph', not '" + text + "'");
}

// One more than the largest of `ids`. Throws for what is no id.
std::size_t size_for(const std::vector<Id>& ids) {
    if (ids.empty()) return 0;
    const auto [least, most] = std::minmax_element(ids.begin(), ids.end());
    if (*least < 0) throw InvalidArgument("ids must not be negative; found " + std::to_string(*least));
    if (*most > kLargestId) {
        throw InvalidArgument("ids must be at most " + std::to_string(kLargestId) + "; found " +
                              std::to_string(*most));
    }
    return static_cast<std::size_t>(*most) + 1;
}

}  // namespace

NativeIndex::NativeIndex(std::size_t dim, const std::string& metric, const std::string& kind, std::uint64_t seed)
    : dim_(dim), metric_(parse_metric(metric)), kind_(parse_kind(kind)), seed_(seed), automatic_(kind == kAuto) {
    source_ = make_source(kind_, metric_, dim_);
    if (!automatic_) why_ = "kind='" + kind + "' was asked for";
}

std::string_view NativeIndex::kind_text() const noexcept {
    return automatic_ && !built_ ? kAuto : kind_name(kind_);
}

std::optional<std::size_t> NativeIndex::default_search_k(std::size_t k) const {
    const auto index = built();
    const auto* forest = dynamic_cast<const Forest*>(index.get());
    return forest == nullptr ? std::nullopt : std::optional(forest->default_search_k(k));
}

std::size_t NativeIndex::n_trees() const noexcept {
    if (const auto* forest = dynamic_cast<const Forest*>(built_.get())) return forest->n_trees();
    if (const auto* coded = dynamic_cast<const CodedForest*>(built_.get())) return coded->n_trees();
    return 0;
}

Scalar NativeIndex::scalar() const noexcept {
    return built_ ? built_->scalar() : Scalar::kFloat32;
}

std::size_t NativeIndex::memory_bytes() const noexcept {
    if (const auto* forest = dynamic_cast<const Forest*>(built_.get()))
        return forest->n_nodes() * forest->node_bytes();
    std::size_t overhead = 0;
    if (const auto* coded = dynamic_cast<const CodedForest*>(built_.get())) overhead = coded->overhead_bytes();
    if (const auto* graph = dynamic_cast<const GraphIndex*>(built_.get())) overhead = graph->overhead_bytes();
    return size_ * row_bytes(scalar(), dim_) + overhead;
}

std::shared_ptr<const Index> NativeIndex::built() const {
    if (!built_) throw InvalidArgument("the index is not built: call build() first");
    return built_;
}

nb::object NativeIndex::add(nb::handle vectors, nb::handle ids) {
    const nb::object numbers = as_numbers(vectors, "vectors");
    const std::size_t count = count_rows(numbers);
    const std::vector<Id> given = ids.is_none() ? std::vector<Id>() : to_ids(ids, "ids");
    if (!ids.is_none() && given.size() != count) {
        throw InvalidArgument("there are " + std::to_string(given.size()) + " ids for " + std::to_string(count) +
                              " vectors");
    }
    const ObjectLock::Guard guard(lock_);
    if (built_) throw InvalidArgument("the index is built: call unbuild() before adding to it");
    const auto next = static_cast<Id>(source_->size());
    const std::size_t wanted = ids.is_none() ? source_->size() + count : size_for(given);
    // What takes several calls is looked at before the first, so that all rows are added or none.
    if (count > 1 && (!ids.is_none() || !is_one_block(numbers))) {
        check_finite(numbers, "vectors");
        source_->reserve(wanted);
    }
    for_each_block(numbers, "vectors", [&](const FloatRows& block, std::size_t first) {
        const MatrixView<const float> rows = block.view();
        if (rows.rows() == 0) return;
        check_dim(rows.cols(), dim_, "vectors");
        const nb::gil_scoped_release unlocked;
        if (ids.is_none()) {
            source_->add(rows, next + static_cast<Id>(first));
        } else {
            for (std::size_t i = 0; i < rows.rows(); ++i) source_->add(given[first + i], rows.row(i));
        }
    });
    size_ = source_->size();
    const auto result = new_ids(count);
    for (std::size_t i = 0; i < count; ++i) result.data[i] = given.empty() ? next + static_cast<Id>(i) : given[i];
    return result.array;
}

KindAdvice NativeIndex::choose(int n_trees, double recall, bool compress) const {
    if (recall > 0) return {IndexKind::kForest, "build(recall=) asks for a forest"};
    if (n_trees != 0) return {IndexKind::kForest, "build(n_trees=) asks for a forest"};
    if (has_holes(*source_)) return {IndexKind::kForest, "the ids leave gaps, which a forest alone can have"};
    if (compress) return {IndexKind::kCodedForest, "build(compress=) asks for what takes the least room"};
    return advise_kind(source_->size(), dim_, metric_);
}

void NativeIndex::build(int n_trees, double recall, std::size_t threads, nb::handle progress, bool compress) {
    const ObjectLock::Guard guard(lock_);
    if (built_) throw InvalidArgument("the index is built already: call unbuild() before building it anew");
    KindAdvice advice{kind_, why_};
    if (automatic_) {
        const nb::gil_scoped_release unlocked;
        advice = choose(n_trees, recall, compress);
        if (!source_->makes(advice.kind)) source_ = converted(*source_, advice.kind, metric_, dim_);
    }
    const BuildRequest request{.kind = advice.kind,
                               .n_trees = n_trees,
                               .recall = recall,
                               .threads = threads,
                               .seed = seed_,
                               .compress = compress};
    BuiltIndex made;
    run_interruptibly(progress, [&](const ProgressFn& report) { made = source_->build(request, report); });
    kind_ = advice.kind;
    why_ = std::move(advice.why);
    recall_ = made.recall;
    built_ = std::move(made.index);
    if (compress) source_.reset();
}

void NativeIndex::unbuild() {
    const ObjectLock::Guard guard(lock_);
    if (!built_) throw InvalidArgument("the index is not built");
    if (source_) {
        source_->unbuild();
    } else {
        auto source = make_source(kind_, metric_, dim_);
        {
            const nb::gil_scoped_release unlocked;
            std::vector<float> vector(dim_);
            for (Id id = static_cast<Id>(size_) - 1; id >= 0; --id) {
                if (!built_->contains(id)) continue;
                built_->get_vector(id, vector);
                source->add(id, vector);
            }
        }
        source_ = std::move(source);
    }
    size_ = source_->size();
    recall_.reset();
    built_.reset();
}

void NativeIndex::on_disk(const std::string& path) {
    const ObjectLock::Guard guard(lock_);
    if (built_) throw InvalidArgument("the index is built: call unbuild() before moving it to a file");
    source_->on_disk(path);
}

void NativeIndex::adopt_annoy(const AnnoyIndex& annoy) {
    const ObjectLock::Guard guard(lock_);
    if (auto forest = annoy.forest()) return adopt(std::make_shared<Forest>(*std::move(forest)));
    auto source = make_source(IndexKind::kForest, annoy.metric(), static_cast<std::size_t>(annoy.f()));
    annoy.copy_items_to(*source);
    dim_ = static_cast<std::size_t>(annoy.f());
    metric_ = annoy.metric();
    kind_ = IndexKind::kForest;
    automatic_ = false;
    why_ = kAdopted;
    recall_.reset();
    size_ = source->size();
    source_ = std::move(source);
    built_.reset();
}

bool NativeIndex::contains(Id id) const {
    if (built_) return built_->contains(id);
    const ObjectLock::Guard guard(lock_);
    return source_->contains(id);
}

nb::object NativeIndex::ids() const {
    if (built_) return ids_of(*built_);
    const ObjectLock::Guard guard(lock_);
    return ids_of(*source_);
}

nb::object NativeIndex::get_vectors(nb::handle ids) const {
    if (const auto index = built_) return vectors_of(*index, dim_, ids);
    const ObjectLock::Guard guard(lock_);
    return vectors_of(*source_, dim_, ids);
}

float NativeIndex::distance(Id a, Id b) const {
    if (built_) return built_->distance(a, b);
    const ObjectLock::Guard guard(lock_);
    return source_->distance(a, b);
}

void NativeIndex::save(const std::string& path) const {
    const auto index = built();
    const nb::gil_scoped_release unlocked;
    index->save(path);
}

void NativeIndex::save_annoy(const std::string& path) const {
    const auto index = built();
    const auto* forest = dynamic_cast<const Forest*>(index.get());
    if (forest == nullptr) {
        throw Unsupported("Annoy's format holds forests only; save this index of kind '" +
                          std::string(kind_name(kind_)) + "' as .kith, or make it with kind='forest'");
    }
    const nb::gil_scoped_release unlocked;
    forest->save_annoy(path);
}

void NativeIndex::adopt(std::shared_ptr<const Index> index) {
    dim_ = index->dim();
    metric_ = index->metric();
    kind_ = index->kind();
    automatic_ = false;
    why_ = kAdopted;
    recall_.reset();
    size_ = index->size();
    built_ = std::move(index);
    source_.reset();
}

void NativeIndex::load(const std::string& path, bool prefault) {
    const ObjectLock::Guard guard(lock_);
    std::shared_ptr<const Index> index;
    {
        const nb::gil_scoped_release unlocked;
        index = open_index(path, {.prefault = prefault});
    }
    adopt(std::move(index));
}

void NativeIndex::load_annoy(const std::string& path, bool prefault) {
    const ObjectLock::Guard guard(lock_);
    std::shared_ptr<const Index> index;
    {
        const nb::gil_scoped_release unlocked;
        index = std::make_shared<Forest>(Forest::open_annoy(path, metric_, dim_, {.prefault = prefault}));
    }
    adopt(std::move(index));
}

std::shared_ptr<const Index> built_of(nb::handle index, const char* argument) {
    if (index.is_none()) return nullptr;
    if (!nb::isinstance<NativeIndex>(index)) raise_wrong_type(index, argument, "a kith.Index or None");
    const nb::ft_object_guard guard(index);
    return nb::cast<const NativeIndex&>(index).built();
}

}  // namespace kith::python
