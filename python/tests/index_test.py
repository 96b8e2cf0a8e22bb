"""kith.Index and kith.open: arrays in, arrays out, whatever the kind."""

from __future__ import annotations

import array
import copy
import ctypes
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from support import METRICS, errors_of_interrupted, open_files, true_distances, vectors_for

import kith

KINDS = ("forest", "flat", "coded")


def make(kind="forest", metric="angular", rows=500, dim=12, trees=8, seed=0):
    data = vectors_for(metric, rows, dim, np.random.default_rng(seed))
    index = kith.Index(dim, metric, kind)
    index.add(data)
    return index.build(trees), data


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_exhaustive_search_gives_the_true_neighbours(kind, metric, rng):
    index, data = make(kind, metric)
    queries = vectors_for(metric, 20, 12, rng)
    ids, distances = index.search(queries, 10, search_k=10**9)
    assert (ids.shape, ids.dtype, distances.dtype) == ((20, 10), np.int64, np.float32)
    for query, found, values in zip(queries, ids, distances):
        expected = true_distances(metric, query, data)
        np.testing.assert_allclose(values, expected[found], rtol=1e-4, atol=1e-3)
        np.testing.assert_allclose(values, np.sort(expected)[:: -1 if metric == "dot" else 1][:10], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_one_query_is_one_row_of_a_batch_whatever_the_threads(kind):
    index, data = make(kind)
    for threads in (1, 2, 5):
        batch = index.search(data, 7, threads=threads)
        for i in (0, 100, 499):
            one = index.search(data[i], 7)
            np.testing.assert_array_equal(one.ids, batch.ids[i])
            np.testing.assert_array_equal(one.distances, batch.distances[i])
            item = index.search_items(i, 7)
            np.testing.assert_array_equal(item.ids, one.ids)
    np.testing.assert_array_equal(index.search_items(np.arange(500), 7).ids, batch.ids)


def test_a_graph_finds_more_the_more_it_keeps_in_sight(rng):
    items, queries = rng.normal(size=(3000, 24)), rng.normal(size=(100, 24))
    graph, flat = kith.Index(24, "euclidean", "graph"), kith.Index(24, "euclidean", "flat")
    for index in (graph, flat):
        index.add(items)
        index.build()
    truth = flat.search(queries, 10).ids

    def recall(**effort):
        found = graph.search(queries, 10, **effort).ids
        return np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), truth.tolist())])

    assert recall(search_k=10) < recall(search_k=300)
    assert recall(search_k=300) > 0.98
    np.testing.assert_array_equal(graph.search(queries, 5, ef=40).ids, graph.search(queries, 5, search_k=40).ids)
    assert len(graph.search_items(3, 5, ef=40).ids) == len(graph.range_search(queries[0], 99, limit=5, ef=40).ids) == 5
    for wrong, text in (({"ef": 0}, "ef must be a number"), ({"ef": 9, "search_k": 9}, "one effort: give one")):
        with pytest.raises(ValueError, match=text):
            graph.search(queries, **wrong)
    assert recall(recall=0.99) > 0.97
    assert graph.nbytes > 3000 * 24 * 4
    for metric in ("manhattan", "hamming"):
        index = kith.Index(24, metric, "graph")
        bits = np.where(items > 0, 1.0, 0.0)
        index.add(bits)
        index.build()
        assert index.search(bits[7], 1, search_k=3000).distances[0] == 0


def test_progressive_answers_are_searches_and_the_last_is_the_one_asked_for(rng):
    data = rng.normal(size=(2000, 12)).astype(np.float32)
    index = kith.Index(12, "euclidean")
    index.add(data)
    index.build(8)
    for search_k in (-1, 0, 5, 700, 10**9):
        answers = list(index.progressive(data[3], 7, search_k=search_k))
        np.testing.assert_array_equal(answers[-1].ids, index.search(data[3], 7, search_k=search_k).ids)
        for before, after in zip(answers, answers[1:]):
            shared = len(before.ids)
            assert (after.distances[:shared] <= before.distances).all()
    assert next(index.progressive(data[3], 7)).ids[0] == 3
    with pytest.raises(ValueError, match="search_k"):
        index.progressive(data[3], 7, search_k=-2)
    flat = kith.Index(12, kind="flat")
    flat.add(data)
    with pytest.raises(ValueError, match="forests"):
        flat.build().progressive(data[3])


