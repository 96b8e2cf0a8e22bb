// kith._core.KeyedVectors, which kith.KeyedVectors extends with what needs no C++.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>

#include <memory>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "convert.hpp"
#include "native_index.hpp"
#include "numbers.hpp"
#include "terms.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

KeyedVectors make(nb::handle keys, nb::handle vectors, nb::handle counts) {
    const std::vector<std::string> names = to_strings(keys);
    std::vector<std::uint64_t> numbers;
    if (!counts.is_none()) {
        for (const Id count : to_ids(counts, "counts")) {
            if (count < 0) throw InvalidArgument("counts must not be negative; found " + std::to_string(count));
            numbers.push_back(static_cast<std::uint64_t>(count));
        }
    }
    const FloatRows rows(vectors, "vectors");
    const nb::gil_scoped_release unlocked;
    return {names, rows.view(), numbers};
}

nb::object to_list(const std::vector<Match>& matches) {
    nb::list result;
    for (const Match& match : matches) result.append(nb::make_tuple(to_str(match.key), match.score));
    return result;
}

SimilarOptions options_of(nb::handle topn, nb::handle restrict_vocab, nb::handle threads) {
    SimilarOptions options;
    options.topn = to_size(topn, "topn", "a number of keys");
    options.restrict_vocab = to_size(restrict_vocab, "restrict_vocab", "a number of rows, or 0 for all");
    options.threads = to_threads(threads);
    return options;
}

nb::object most_similar(const KeyedVectors& self, nb::handle positive, nb::handle negative, nb::handle topn,
                        nb::handle restrict_vocab, nb::handle clip_start, nb::handle clip_end, nb::handle index,
                        nb::handle search_k, nb::handle threads) {
    Terms terms;
    terms.add(positive, 1);
    terms.add(negative, -1);
    SimilarOptions options = options_of(topn, restrict_vocab, threads);
    options.clip_start = to_size(clip_start, "clip_start", "a row, from 0");
    if (!clip_end.is_none()) options.clip_end = to_size(clip_end, "clip_end", "a row, from 0, or None");
    options.search_k = to_integer(search_k, "search_k", "a number of candidates, or -1 for the default");
    const auto built = built_of(index, "index");
    options.index = built.get();
    std::vector<Match> matches;
    {
        const nb::gil_scoped_release unlocked;
        matches = self.most_similar(terms.view(), options);
    }
    return to_list(matches);
}

nb::object most_similar_cosmul(const KeyedVectors& self, nb::handle positive, nb::handle negative, nb::handle topn,
                               nb::handle restrict_vocab, nb::handle threads) {
    Terms terms;
    terms.add(positive, 1);
    terms.add(negative, -1);
    const SimilarOptions options = options_of(topn, restrict_vocab, threads);
    std::vector<Match> matches;
    {
        const nb::gil_scoped_release unlocked;
        matches = self.most_similar_cosmul(terms.view(), options);
    }
    return to_list(matches);
}

float similarity(const KeyedVectors& self, nb::handle a, nb::handle b) {
    Terms terms;
    terms.add(a, 1);
    terms.add(b, 1);
    const std::vector<Term> two = terms.view();
    if (two.size() != 2) throw InvalidArgument("similarity takes two operands");
    return self.similarity(two[0], two[1]);
}

nb::object counts_of(const KeyedVectors& self) {
    if (self.counts().empty()) return nb::none();
    const auto result = new_ids(self.size());
    std::copy(self.counts().begin(), self.counts().end(), result.data);
    return result.array;
}

nb::object norms_of(const KeyedVectors& self) {
    const auto result = new_floats(self.size());
    std::copy(self.norms().begin(), self.norms().end(), result.data);
    return result.array;
}

KeyedVectors vectors_for_all(const KeyedVectors& self, nb::handle keys) {
    Texts texts;
    const std::vector<std::string_view>& views = texts.read(keys);
    const nb::gil_scoped_release unlocked;
    return self.vectors_for_all(views);
}

KeyedVectors intersect(const KeyedVectors& self, nb::handle given) {
    const KeyedVectors& other = to_vectors(given, "other");
    const nb::gil_scoped_release unlocked;
    return self.intersect(other);
}

