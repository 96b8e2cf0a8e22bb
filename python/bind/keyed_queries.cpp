// What the gensim-shaped kith.models.KeyedVectors asks of _core.KeyedVectors: rows instead of keys, which it looks up
// itself, since its keys need not be texts.
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/word_movers.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "convert.hpp"
#include "native_index.hpp"
#include "numbers.hpp"
#include "terms.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)
using Rows = nb::ndarray<const float, nb::ndim<2>, nb::device::cpu>;

// Keeps a Python object alive from C++ that may let go of it without the GIL.
std::shared_ptr<const void> keep(nb::handle object) {
    PyObject* const held = object.inc_ref().ptr();
    return {held, [held](const void*) {
                const nb::gil_scoped_acquire locked;
                Py_DECREF(held);
            }};
}

// Row numbers as keys, for rows whose own keys are not all different texts.
std::vector<std::string> numbers_to(std::size_t rows) {
    std::vector<std::string> keys(rows);
    for (std::size_t row = 0; row < rows; ++row) keys[row] = std::to_string(row);
    return keys;
}

KeyedVectors view_of(nb::handle keys, const Rows& vectors, nb::handle counts) {
    if (vectors.shape(0) > 0 && vectors.stride(1) != 1 && vectors.shape(1) > 1) {
        throw InvalidArgument("vectors must have the numbers of a row side by side");
    }
    if (vectors.shape(0) > 1 && vectors.stride(0) < static_cast<std::int64_t>(vectors.shape(1))) {
        throw InvalidArgument("vectors must have rows one after the other");
    }
    const auto stride = vectors.shape(0) > 1 ? static_cast<std::size_t>(vectors.stride(0)) : vectors.shape(1);
    const MatrixView<const float> rows(vectors.data(), vectors.shape(0), vectors.shape(1), stride);
    const std::vector<std::string> names = keys.is_none() ? numbers_to(rows.rows()) : to_strings(keys);
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::vector<std::uint64_t> numbers;
    if (!counts.is_none()) {
        for (const Id count : to_ids(counts, "counts")) numbers.push_back(static_cast<std::uint64_t>(count));
    }
    const auto owner = keep(nb::find(vectors));
    const nb::gil_scoped_release unlocked;
    return KeyedVectors::view(views, rows, owner, numbers);
}

std::vector<Term> terms_of(Terms& terms, nb::handle given) {
    terms.add(given, 1);
    return terms.view();
}

nb::object similar_rows(const KeyedVectors& self, nb::handle terms, std::size_t topn, std::size_t clip_start,
                        std::optional<std::size_t> clip_end, std::size_t restrict_vocab, bool cosmul,
                        std::size_t threads) {
    Terms parts;
    const std::vector<Term> operands = terms_of(parts, terms);
    SimilarOptions options;
    options.topn = topn;
    options.clip_start = clip_start;
    options.clip_end = clip_end.value_or(kToTheEnd);
    options.restrict_vocab = restrict_vocab;
    options.threads = threads;
    std::vector<Match> matches;
    {
        const nb::gil_scoped_release unlocked;
        matches = cosmul ? self.most_similar_cosmul(operands, options) : self.most_similar(operands, options);
    }
    nb::list result;
    for (const Match& match : matches) result.append(nb::make_tuple(match.row, match.score));
    return result;
}

nb::object to_array(const std::vector<float>& values) {
    const auto result = new_floats(values.size());
    std::copy(values.begin(), values.end(), result.data);
    return result.array;
}

nb::object similarities(const KeyedVectors& self, nb::handle terms, std::size_t threads) {
    Terms parts;
    const std::vector<Term> operands = terms_of(parts, terms);
    std::vector<float> scores;
    {
        const nb::gil_scoped_release unlocked;
        scores = self.similarities(operands, threads);
    }
    return to_array(scores);
}

nb::object mean(const KeyedVectors& self, nb::handle terms, bool unit_terms, bool unit_result) {
    Terms parts;
    const std::vector<Term> operands = terms_of(parts, terms);
    return to_array(self.mean_vector(operands, {.unit_terms = unit_terms, .unit_result = unit_result}));
}

nb::object distances(const KeyedVectors& self, nb::handle term, nb::handle others) {
    Terms one;
    one.add(term, 1);
    Terms rest;
    const std::vector<Term> operands = terms_of(rest, others);
    const std::vector<Term> first = one.view();
    if (first.size() != 1) throw InvalidArgument("distances are from one key or vector");
    std::vector<float> values;
    {
        const nb::gil_scoped_release unlocked;
        values = self.distances(first[0], operands);
    }
    return to_array(values);
}

float n_similarity(const KeyedVectors& self, nb::handle a, nb::handle b) {
    Terms first;
    Terms second;
    const std::vector<Term> left = terms_of(first, a);
    const std::vector<Term> right = terms_of(second, b);
    return self.n_similarity(left, right);
}