def test_a_coded_index_finds_the_share_that_is_asked_for(rng):
    data = rng.normal(size=(6000, 4)).astype(np.float32) @ rng.normal(size=(4, 24)).astype(np.float32)
    coded, flat = kith.Index(24, "euclidean", "coded"), kith.Index(24, "euclidean", "flat")
    for index in (coded, flat):
        index.add(data)
        index.build()
    queries = data[:300] + 0.01
    truth = flat.search(queries, 10).ids.tolist()

    def recall(**effort):
        found = coded.search(queries, 10, **effort).ids.tolist()
        return np.mean([len(set(a) & set(b)) for a, b in zip(found, truth)]) / 10

    assert recall(recall=0.99) > 0.95
    assert recall(recall=0.5) <= recall(recall=0.99)
    for wrong in (0, -1, 1.5):
        with pytest.raises(ValueError, match="recall must be"):
            coded.search(queries, recall=wrong)


def test_results_are_named():
    index, data = make()
    found = index.search(data[0], k=3)
    assert isinstance(found, kith.Neighbors)
    assert isinstance(found, tuple)
    assert found._fields == ("ids", "distances")
    assert found.ids is found[0]
    assert found.ids.flags.owndata and found.ids.flags.writeable


SAME = np.array([[1, 0, 3], [4, 5, 6]])


def dlpack_only(values):
    class OnlyDlpack:
        def __dlpack__(self, **options):
            return values.__dlpack__(**options)

        def __dlpack_device__(self):
            return values.__dlpack_device__()

    return OnlyDlpack()


class ArrayInterface:
    def __init__(self, values):
        self.__array_interface__ = values.__array_interface__
        self.values = values


class Exporter(ctypes.Array):
    _type_ = ctypes.c_float * 3
    _length_ = 2


@pytest.mark.parametrize(
    "given_as",
    [SAME.astype(t) for t in ("f2", "f4", "f8", "i1", "u1", "i4", "i8", ">f4")]
    + [
        SAME.tolist(),
        tuple(map(tuple, SAME.tolist())),
        np.asfortranarray(SAME.astype("f4")),
        np.repeat(np.repeat(SAME.astype("f4"), 2, 0), 2, 1)[::2, ::2],
        np.hstack([SAME, SAME]).astype("f4")[:, :3],
        dlpack_only(SAME.astype("f4")),
        ArrayInterface(SAME.astype("f8")),
        memoryview(SAME.astype("f4")),
        Exporter((1, 0, 3), (4, 5, 6)),
        [array.array("d", row) for row in SAME],
        np.frombuffer(b"x" + SAME.astype("f4").tobytes(), "f4", offset=1).reshape(2, 3),
    ],
    ids=lambda v: f"{type(v).__name__}-{getattr(v, 'dtype', '')}",
)
def test_vectors_come_from_any_array(given_as):
    index = kith.Index(3)
    np.testing.assert_array_equal(index.add(given_as), [0, 1])
    np.testing.assert_array_equal(index.vectors([0, 1]), SAME)
    index.build(2)
    np.testing.assert_array_equal(index.search(given_as, 1).ids[:, 0], [0, 1])


@pytest.mark.parametrize("values", [np.array(1.0), np.zeros((2, 2, 3)), [[[1.0]]]])
def test_arrays_of_other_dimensions_are_refused(values):
    with pytest.raises(ValueError, match="vectors must be one vector or a matrix"):
        kith.Index(3).add(values)


@pytest.mark.parametrize("values", ["abc", [["a", "b", "c"]], [[1j, 2, 3]], [[None, 1, 2]], object(), None])
def test_what_holds_no_numbers_is_a_type_error(values):
    with pytest.raises((TypeError, ValueError)):
        kith.Index(3).add(values)


