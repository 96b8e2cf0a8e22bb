// The vectors of an index that is still being put together, whatever its kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <kith/index.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>

namespace kith::python {

struct BuildRequest {
    IndexKind kind = IndexKind::kNone;
    int n_trees = 0;          // 0: what suits the kind
    double recall = 0;        // forests: choose the trees by it; 0: by n_trees
    std::size_t threads = 0;  // 0: one per core
    std::uint64_t seed = 0;
    bool compress = false;  // keep 8 bits of each element
};

struct BuiltIndex {
    std::shared_ptr<const Index> index;
    std::optional<double> recall;  // measured, when the request asked for one
};

// Not safe to use from several threads at once. The indexes that build() returns are, and outlive it.
class IndexSource {
public:
    virtual ~IndexSource() = default;

    // Room for ids below `size`, so that what comes next does not run out of memory midway.
    virtual void reserve(std::size_t size) = 0;

    virtual void add(Id id, std::span<const float> vector) = 0;

    // All rows or, when it throws, none.
    virtual void add(MatrixView<const float> rows, Id first_id) = 0;

    // One more than the largest id.
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual bool contains(Id id) const noexcept = 0;
    virtual void get_vector(Id id, std::span<float> out) const = 0;
    [[nodiscard]] virtual float distance(Id a, Id b) const = 0;

    // Whether build() makes indexes of this kind.
    [[nodiscard]] virtual bool makes(IndexKind kind) const noexcept = 0;

    // REQUIRES: makes(request.kind).
    [[nodiscard]] virtual BuiltIndex build(const BuildRequest& request, const ProgressFn& progress) = 0;
    virtual void unbuild() = 0;

    // Throws Unsupported for a kind that has no files of this sort.
    virtual void on_disk(const std::string& path) = 0;
};

// What Python calls a kind: "forest", "flat", "coded", "graph".
[[nodiscard]] std::string_view kind_name(IndexKind kind) noexcept;

// Throws InvalidArgument for a dimension that the kind cannot have, Unsupported for a kind that cannot be built.
[[nodiscard]] std::unique_ptr<IndexSource> make_source(IndexKind kind, Metric metric, std::size_t dim);

// Whether ids below size() were never added.
[[nodiscard]] bool has_holes(const IndexSource& source);

// The same items in a source that makes `kind`.
[[nodiscard]] std::unique_ptr<IndexSource> converted(const IndexSource& source, IndexKind kind, Metric metric,
                                                     std::size_t dim);

}  // namespace kith::python
