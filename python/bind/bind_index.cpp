// kith._core.Index, which kith.Index extends with what needs no C++.
#include <nanobind/stl/optional.h>

#include <string>

#include <kith/error.hpp>
#include <kith/filter.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "native_index.hpp"
#include "numbers.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kKinds = "'auto', 'forest', 'flat', 'coded' or 'graph'";
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

// Ids, or a bool for every item; none for None. Whole numbers are ids, whatever their type.
std::optional<IdFilter> to_filter(nb::handle filter, std::size_t size) {
    if (filter.is_none()) return std::nullopt;
    const nb::object array = nb::module_::import_("numpy").attr("asarray")(filter);
    if (nb::cast<std::size_t>(array.attr("ndim")) != 1) {
        throw InvalidArgument("filter must have one dimension: ids, or a bool for every item");
    }
    if (nb::cast<std::string>(array.attr("dtype").attr("kind")) == "b") {
        const auto bytes = nb::cast<nb::bytes>(array.attr("tobytes")());
        return IdFilter::mask({static_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
    if (nb::cast<std::size_t>(array.attr("size")) == 0) return IdFilter::allow({}, size);
    return IdFilter::allow(to_ids(array, "filter"), size);
}

// What all searches take. The filter outlives the options, which point to it.
struct SearchArguments {
    SearchArguments(const NativeIndex& self, nb::handle search_k, nb::handle ef, nb::handle recall,
                    nb::handle allowed)
        : filter(to_filter(allowed, self.built()->size())) {
        options.search_k = to_integer(search_k, "search_k", "a number of candidates, or -1 for the default");
        if (!ef.is_none()) take_ef(self, ef);
        if (filter) options.filter = &*filter;
        if (recall.is_none()) return;
        constexpr const char* kWanted = "above 0 and at most 1";
        options.recall = to_number(recall, "recall", kWanted);
        if (!(options.recall > 0 && options.recall <= 1)) raise_wrong_value(recall, "recall", kWanted);
        if (self.kind() == IndexKind::kForest) {
            throw InvalidArgument(
                "recall needs an index that measured its own, of kind 'coded' or 'graph'; give search_k to a "
                "forest, or "
                "recall to its build()");
        }
    }
    SearchArguments(const SearchArguments&) = delete;
    SearchArguments& operator=(const SearchArguments&) = delete;

    // What the literature calls the search_k of a graph.
    void take_ef(const NativeIndex& self, nb::handle ef) {
        const std::int64_t vertices = to_integer(ef, "ef", "a number of vertices, 1 or more, or None", 1);
        if (self.kind() != IndexKind::kGraph && self.kind() != IndexKind::kDynamic) {
            throw InvalidArgument("ef is for graphs; an index of kind '" + std::string(self.kind_text()) +
                                  "' takes search_k");
        }
        if (options.search_k != -1) throw InvalidArgument("ef and search_k are one effort: give one of them");
        options.search_k = vertices;
    }

    std::optional<IdFilter> filter;
    SearchOptions options;
};

nb::object search(const NativeIndex& self, nb::handle queries, nb::handle k, nb::handle search_k, nb::handle ef,
                  nb::handle recall, nb::handle filter, nb::handle threads) {
    SearchArguments arguments(self, search_k, ef, recall, filter);
    arguments.options.k = to_size(k, "k", "a number of neighbours");
    return self.search(queries, arguments.options, to_threads(threads));
}

nb::object search_items(const NativeIndex& self, nb::handle ids, nb::handle k, nb::handle search_k, nb::handle ef,
                        nb::handle recall, nb::handle filter, nb::handle exclude_self, nb::handle threads) {
    SearchArguments arguments(self, search_k, ef, recall, filter);
    arguments.options.k = to_size(k, "k", "a number of neighbours");
    arguments.options.exclude_self = to_flag(exclude_self, "exclude_self");
    return self.search_items(ids, arguments.options, to_threads(threads));
}

nb::object range_search(const NativeIndex& self, nb::handle queries, nb::handle radius, nb::handle limit,
                        nb::handle search_k, nb::handle ef, nb::handle recall, nb::handle filter,
                        nb::handle threads) {
    SearchArguments arguments(self, search_k, ef, recall, filter);
    arguments.options.k = limit.is_none() ? kAll : to_size(limit, "limit", "a number of neighbours, or None");
    const double wanted = to_number(radius, "radius", "a distance");
    return self.range_search(queries, static_cast<float>(wanted), arguments.options, to_threads(threads));
}

void make_index(NativeIndex* self, nb::handle dim, nb::handle metric, nb::handle kind, nb::handle seed) {
    const std::string kind_text = to_text(kind, "kind", kKinds);
    new (self) NativeIndex(to_size(dim, "dim", "a whole number from 1", 1), to_text(metric, "metric", kMetrics),
                           kind_text, to_seed(seed));
}

Id to_id(nb::handle value, const char* name) {
    return to_integer(value, name, "an id, a whole number");
}

bool contains(const NativeIndex& self, nb::handle id) {
    if (PyIndex_Check(id.ptr()) == 0) return false;
    const nb::object number = nb::steal(PyNumber_Index(id.ptr()));
    if (!number.is_valid()) throw nb::python_error();
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    return overflow == 0 && self.contains(static_cast<Id>(value));
}

}  // namespace

void bind_index(nb::module_& module) {
    nb::class_<NativeIndex>(module, "Index", nb::is_weak_referenceable(), "An index of vectors; see kith.Index.")
        .def("__init__", make_index, "dim"_a.none(), "metric"_a.none() = "angular", "kind"_a.none() = "auto",
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
        .def_prop_ro("nbytes", &NativeIndex::memory_bytes, "Bytes of items and trees.")
        .def("add", &NativeIndex::add, "vectors"_a.none(), "ids"_a.none() = nb::none())
        .def(
            "_build",
            [](NativeIndex& self, int n_trees, double recall, nb::handle threads, nb::handle progress) {
                self.build(n_trees, recall, to_threads(threads), progress);
            },
            "n_trees"_a, "recall"_a, "threads"_a.none(), "progress"_a.none())
        .def("unbuild", &NativeIndex::unbuild, "Drops what build() made, so that items can be added.")
        .def("__contains__", contains, "id"_a.none())
        .def("ids", &NativeIndex::ids, "The ids that were added, ascending.")
        .def("vectors", &NativeIndex::get_vectors, "ids"_a.none(), "The vector of one id, or the matrix of many.")
        .def(
            "distance",
            [](const NativeIndex& self, nb::handle a, nb::handle b) {
                return self.distance(to_id(a, "a"), to_id(b, "b"));
            },
            "a"_a.none(), "b"_a.none(), "The metric's value between two items.")
        .def("search", search, "queries"_a.none(), "k"_a.none() = 10, nb::kw_only(), "search_k"_a.none() = -1,
             "ef"_a.none() = nb::none(), "recall"_a.none() = nb::none(), "filter"_a.none() = nb::none(),
             "threads"_a.none() = 0)
        .def("search_items", search_items, "ids"_a.none(), "k"_a.none() = 10, nb::kw_only(),
             "search_k"_a.none() = -1, "ef"_a.none() = nb::none(), "recall"_a.none() = nb::none(),
             "filter"_a.none() = nb::none(), "exclude_self"_a.none() = false, "threads"_a.none() = 0)
        .def("range_search", range_search, "queries"_a.none(), "radius"_a.none(), nb::kw_only(),
             "limit"_a.none() = nb::none(), "search_k"_a.none() = -1, "ef"_a.none() = nb::none(),
             "recall"_a.none() = nb::none(), "filter"_a.none() = nb::none(), "threads"_a.none() = 0)
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
        .def("_adopt_annoy", &NativeIndex::adopt_annoy, "annoy"_a);
    module.def("inspect", inspect_file, "path"_a.none(), "What a .kith file says of itself, as a dict.");
    module.def("verify", verify_file, "path"_a.none(),
               "Reads a whole .kith file; CorruptFileError if a checksum differs.");
}

}  // namespace kith::python