def test_a_sparse_matrix_says_what_to_do():
    scipy_sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match="toarray"):
        kith.Index(3).add(scipy_sparse.eye(3).tocsr())


def test_errors_name_the_argument_and_both_sides():
    index, data = make()
    with pytest.raises(ValueError, match="queries has vectors of 5 elements; this index takes 12"):
        index.search(data[:, :5])
    with pytest.raises(ValueError, match="unbuild"):
        index.add(data)
    with pytest.raises(ValueError, match="build"):
        kith.Index(3).search([1, 2, 3])
    with pytest.raises(ValueError, match="kind must be 'auto', 'forest', 'flat', 'coded' or 'graph', not 'tree'"):
        kith.Index(3, "l2", "tree")
    with pytest.raises(ValueError, match="banana.*angular"):
        kith.Index(3, "banana")
    with pytest.raises(ValueError):
        kith.Index(0)
    with pytest.raises(IndexError, match="500"):
        index.search_items(500)
    with pytest.raises(IndexError, match="-1"):
        index.vectors([0, -1])
    with pytest.raises(ValueError, match="2 ids for 3"):
        kith.Index(12).add(data[:3], [1, 2])
    with pytest.raises(TypeError, match="ids must be whole numbers"):
        kith.Index(12).add(data[:2], [1.5, 2.5])
    with pytest.raises(ValueError, match="NaN|finite"):
        index.search(np.full(12, np.nan))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda i, q: kith.Index(-1), ValueError, "dim must be at least 1, not -1"),
        (lambda i, q: kith.Index(1.5), TypeError, r"dim must be a whole number, not 1\.5 \(float\)"),
        (lambda i, q: kith.Index("3"), TypeError, r"dim must be a whole number, not '3' \(str\)"),
        (lambda i, q: kith.Index(3, None), TypeError, "metric must be the name of a metric, as 'angular', not None"),
        (lambda i, q: kith.Index(3, "l2", 5), TypeError, r"kind must be 'auto', 'forest', 'flat', 'coded' or 'graph', not 5 \(int\)"),
        (lambda i, q: kith.Index(3, seed=-1), ValueError, r"seed must be from 0 to 2\*\*64 - 1, not -1"),
        (lambda i, q: kith.Index(3, seed=2**64), ValueError, "seed must be from 0"),
        (lambda i, q: kith.Index(3).build(0), ValueError, "n_trees must be at least 1, or -1"),
        (lambda i, q: kith.Index(3).build(recall=1), ValueError, r"recall must be above 0 and below 1, not 1\.0"),
        (lambda i, q: kith.Index(3).build(recall="high"), TypeError, r"recall must be a number, not 'high' \(str\)"),
        (lambda i, q: kith.Index(3).build(5, recall=0.9), ValueError, "give recall or n_trees, not 0.9 and 5"),
        (lambda i, q: kith.Index(3, kind="graph").build(recall=0.9), ValueError, r"'graph' takes its recall when it is search"),
        (lambda i, q: i.default_search_k("a"), TypeError, "k must be a number of neighbours, not 'a'"),
        (lambda i, q: kith.Index(3).build(2.5), TypeError, r"n_trees must be a whole number, not 2\.5 \(float\)"),
        (lambda i, q: kith.Index(3).build(threads="2"), TypeError, r"threads must be a whole number, not '2' \(str\)"),
        (lambda i, q: kith.Index(3).build(threads=-1), ValueError, "threads must be a number of threads, or 0 .* -1"),
        (lambda i, q: i.search(q, -1), ValueError, "k must be a number of neighbours, not -1"),
        (lambda i, q: i.search(q, threads=-2), ValueError, "threads must be .* not -2"),
        (lambda i, q: i.search(q, search_k=-5), ValueError, "search_k is -5"),
        (lambda i, q: i.search(q, recall=0.9), ValueError, "recall needs .* kind 'coded' or 'graph'; give search_k to a forest"),
        (lambda i, q: i.search(q, ef=9), ValueError, "ef is for graphs; an index of kind 'forest' takes search_k"),
        (lambda i, q: i.search(q, ef="9"), TypeError, r"ef must be a number of vertices, 1 or more, .* not '9' \(str\)"),
        (lambda i, q: i.search_items(3, -1), ValueError, "k must be a number of neighbours, not -1"),
        (lambda i, q: i.search(q, "ten"), TypeError, r"k must be a number of neighbours, not 'ten' \(str\)"),
        (lambda i, q: i.search(q, 1.5), TypeError, r"k must be a number of neighbours, not 1\.5 \(float\)"),
        (lambda i, q: i.search(q, None), TypeError, "k must be a number of neighbours, not None"),
        (lambda i, q: i.search(q, 2**70), ValueError, f"k must be a number of neighbours, not {2**70}"),
        (lambda i, q: i.search(q, search_k=1e3), TypeError, r"search_k must be a number of candidates.* not 1000\.0"),
        (lambda i, q: i.search(q, threads="all"), TypeError, r"threads must be a number of threads, .* not 'all' \(str\)"),
        (lambda i, q: i.search(q, recall="high"), TypeError, r"recall must be above 0 and at most 1, not 'high' \(str\)"),
        (lambda i, q: i.search_items("a", 1), TypeError, "ids must be whole numbers"),
        (lambda i, q: i.search_items(2**70), ValueError, "ids"),
        (lambda i, q: i.search_items(3, k=[1]), TypeError, r"k must be a number of neighbours, not \[1\] \(list\)"),
        (lambda i, q: i.distance(0, "b"), TypeError, r"b must be an id, a whole number, not 'b' \(str\)"),
        (lambda i, q: i.distance(None, 1), TypeError, "a must be an id, a whole number, not None"),
        (lambda i, q: i.vectors(None), TypeError, "ids must be whole numbers"),
        (lambda i, q: setattr(i, "seed", "x"), TypeError, r"seed must be a whole number from 0 .* not 'x' \(str\)"),
        (lambda i, q: setattr(i, "seed", -1), ValueError, "seed must be a whole number from 0 .* not -1"),
        (lambda i, q: kith.open(5), TypeError, "path must be a str, bytes or os.PathLike, not 5"),
        (lambda i, q: i.save(None), TypeError, "path must be a str, bytes or os.PathLike, not None"),
    ],
)
def test_numbers_that_cannot_be_are_named(call, error, text):
    index, data = make(rows=50)
    with pytest.raises(error, match=text):
        call(index, data[0])