double movers_distance(const KeyedVectors& self, nb::handle a, nb::handle b, bool unit) {
    Terms first;
    Terms second;
    const std::vector<Term> left = terms_of(first, a);
    const std::vector<Term> right = terms_of(second, b);
    const nb::gil_scoped_release unlocked;
    return word_movers_distance(self, left, right, unit ? Travel::kUnit : Travel::kStored);
}

// Rows and cosines, a row of each per query. `queries` is a list of rows or a matrix.
nb::object similar_batch(const KeyedVectors& self, nb::handle queries, nb::handle topn, nb::handle clip_start,
                         nb::handle clip_end, nb::handle restrict_vocab, nb::handle index, nb::handle search_k,
                         nb::handle threads) {
    SimilarOptions options;
    options.topn = to_size(topn, "topn");
    options.clip_start = to_size(clip_start, "clip_start");
    if (!clip_end.is_none()) options.clip_end = to_size(clip_end, "clip_end");
    options.restrict_vocab = to_size(restrict_vocab, "restrict_vocab");
    options.search_k = to_integer(search_k, "search_k", "a number of candidates, or -1 for the default");
    options.threads = to_threads(threads);
    const auto built = built_of(index, "index");
    options.index = built.get();
    const bool rows = nb::isinstance<nb::list>(queries);
    std::vector<std::size_t> wanted;
    std::optional<FloatRows> vectors;
    if (rows) {
        for (const nb::handle row : queries) wanted.push_back(to_size(row, "a row"));
    } else {
        vectors.emplace(queries, "queries");
    }
    NeighborTable found;
    {
        const nb::gil_scoped_release unlocked;
        found = rows ? self.most_similar_batch(std::span<const std::size_t>(wanted), options)
                     : self.most_similar_batch(vectors->view(), options);
    }
    const std::size_t queried = rows ? wanted.size() : vectors->view().rows();
    const std::size_t k = queried == 0 ? 0 : found.ids.size() / queried;
    const auto ids = new_ids(queried, k);
    const auto scores = new_floats(queried, k);
    std::copy(found.ids.begin(), found.ids.end(), ids.data);
    std::copy(found.distances.begin(), found.distances.end(), scores.data);
    return nb::make_tuple(ids.array, scores.array);
}

// The row of each key, -1 where it is not there or is no text.
nb::object find_all(const KeyedVectors& self, const nb::list& keys) {
    nb::list texts;
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < keys.size(); ++place) {
        if (!nb::isinstance<nb::str>(keys[place])) continue;
        texts.append(keys[place]);
        places.push_back(place);
    }
    Texts reader;
    const std::vector<std::string_view>& views = reader.read(texts);
    std::vector<std::optional<std::size_t>> found;
    {
        const nb::gil_scoped_release unlocked;
        found = self.find_all(views);
    }
    const auto rows = new_ids(keys.size());
    std::fill_n(rows.data, keys.size(), Id{-1});
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i]) rows.data[places[i]] = static_cast<Id>(*found[i]);
    }
    return rows.array;
}

std::vector<std::size_t> closer_than(const KeyedVectors& self, std::size_t a, std::size_t b) {
    const nb::gil_scoped_release unlocked;
    return self.closer_than(self.key(a), self.key(b));
}

}  // namespace

void bind_keyed_queries(nb::module_& module) {
    auto type = nb::borrow<nb::class_<KeyedVectors>>(module.attr("KeyedVectors"));
    type.def_static("_view", view_of, "keys"_a.none(), "vectors"_a, "counts"_a.none() = nb::none())
        .def("_similar_rows", similar_rows, "terms"_a, "topn"_a, nb::kw_only(), "clip_start"_a = 0,
             "clip_end"_a.none() = nb::none(), "restrict_vocab"_a = 0, "cosmul"_a = false, "threads"_a = 1)
        .def("_similarities", similarities, "terms"_a, "threads"_a = 1)
        .def("_mean", mean, "terms"_a, "unit_terms"_a, "unit_result"_a)
        .def("_distances", distances, "term"_a, "others"_a)
        .def("_n_similarity", n_similarity, "a"_a, "b"_a)
        .def("_movers_distance", movers_distance, "a"_a, "b"_a, "unit"_a)
        .def("_similar_batch", similar_batch, "queries"_a, "topn"_a.none(), nb::kw_only(),
             "clip_start"_a.none() = 0, "clip_end"_a.none() = nb::none(), "restrict_vocab"_a.none() = 0,
             "index"_a.none() = nb::none(), "search_k"_a.none() = -1, "threads"_a.none() = 0)
        .def("_find_all", find_all, "keys"_a)
        .def("_closer_than", closer_than, "a"_a, "b"_a);
}

}  // namespace kith::python
