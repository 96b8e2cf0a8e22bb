"""The kinds of kith.Index that choose for themselves: trees by the recall that is wanted, and the kind by the vectors."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import kith


def recall_of(found, truth):
    return np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(found.tolist(), truth.tolist())])


def test_a_forest_may_be_told_its_recall_instead_of_its_trees(rng, in_tmp):
    items, queries = (rng.normal(size=(rows, 5)) @ rng.normal(size=(5, 20)) for rows in (4000, 200))
    queries = items[:200] + rng.normal(size=(200, 20)) * 0.1
    flat, index = kith.Index(20, "euclidean", "flat"), kith.Index(20, "euclidean", "forest")
    for each in (flat, index):
        each.add(items)
    flat.build()
    index.build(recall=0.9)
    effort = index.default_search_k(10)
    assert index.n_trees >= 5 and effort >= 10 and 0.9 <= index.measured_recall <= 1
    assert index.default_search_k(20) == 2 * effort
    truth = flat.search(queries, 10).ids
    assert recall_of(index.search(queries, 10).ids, truth) > 0.85
    np.testing.assert_array_equal(index.search(queries, 10).ids, index.search(queries, 10, search_k=effort).ids)
    np.testing.assert_array_equal(list(index.progressive(queries[0]))[-1].ids, index.search(queries[0]).ids)
    assert index.search(queries, 10, search_k=10).ids.tolist() != index.search(queries, 10).ids.tolist()

    index.save("f.kith")
    for again in (kith.open("f.kith"), pickle.loads(pickle.dumps(index))):
        assert again.default_search_k(10) == effort
        np.testing.assert_array_equal(again.search(queries, 10).ids, index.search(queries, 10).ids)
    index.save("f.ann")
    assert kith.open("f.ann", metric="l2", dim=20).default_search_k(10) == 10 * index.n_trees
    index.unbuild()
    assert index.build(3).default_search_k(10) == 30 and index.measured_recall is None
    assert flat.default_search_k() is None


def test_the_default_kind_is_what_suits_and_says_why(rng, in_tmp):
    few = kith.Index(64, "manhattan")
    assert (few.kind, few.why, few.info()["kind"]) == ("auto", "", "auto")
    assert repr(few) == "<kith.Index: auto, manhattan, 0 x 64, not built>"
    items = rng.normal(size=(300, 64))
    few.add(items)
    few.build()
    assert few.kind == "flat" and "too little" in few.why
    assert repr(few) == "<kith.Index: flat, manhattan, 300 x 64>"
    info = few.info()
    assert (info["kind"], info["why"], info["size"], info["default_search_k"]) == ("flat", few.why, 300, None)
    few.save("few.kith")
    assert kith.open("few.kith").kind == "flat"
    assert kith.open("few.kith").why == "that is what was loaded"

    # Again and again, as the items come to be more, and with ids that only a forest can have.
    few.unbuild()
    assert few.kind == "auto"
    few.add(rng.normal(size=(12_000, 64)))
    assert few.build().kind == "coded" and "leaves" in few.why
    np.testing.assert_array_equal(few.search(items[:50].astype("f4"), 1).ids[:, 0], np.arange(50))
    few.unbuild()
    few.add([items[0]], ids=[20_000])
    assert few.build().kind == "forest" and "gaps" in few.why
    assert 15_000 not in few and len(few) == 12_301
    few.unbuild()
    few.add(np.zeros((20_000 - 12_300, 64)), ids=np.arange(12_300, 20_000))
    assert few.build().kind == "coded" and few.size == 20_001

    for asked in ({"n_trees": 4}, {"recall": 0.8}):
        index = kith.Index(64)
        index.add(items)
        assert index.build(**asked).kind == "forest"
        assert index.why == f"build({next(iter(asked))}=) asks for a forest"
    explicit = kith.Index(64, kind="coded")
    explicit.add(items)
    assert explicit.build().why == "kind='coded' was asked for"


def test_an_empty_index_of_any_kind_finds_nothing():
    index = kith.Index(3).build()
    assert index.kind == "flat"
    assert len(index.search([1, 2, 3]).ids) == 0


@pytest.mark.parametrize("dtype", ["uint8", "int8", "float16"])
@pytest.mark.parametrize("kind", ["coded", "graph"])
def test_an_array_of_a_narrow_type_is_kept_in_it_and_answers_as_float32(rng, in_tmp, kind, dtype):
    rows = (rng.normal(size=(2000, 40)) * 20).clip(-100, 100)
    rows = (np.abs(rows) if dtype == "uint8" else rows).astype(dtype)
    queries = rng.normal(size=(20, 40)) * 20
    exact = kith.Index(40, "euclidean", "flat")
    exact.add(rows.astype(np.float32))
    truth = exact.build().search(queries, 10)

    index = kith.Index(40, "euclidean", kind)
    index.add(rows)
    assert index.scalar == "float32"
    index.build()
    assert index.scalar == dtype == index.info()["scalar"]
    wide = kith.Index(40, "euclidean", kind)
    wide.add(np.vstack([rows[:-1].astype(np.float32), rows[-1:] + np.float32(0.1)]))
    assert wide.build().scalar == "float32" and wide.nbytes > index.nbytes
    index.save("narrow.kith")
    all_there_is = {"search_k": 2000} if kind == "graph" else {"recall": 1.0}
    for each in (index, kith.open("narrow.kith"), pickle.loads(pickle.dumps(index))):
        found = each.search(queries, 10, **all_there_is)
        same = found.ids == truth.ids
        assert same.mean() > 0.95
        np.testing.assert_array_equal(found.distances[same], truth.distances[same])
        np.testing.assert_array_equal(each.vectors(np.arange(2000)), rows)
        assert each.scalar == dtype


@pytest.mark.parametrize("metric", ["angular", "euclidean", "dot", "manhattan"])
@pytest.mark.parametrize("kind", ["auto", "coded", "graph"])
def test_a_compressed_index_keeps_a_byte_an_element(rng, in_tmp, kind, metric):
    rows, queries = rng.normal(size=(2000, 40)).astype(np.float32), rng.normal(size=(20, 40)).astype(np.float32)
    index = kith.Index(40, metric, kind)
    index.add(rows)
    assert index.step == 0
    index.build(compress=True)
    assert (index.scalar, index.kind) == ("int8", "graph" if kind == "graph" else "coded")
    assert index.info()["step"] == index.step > 0
    rounded = index.vectors(np.arange(2000))
    assert 0 < np.abs(rounded - rows).max() <= 0.50001 * index.step
    exact = kith.Index(40, metric, "flat")
    exact.add(rounded)
    truth = exact.build().search(queries, 10)
    index.save("small.kith")
    all_there_is = {"search_k": 2000} if kind == "graph" else {"recall": 1.0}
    for each in (index, kith.open("small.kith"), pickle.loads(pickle.dumps(index)), copy.deepcopy(index)):
        found = each.search(queries, 10, **all_there_is)
        assert np.isclose(found.distances, truth.distances, rtol=1e-4, atol=1e-3).mean() > 0.95
        assert (each.scalar, each.step) == ("int8", index.step)
        np.testing.assert_array_equal(each.vectors(np.arange(2000)), rounded)
    index.unbuild()
    np.testing.assert_array_equal(index.vectors(np.arange(2000)), rounded)


def test_what_cannot_be_compressed_is_refused(rng):
    for arguments, text in (
        ({"kind": "flat"}, "flat"),
        ({"kind": "forest"}, "forest"),
        ({"kind": "coded", "metric": "hamming"}, "hamming"),
        ({"kind": "graph", "metric": "hamming"}, "hamming"),
    ):
        index = kith.Index(8, **arguments)
        index.add(rng.normal(size=(50, 8)))
        with pytest.raises(ValueError, match=f"compress.*{text}"):
            index.build(compress=True)
        assert not index.is_built
        index.build()
    with pytest.raises(TypeError, match="compress"):
        kith.Index(8).build(compress="yes")
