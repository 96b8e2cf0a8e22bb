#include "terms.hpp"

#include <span>
#include <string_view>
#include <utility>

#include <kith/error.hpp>

#include "arrays.hpp"

namespace kith::python {
namespace {

bool is_whole_number(nb::handle value) {
    return PyIndex_Check(value.ptr()) != 0 && !nb::hasattr(value, "__len__");
}

bool is_list(nb::handle value) {
    return nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value);
}

bool is_weighted(nb::handle value) {
    if (!nb::isinstance<nb::tuple>(value) || nb::len(value) != 2) return false;
    const nb::object operand = value[0];
    const nb::object weight = value[1];
    return PyFloat_Check(weight.ptr()) != 0 || (is_whole_number(weight) && !is_whole_number(operand));
}

}  // namespace

void Terms::add(nb::handle given, float sign) {
    if (given.is_none()) return;
    const bool matrix = nb::hasattr(given, "ndim") && nb::cast<int>(given.attr("ndim")) == 2;
    if (!is_list(given) && !matrix) return add_one(given, sign);
    for (const nb::handle item : given) {
        if (is_weighted(item)) {
            const nb::object operand = item[0];
            const nb::object weight = item[1];
            add_one(operand, sign * nb::cast<float>(weight));
        } else {
            add_one(item, sign);
        }
    }
}

void Terms::add_one(nb::handle value, float weight) {
    Part part;
    part.weight = weight;
    if (nb::isinstance<nb::str>(value)) {
        part.key = nb::cast<std::string>(value);
    } else if (is_whole_number(value)) {
        const auto row = nb::cast<std::int64_t>(value);
        if (row < 0) throw OutOfRange("a row must not be negative; found " + std::to_string(row));
        part.row = static_cast<std::size_t>(row);
        part.kind = Part::kRow;
    } else {
        const FloatRows rows(value, "a vector");
        if (!rows.single()) throw InvalidArgument("a vector must have one dimension");
        const auto row = rows.view().row(0);
        part.vector.assign(row.begin(), row.end());
        part.kind = Part::kVector;
    }
    parts_.push_back(std::move(part));
}

std::vector<Term> Terms::view() const {
    std::vector<Term> terms;
    terms.reserve(parts_.size());
    for (const Part& part : parts_) {
        switch (part.kind) {
            case Part::kKey: terms.emplace_back(std::string_view(part.key), part.weight); break;
            case Part::kRow: terms.push_back(Term::row(part.row, part.weight)); break;
            case Part::kVector: terms.emplace_back(std::span<const float>(part.vector), part.weight); break;
        }
    }
    return terms;
}

}  // namespace kith::python
