// kith.annoy.Annoy: the names, arguments and answers of annoy.AnnoyIndex.
#include <array>
#include <new>
#include <vector>

#include "annoy_index.hpp"
#include "arrays.hpp"
#include "bind.hpp"
#include "locked_class.hpp"
#include "parse.hpp"
#include "scratch.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

constexpr const char* kDoc =
    "An index of vectors of f numbers, as annoy.AnnoyIndex.\n\n"
    "metric: 'angular', 'euclidean', 'manhattan', 'dot' or 'hamming'. Add items, build() a forest of trees, then\n"
    "query or save() it; load() maps a saved file, which processes then share. Any thread may call any method.";

void init(AnnoyIndex* self, const nb::args& args, const nb::kwargs& kwargs) {
    int f = 0;
    const char* metric = nullptr;
    parse(args, kwargs, "i|s", std::array{"f", "metric"}, &f, &metric);
    if (metric == nullptr) {
        const char* text =
            "The default argument for metric will be removed in future version of Annoy. Please pass "
            "metric='angular' explicitly.";
        if (PyErr_WarnEx(PyExc_FutureWarning, text, 1) != 0) throw nb::python_error();
        metric = "angular";
    }
    new (self) AnnoyIndex(f, metric);
}

void add_item(AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int id = 0;
    PyObject* vector = nullptr;
    parse(args, kwargs, "iO", std::array{"i", "vector"}, &id, &vector);
    if (id < 0) raise(PyExc_IndexError, "Item index can not be negative");
    std::vector<float> values(static_cast<std::size_t>(self.f()));
    read_vector(vector, values);
    self.add_item(id, values);
}

bool build(AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int n_trees = 0;
    int n_jobs = -1;
    parse(args, kwargs, "i|i", std::array{"n_trees", "n_jobs"}, &n_trees, &n_jobs);
    self.build(n_trees, n_jobs);
    return true;
}

template <void (AnnoyIndex::*Method)(const std::string&, bool)>
bool file_method(AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    const char* path = nullptr;
    unsigned char prefault = 0;
    parse(args, kwargs, "s|b", std::array{"fn", "prefault"}, &path, &prefault);
    (self.*Method)(path, prefault != 0);
    return true;
}

bool on_disk_build(AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    const char* path = nullptr;
    parse(args, kwargs, "s", std::array{"fn"}, &path);
    self.on_disk_build(path);
    return true;
}

nb::object to_python(const Neighbors& found, int include_distances) {
    nb::object ids = to_list(found.ids);
    if (include_distances == 0) return ids;
    return nb::make_tuple(ids, to_list(found.distances));
}

nb::object nns_by_item(const AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int id = 0;
    int n = 0;
    int search_k = -1;
    int include_distances = 0;
    parse(args, kwargs, "ii|ii", std::array{"i", "n", "search_k", "include_distances"}, &id, &n, &search_k,
          &include_distances);
    Scratch found;
    self.search_item(id, n, search_k, *found);
    return to_python(*found, include_distances);
}

nb::object nns_by_vector(const AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    PyObject* vector = nullptr;
    int n = 0;
    int search_k = -1;
    int include_distances = 0;
    parse(args, kwargs, "Oi|ii", std::array{"vector", "n", "search_k", "include_distances"}, &vector, &n, &search_k,
          &include_distances);
    std::vector<float> values(static_cast<std::size_t>(self.f()));
    read_vector(vector, values);
    Scratch found;
    self.search_vector(values, n, search_k, *found);
    return to_python(*found, include_distances);
}

nb::object item_vector(const AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int id = 0;
    parse_positional(args, kwargs, "Annoy.get_item_vector", "i", &id);
    std::vector<float> values(static_cast<std::size_t>(self.f()));
    self.get_item(id, values);
    return to_list(std::span<const float>(values));
}

double distance(const AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int a = 0;
    int b = 0;
    parse_positional(args, kwargs, "Annoy.get_distance", "ii", &a, &b);
    return self.distance(a, b);
}

bool verbose(AnnoyIndex&, const nb::args& args, const nb::kwargs& kwargs) {
    int level = 0;
    parse_positional(args, kwargs, "Annoy.verbose", "i", &level);
    return true;
}

void set_seed(AnnoyIndex& self, const nb::args& args, const nb::kwargs& kwargs) {
    int seed = 0;
    parse_positional(args, kwargs, "Annoy.set_seed", "i", &seed);
    self.set_seed(static_cast<std::uint64_t>(static_cast<std::int64_t>(seed)));
}

}  // namespace

void bind_annoy(nb::module_& module) {
    LockedClass<AnnoyIndex> annoy(module, "Annoy", kDoc);
    annoy.def("__init__", init, nb::sig("def __init__(self, f, metric)"))
        .def_prop_ro("f", &AnnoyIndex::f, "Numbers per vector.")
        .def("add_item", add_item, nb::sig("def add_item(self, i, vector)"),
             "Adds item i, any integer from 0. Memory is taken for i + 1 items.")
        .def("build", build, nb::sig("def build(self, n_trees, n_jobs=-1)"),
             "Grows the trees; -1: as many as take the room of the items.")
        .def(
            "unbuild", [](AnnoyIndex& self) { return self.unbuild(), true; }, nb::sig("def unbuild(self)"),
            "Drops the trees, so that items can be added.")
        .def(
            "unload", [](AnnoyIndex& self) { return self.unload(), true; }, nb::sig("def unload(self)"),
            "Lets go of the file or of the items.")
        .def("save", file_method<&AnnoyIndex::save>, nb::sig("def save(self, fn, prefault=False)"),
             "Writes the index and maps it from there, read-only.")
        .def("load", file_method<&AnnoyIndex::load>, nb::sig("def load(self, fn, prefault=False)"),
             "Maps a saved index.")
        .def("on_disk_build", on_disk_build, nb::sig("def on_disk_build(self, fn)"),
             "Keeps items and trees in a file. Comes before the first item.")
        .def("get_nns_by_item", nns_by_item,
             nb::sig("def get_nns_by_item(self, i, n, search_k=-1, include_distances=False)"),
             "The n items nearest to item i, itself included.")
        .def("get_nns_by_vector", nns_by_vector,
             nb::sig("def get_nns_by_vector(self, vector, n, search_k=-1, include_distances=False)"),
             "The n items nearest to a vector.")
        .def("get_item_vector", item_vector, nb::sig("def get_item_vector(self, i, /)"), "The vector of item i.")
        .def("get_distance", distance, nb::sig("def get_distance(self, i, j, /)"), "The distance of two items.")
        .def("get_n_items", &AnnoyIndex::n_items, nb::sig("def get_n_items(self)"),
             "One more than the largest item.")
        .def("get_n_trees", &AnnoyIndex::n_trees, nb::sig("def get_n_trees(self)"), "The number of trees.")
        .def("verbose", verbose, nb::sig("def verbose(self, v, /)"), "Accepted; nothing is ever printed.")
        .def("set_seed", set_seed, nb::sig("def set_seed(self, s, /)"), "The seed of the next build().");
    annoy.type().attr("__module__") = "kith.annoy";
}

}  // namespace kith::python