def test_what_is_no_id_is_not_in_an_index():
    index, _ = make(rows=50)
    assert np.int32(49) in index
    for other in (50, -1, 2**80, "1", None, 1.0, [1]):
        assert other not in index


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("ids", [None, [3, 4, 5, 6]])
def test_of_an_array_with_a_bad_number_no_row_is_added(kind, dtype, bad, ids):
    index = kith.Index(2, "l2", kind)
    index.add([[9, 9]])
    rows = np.array([[1, 2], [3, 4], [5, bad], [6, 7]], dtype)
    with pytest.raises(ValueError, match=r"2.*(nan|inf)"):
        index.add(rows, ids)
    assert (index.size, index.ids().tolist()) == (1, [0])
    rows[2, 1] = 0
    assert index.add(rows)[0] == 1
    np.testing.assert_array_equal(index.vectors([0, 3]), [[9, 9], [5, 0]])


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_large_array_with_a_bad_number_at_its_end_no_row_is_added(kind):
    index = kith.Index(7, "l2", kind)
    index.add(np.ones((3, 7)))
    rows = np.arange(7 * 20_000, dtype=np.float32).reshape(-1, 7)
    rows[-1, 6] = np.inf
    with pytest.raises(ValueError, match="19999.*inf"):
        index.add(rows)
    assert index.size == 3
    rows[-1, 6] = 0
    index.add(rows)
    np.testing.assert_array_equal(index.vectors([2, 3, 20_002]), np.stack([np.ones(7), rows[0], rows[-1]]))


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("kind", KINDS)
def test_of_several_blocks_with_a_number_beyond_float32_no_row_is_added(kind):
    index = kith.Index(1024, "l2", kind)
    rows = np.zeros((6000, 1024))
    rows[-1, -1] = 1e39
    with pytest.raises(ValueError, match=r"vectors\[5999, 1023\] is inf as float32"):
        index.add(rows)
    assert index.size == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ids", [[0, -1], [0, 2**31 - 1], [0, 2**40]])
