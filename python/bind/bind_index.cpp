// kith._core.Index, which kith.Index extends with what needs no C++.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <span>
#include <string>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>
#include <kith/progressive.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "locked_class.hpp"
#include "native_index.hpp"
#include "numbers.hpp"
#include "object_lock.hpp"
#include "searches.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kKinds = "'auto', 'forest', 'flat', 'coded' or 'graph'";
constexpr const char* kId = "an id, a whole number";
constexpr const char* kMetrics = "the name of a metric, as 'angular'";

nb::object inspect_file(nb::handle path) {
    const FileInfo info = inspect(to_path(path));
    nb::list sections;
    for (const SectionInfo& section : info.sections) {
        nb::dict entry;
        entry["name"] = to_str(section.name);
        entry["offset"] = section.offset;
        entry["size"] = section.size;
        sections.append(entry);
    }
    nb::dict result;
    result["format_version"] = info.format_version;
    result["kind"] = to_str(kind_name(info.kind));
    result["metric"] = to_str(name(info.metric));
    result["scalar"] = to_str(name(info.scalar));
    result["dim"] = info.dim;
    result["count"] = info.count;
    result["file_size"] = info.file_size;
    result["sections"] = sections;
    return result;
}

void verify_file(nb::handle path) {
    const std::string name = to_path(path);
    VerifyReport report;
    {
        const nb::gil_scoped_release unlocked;
        report = verify(name);
    }
    if (report.ok()) return;
    const auto& sections = report.info.sections;
    const std::uint64_t offset = report.damaged.empty() ? 0 : sections[report.damaged.front()].offset;
    throw CorruptFile(name, offset, "what the checksums say", report.problem);
}

void make_index(NativeIndex* self, nb::handle dim, nb::handle metric, nb::handle kind, nb::handle seed) {
    const std::string kind_text = to_text(kind, "kind", kKinds);
    new (self) NativeIndex(to_size(dim, "dim", "a whole number from 1", 1), to_text(metric, "metric", kMetrics),
                           kind_text, to_seed(seed));
}

// Index.progressive's iterator.
struct Steps {
    Steps(const Forest& forest, std::span<const float> query, const SearchOptions& options)
        : search(forest, query, options) {}

    ProgressiveSearch search;
    ObjectLock lock;
};

std::unique_ptr<Steps> progressive(const NativeIndex& self, nb::handle query, nb::handle k, nb::handle search_k) {
    const auto index = self.built();
    const auto* forest = dynamic_cast<const Forest*>(index.get());
    if (forest == nullptr) {
        throw InvalidArgument("progressive search is for forests; this index is of kind '" +
                              std::string(self.kind_text()) + "'");
    }
    const FloatRows row(query, "query");
    if (!row.single()) throw InvalidArgument("query must be one vector, of one dimension");
    check_dim(row.view().cols(), index->dim(), "query");
    const SearchOptions options{
        .k = to_size(k, "k", "a number of neighbours"),
        .search_k = to_integer(search_k, "search_k", "a number of candidates, or -1 for the default")};
    return std::make_unique<Steps>(*forest, row.view().row(0), options);
}

nb::object next_step(Steps& self) {
    const ObjectLock::Guard guard(self.lock);
    bool more = false;
    {
        const nb::gil_scoped_release unlocked;
        more = self.search.next();
    }
    if (!more) throw nb::stop_iteration();
    return to_arrays(self.search.neighbors());
}

}  // namespace

