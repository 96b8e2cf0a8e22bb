"""kith.models.KeyedVectors answers as plain NumPy does, and may be changed."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pytest

import kith
from kith.models import KeyedVectors
from kith.models.keyedvectors import Doc2VecKeyedVectors, Word2VecKeyedVectors


def made(rng, rows=200, dim=12):
    vectors = KeyedVectors(dim)
    vectors.add_vectors([f"w{i}" for i in range(rows)], rng.normal(size=(rows, dim)))
    return vectors


def cosines(vectors, query):
    rows = vectors.vectors.astype(np.float64)
    return rows @ query / (np.linalg.norm(rows, axis=1) * np.linalg.norm(query))


def unit(vector):
    return np.asarray(vector, np.float64) / np.linalg.norm(vector)


# --- most_similar ---


def test_neighbours_are_those_of_the_definition(rng):
    vectors = made(rng)
    query = 2 * unit(vectors["w3"]) - 0.5 * unit(vectors["w7"]) + vectors["w9"]
    scores = cosines(vectors, query)
    wanted = [row for row in np.argsort(-scores) if row not in (3, 7)][:8]
    found = vectors.most_similar([("w3", 2.0), np.array(vectors["w9"])], [("w7", -0.5)], topn=8)
    assert [key for key, _ in found] == [f"w{row}" for row in wanted]
    np.testing.assert_allclose([score for _, score in found], scores[wanted], rtol=1e-5)
    assert all(type(score) is float for _, score in found)


def test_operands_may_come_alone_or_in_a_list(rng):
    vectors = made(rng)
    wanted = vectors.most_similar(["w1"], ["w2"])
    assert vectors.most_similar("w1", "w2") == wanted
    assert vectors.most_similar(positive="w1", negative=["w2"]) == wanted
    assert vectors.most_similar(1, [2]) == wanted, "rows are keys too"
    matrix = vectors.vectors[[4, 5]]
    assert vectors.most_similar(matrix) == vectors.most_similar([matrix[0], matrix[1]])
    assert vectors.most_similar_cosmul("w1", "w2") == vectors.most_similar_cosmul(["w1"], ["w2"])


def test_a_vector_is_not_left_out_of_its_own_answer(rng):
    vectors = made(rng)
    assert vectors.most_similar("w5", topn=1)[0][0] != "w5"
    assert vectors.most_similar([vectors["w5"]], topn=1)[0][0] == "w5"
    assert vectors.similar_by_vector(vectors["w5"], topn=1)[0][0] == "w5"
    assert vectors.similar_by_word("w5", topn=3) == vectors.most_similar("w5", topn=3)
    assert vectors.similar_by_key("w5", topn=3) == vectors.most_similar("w5", topn=3)


@pytest.mark.parametrize("topn", [0, -1, np.uint8(0)])
def test_nothing_asked_is_nothing_found(rng, topn):
    vectors = made(rng)
    assert vectors.most_similar("w1", topn=topn) == []
    assert vectors.most_similar_cosmul("w1", topn=topn) == []


def test_all_similarities(rng):
    vectors = made(rng)
    np.testing.assert_allclose(vectors.most_similar("w1", topn=None), cosines(vectors, vectors["w1"]), atol=1e-6)
    assert len(vectors.most_similar("w1", topn=None, restrict_vocab=7)) == 7
    assert len(vectors.most_similar("w1", topn=None, clip_start=10, clip_end=15)) == 5
    scores = vectors.most_similar_cosmul("w1", "w2", topn=None)
    best = vectors.most_similar_cosmul("w1", "w2", topn=1)[0]
    assert scores.shape == (200,)
    assert scores[vectors.get_index(best[0])] == pytest.approx(best[1])


def test_only_the_rows_that_are_asked_for_compete(rng):
    vectors = made(rng)
    first = {key for key, _ in vectors.most_similar("w100", topn=50, restrict_vocab=5)}
    assert first == {"w0", "w1", "w2", "w3", "w4"}
    clipped = {key for key, _ in vectors.most_similar("w0", topn=50, clip_start=10, clip_end=13)}
    assert clipped == {"w10", "w11", "w12"}
    assert {key for key, _ in vectors.most_similar_cosmul("w100", restrict_vocab=3)} == {"w0", "w1", "w2"}


def test_cosmul_is_the_quotient_of_products(rng):
    vectors = made(rng)

    def half(key):
        return (1 + cosines(vectors, vectors[key])) / 2

    scores = half("w1") * half("w2") / (half("w3") + 1e-6)
    wanted = [row for row in np.argsort(-scores) if row not in (1, 2, 3)][:5]
    found = vectors.most_similar_cosmul(["w1", "w2"], ["w3"], topn=5)
    assert [key for key, _ in found] == [f"w{row}" for row in wanted]
    np.testing.assert_allclose([score for _, score in found], scores[wanted], rtol=1e-4)


class Recorder:
    def most_similar(self, vector, topn):
        self.vector, self.topn = vector, topn
        return [("whatever", 1.0)]


@pytest.mark.parametrize("topn", [4, np.int64(4)])
def test_an_indexer_gets_the_query_and_has_the_last_word(rng, topn):
    vectors, indexer = made(rng), Recorder()
    assert vectors.most_similar(["w1"], ["w2"], topn=topn, indexer=indexer) == [("whatever", 1.0)]
    np.testing.assert_allclose(indexer.vector, unit(unit(vectors["w1"]) - unit(vectors["w2"])), rtol=1e-5)
    assert indexer.topn == 4
    with pytest.warns(UserWarning, match="restrict_vocab"):
        vectors.most_similar("w1", indexer=indexer, restrict_vocab=5)


# --- Comparing ---


def test_comparing_two(rng):
    vectors = made(rng)
    wanted = unit(vectors["w1"]) @ unit(vectors["w2"])
    assert vectors.similarity("w1", "w2") == pytest.approx(wanted, rel=1e-5)
    assert vectors.distance("w1", "w2") == pytest.approx(1 - wanted, rel=1e-5)
    assert all(vectors.distance(f"w{i}", f"w{i}") == 0 for i in range(50))
    assert isinstance(vectors.similarity("w1", "w2"), np.float32)


def test_distances(rng):
    vectors = made(rng)
    everywhere = vectors.distances("w1")
    np.testing.assert_allclose(everywhere, 1 - cosines(vectors, vectors["w1"]), atol=1e-6)
    np.testing.assert_allclose(vectors.distances("w1", ["w5", "w9"]), everywhere[[5, 9]], atol=1e-6)
    np.testing.assert_allclose(vectors.distances(vectors["w1"]), everywhere, atol=1e-6)


def test_comparing_many(rng):
    vectors = made(rng)
    a, b = vectors[["w1", "w2"]].mean(0), vectors[["w3", "w4", "w5"]].mean(0)
    found = vectors.n_similarity(["w1", "w2", "unknown"], ["w3", "w4", "w5"])
    assert found == pytest.approx(unit(a) @ unit(b), rel=1e-4)
    with pytest.raises(ZeroDivisionError):
        vectors.n_similarity([], ["w1"])
    np.testing.assert_allclose(
        KeyedVectors.cosine_similarities(vectors["w1"], vectors.vectors), cosines(vectors, vectors["w1"]), atol=1e-6
    )


def test_ranks(rng):
    vectors = made(rng)
    distances = vectors.distances("w1")
    nearer = np.flatnonzero(distances < distances[2])
    assert vectors.closer_than("w1", "w2") == [f"w{row}" for row in nearer if row != 1]
    assert vectors.rank("w1", "w2") == len([row for row in nearer if row != 1]) + 1
    assert vectors.rank("w1", "w1") == 1
    assert vectors.closer_than("w1", "w1") == []
    candidates = ["w7", "w8", "w9"]
    assert vectors.most_similar_to_given("w1", candidates) == candidates[np.argmin(distances[7:10])]


def test_the_odd_one_out():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b", "c"], [[1, 0], [1, 0.1], [-1, 0.2]])
    assert vectors.doesnt_match(["a", "b", "c", "unknown"]) == "c"
    ranked = vectors.rank_by_centrality(["a", "b", "c"])
    assert [key for _, key in ranked][-1] == "c"
    assert ranked[0][0] > ranked[-1][0]
    assert vectors.rank_by_centrality(["a", "b", "c"], use_norm=False)[-1][1] == "c"
    with pytest.raises(ValueError, match="empty list"):
        vectors.doesnt_match(["unknown"])


@pytest.mark.parametrize("native", [False, True])
def test_word_movers_distance_is_what_linear_programming_finds(native, rng):
    optimize = pytest.importorskip("scipy.optimize")
    vectors = made(rng)
    asked = vectors.to_native() if native else vectors
    for norm in (True, False):
        a, b = ["w1", "w2", "w3", "w3", "nobody"], ["w4", "w1", "w5"]
        wanted = [["w1", "w2", "w3", "w3"], b]
        points = [np.array([unit(vectors[w]) if norm else vectors[w] for w in words]) for words in wanted]
        cost = np.linalg.norm(points[0][:, None] - points[1][None], axis=2)
        rows, columns = cost.shape
        sums = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
        masses = np.concatenate([np.full(rows, 1 / rows), np.full(columns, 1 / columns)])
        best = optimize.linprog(cost.ravel(), A_eq=sums, b_eq=masses, method="highs").fun
        assert asked.wmdistance(a, b, norm=norm) == pytest.approx(best, abs=1e-5)
        assert asked.wmdistance(b, a, norm=norm) == pytest.approx(best, abs=1e-5)
    assert asked.wmdistance(a, a) == pytest.approx(0, abs=1e-6)
    assert asked.wmdistance(a, ["nobody"]) == float("inf")


@pytest.mark.parametrize("native", [False, True])
def test_a_batch_of_queries_is_answered_as_each_alone(native, rng):
    vectors = made(rng)
    asked = vectors.to_native() if native else vectors
    keys = ["w5", "w0", "w199"]
    for found, key in zip(asked.most_similar_batch(keys, topn=7), keys):
        alone = asked.most_similar(key, topn=7)
        assert [name for name, _ in found] == [name for name, _ in alone]
        np.testing.assert_allclose([x for _, x in found], [x for _, x in alone], rtol=1e-5, atol=1e-6)
    rows = asked.most_similar_batch(vectors[keys], topn=3, restrict_vocab=50)
    assert rows[0][0][0] == "w5" and all(int(name[1:]) < 50 for found in rows for name, _ in found)
    assert len(asked.most_similar_batch(vectors[keys], topn=500)[0]) == 200
    assert asked.most_similar_batch([]) == []
    with pytest.raises(KeyError, match="nobody"):
        asked.most_similar_batch(["w1", "nobody"])
    with pytest.raises(TypeError, match=r"topn must be a whole number .* not 'all' \(str\)"):
        asked.most_similar_batch(keys, topn="all")
    if native:
        index = asked.build_index(10)
        assert asked.most_similar_batch(keys, 1, index=index, search_k=10**6)[0][0][0] == asked.most_similar("w5")[0][0]


def test_relative_cosine_similarity(rng):
    vectors = made(rng)
    near = vectors.most_similar("w1", topn=5)
    wanted = vectors.similarity("w1", near[0][0]) / sum(score for _, score in near)
    assert vectors.relative_cosine_similarity("w1", near[0][0], 5) == pytest.approx(wanted)


def test_means(rng):
    vectors = made(rng)
    keys, weights = ["w1", "w2", "unknown", "w3"], [1, -2, 5, 3]
    known = [1 * vectors["w1"], -2 * vectors["w2"], 3 * vectors["w3"]]
    np.testing.assert_allclose(
        vectors.get_mean_vector(keys, weights, pre_normalize=False), np.sum(known, axis=0) / 6, rtol=1e-5
    )
    units = [unit(vectors[f"w{i}"]) for i in (1, 2, 3)]
    np.testing.assert_allclose(vectors.get_mean_vector(["w1", "w2", "w3"]), np.mean(units, axis=0), rtol=1e-4)
    assert np.linalg.norm(vectors.get_mean_vector(keys, weights, post_normalize=True)) == pytest.approx(1)
    with pytest.raises(KeyError, match="unknown"):
        vectors.get_mean_vector(keys, weights, ignore_missing=False)
    with pytest.raises(ValueError, match="no input"):
        vectors.get_mean_vector([])
    with pytest.raises(ValueError, match="same number"):
        vectors.get_mean_vector(keys, [1])


# --- Rows ---


def test_a_key_gives_a_view_that_cannot_be_written(rng):
    vectors = made(rng)
    assert np.shares_memory(vectors["w1"], vectors.vectors)
    with pytest.raises(ValueError, match="read-only"):
        vectors["w1"][0] = 1
    assert vectors[["w1", "w2"]].shape == (2, 12)
    np.testing.assert_allclose(np.linalg.norm(vectors.get_vector("w1", norm=True)), 1, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors.get_normed_vectors(), axis=1), 1, rtol=1e-6)


def test_adding_and_replacing(rng):
    vectors = made(rng, 5)
    old = np.array(vectors["w0"])
    vectors.add_vectors(["new", "w0"], rng.normal(size=(2, 12)))
    assert (len(vectors), vectors.index_to_key[-1]) == (6, "new")
    np.testing.assert_array_equal(vectors["w0"], old)
    vectors[["w0", "newer"]] = np.ones((2, 12))
    np.testing.assert_array_equal(vectors["w0"], np.ones(12))
    vectors["w1"] = np.full(12, 2.0)
    assert vectors.similarity("w0", "w1") == pytest.approx(1), "answers follow"
    assert vectors.vectors.dtype == np.float32
    vectors.add_vectors(["twice", "twice"], [np.ones(12), np.zeros(12)])
    assert vectors.index_to_key.count("twice") == 1
    with pytest.raises(ValueError, match="shape"):
        vectors.add_vectors(["x"], np.ones((1, 3)))


def test_rows_that_were_allocated_are_filled():
    vectors = KeyedVectors(3, count=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert vectors.add_vector("a", [1, 2, 3]) == 0
        assert vectors.add_vector("b", [1, 0, 0]) == 1
    with pytest.warns(UserWarning, match="copies"):
        assert vectors.add_vector("c", [0, 0, 1]) == 2
    assert [key for key, _ in vectors.most_similar("c", topn=2)] == ["a", "b"]


def test_extras_come_with_their_rows(rng):
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b"], np.eye(2), extras={"count": np.array([3, 5])})
    vectors.add_vectors(["b", "c"], np.eye(2), extras={"count": np.array([7, 9])}, replace=True)
    assert [vectors.get_vecattr(key, "count") for key in "abc"] == [3, 7, 9]


def test_attributes():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b"], np.eye(2))
    vectors.set_vecattr("b", "count", 5)
    vectors.set_vecattr("a", "tag", "x")
    assert (vectors.get_vecattr("a", "count"), vectors.get_vecattr("b", "count")) == (0, 5)
    assert vectors.get_vecattr(0, "tag") == "x"
    with pytest.raises(TypeError, match="count"):
        vectors.set_vecattr("a", "count", "many")
    with pytest.raises(KeyError, match="nothing"):
        vectors.get_vecattr("a", "nothing")
    vectors.sort_by_descending_frequency()
    assert vectors.index_to_key == ["b", "a"]
    np.testing.assert_array_equal(vectors["b"], [0, 1])


def test_whole_numbers_are_keys_before_they_are_rows():
    vectors = KeyedVectors(2)
    vectors.add_vectors([1, "1", 0], [[1, 0], [0.9, 0.1], [0, 1]])
    assert [vectors.get_index(key) for key in (1, 0, "1", 2)] == [0, 2, 1, 2]
    assert vectors.most_similar(1, topn=1)[0][0] == "1"
    assert vectors.most_similar(positive=[np.int64(0)], topn=2)[1][0] == 1
    assert (5 in vectors, "5" in vectors, None in vectors) == (False, False, False)


def test_zero_vectors_are_like_nothing():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "zero"], [[1, 0], [0, 0]])
    assert vectors.similarity("a", "zero") == 0
    np.testing.assert_array_equal(vectors.get_vector("zero", norm=True), [0, 0])
    np.testing.assert_array_equal(vectors.get_normed_vectors()[1], [0, 0])


def test_writing_into_the_array_counts_once_lengths_are_taken_anew(rng):
    vectors = made(rng)
    vectors.fill_norms()
    vectors.vectors[:] *= 3
    vectors.fill_norms(force=True)
    np.testing.assert_allclose(vectors.norms, np.linalg.norm(vectors.vectors, axis=1), rtol=1e-6)
    vectors.unit_normalize_all()
    np.testing.assert_allclose(vectors.norms, 1, rtol=1e-6)
    vectors.norms = None
    assert vectors.most_similar("w1", topn=1)[0][1] <= 1


def test_a_selection(rng):
    vectors = made(rng)
    vectors.set_vecattr("w3", "count", 4)
    chosen = vectors.vectors_for_all(["w3", "unknown", "w1", "w3"], copy_vecattrs=True)
    assert chosen.index_to_key == ["w3", "w1"]
    assert chosen.get_vecattr("w3", "count") == 4
    np.testing.assert_array_equal(chosen["w1"], vectors["w1"])
    assert vectors.vectors_for_all(["w3"]).get_vecattr("w3", "count") == 1


def test_half_precision_is_kept(rng):
    vectors = KeyedVectors(8, dtype=np.float16)
    vectors.add_vectors([f"w{i}" for i in range(50)], rng.normal(size=(50, 8)))
    assert vectors.vectors.dtype == np.float16
    assert vectors.most_similar([vectors["w3"]], topn=1)[0][0] == "w3"


def test_to_and_from_the_native_class(rng):
    vectors = made(rng)
    vectors.expandos["count"] = np.arange(200)
    native = vectors.to_native()
    assert type(native) is kith.KeyedVectors
    assert native.most_similar("w1") == vectors.most_similar("w1")
    back = KeyedVectors.from_native(native)
    assert back.index_to_key == vectors.index_to_key
    assert back.get_vecattr("w9", "count") == 9


def test_copies_and_pickles(rng):
    vectors = made(rng)
    vectors.most_similar("w1")
    for other in (copy.deepcopy(vectors), pickle.loads(pickle.dumps(vectors))):
        assert other.most_similar("w1") == vectors.most_similar("w1")
        other["w1"] = np.zeros(12)
        assert np.any(vectors["w1"])


# --- gensim 3 ---


def test_names_of_gensim_3_work_with_a_warning(rng):
    vectors = made(rng)
    vectors.set_vecattr("w2", "count", 3)
    with pytest.warns(DeprecationWarning, match="get_normed_vectors"):
        normed = vectors.vectors_norm
    np.testing.assert_array_equal(normed, vectors.get_normed_vectors())
    with pytest.warns(DeprecationWarning):
        assert vectors.vectors_norm is normed
    with pytest.warns(DeprecationWarning, match="fill_norms"):
        vectors.init_sims()
    with pytest.warns(DeprecationWarning, match="index_to_key"):
        assert vectors.index2word[3] == "w3"
    with pytest.warns(DeprecationWarning, match="index_to_key"):
        assert vectors.index2entity[3] == "w3"
    with pytest.warns(DeprecationWarning, match="key_to_index"):
        item = vectors.vocab["w2"]
    assert (item.index, item.count) == (2, 3)
    with pytest.warns(DeprecationWarning, match="key_to_index"):
        assert ("w2" in vectors.vocab, len(vectors.vocab), "x" in vectors.vocab) == (True, 200, False)
    with pytest.warns(DeprecationWarning, match="vectors"):
        assert vectors.syn0 is vectors.vectors
    with pytest.warns(DeprecationWarning, match="get_vector"):
        np.testing.assert_array_equal(vectors.word_vec("w1"), vectors["w1"])
    with pytest.warns(DeprecationWarning, match="closer_than"):
        assert vectors.words_closer_than("w1", "w2") == vectors.closer_than("w1", "w2")
    with pytest.warns(DeprecationWarning, match="unit_normalize_all"):
        vectors.init_sims(replace=True)
    np.testing.assert_allclose(vectors.norms, 1, rtol=1e-6)
    assert Word2VecKeyedVectors is Doc2VecKeyedVectors is KeyedVectors


# --- What cannot be ---


def test_errors_name_what_is_wrong(rng):
    vectors = made(rng)
    with pytest.raises(KeyError, match="nowhere"):
        vectors.most_similar("nowhere")
    with pytest.raises(KeyError, match="nowhere"):
        vectors["nowhere"]
    with pytest.raises(ValueError, match="no input"):
        vectors.most_similar()
    with pytest.raises(ValueError, match="3 elements; it must have 12"):
        vectors.most_similar([np.ones(3)])
    with pytest.raises(TypeError, match="topn"):
        vectors.most_similar("w1", topn=2.5)
    with pytest.raises(ValueError, match="vector_size"):
        KeyedVectors(0)
    vectors.vectors[3, 4] = np.nan
    vectors.fill_norms
    with pytest.raises(ValueError, match="row 3, column 4"):
        vectors.fill_norms(force=True)


def test_vectors_that_change_are_found_anew_however_often_they_were_asked_for(rng):
    numbers = rng.normal(size=(5000, 12)).astype(np.float32)
    vectors = KeyedVectors(12)
    vectors.add_vectors([f"w{row}" for row in range(5000)], numbers)
    first = vectors.most_similar("w7", topn=20)
    for row in range(60):  # by now the search goes by codes
        vectors.most_similar(f"w{row}")
    assert vectors.most_similar("w7", topn=20) == first
    vectors.vectors[4000] = 3 * vectors.vectors[7]
    vectors.fill_norms(force=True)
    for _ in range(60):
        key, cosine = vectors.most_similar("w7", topn=1)[0]
        assert key == "w4000" and cosine > 0.9999