def test_of_ids_that_cannot_be_none_is_added(kind, ids):
    index = kith.Index(2, "l2", kind)
    with pytest.raises(ValueError, match="ids must"):
        index.add([[1, 2], [3, 4]], ids)
    assert index.size == 0


def test_ids_may_leave_holes_in_a_forest():
    index = kith.Index(2, "euclidean", "forest")
    index.add([[0, 0], [1, 1], [2, 2]], ids=[10, 3, 7])
    assert (len(index), index.size) == (3, 11)
    np.testing.assert_array_equal(index.ids(), [3, 7, 10])
    assert 7 in index and 8 not in index and 99 not in index and -1 not in index
    index.build(3)
    np.testing.assert_array_equal(index.search([0, 0], 10, search_k=1000).ids, [10, 3, 7])
    np.testing.assert_array_equal(index.search([[0, 0]], 10, search_k=1000).ids[0, :4], [10, 3, 7, -1])
    assert np.isnan(index.search([[0, 0]], 10, search_k=1000).distances[0, 3])


def test_ids_of_a_flat_index_must_be_dense_and_may_come_in_any_order():
    index = kith.Index(1, "l2", "flat")
    index.add([[3], [1]], ids=[2, 0])
    with pytest.raises(ValueError, match="1 was never added"):
        index.build()
    index.add([2], ids=1)
    np.testing.assert_array_equal(index.build().search([0.9], 3).ids, [0, 1, 2])


