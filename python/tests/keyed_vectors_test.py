"""kith.KeyedVectors: keys in, keys out."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import kith


@pytest.fixture(scope="module")
def words():
    rng = np.random.default_rng(0)
    keys = [f"w{i}" for i in range(500)]
    return kith.KeyedVectors(keys, rng.normal(size=(500, 20)), counts=np.arange(500, 0, -1))


def cosines(words, query):
    unit = words.vectors / np.linalg.norm(words.vectors, axis=1, keepdims=True)
    return unit @ (query / np.linalg.norm(query))


def test_rows_by_key(words):
    assert len(words) == 500 and words.dim == 20
    assert words.keys()[:2] == ["w0", "w1"] == list(words)[:2]
    assert (words.find("w7"), words.find("x"), words.key(7)) == (7, None, "w7")
    assert "w7" in words and "x" not in words and 7 not in words
    np.testing.assert_array_equal(words["w7"], words.vectors[7])
    np.testing.assert_array_equal(words[["w7", "w1"]], words.vectors[[7, 1]])
    np.testing.assert_allclose(words.norms, np.linalg.norm(words.vectors, axis=1), rtol=1e-6)
    np.testing.assert_array_equal(words.counts, np.arange(500, 0, -1))
    with pytest.raises(KeyError, match="'x'"):
        words["x"]
    with pytest.raises(IndexError):
        words.key(500)


def test_vectors_are_a_view_that_keeps_its_owner_alive():
    vectors = kith.KeyedVectors(["a"], [[1.0, 2.0]]).vectors
    assert not vectors.flags.writeable
    assert not vectors.flags.owndata
    np.testing.assert_array_equal(vectors, [[1, 2]])


@pytest.mark.parametrize("positive", ["w3", ["w3"], 3, [("w3", 2.0)]])
def test_most_similar_leaves_the_keys_of_the_query_out(words, positive):
    found = words.most_similar(positive, topn=5)
    expected = cosines(words, words["w3"])
    order = [f"w{i}" for i in np.argsort(-expected, kind="stable") if i != 3][:5]
    assert [key for key, _ in found] == order
    np.testing.assert_allclose([cosine for _, cosine in found], [expected[int(key[1:])] for key in order], rtol=1e-5)


def test_most_similar_to_a_vector_and_away_from_keys(words):
    assert words.most_similar(words["w3"], topn=1)[0][0] == "w3"
    unit = words.vectors / words.norms[:, None]
    expected = cosines(words, unit[1] + unit[2] - unit[3])
    expected[[1, 2, 3]] = -2
    assert words.most_similar(["w1", "w2"], ["w3"], topn=1)[0][0] == f"w{expected.argmax()}"
    assert all(int(key[1:]) < 50 for key, _ in words.most_similar("w3", restrict_vocab=50))


def test_an_index_gives_the_same_contract(words, in_tmp):
    index = words.build_index(20)
    found = words.most_similar("w3", index=index, search_k=10**6)
    assert found == words.most_similar("w3")
    words.save("words.kith", index)
    opened = kith.KeyedVectors.open("words.kith")
    assert opened.most_similar("w3") == words.most_similar("w3")
    assert opened.most_similar("w3", index=kith.open("words.kith"), search_k=10**6) == found


def test_similarity_and_the_odd_one_out():
    words = kith.KeyedVectors(["a", "b", "c", "d"], [[1, 0], [1, 0.1], [1, -0.1], [-1, 0.5]])
    assert words.similarity("a", "b") == pytest.approx(1 / 1.01**0.5)
    assert words.similarity("a", np.array([0.0, 1.0])) == 0
    assert words.doesnt_match(["a", "b", "c", "d"]) == "d"
    assert words.rank("a", "d") == 3
    assert words.most_similar_cosmul("a", topn=1)[0][0] in ("b", "c")


def test_pickles(words):
    for other in (pickle.loads(pickle.dumps(words)), copy.deepcopy(words)):
        assert type(other) is kith.KeyedVectors
        assert other.keys() == words.keys()
        np.testing.assert_array_equal(other.vectors, words.vectors)


@pytest.mark.parametrize(
    ("keys", "vectors", "error"),
    [
        (["a"], [[1, 2], [3, 4]], ValueError),
        (["a", "a"], [[1, 2], [3, 4]], ValueError),
        (["a"], [[1, np.nan]], ValueError),
        ([1], [[1, 2]], TypeError),
        (["a"], "text", TypeError),
    ],
)
def test_what_cannot_be(keys, vectors, error):
    with pytest.raises(error):
        kith.KeyedVectors(keys, vectors)


def test_a_selection_and_vectors_of_others(words):
    counted = kith.KeyedVectors(["a", "b", "c"], [[1, 2], [3, 4], [5, 6]], [7, 8, 9])
    chosen = counted.vectors_for_all(iter(["c", "none", "a", "c"]))
    assert type(chosen) is kith.KeyedVectors and chosen.keys() == ["c", "a"]
    np.testing.assert_array_equal(chosen.vectors, [[5, 6], [1, 2]])
    np.testing.assert_array_equal(chosen.counts, [9, 7])

    mixed = counted.intersect(kith.KeyedVectors(["none", "b"], [[0, 0], [-1, -2]]))
    assert type(mixed) is kith.KeyedVectors and mixed.keys() == ["a", "b", "c"]
    np.testing.assert_array_equal(mixed.vectors, [[1, 2], [-1, -2], [5, 6]])
    np.testing.assert_array_equal(mixed.counts, counted.counts)
    np.testing.assert_array_equal(counted["b"], [3, 4])
    with pytest.raises(ValueError, match="3 dimensions; these have 2"):
        counted.intersect(kith.KeyedVectors(["b"], [[1, 2, 3]]))


def test_unknown_keys_are_named(words):
    with pytest.raises(ValueError, match="nobody"):
        words.most_similar("nobody")


def test_keys_of_any_text():
    keys = ["", "é", "日本", "a b", "\udc80"]
    words = kith.KeyedVectors(keys, np.eye(5))
    assert words.keys() == keys
    assert [words.find(key) for key in keys] == list(range(5))


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.txt.gz", "v.kith"])
def test_files_in_many_formats(in_tmp, name, rng):
    vectors = kith.KeyedVectors(["a", "b", "c"], rng.normal(size=(3, 4)))
    vectors.write(name)
    back = kith.KeyedVectors.read(name)
    assert back.keys() == ["a", "b", "c"]
    np.testing.assert_array_equal(back.vectors, vectors.vectors)
    assert type(back) is kith.KeyedVectors
    if name != "v.kith":
        assert kith.KeyedVectors.read(name, limit=2).keys() == ["a", "b"]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda v: v.most_similar("east", topn="two"), r"topn must be a number of keys, not 'two' \(str\)"),
        (lambda v: v.most_similar("east", topn=None), "topn must be a number of keys, not None"),
        (lambda v: v.most_similar("east", threads=1.5), r"threads must be .* not 1\.5 \(float\)"),
        (lambda v: v.most_similar("east", restrict_vocab="a"), "restrict_vocab must be a number of rows"),
        (lambda v: v.most_similar("east", clip_start="a"), "clip_start must be a row, from 0, not 'a'"),
        (lambda v: v.most_similar("east", index=[]), r"index must be a kith.Index or None, not \[\] \(list\)"),
        (lambda v: v.intersect({}), r"other must be a kith.KeyedVectors, not {} \(dict\)"),
        (lambda v: kith.KeyedVectors.open(3), r"path must be a str, bytes or os.PathLike, not 3 \(int\)"),
    ],
)
def test_arguments_of_a_wrong_type_are_named(call, text):
    words = kith.KeyedVectors(["north", "east", "south"], [[0, 1], [1, 0.1], [0.1, -1]])
    with pytest.raises(TypeError, match=text):
        call(words)