void bind_index(nb::module_& module) {
    LockedClass<NativeIndex> type(module, "Index", nb::is_weak_referenceable(),
                                  "An index of vectors; see kith.Index.");
    type.def("__init__", make_index, "dim"_a.none(), "metric"_a.none() = "angular", "kind"_a.none() = "auto",
             "seed"_a.none() = kDefaultForestSeed)
        .def_prop_ro("dim", &NativeIndex::dim, "Elements of a vector.")
        .def_prop_ro(
            "metric", [](const NativeIndex& self) { return to_str(name(self.metric())); }, "Name of the metric.")
        .def_prop_ro(
            "kind", [](const NativeIndex& self) { return to_str(self.kind_text()); },
            "'forest', 'flat', 'coded' or 'graph'; 'auto' until build() chooses.")
        .def_prop_ro(
            "why", [](const NativeIndex& self) { return to_str(self.why()); },
            "Why it is of this kind, in a sentence.")
        .def_prop_ro("measured_recall", &NativeIndex::measured_recall,
                     "The share of the true neighbours that build(recall=) measured, or None.")
        .def(
            "default_search_k",
            [](const NativeIndex& self, nb::handle k) {
                return self.default_search_k(to_size(k, "k", "a number of neighbours"));
            },
            "k"_a.none() = 10,
            "Candidates of a forest that a search for k inspects unless it is told; None for other kinds.")
        .def_prop_rw(
            "seed", &NativeIndex::seed, [](NativeIndex& self, nb::handle seed) { self.set_seed(to_seed(seed)); },
            nb::for_setter(nb::arg("seed").none()), "Seed of the next build().")
        .def_prop_ro("is_built", &NativeIndex::is_built, "Whether it can be searched.")
        .def_prop_ro("size", &NativeIndex::size, "One more than the largest id.")
        .def_prop_ro("n_trees", &NativeIndex::n_trees, "Trees of a built forest, else 0.")
        .def_prop_ro(
            "scalar", [](const NativeIndex& self) { return to_str(name(self.scalar())); },
            "What the vectors are kept in: 'float32' or, once built, 'float16', 'int8', 'uint8' or 'bits'.")
        .def_prop_ro(
            "step", &NativeIndex::step,
            "0 unless compressed: what elements are multiples of; 'angular': the largest of the vectors' steps.")
        .def_prop_ro("nbytes", &NativeIndex::memory_bytes, "Bytes of items and trees.")
        .def("add", &NativeIndex::add, "vectors"_a.none(), "ids"_a.none() = nb::none())
        .def(
            "_build",
            [](NativeIndex& self, int n_trees, double recall, nb::handle threads, nb::handle progress,
               nb::handle compress) {
                self.build(n_trees, recall, to_threads(threads), progress, to_flag(compress, "compress"));
            },
            "n_trees"_a, "recall"_a, "threads"_a.none(), "progress"_a.none(), "compress"_a.none())
        .def("unbuild", &NativeIndex::unbuild, "Drops what build() made, so that items can be added.")
        .def(
            "__contains__", [](const NativeIndex& self, nb::handle id) { return contains_id(self, id); },
            "id"_a.none())
        .def("ids", &NativeIndex::ids, "The ids that were added, ascending.")
        .def("vectors", &NativeIndex::get_vectors, "ids"_a.none(), "The vector of one id, or the matrix of many.")
        .def(
            "distance",
            [](const NativeIndex& self, nb::handle a, nb::handle b) {
                return self.distance(to_integer(a, "a", kId), to_integer(b, "b", kId));
            },
            "a"_a.none(), "b"_a.none(), "The metric's value between two items.")
        .def(
            "_save", [](const NativeIndex& self, nb::handle path) { self.save(to_path(path)); }, "path"_a.none())
        .def(
            "_save_annoy", [](const NativeIndex& self, nb::handle path) { self.save_annoy(to_path(path)); },
            "path"_a.none())
        .def(
            "_load",
            [](NativeIndex& self, nb::handle path, nb::handle prefault) {
                self.load(to_path(path), to_flag(prefault, "prefault"));
            },
            "path"_a.none(), "prefault"_a.none() = false)
        .def(
            "_load_annoy",
            [](NativeIndex& self, nb::handle path, nb::handle prefault) {
                self.load_annoy(to_path(path), to_flag(prefault, "prefault"));
            },
            "path"_a.none(), "prefault"_a.none() = false)
        .def(
            "_on_disk", [](NativeIndex& self, nb::handle path) { self.on_disk(to_path(path)); }, "path"_a.none())
        .def("_adopt_annoy", &NativeIndex::adopt_annoy, "annoy"_a.lock());
    def_searches(type);
    type.def("_progressive", progressive, "query"_a.none(), "k"_a.none(), "search_k"_a.none());
    LockedClass<Steps>(module, "_Steps")
        .def("__iter__", [](nb::handle_t<Steps> self) { return nb::borrow(self); })
        .def("__next__", next_step);
    module.def("inspect", inspect_file, "path"_a.none(), "What a .kith file says of itself, as a dict.");
    module.def("verify", verify_file, "path"_a.none(),
               "Reads a whole .kith file; CorruptFileError if a checksum differs.");
}

}  // namespace kith::python