@pytest.mark.parametrize("kind", KINDS)
def test_unbuilding_lets_more_be_added_while_searches_go_on(kind):
    index, data = make(kind)
    before = index.search(data[0], 3).ids
    index.unbuild()
    added = index.add(data[:2] + 5)
    np.testing.assert_array_equal(added, [500, 501])
    index.build(8)
    assert index.search(data[0] + 5, 1).ids[0] == 500
    assert index.search(data[0], 3).ids[0] == before[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_index_opens_without_being_told_anything(kind, in_tmp):
    index, data = make(kind, "euclidean")
    index.save(b"i.kith")
    opened = kith.open("i.kith")
    assert (opened.kind, opened.metric, opened.dim, opened.size) == (kind, "euclidean", 12, 500)
    np.testing.assert_array_equal(opened.search(data, 5).ids, index.search(data, 5).ids)
    assert kith.inspect("i.kith")["kind"] == kind
    kith.verify("i.kith")
    opened.unbuild()
    opened.add(data[:1])
    assert len(opened.build(8)) == 501
    with pytest.raises(ValueError, match="has dim 12, not 13"):
        kith.open("i.kith", dim=13)


def test_annoys_files_are_written_and_opened(in_tmp):
    from kith.annoy import AnnoyIndex

    index, data = make(metric="manhattan")
    index.save("i.ann")
    annoy = AnnoyIndex(12, "manhattan")
    annoy.load("i.ann")
    assert annoy.get_nns_by_vector(data[1], 5) == index.search(data[1], 5).ids.tolist()
    opened = kith.open("i.ann", metric="l1", dim=12)
    np.testing.assert_array_equal(opened.search(data, 5).ids, index.search(data, 5).ids)
    with pytest.raises(kith.CorruptFileError) as caught:
        kith.open("i.ann")
    assert isinstance(caught.value, OSError) and isinstance(caught.value, ValueError)
    assert caught.value.path.endswith("i.ann")


def test_files_that_are_not_there_or_not_allowed(in_tmp):
    with pytest.raises(FileNotFoundError) as caught:
        kith.open("nope.kith")
    assert caught.value.filename == "nope.kith"
    with pytest.raises(OSError):
        make()[0].save("no/folder/x.kith")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("built", [True, False])
def test_pickles_and_copies(kind, built):
    index, data = make(kind)
    if not built:
        index.unbuild()
    for other in (pickle.loads(pickle.dumps(index)), copy.copy(index), copy.deepcopy(index)):
        assert other.is_built is built
        other = other if built else other.build(8)
        expected = index if built else copy.copy(index).build(8)
        np.testing.assert_array_equal(other.search(data, 5).ids, expected.search(data, 5).ids)


@settings(max_examples=60, deadline=None)
@given(
    rows=st_numpy.arrays(
        np.float32,
        st.tuples(st.integers(1, 40), st.integers(1, 9)),
        elements=st.floats(-100, 100, width=16),
    ),
    metric=st.sampled_from(["angular", "euclidean", "manhattan", "dot"]),
    k=st.integers(1, 50),
    seed=st.integers(0, 2**64 - 1),
)
def test_a_forest_told_to_look_everywhere_agrees_with_exact_search(rows, metric, k, seed):
    forest, flat = (kith.Index(rows.shape[1], metric, kind, seed=seed) for kind in ("forest", "flat"))
    for index in (forest, flat):
        index.add(rows)
        index.build(3)
    found, truth = (index.search(rows, k, search_k=10**9) for index in (forest, flat))
    np.testing.assert_array_equal(np.isnan(found.distances), np.isnan(truth.distances))
    np.testing.assert_allclose(found.distances, truth.distances, rtol=1e-3, atol=2e-3)


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads():
    data = np.random.default_rng(0).normal(size=(3000, 10))
    blobs = set()
    for threads in (1, 2, 7):
        index = kith.Index(10, kind="forest", seed=9)
        index.add(data)
        blobs.add(index.build(9, threads=threads).to_bytes())
    assert len(blobs) == 1
    other = kith.Index(10, seed=10)
    other.add(data)
    assert other.build(9).to_bytes() not in blobs


def test_progress_is_reported_and_may_stop_the_work():
    index = kith.Index(30)
    data = np.random.default_rng(0).normal(size=(20000, 30)).astype(np.float32)
    index.add(data)
    reports = []
    index.build(40, progress=reports.append)
    assert reports and isinstance(reports[-1], kith.Progress)
    assert all(0 <= r.done <= r.total for r in reports)
    index.unbuild()
    with pytest.raises(kith.Cancelled):
        index.build(2000, progress=lambda now: False)
    assert not index.is_built
    with pytest.raises(ZeroDivisionError):
        index.build(2000, progress=lambda now: 1 / 0)
    with pytest.raises(RuntimeError, match="in the middle"):
        index.build(2000, progress=lambda now: index.unbuild())
    np.testing.assert_array_equal(index.vectors(np.arange(20000)), data)
    with pytest.raises(TypeError, match="progress must be"):
        index.build(1, progress="yes")


def test_progress_true_shows_a_line_on_standard_error(capsys):
    index = kith.Index(30)
    index.add(np.random.default_rng(0).normal(size=(20000, 30)))
    index.build(60, progress=True)
    assert "building" in capsys.readouterr().err


@pytest.mark.parametrize("work", ["index.build(100000)", "index.build(1); index.search(data, 100, search_k=10**9)"])
def test_ctrl_c_stops_long_calls(work):
    setup = """
        import numpy as np, kith
        data = np.random.default_rng(0).normal(size=(60000, 50)).astype(np.float32)
        index = kith.Index(50)
        index.add(data)
    """
    assert "KeyboardInterrupt" in errors_of_interrupted(setup, work)


def test_the_gil_is_free_while_the_library_works():
    index = kith.Index(40)
    index.add(np.random.default_rng(0).normal(size=(30000, 40)).astype(np.float32))
    ticks = 0
    thread = threading.Thread(target=index.build, args=(30,))
    thread.start()
    while thread.is_alive():
        ticks += 1
        time.sleep(0.001)
    thread.join()
    assert ticks > 20


def test_many_files_leave_nothing_open(in_tmp):
    make(rows=20)[0].save("i.kith")
    before = open_files()
    for _ in range(1000):
        kith.open("i.kith")
    assert open_files() <= before


def test_processes_share_the_memory_of_a_file(in_tmp):
    index, _ = make(rows=40000, dim=100, trees=10)
    index.save("big.kith")
    size = os.path.getsize("big.kith")
    program = textwrap.dedent("""
        import kith, numpy as np
        def private():  # what is not a page of a file, which others may share
            with open("/proc/self/smaps_rollup") as file:
                return sum(int(l.split()[1]) for l in file if l.startswith("Anonymous:")) * 1024
        before = private()
        index = kith.open("big.kith", prefault=True)
        index.search(np.ones((200, 100), np.float32), 10)
        print(private() - before)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert size > 16e6
    assert int(done.stdout) < size / 4


def test_repr_says_what_it_is():
    index, _ = make()
    assert repr(index) == "<kith.Index: forest, angular, 500 x 12, 8 trees>"
    assert repr(kith.Index(3, "l2", "flat")) == "<kith.Index: flat, euclidean, 0 x 3, not built>"


def test_from_bytes_of_anything_else_is_refused():
    for data in (b"", b"x" * 100, bytearray(4096)):
        with pytest.raises(kith.CorruptFileError):
            kith.Index.from_bytes(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_of_ids_or_of_bools_leaves_the_others_out(kind):
    index, data = make(kind, rows=2000)
    allowed = np.arange(0, 2000, 7)
    mask = np.zeros(2000, bool)
    mask[allowed] = True
    found = index.search(data[:20], 5, filter=allowed)
    assert np.isin(found.ids, allowed).all()
    np.testing.assert_array_equal(found.ids, index.search(data[:20], 5, filter=mask).ids)
    np.testing.assert_array_equal(found.ids, index.search(data[:20], 5, filter=mask.tolist()).ids)
    np.testing.assert_array_equal(found.ids[3], index.search(data[3], 5, filter=list(allowed)).ids)
    assert len(index.search(data[0], 5, filter=[]).ids) == 0
    with pytest.raises(IndexError, match="filter\\[1\\] is id 2000; ids run from 0 to 1999"):
        index.search(data[0], filter=[0, 2000])
    with pytest.raises(ValueError, match="filter is for an index of 3 items; this one has 2000"):
        index.search(data[0], filter=[True, False, True])
    with pytest.raises(ValueError, match="filter must have one dimension"):
        index.search(data[0], filter=[[1]])


@pytest.mark.parametrize("kind", KINDS)
def test_items_can_be_left_out_of_their_own_neighbours(kind):
    index, _ = make(kind)
    items = np.arange(0, 500, 11)
    found = index.search_items(items, 4, exclude_self=True)
    assert not (found.ids == items[:, None]).any()
    np.testing.assert_array_equal(index.search_items(22, 4, exclude_self=True).ids, found.ids[2])
    assert index.search_items(22, 4).ids[0] == 22


@pytest.mark.parametrize("kind", KINDS)
def test_a_range_holds_what_lies_within_it(kind):
    index, data = make(kind, "euclidean")
    radius = float(index.search(data[0], 20, search_k=10**9).distances[-1])
    one = index.range_search(data[0], radius)
    assert (one.distances <= radius).all() and len(one.ids) > 10
    if kind == "flat":
        assert len(one.ids) == 20
    many = index.range_search(data[:5], radius, limit=3)
    assert [len(each.ids) <= 3 for each in many] == [True] * 5
    np.testing.assert_array_equal(many[0].ids, one.ids[:3])
    assert len(index.range_search(data[0], radius, filter=[0]).ids) == 1
    with pytest.raises(ValueError, match="radius"):
        index.range_search(data[0], float("nan"))
