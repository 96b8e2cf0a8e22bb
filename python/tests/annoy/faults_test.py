"""Each fault of scikit-plots' annoy (its numbers in the docstrings) cannot happen to kith.annoy.Index."""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
import threading

import joblib
import numpy as np
import pytest
from support import maps_of, open_files, true_distances

import kith
from kith.annoy import AnnoyIndex, Index


def filled(rows=300, f=10, metric="angular", seed=0, **params) -> tuple[Index, np.ndarray]:
    data = np.random.default_rng(seed).normal(size=(rows, f)).astype(np.float32)
    return Index(f, metric, n_trees=5, **params).fit(data), data


def test_01_loading_a_bundle_or_metadata_never_touches_the_index_file(in_tmp):
    """load_bundle, from_json, get_params, from_low_level and set_params truncated the file."""
    data = np.random.default_rng(0).normal(size=(300, 10)).astype(np.float32)
    index = Index(10, "angular", on_disk_path="built.ann", n_trees=5).fit(data)
    index.save_bundle()
    files = {name: pathlib.Path(name).read_bytes() for name in ("built.ann", "index.ann", "manifest.json")}
    answer = index.get_nns_by_item(0, 10)

    loaded = Index.load_bundle()
    assert loaded.get_n_items() == 300
    assert loaded.get_nns_by_item(0, 10) == answer
    Index.from_json(index.to_json(), load=False)
    assert Index.from_json(index.to_json()).get_nns_by_item(0, 10) == answer
    assert Index.from_metadata(index.to_metadata()).get_n_items() == 300
    Index.from_yaml(_written("m.yaml", index.to_yaml()))
    Index(**index.get_params())
    Index().set_params(on_disk_path="built.ann")
    low = AnnoyIndex(10, "angular")
    low.load("built.ann")
    assert Index.from_low_level(low).get_nns_by_item(0, 10) == answer
    assert {name: pathlib.Path(name).read_bytes() for name in files} == files
    assert index.get_nns_by_item(0, 10) == answer


def _written(name: str, text: str) -> str:
    pathlib.Path(name).write_text(text)
    return name


def test_02_sklearn_tags_are_tags():
    """__sklearn_tags__ crashed the process."""
    tags = Index(3).__sklearn_tags__()
    assert tags == {"requires_y": False} or tags.target_tags.required is False


@pytest.mark.parametrize("bad", [-1, -(2**40), 2**31, 2**63, 2**64])
def test_03_ids_out_of_range_are_errors(bad):
    """add_item(-1) corrupted the heap; 2**64 became 0."""
    index, data = filled()
    fresh = Index(10, "angular")
    for call in (lambda: fresh.add_item(bad, data[0]), lambda: index.get_item(bad), lambda: index.get_nns_by_item(bad)):
        with pytest.raises((IndexError, OverflowError)):
            call()
    assert fresh.get_n_items() == 0


def test_04_threads_may_add_items_to_one_index():
    """Two threads in add_item crashed."""
    index = Index(8, "euclidean", n_trees=3)
    data = np.random.default_rng(0).normal(size=(2000, 8)).astype(np.float32)
    index.add_item(0, data[0])
    failures = []

    def add(first):
        try:
            for i in range(first, 2000, 4):
                index.add_item(i, data[i])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    np.testing.assert_array_equal(index.to_numpy(), data)


@pytest.mark.parametrize("kind", [Index, AnnoyIndex])
def test_05_on_disk_build_after_add_item_is_refused(kind, in_tmp):
    """It lost the items and crashed."""
    index = kind(3, "angular")
    index.add_item(0, [1, 2, 3])
    with pytest.raises((RuntimeError, ValueError)):
        index.on_disk_build("x.ann")
    assert index.get_n_items() == 1
    index.build(2)
    assert index.get_nns_by_item(0, 1) == [0]
    assert not os.path.exists("x.ann")


