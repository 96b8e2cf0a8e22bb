#include "searches.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include <kith/error.hpp>
#include <kith/filter.hpp>

#include "index_source.hpp"
#include "numbers.hpp"
#include "scratch.hpp"

namespace kith::python {
namespace {

// Does rows [0, rows) in slices of about a fifth of a second, without the GIL, so that Ctrl-C is heard between them.
template <class Work>
void in_slices(std::size_t rows, const Work& work) {
    constexpr double kSliceSeconds = 0.2;
    std::size_t slice = 64;
    for (std::size_t first = 0; first < rows;) {
        const std::size_t count = std::min(slice, rows - first);
        {
            const nb::gil_scoped_release unlocked;
            const auto start = std::chrono::steady_clock::now();
            work(first, count);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            if (took.count() < kSliceSeconds) slice *= 2;
            if (took.count() > 2 * kSliceSeconds) slice = std::max<std::size_t>(1, slice / 2);
        }
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
        first += count;
    }
}

// `answer(first, count)` gives a table of so many rows from there on, `k` wide.
template <class Answer>
nb::object to_matrices(std::size_t rows, std::size_t k, const Answer& answer) {
    const auto ids = new_ids(rows, k);
    const auto distances = new_floats(rows, k);
    in_slices(rows, [&](std::size_t first, std::size_t count) {
        const NeighborTable found = answer(first, count);
        std::copy(found.ids.begin(), found.ids.end(), ids.data + first * k);
        std::copy(found.distances.begin(), found.distances.end(), distances.data + first * k);
    });
    return make_neighbors(ids.array, distances.array);
}

// Fixes how wide the rows of a matrix of answers are, though the index may grow meanwhile.
void limit_width(SearchOptions& options, const Index& index) {
    options.k = std::min(options.k, index.size());
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
    SearchArguments(const Index& index, nb::handle search_k, nb::handle ef, nb::handle recall, nb::handle allowed)
        : filter(to_filter(allowed, index.size())) {
        options.search_k = to_integer(search_k, "search_k", "a number of candidates, or -1 for the default");
        if (!ef.is_none()) take_ef(index, ef);
        if (filter) options.filter = &*filter;
        if (recall.is_none()) return;
        constexpr const char* kWanted = "above 0 and at most 1";
        options.recall = to_number(recall, "recall", kWanted);
        if (!(options.recall > 0 && options.recall <= 1)) raise_wrong_value(recall, "recall", kWanted);
        if (index.kind() == IndexKind::kForest) {
            throw InvalidArgument(
                "recall needs an index that measured its own, of kind 'coded' or 'graph'; give search_k to a "
                "forest, or recall to its build()");
        }
    }
    SearchArguments(const SearchArguments&) = delete;
    SearchArguments& operator=(const SearchArguments&) = delete;

    // What the literature calls the search_k of a graph.
    void take_ef(const Index& index, nb::handle ef) {
        const std::int64_t vertices = to_integer(ef, "ef", "a number of vertices, 1 or more, or None", 1);
        if (index.kind() != IndexKind::kGraph && index.kind() != IndexKind::kDynamic) {
            throw InvalidArgument("ef is for graphs; an index of kind '" + std::string(kind_name(index.kind())) +
                                  "' takes search_k");
        }
        if (options.search_k != -1) throw InvalidArgument("ef and search_k are one effort: give one of them");
        options.search_k = vertices;
    }

    std::optional<IdFilter> filter;
    SearchOptions options;
};

}  // namespace

nb::object to_arrays(const Neighbors& found) {
    const auto ids = new_ids(found.size());
    const auto distances = new_floats(found.size());
    std::copy(found.ids.begin(), found.ids.end(), ids.data);
    std::copy(found.distances.begin(), found.distances.end(), distances.data);
    return make_neighbors(ids.array, distances.array);
}

void check_dim(std::size_t found, std::size_t dim, const char* argument) {
    if (found == dim) return;
    throw InvalidArgument(std::string(argument) + " has vectors of " + std::to_string(found) +
                          " elements; this index takes " + std::to_string(dim));
}

bool is_one_id(nb::handle ids) {
    return PyIndex_Check(ids.ptr()) != 0 && PySequence_Check(ids.ptr()) == 0;
}

Id to_id(nb::handle value) {
    return to_integer(value, "ids", "an id, or an array of ids");
}

nb::object search(const Index& index, nb::handle queries, nb::handle k, nb::handle search_k, nb::handle ef,
                  nb::handle recall, nb::handle filter, nb::handle threads) {
    SearchArguments arguments(index, search_k, ef, recall, filter);
    SearchOptions& options = arguments.options;
    options.k = to_size(k, "k", "a number of neighbours");
    const std::size_t n_threads = to_threads(threads);
    const FloatRows rows(queries, "queries");
    check_dim(rows.view().cols(), index.dim(), "queries");
    if (!rows.single()) {
        limit_width(options, index);
        return to_matrices(rows.view().rows(), options.k, [&](std::size_t first, std::size_t count) {
            return index.search_batch(rows.view().slice(first, count), options, n_threads);
        });
    }
    Scratch found;
    {
        const nb::gil_scoped_release unlocked;
        index.search(rows.view().row(0), options, *found);
    }
    return to_arrays(*found);
}

nb::object search_items(const Index& index, nb::handle ids, nb::handle k, nb::handle search_k, nb::handle ef,
                        nb::handle recall, nb::handle filter, nb::handle exclude_self, nb::handle threads) {
    SearchArguments arguments(index, search_k, ef, recall, filter);
    SearchOptions& options = arguments.options;
    options.k = to_size(k, "k", "a number of neighbours");
    options.exclude_self = to_flag(exclude_self, "exclude_self");
    const std::size_t n_threads = to_threads(threads);
    if (is_one_id(ids)) {
        const Id id = to_id(ids);
        Scratch found;
        {
            const nb::gil_scoped_release unlocked;
            check_present(index, id);
            index.search_item(id, options, *found);
        }
        return to_arrays(*found);
    }
    const std::vector<Id> wanted = to_ids(ids, "ids");
    for (const Id id : wanted) check_present(index, id);
    limit_width(options, index);
    return to_matrices(wanted.size(), options.k, [&](std::size_t first, std::size_t count) {
        return index.search_items(std::span(wanted).subspan(first, count), options, n_threads);
    });
}

nb::object range_search(const Index& index, nb::handle queries, nb::handle radius, nb::handle limit,
                        nb::handle search_k, nb::handle ef, nb::handle recall, nb::handle filter,
                        nb::handle threads) {
    SearchArguments arguments(index, search_k, ef, recall, filter);
    SearchOptions& options = arguments.options;
    options.k = limit.is_none() ? kAll : to_size(limit, "limit", "a number of neighbours, or None");
    const auto wanted = static_cast<float>(to_number(radius, "radius", "a distance"));
    const std::size_t n_threads = to_threads(threads);
    const FloatRows rows(queries, "queries");
    check_dim(rows.view().cols(), index.dim(), "queries");
    std::vector<Neighbors> found(rows.view().rows());
    in_slices(found.size(), [&](std::size_t first, std::size_t count) {
        auto slice = index.range_search_batch(rows.view().slice(first, count), wanted, options, n_threads);
        std::ranges::move(slice, found.begin() + static_cast<std::ptrdiff_t>(first));
    });
    if (rows.single()) return to_arrays(found.front());
    nb::list all;
    for (const Neighbors& each : found) all.append(to_arrays(each));
    return all;
}

}  // namespace kith::python
