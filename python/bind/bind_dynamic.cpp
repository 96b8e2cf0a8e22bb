// kith._core.DynamicIndex, which kith.DynamicIndex documents.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <kith/dynamic.hpp>
#include <kith/graph.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "interrupt.hpp"
#include "locked_class.hpp"
#include "native_index.hpp"
#include "numbers.hpp"
#include "object_lock.hpp"
#include "searches.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

// Searches take no lock: the index itself lets them run beside changes.
struct NativeDynamic {
    explicit NativeDynamic(DynamicIndex made) : index(std::move(made)) {}

    [[nodiscard]] const Index* built() const noexcept { return &index; }

    DynamicIndex index;
    ObjectLock changing;
};

DynamicOptions to_options(nb::handle seed, nb::handle threads, nb::handle buffer) {
    DynamicOptions options;
    if (!seed.is_none()) options.graph.seed = to_seed(seed);
    options.graph.threads = to_threads(threads);
    options.buffer = to_size(buffer, "buffer", "a number of vectors, or 0 for the default");
    return options;
}

void make_dynamic(NativeDynamic* self, nb::handle dim, nb::handle metric, nb::handle seed, nb::handle threads,
                  nb::handle buffer) {
    const std::size_t elements = to_size(dim, "dim", "a whole number from 1", 1);
    DynamicOptions options = to_options(seed, threads, buffer);
    options.graph.metric = parse_metric(to_text(metric, "metric", "the name of a metric, as 'angular'"));
    new (self) NativeDynamic(DynamicIndex(elements, options));
}

// Puts what `make` gives in the place of an object that Python has made without __init__.
template <class Make>
void make_into(nb::handle target, const Make& make) {
    std::optional<DynamicIndex> made;
    {
        const nb::gil_scoped_release unlocked;
        made = make();
    }
    new (nb::inst_ptr<NativeDynamic>(target)) NativeDynamic(std::move(*made));
    nb::inst_mark_ready(target);
}

void open_dynamic(nb::handle target, nb::handle path, nb::handle prefault, nb::handle threads) {
    const std::string name = to_path(path);
    const OpenOptions options{.prefault = to_flag(prefault, "prefault")};
    const std::size_t n_threads = to_threads(threads);
    make_into(target, [&] { return DynamicIndex::open(name, options, n_threads); });
}

void grow_from(nb::handle target, const NativeIndex& from, nb::handle threads, nb::handle buffer) {
    const auto built = from.built();
    const auto* graph = dynamic_cast<const GraphIndex*>(built.get());
    if (graph == nullptr) {
        throw InvalidArgument("index must be of kind 'graph' to be grown, not '" + std::string(from.kind_text()) +
                              "'");
    }
    const DynamicOptions options = to_options(nb::none(), threads, buffer);
    make_into(target, [&] { return DynamicIndex::grow(*graph, options); });
}

nb::object add(NativeDynamic& self, nb::handle vectors, nb::handle ids, nb::handle progress) {
    const FloatRows rows(vectors, "vectors");
    const std::size_t count = rows.view().rows();
    if (count > 0) check_dim(rows.view().cols(), self.index.dim(), "vectors");
    std::vector<Id> given = ids.is_none() ? std::vector<Id>() : to_ids(ids, "ids");
    const ObjectLock::Guard guard(self.changing);
    if (count > 0 || !given.empty()) {
        run_interruptibly(progress, [&](const ProgressFn& tell) {
            if (!ids.is_none()) return self.index.add(rows.view(), given, tell);
            const Id first = self.index.add(rows.view(), tell);
            for (std::size_t i = 0; i < count; ++i) given.push_back(first + static_cast<Id>(i));
        });
    }
    const auto result = new_ids(given.size());
    std::copy(given.begin(), given.end(), result.data);
    return result.array;
}

void remove(NativeDynamic& self, nb::handle ids, nb::handle progress) {
    const std::vector<Id> given = is_one_id(ids) ? std::vector{to_id(ids)} : to_ids(ids, "ids");
    const ObjectLock::Guard guard(self.changing);
    run_interruptibly(progress, [&](const ProgressFn& tell) { self.index.remove(given, tell); });
}

void compact(NativeDynamic& self, nb::handle progress) {
    const ObjectLock::Guard guard(self.changing);
    run_interruptibly(progress, [&](const ProgressFn& tell) { self.index.compact(tell); });
}

void save(const NativeDynamic& self, nb::handle path) {
    const std::string name = to_path(path);
    const nb::gil_scoped_release unlocked;
    self.index.save(name);
}

}  // namespace

void bind_dynamic(nb::module_& module) {
    LockedClass<NativeDynamic> type(module, "DynamicIndex", nb::is_weak_referenceable(),
                                    "An index that grows and shrinks; see kith.DynamicIndex.");
    type.def("__init__", make_dynamic, "dim"_a.none(), "metric"_a.none() = "angular", nb::kw_only(),
             "seed"_a.none() = nb::none(), "threads"_a.none() = 0, "buffer"_a.none() = 0)
        .def_prop_ro(
            "dim", [](const NativeDynamic& self) { return self.index.dim(); }, "Elements of a vector.")
        .def_prop_ro(
            "metric", [](const NativeDynamic& self) { return to_str(name(self.index.metric())); },
            "Name of the metric.")
        .def_prop_ro(
            "size", [](const NativeDynamic& self) { return self.index.size(); },
            "One more than the largest id that there ever was.")
        .def_prop_ro(
            "n_graphs", [](const NativeDynamic& self) { return self.index.n_graphs(); },
            "Graphs that a search asks, each in turn.")
        .def_prop_ro(
            "buffered", [](const NativeDynamic& self) { return self.index.buffered(); },
            "Items that wait to become a graph.")
        .def("__len__", [](const NativeDynamic& self) { return self.index.count(); })
        .def(
            "__contains__", [](const NativeDynamic& self, nb::handle id) { return contains_id(self.index, id); },
            "id"_a.none())
        .def("add", add, "vectors"_a.none(), "ids"_a.none() = nb::none(), nb::kw_only(),
             "progress"_a.none() = nb::none())
        .def("remove", remove, "ids"_a.none(), nb::kw_only(), "progress"_a.none() = nb::none())
        .def("compact", compact, nb::kw_only(), "progress"_a.none() = nb::none())
        .def(
            "ids", [](const NativeDynamic& self) { return ids_of(self.index); }, "The ids there are, ascending.")
        .def(
            "vectors",
            [](const NativeDynamic& self, nb::handle ids) { return vectors_of(self.index, self.index.dim(), ids); },
            "ids"_a.none(), "The vector of one id, or the matrix of many.")
        .def(
            "distance",
            [](const NativeDynamic& self, nb::handle a, nb::handle b) {
                return self.index.distance(to_integer(a, "a", "an id, a whole number"),
                                           to_integer(b, "b", "an id, a whole number"));
            },
            "a"_a.none(), "b"_a.none(), "The metric's value between two items.")
        .def("save", save, "path"_a.none(), "Writes a .kith file, atomically.")
        .def_static("_open_into", open_dynamic, "target"_a, "path"_a.none(), "prefault"_a.none(),
                    "threads"_a.none())
        .def_static("_grow_into", grow_from, "target"_a, "index"_a.lock(), "threads"_a.none(), "buffer"_a.none());
    def_searches(type);
}

}  // namespace kith::python
