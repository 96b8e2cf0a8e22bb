// kith.Index: one index of any kind, from empty to built to opened again. Methods are called with the GIL and let
// go of it while they work; any thread may call any of them at any time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kith/build.hpp>
#include <kith/index.hpp>

#include "annoy_index.hpp"
#include "arrays.hpp"
#include "index_source.hpp"
#include "object_lock.hpp"

namespace kith::python {

class NativeIndex {
public:
    // Throws as make_source. `kind` is "auto", "forest", "flat", "coded" or "graph".
    NativeIndex(std::size_t dim, const std::string& metric, const std::string& kind, std::uint64_t seed);

    [[nodiscard]] std::size_t dim() const noexcept { return dim_; }
    [[nodiscard]] Metric metric() const noexcept { return metric_; }
    // kNone for an automatic one that is not built.
    [[nodiscard]] IndexKind kind() const noexcept { return automatic_ && !built_ ? IndexKind::kNone : kind_; }
    [[nodiscard]] std::string_view kind_text() const noexcept;
    // Why it is of this kind, in a sentence.
    [[nodiscard]] const std::string& why() const noexcept { return why_; }
    // By the last build(recall=).
    [[nodiscard]] std::optional<double> measured_recall() const noexcept { return recall_; }
    // Candidates that a search for `k` inspects unless told; none for kinds that go by recall or by all.
    [[nodiscard]] std::optional<std::size_t> default_search_k(std::size_t k) const;
    [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
    void set_seed(std::uint64_t seed) noexcept { seed_ = seed; }
    [[nodiscard]] bool is_built() const noexcept { return built_ != nullptr; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // 0 for what is not built or has no trees.
    [[nodiscard]] std::size_t n_trees() const noexcept;

    // What a built index keeps its vectors in; float32 before.
    [[nodiscard]] Scalar scalar() const noexcept;

    // Index::step(); 0 before it is built.
    [[nodiscard]] float step() const noexcept { return built_ ? built_->step() : 0.0F; }

    // Bytes of items and of what build() made over them.
    [[nodiscard]] std::size_t memory_bytes() const noexcept;

    // Adds rows under `ids`, or from size() on when `ids` is None; returns the ids as an array.
    nb::object add(nb::handle vectors, nb::handle ids);

    // See ForestBuilder::on_disk.
    void on_disk(const std::string& path);
    // `recall` of 0: by n_trees.
    void build(int n_trees, double recall, std::size_t threads, nb::handle progress, bool compress);
    void unbuild();

    [[nodiscard]] bool contains(Id id) const;
    [[nodiscard]] nb::object ids() const;
    [[nodiscard]] nb::object get_vectors(nb::handle ids) const;
    [[nodiscard]] float distance(Id a, Id b) const;

    void save(const std::string& path) const;
    void save_annoy(const std::string& path) const;

    // Replace everything by what the file holds. Of another kind, metric or dimension: these change with it.
    void load(const std::string& path, bool prefault);
    void load_annoy(const std::string& path, bool prefault);

    // The built index; raises ValueError saying that build() comes first.
    [[nodiscard]] std::shared_ptr<const Index> built() const;

    // The items and trees of a kith.annoy.Annoy: trees are shared, items without trees copied.
    void adopt_annoy(const AnnoyIndex& annoy);

private:
    void adopt(std::shared_ptr<const Index> index);
    [[nodiscard]] KindAdvice choose(int n_trees, double recall, bool compress) const;

    std::size_t dim_;
    Metric metric_;
    IndexKind kind_;
    std::uint64_t seed_;
    bool automatic_;
    std::string why_;
    std::optional<double> recall_;
    std::size_t size_ = 0;
    std::unique_ptr<IndexSource>
        source_;  // none after loading or compressing, until unbuild() copies the vectors out
    std::shared_ptr<const Index>
        built_;  // what searches read; set and cleared with the GIL or the object's section held
    mutable ObjectLock lock_;
};

// The built index of a kith.Index; none for None. Raises TypeError for anything else, ValueError when it is not built.
[[nodiscard]] std::shared_ptr<const Index> built_of(nb::handle index, const char* argument);

}  // namespace kith::python
