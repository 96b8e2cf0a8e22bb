#include "index/checks.hpp"

#include <cmath>

#include <kith/error.hpp>

#include "base/finite.hpp"
#include "base/format.hpp"

namespace kith::index {

void check_query(std::span<const float> query, std::size_t dim) {
    if (query.size() != dim) {
        throw InvalidArgument(formatted("query has {} elements; the index has {} dimensions", query.size(), dim));
    }
    const std::size_t at = first_not_finite(query);
    if (at < query.size()) {
        throw InvalidArgument(formatted("query[{}] is {}; every element must be finite", at, query[at]));
    }
}

void check_finite(std::span<const float> values, std::size_t row, std::string_view what) {
    const std::size_t column = first_not_finite(values);
    if (column == values.size()) return;
    throw InvalidArgument(
        formatted("{}[{}, {}] is {}; every element must be finite", what, row, column, values[column]));
}

void check_finite(MatrixView<const float> matrix, std::string_view what) {
    for (std::size_t row = 0; row < matrix.rows(); ++row) check_finite(matrix.row(row), row, what);
}

void check_options(const SearchOptions& options) {
    if (options.search_k < -1) {
        throw InvalidArgument(
            formatted("search_k is {}; it must be -1 (automatic) or at least 0", options.search_k));
    }
    if (options.ef < -1) {
        throw InvalidArgument(formatted("ef is {}; it must be -1 (automatic) or at least 0", options.ef));
    }
    if (options.ef >= 0 && options.search_k >= 0 && options.ef != options.search_k) {
        throw InvalidArgument(
            formatted("search_k is {} and ef is {}; they are two names for a graph's effort, give one",
                      options.search_k, options.ef));
    }
    if (!(options.recall >= 0 && options.recall <= 1)) {
        throw InvalidArgument(formatted("recall is {}; it must be between 0 and 1", options.recall));
    }
}

void check_radius(float radius) {
    if (std::isnan(radius)) throw InvalidArgument("radius is nan; it must be a distance");
}

void check_id(Id id, std::size_t size) {
    if (id < 0 || static_cast<std::size_t>(id) >= size) {
        throw OutOfRange(size == 0 ? formatted("there is no item {}; the index is empty", id)
                                   : formatted("there is no item {}; ids run from 0 to {}", id, size - 1));
    }
}

void check_output(std::span<const float> out, std::size_t dim) {
    if (out.size() != dim) {
        throw InvalidArgument(formatted("out has room for {} elements; a vector has {}", out.size(), dim));
    }
}

}  // namespace kith::index
