// Operands of queries for similar vectors, from Python.
#pragma once

#include <string>
#include <vector>

#include <kith/keyed_vectors.hpp>

#include "bind.hpp"

namespace kith::python {

// Keys and vectors as Python gave them, and the terms that point into them.
class Terms {
public:
    // Adds a key (str), a row (int) or a vector (array of floats), or a list of these; each may be a tuple with its
    // weight. None adds nothing. Raises TypeError or ValueError for anything else.
    void add(nb::handle given, float sign);

    // Valid as long as this object is and nothing is added.
    [[nodiscard]] std::vector<Term> view() const;

private:
    struct Part {
        std::string key;
        std::vector<float> vector;
        std::size_t row = 0;
        enum { kKey, kRow, kVector } kind = kKey;
        float weight = 1;
    };

    void add_one(nb::handle value, float weight);

    std::vector<Part> parts_;
};

}  // namespace kith::python