void save(const KeyedVectors& self, nb::handle path, nb::handle index, const std::string& notes) {
    const std::string name = to_path(path);
    const auto built = built_of(index, "index");
    const nb::gil_scoped_release unlocked;
    self.save(name, built.get(), notes);
}

}  // namespace

void bind_keyed_vectors(nb::module_& module) {
    nb::class_<KeyedVectors>(module, "KeyedVectors", nb::is_weak_referenceable(),
                             "Vectors with names; see kith.KeyedVectors.")
        .def(
            "__init__",
            [](KeyedVectors* self, nb::handle keys, nb::handle vectors, nb::handle counts) {
                new (self) KeyedVectors(make(keys, vectors, counts));
            },
            "keys"_a, "vectors"_a, "counts"_a.none() = nb::none())
        .def_static(
            "_copy_init",
            [](nb::handle target, const KeyedVectors& source) {
                new (nb::inst_ptr<KeyedVectors>(target)) KeyedVectors(source);
                nb::inst_mark_ready(target);
            },
            "target"_a, "source"_a)
        .def("__len__", &KeyedVectors::size)
        .def_prop_ro("dim", &KeyedVectors::dim, "Elements of a vector.")
        .def_prop_ro(
            "vectors",
            [](nb::handle_t<KeyedVectors> self) {
                return view_matrix(nb::cast<const KeyedVectors&>(self).vectors(), self);
            },
            "All rows: a read-only view.")
        .def_prop_ro("norms", norms_of, "Euclidean length of every row.")
        .def_prop_ro("counts", counts_of, "How often each key occurred in a corpus, or None.")
        .def(
            "keys",
            [](const KeyedVectors& self) {
                nb::list keys;
                for (const std::string_view key : self.keys()) keys.append(to_str(key));
                return keys;
            },
            "All keys, in the order of rows.")
        .def(
            "key", [](const KeyedVectors& self, std::size_t row) { return to_str(self.key(row)); }, "row"_a,
            "The key of a row.")
        .def(
            "find", [](const KeyedVectors& self, nb::handle key) { return self.find(from_str(key)); }, "key"_a,
            "The row of a key, or None.")
        .def("most_similar", most_similar, "positive"_a.none() = nb::none(), "negative"_a.none() = nb::none(),
             "topn"_a.none() = 10, nb::kw_only(), "restrict_vocab"_a.none() = 0, "clip_start"_a.none() = 0,
             "clip_end"_a.none() = nb::none(), "index"_a.none() = nb::none(), "search_k"_a.none() = -1,
             "threads"_a.none() = 1)
        .def("most_similar_cosmul", most_similar_cosmul, "positive"_a.none() = nb::none(),
             "negative"_a.none() = nb::none(), "topn"_a.none() = 10, nb::kw_only(), "restrict_vocab"_a.none() = 0,
             "threads"_a.none() = 1)
        .def("similarity", similarity, "a"_a, "b"_a, "Cosine of two keys, rows or vectors.")
        .def(
            "doesnt_match",
            [](const KeyedVectors& self, nb::handle keys) { return to_str(self.doesnt_match(to_strings(keys))); },
            "keys"_a, "The key that is not like the others.")
        .def(
            "rank",
            [](const KeyedVectors& self, nb::handle a, nb::handle b) {
                return self.rank(from_str(a), from_str(b));
            },
            "a"_a, "b"_a, "1 + the number of rows nearer to a than b is.")
        .def("_vectors_for_all", vectors_for_all, "keys"_a)
        .def("_intersect", intersect, "other"_a.none())
        .def("_save", save, "path"_a, "index"_a.none() = nb::none(), "notes"_a = "")
        .def_prop_ro("_notes", [](const KeyedVectors& self) { return to_str(self.notes()); })
        .def_static(
            "_open",
            [](nb::handle path, nb::handle prefault) {
                const std::string name = to_path(path);
                const bool whole = to_flag(prefault, "prefault");
                const nb::gil_scoped_release unlocked;
                return KeyedVectors::open(name, {.prefault = whole});
            },
            "path"_a.none(), "prefault"_a.none() = false);
}

}  // namespace kith::python
