"""kith.DynamicIndex: vectors come and go, and every answer is about those that are there."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest
from support import METRICS, true_distances, vectors_for

import kith


def filled(rng, metric="euclidean", rows=600, dim=12, **options):
    vectors = vectors_for(metric, rows, dim, rng)
    index = kith.DynamicIndex(dim, metric, buffer=128, **options)
    return index, vectors, index.add(vectors)


def test_ids_follow_on_or_are_given(rng):
    index, vectors, ids = filled(rng)
    assert ids.tolist() == list(range(600)) and len(index) == 600 and index.size == 600
    assert index.add(vectors[0]).tolist() == [600]
    assert index.add(vectors[:2], [1000, 800]).tolist() == [1000, 800]
    assert index.size == 1001 and len(index) == 603 and 900 not in index and 800 in index
    assert index.ids().tolist() == [*range(601), 800, 1000]
    np.testing.assert_array_equal(index.vectors(1000), vectors[0])
    np.testing.assert_array_equal(index.vectors([3, 800]), vectors[[3, 1]])


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_found_is_there_and_as_far_away_as_it_says(rng, metric):
    index, vectors, ids = filled(rng, metric, dim=16)
    index.remove(ids[::3])
    left = np.setdiff1d(ids, ids[::3])
    queries = vectors_for(metric, 20, 16, rng)
    truth = [true_distances(metric, query, vectors[left]) for query in queries]
    best = [left[np.argsort(-far if metric == "dot" else far, kind="stable")[:10]] for far in truth]
    found = index.search(queries, 10, recall=0.99)
    shares = []
    for row, query in enumerate(queries):
        assert np.isin(found.ids[row], left).all()
        np.testing.assert_allclose(found.distances[row], true_distances(metric, query, vectors[found.ids[row]]), atol=1e-3)
        shares.append(np.isin(found.ids[row], best[row]).mean())
        single = index.search(query, 10, recall=0.99)
        np.testing.assert_array_equal(single.ids, found.ids[row])
    # Hamming distances are whole numbers, so that there are many ties.
    assert np.mean(shares) > (0.5 if metric == "hamming" else 0.9)


def test_searches_take_what_those_of_an_index_take(rng):
    index, vectors, ids = filled(rng)
    index.remove(7)
    assert index.search_items(8, 3, exclude_self=True).ids[0] != 8 and index.search_items(8, 3).ids[0] == 8
    assert index.search_items([8, 9], 3).ids.shape == (2, 3)
    assert set(index.search(vectors[0], 5, filter=[1, 2, 3]).ids) == {1, 2, 3}
    radius = float(index.distance(0, 1)) * 1.0001
    assert {0, 1} <= set(index.range_search(vectors[0], radius, ef=600).ids)
    with pytest.raises(IndexError, match="no item 7"):
        index.search_items(7, 3)
    with pytest.raises(ValueError, match="recall must be above 0"):
        index.search(vectors[0], recall=2)


def test_a_change_that_raises_changes_nothing(rng):
    index, vectors, ids = filled(rng)
    before = index.to_bytes()
    bad = vectors.copy()
    bad[500, 3] = np.nan
    for wrong, error in (
        (lambda: index.add(bad), ValueError),
        (lambda: index.add(vectors[:, :5]), ValueError),
        (lambda: index.add(vectors[:2], [700, 700]), ValueError),
        (lambda: index.add(vectors[:2], [700, 5]), ValueError),
        (lambda: index.add(vectors[:2], [700]), ValueError),
        (lambda: index.add(vectors[0], -1), ValueError),
        (lambda: index.remove([1, 2, 700]), IndexError),
        (lambda: index.remove([1, 1]), ValueError),
        (lambda: index.remove("1"), TypeError),
    ):
        with pytest.raises(error):
            wrong()
        assert index.to_bytes() == before


def test_a_change_that_is_called_off_changes_nothing(rng):
    index, vectors, ids = filled(rng)
    before, many = index.to_bytes(), vectors_for("euclidean", 20_000, 12, rng)
    seen = []
    with pytest.raises(kith.Cancelled):
        index.add(many, progress=lambda report: bool(seen.append(report.stage)))
    assert seen and index.to_bytes() == before
    added = index.add(many)
    index.remove(added[:5])
    before = index.to_bytes()
    for call in (index.compact, lambda progress: index.remove(added[5:11_000], progress=progress)):
        with pytest.raises(kith.Cancelled):
            call(progress=lambda _: False)
        assert index.to_bytes() == before


@pytest.mark.parametrize("arguments", [(0,), (3, "banana")])
def test_arguments_that_cannot_work_are_refused(arguments):
    with pytest.raises(ValueError):
        kith.DynamicIndex(*arguments)
    with pytest.raises(ValueError):
        kith.DynamicIndex(3, threads=-1)


def test_compact_brings_all_into_one_graph(rng):
    index, vectors, ids = filled(rng)
    for first in range(0, 400, 50):
        index.add(vectors[first : first + 50] + 1)
    index.remove(ids[::2])
    reports = []
    index.compact(progress=reports.append)
    assert index.n_graphs == 1 and index.buffered == 0 and len(index) == 700
    assert 0 not in index and 1 in index
    assert index.search(vectors[1], 1).ids.tolist() == [1]


def test_files_and_pickles_keep_everything(rng, in_tmp):
    index, vectors, ids = filled(rng)
    index.remove(ids[10:40])
    index.add(vectors[:5] + 2)
    index.save("grown.kith")
    queries = vectors[:50]
    wanted = index.search(queries, 5)
    for again in (
        kith.DynamicIndex.open("grown.kith"),
        kith.DynamicIndex.from_bytes(index.to_bytes()),
        pickle.loads(pickle.dumps(index)),
        kith.open("grown.kith"),
    ):
        np.testing.assert_array_equal(again.search(queries, 5).ids, wanted.ids)
    opened = kith.DynamicIndex.open("grown.kith", prefault=True)
    assert opened.add(vectors[0]).tolist() == [605] and len(opened) == 576
    assert kith.open("grown.kith").kind == "dynamic"
    with pytest.raises(kith.CorruptFileError):
        kith.DynamicIndex.from_bytes(index.to_bytes()[:-100])


def test_a_built_graph_can_be_grown(rng, in_tmp):
    vectors = vectors_for("angular", 500, 20, rng)
    graph = kith.Index(20, "angular", "graph")
    graph.add(vectors)
    with pytest.raises(ValueError, match="build"):
        kith.DynamicIndex.grow(graph)
    graph.build().save("graph.kith")
    for grown in (kith.DynamicIndex.grow(graph), kith.DynamicIndex.open("graph.kith")):
        assert grown.metric == "angular" and len(grown) == 500
        assert grown.add(vectors[:2]).tolist() == [500, 501]
        assert {3} == set(grown.search(vectors[3], 1).ids)
    flat = kith.Index(20, "angular", "flat")
    flat.add(vectors)
    with pytest.raises(ValueError, match="'graph'.*'flat'"):
        kith.DynamicIndex.grow(flat.build())


def test_searches_run_beside_changes(rng):
    index, vectors, ids = filled(rng, rows=2000)
    stop, wrong = threading.Event(), []

    def search():
        while not stop.is_set():
            found = index.search(vectors[:20], 5)
            if (found.ids[:, 0] != np.arange(20)).any():
                wrong.append(found.ids)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for round in range(20):
        index.remove(ids[100 + 50 * round : 150 + 50 * round])
        index.add(vectors[100:200] + 3)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong and len(index) == 3000


def test_the_same_calls_give_the_same_bytes_whatever_the_threads(rng):
    vectors = vectors_for("dot", 900, 10, rng)

    def made(threads):
        index = kith.DynamicIndex(10, "dot", seed=5, threads=threads, buffer=128)
        for first in range(0, 900, 90):
            index.add(vectors[first : first + 90])
        index.remove(np.arange(0, 300, 2))
        return index.to_bytes()

    assert made(1) == made(2) == made(8)


def test_a_progress_callback_cannot_change_the_index_it_reports_on(rng):
    index, vectors, ids = filled(rng)
    with pytest.raises(RuntimeError, match="in the middle of another call"):
        index.add(vectors_for("euclidean", 20_000, 12, rng), progress=lambda _: index.add(vectors[0]))
    assert len(index) == 600
