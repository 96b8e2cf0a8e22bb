// What Python asks of any index that can be searched.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/index.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "locked_class.hpp"

namespace kith::python {

// kith.Neighbors of one query.
[[nodiscard]] nb::object to_arrays(const Neighbors& found);

// Throws InvalidArgument for vectors of another dimension.
void check_dim(std::size_t found, std::size_t dim, const char* argument);

// Whether `ids` is a number, not an array of them.
[[nodiscard]] bool is_one_id(nb::handle ids);
[[nodiscard]] Id to_id(nb::handle value);

// For `id in index`, where `id` may be anything.
template <class Items>
[[nodiscard]] bool contains_id(const Items& items, nb::handle id) {
    if (PyIndex_Check(id.ptr()) == 0) return false;
    const nb::object number = nb::steal(PyNumber_Index(id.ptr()));
    if (!number.is_valid()) throw nb::python_error();
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    return overflow == 0 && items.contains(static_cast<Id>(value));
}

// Throws OutOfRange for an id without an item.
template <class Items>
void check_present(const Items& items, Id id) {
    if (!items.contains(id)) throw OutOfRange("there is no item " + std::to_string(id) + " in this index");
}

// The ids there are, ascending.
template <class Items>
[[nodiscard]] nb::object ids_of(const Items& items) {
    std::vector<Id> found;
    for (std::size_t id = 0; id < items.size(); ++id) {
        if (items.contains(static_cast<Id>(id))) found.push_back(static_cast<Id>(id));
    }
    const auto result = new_ids(found.size());
    std::copy(found.begin(), found.end(), result.data);
    return result.array;
}

// The vector of one id, or the matrix of many.
template <class Items>
[[nodiscard]] nb::object vectors_of(const Items& items, std::size_t dim, nb::handle ids) {
    const bool single = is_one_id(ids);
    const std::vector<Id> wanted = single ? std::vector{to_id(ids)} : to_ids(ids, "ids");
    const auto result = single ? new_floats(dim) : new_floats(wanted.size(), dim);
    const std::span<float> rows(result.data, wanted.size() * dim);
    {
        const nb::gil_scoped_release unlocked;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            check_present(items, wanted[i]);
            items.get_vector(wanted[i], rows.subspan(i * dim, dim));
        }
    }
    return result.array;
}

// One query: arrays of what was found. A matrix: one row per query with min(k, size()) columns, short rows padded with
// -1 and NaN.
[[nodiscard]] nb::object search(const Index& index, nb::handle queries, nb::handle k, nb::handle search_k,
                                nb::handle ef, nb::handle recall, nb::handle filter, nb::handle threads);

// The same for stored items; one id or many.
[[nodiscard]] nb::object search_items(const Index& index, nb::handle ids, nb::handle k, nb::handle search_k,
                                      nb::handle ef, nb::handle recall, nb::handle filter, nb::handle exclude_self,
                                      nb::handle threads);

// All within the radius: arrays for one query, a list of such for a matrix.
[[nodiscard]] nb::object range_search(const Index& index, nb::handle queries, nb::handle radius, nb::handle limit,
                                      nb::handle search_k, nb::handle ef, nb::handle recall, nb::handle filter,
                                      nb::handle threads);

// The three of them as methods of a class whose built() gives an index.
template <class T>
void def_searches(LockedClass<T>& type) {
    using namespace nb::literals;  // NOLINT(google-build-using-namespace)
    using Handle = nb::handle;
    type.def(
            "search",
            [](const T& self, Handle queries, Handle k, Handle search_k, Handle ef, Handle recall, Handle filter,
               Handle threads) {
                const auto index = self.built();
                return search(*index, queries, k, search_k, ef, recall, filter, threads);
            },
            "queries"_a.none(), "k"_a.none() = 10, nb::kw_only(), "search_k"_a.none() = -1,
            "ef"_a.none() = nb::none(), "recall"_a.none() = nb::none(), "filter"_a.none() = nb::none(),
            "threads"_a.none() = 0)
        .def(
            "search_items",
            [](const T& self, Handle ids, Handle k, Handle search_k, Handle ef, Handle recall, Handle filter,
               Handle exclude_self, Handle threads) {
                const auto index = self.built();
                return search_items(*index, ids, k, search_k, ef, recall, filter, exclude_self, threads);
            },
            "ids"_a.none(), "k"_a.none() = 10, nb::kw_only(), "search_k"_a.none() = -1, "ef"_a.none() = nb::none(),
            "recall"_a.none() = nb::none(), "filter"_a.none() = nb::none(), "exclude_self"_a.none() = false,
            "threads"_a.none() = 0)
        .def(
            "range_search",
            [](const T& self, Handle queries, Handle radius, Handle limit, Handle search_k, Handle ef,
               Handle recall, Handle filter, Handle threads) {
                const auto index = self.built();
                return range_search(*index, queries, radius, limit, search_k, ef, recall, filter, threads);
            },
            "queries"_a.none(), "radius"_a.none(), nb::kw_only(), "limit"_a.none() = nb::none(),
            "search_k"_a.none() = -1, "ef"_a.none() = nb::none(), "recall"_a.none() = nb::none(),
            "filter"_a.none() = nb::none(), "threads"_a.none() = 0);
}

}  // namespace kith::python