def test_06_damaged_files_blobs_and_pickles_raise_and_never_crash(in_tmp):
    """Queries of a damaged index crashed."""
    index, data = filled(rows=500)
    good, native = index.to_bytes(), index.to_bytes("native")
    rng = np.random.default_rng(1)
    for _ in range(100):
        bad = bytearray(good)
        bad[rng.integers(0, len(bad))] ^= 1 << rng.integers(0, 8)
        try:
            Index.from_bytes(bad)
        except (kith.CorruptFileError, kith.UnsupportedError):
            continue
        raise AssertionError("a flipped bit went unnoticed")
    for cut in (0, 1, 63, 64, len(good) // 2, len(good) - 1):
        with pytest.raises(kith.CorruptFileError):
            Index.from_bytes(good[:cut])
    for _ in range(100):
        bad = bytearray(native)
        for position in rng.integers(0, len(bad), 30):
            bad[position] = rng.integers(0, 256)
        try:
            other = Index.from_bytes(bad, f=10, metric="angular")
        except kith.CorruptFileError:
            continue
        other.get_nns_by_vector(data[0], 5)


@pytest.mark.parametrize("f", [3, 9, 10, 11, 12])
def test_07_files_of_annoy_load_as_what_they_are(f, in_tmp):
    """A file of Annoy's was taken for one of 4.45e18 items."""
    data = np.random.default_rng(0).normal(size=(200, f)).astype(np.float32)
    low = AnnoyIndex(f, "angular")
    for i, row in enumerate(data):
        low.add_item(i, row)
    low.build(5)
    low.save("spotify.ann")
    index = Index(f, "angular").load("spotify.ann")
    assert (index.get_n_items(), index.get_n_trees()) == (200, 5)
    assert index.get_nns_by_item(3, 5) == low.get_nns_by_item(3, 5)
    with pytest.raises((OSError, ValueError)):
        Index(f + 1, "euclidean").load("spotify.ann")


def test_08_a_file_of_another_dimension_is_refused_for_hamming_too(in_tmp):
    """f=70 and f=100 take the same number of words, and one loaded as the other."""
    bits = np.random.default_rng(0).random((50, 70)) < 0.5
    Index(70, "hamming", n_trees=3).fit(bits).save("bits.kith")
    with pytest.raises(ValueError, match="the index has f 100, but the file holds 70"):
        Index(100, "hamming").load("bits.kith")
    assert Index().load("bits.kith").f == 70


def test_09_an_index_can_be_filled_again_after_unload_save_load_and_deserialize(in_tmp):
    """It was built for ever, or read-only for ever."""
    index, data = filled()
    index.save("a.kith")
    blob = index.serialize()
    for again in (index, Index().load("a.kith"), Index().deserialize(blob), copy.deepcopy(index)):
        again.unbuild().add_item(300, data[0] + 1).build()
        assert again.get_n_items() == 301
        assert again.get_nns_by_item(300, 1) == [300]
    index.unload()
    assert len(index) == 0
    assert index.fit(data).get_nns_by_item(0, 1) == [0]


def test_10_loading_again_and_again_keeps_no_file_open(in_tmp):
    """Each load() of a loaded object leaked a descriptor and a map."""
    index, data = filled()
    index.save("a.kith")
    index.save("a.ann", format="annoy")
    other = Index(10, "angular").load("a.kith")
    files = open_files()
    for _ in range(300):
        other.load("a.kith").load("a.ann")
    assert open_files() <= files
    assert maps_of(in_tmp) <= 2
    filling = Index(10, "angular")
    filling.add_items(data)
    assert filling.load("a.kith").get_nns_by_item(0, 5) == index.get_nns_by_item(0, 5)


@pytest.mark.filterwarnings("ignore")
def test_11_an_index_pickles_and_copies_whatever_was_called_before(in_tmp):
    """Any call of a mixin put a lock into the object, and pickling failed."""
    index, data = filled()
    index.kneighbors(data[:3])
    index.to_numpy()
    index.to_json()
    index.query_by_item(0)
    answer = index.get_nns_by_item(0, 10)
    joblib.dump(index, "index.joblib")
    copies = [
        pickle.loads(pickle.dumps(index)),
        copy.copy(index),
        copy.deepcopy(index),
        joblib.load("index.joblib"),
    ]
    for other in copies:
        assert other.get_nns_by_item(0, 10) == answer
        assert other.get_params() == index.get_params()
    jobs = joblib.Parallel(n_jobs=2)(joblib.delayed(Index.get_nns_by_item)(index, i, 10) for i in range(4))
    assert jobs[0] == answer


def test_12_holes_stay_holes():
    """canonical blobs and rebuild() made items of zeros out of them."""
    index = Index(3, "euclidean", n_trees=4)
    index.add_item(0, [1, 0, 0]).add_item(5, [0, 1, 0]).build()
    others = [
        index.rebuild(),
        index.rebuild("manhattan"),
        Index.from_bytes(index.to_bytes("canonical")),
        Index.from_bytes(index.to_bytes("native"), f=3, metric="euclidean"),
        pickle.loads(pickle.dumps(index)),
        copy.deepcopy(index).unbuild().build(),
    ]
    for other in others:
        assert other.get_nns_by_vector([0, 0, 0], 10, 10**6) == [0, 5]


def test_13_leaving_out_the_item_itself_gives_exactly_as_many_as_asked():
    """query_by_vector(exclude_self=True) gave one too many without an exact 0, and kneighbors failed."""
    index, data = filled(rows=50, metric="angular")
    for k in (1, 5, 49):
        ids, distances = index.query_by_vector(data[7], k, exclude_self=True, include_distances=True)
        assert len(ids) == len(distances) == k
        assert 7 not in ids
        assert len(index.query_by_vector(data[7] + 0.1, k, exclude_self=True)) == k
        distances, ids = index.kneighbors(data, k, exclude_self=True)
        assert ids.shape == distances.shape == (50, k)
        assert not (ids == np.arange(50)[:, None]).any()
    for call in (lambda: index.kneighbors(data, 51), lambda: index.kneighbors(data, 50, exclude_self=True)):
        with pytest.raises(ValueError, match="are left to choose from"):
            call()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_14_numbers_that_are_not_finite_are_refused(bad):
    """NaN was accepted and ranked first."""
    index, data = filled()
    vector = data[0].copy()
    vector[3] = bad
    rows = data[:3].copy()
    rows[1, 2] = bad
    for call in (
        lambda: Index(10).add_item(0, vector),
        lambda: Index(10).add_items(rows),
        lambda: Index(10).fit(rows),
        lambda: index.get_nns_by_vector(vector),
        lambda: index.query_by_vector(vector),
        lambda: index.kneighbors(rows),
        lambda: index.transform(rows),
        lambda: kith.Index(10).add(rows),
    ):
        with pytest.raises(ValueError, match="(?i)nan|inf"):
            call()


def test_15_a_failed_fit_leaves_the_index_as_it_was():
    """A bad row or another f destroyed the fitted index first."""
    index, data = filled(rows=100)
    answer = index.get_nns_by_item(0, 10)
    bad = data.copy()
    bad[99, 9] = np.nan
    for X, options in [
        (bad, {}),
        (bad, {"reset": False}),
        ([[1.0, 2.0], [3.0]], {}),
        (data, {"y": [1]}),
        (data, {"n_trees": 0}),
        (data, {"feature_names": ["a"]}),
        ("text", {}),
    ]:
        with pytest.raises((ValueError, TypeError)):
            index.fit(X, **options)
        assert index.get_n_items() == 100
        assert index.get_nns_by_item(0, 10) == answer
    assert index.fit(data[:, :4]).f == 4


def test_16_a_failed_first_item_leaves_the_dimension_open_and_nothing_is_not_built():
    """f stayed set, and build() made two trees out of no items."""
    index = Index()
    for bad in ([1, np.nan], [], [[1, 2]], "x"):
        with pytest.raises((ValueError, TypeError)):
            index.add_item(0, bad)
        assert index.f is None
    with pytest.raises(RuntimeError, match="nothing to build"):
        index.build()
    assert index.get_n_trees() == 0


@pytest.mark.parametrize("metric", ["angular", "euclidean", "manhattan", "dot"])
def test_17_odd_dimensions_work_built_and_mapped(metric, in_tmp):
    """Nodes of odd f were read unaligned. (The sanitizers' run of the C++ tests sees what this one cannot.)"""
    for f in (1, 2, 3, 5, 7, 9, 17, 33):
        index, data = filled(rows=120, f=f, metric=metric)
        index.save("odd.ann", format="annoy")
        for other in (index, Index(f, metric).load("odd.ann")):
            ids, distances = other.get_nns_by_vector(data[3], 10, 10**6, True)
            expected = true_distances(metric, data[3], data)
            np.testing.assert_allclose(distances, expected[ids], rtol=1e-4, atol=1e-3)
            best = np.sort(expected)[::-1 if metric == "dot" else 1][:10]
            np.testing.assert_allclose(distances, best, rtol=1e-4, atol=1e-3)


def test_18_float16_is_read_exactly_and_searched_in_the_right_order():
    """Subnormals were flushed, numbers truncated, and the queue of a search started at 0."""
    numbers = np.arange(0x7C00, dtype=np.uint16).view(np.float16)
    index = Index(1, "manhattan")
    index.add_items(numbers[:, None])
    np.testing.assert_array_equal(index.to_numpy()[:, 0], numbers.astype(np.float32))
    data = np.random.default_rng(0).normal(size=(400, 16)).astype(np.float16)
    index = Index(16, "euclidean", n_trees=8).fit(data)
    distances, ids = index.kneighbors(data, 5, search_k=10**6)
    exact = kith.Index(16, "euclidean", "flat")
    exact.add(data)
    np.testing.assert_array_equal(ids, exact.build().search(data, 5).ids)
    assert (np.diff(distances, axis=1) >= 0).all()


def test_19_saving_an_index_built_on_disk_under_another_name_writes_that_file(in_tmp):
    """save() wrote nothing, reported success and pointed to the file that was not there."""
    data = np.random.default_rng(0).normal(size=(100, 6)).astype(np.float32)
    index = Index(6, "angular", on_disk_path="one.ann", n_trees=3).fit(data)
    answer = index.get_nns_by_item(4, 10)
    index.save("two.kith")
    index.save("three.ann", format="annoy")
    assert Index().load("two.kith").get_nns_by_item(4, 10) == answer
    assert Index(6, "angular").load("three.ann").get_nns_by_item(4, 10) == answer
    assert Index(6, "angular").load("one.ann").get_nns_by_item(4, 10) == answer
    with pytest.raises(OSError):
        index.save("no/such/folder/x.kith")
    assert index.get_nns_by_item(4, 10) == answer


def test_20_no_number_is_cut_off(in_tmp):
    """Annoy(2**40) became f=0, and n x n_trees overflowed to an empty answer."""
    for bad in (2**40, 2**63, 2**64):
        with pytest.raises((ValueError, OverflowError)):
            Index(bad, "angular")
    index, data = filled()
    everything = index.get_nns_by_item(0, 2**31)
    assert sorted(everything) == list(range(300))
    assert index.get_nns_by_item(0, 2**62, 2**62) == everything


