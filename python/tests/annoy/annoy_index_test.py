"""kith.annoy.AnnoyIndex keeps the promises of annoy.AnnoyIndex: names, arguments, answers and error texts."""

from __future__ import annotations

import copy
import errno
import gc
import inspect
import pathlib
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import kith
from kith.annoy import Annoy, AnnoyIndex

from support import METRICS, maps_of, open_files, true_distances, vectors_for


def built(metric="angular", rows=300, f=10, n_trees=5, seed=1):
    data = vectors_for(metric, rows, f, np.random.default_rng(seed))
    index = AnnoyIndex(f, metric)
    for i, row in enumerate(data):
        index.add_item(i, row)
    index.build(n_trees)
    return index, data


def test_both_names_are_one_type():
    assert Annoy is AnnoyIndex
    assert (AnnoyIndex.__name__, AnnoyIndex.__module__) == ("Annoy", "kith.annoy")


def test_public_names_are_annoys():
    assert [name for name in dir(AnnoyIndex) if not name.startswith("_")] == [
        "add_item", "build", "f", "get_distance", "get_item_vector", "get_n_items", "get_n_trees", "get_nns_by_item",
        "get_nns_by_vector", "load", "on_disk_build", "save", "set_seed", "unbuild", "unload", "verbose",
    ]  # fmt: skip


def test_return_values(in_tmp):
    index = AnnoyIndex(2, "angular")
    assert index.verbose(False) is True
    assert index.set_seed(42) is None
    assert index.add_item(0, [1, 0]) is None
    assert index.add_item(i=1, vector=(0, 1)) is None
    assert index.build(2, n_jobs=1) is True
    assert index.unbuild() is True
    assert index.build(n_trees=2) is True
    assert index.get_nns_by_item(0, 2) == [0, 1]
    assert index.get_nns_by_item(0, 2, -1, True) == ([0, 1], [0.0, pytest.approx(2**0.5)])
    assert index.get_nns_by_vector([0, 1], 1, include_distances=True) == ([1], [0.0])
    assert index.get_item_vector(1) == [0.0, 1.0]
    assert index.get_distance(0, 1) == pytest.approx(2**0.5)
    assert (index.get_n_items(), index.get_n_trees(), index.f) == (2, 2, 2)
    assert index.save("x.ann") is True
    assert index.load("x.ann", prefault=True) is True
    assert index.unload() is True
    assert AnnoyIndex(2, "angular").on_disk_build("y.ann") is True


def test_a_missing_metric_is_angular_with_a_warning():
    with pytest.warns(FutureWarning, match="Please pass metric='angular' explicitly"):
        index = AnnoyIndex(2)
    index.add_item(0, [1, 0])
    index.add_item(1, [3, 0])
    assert index.get_distance(0, 1) == 0.0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda a: AnnoyIndex(), TypeError, "function missing required argument 'f' (pos 1)"),
        (lambda a: AnnoyIndex(3, "angular", 5), TypeError, "function takes at most 2 arguments (3 given)"),
        (lambda a: AnnoyIndex("a", "angular"), TypeError, "'str' object cannot be interpreted as an integer"),
        (lambda a: AnnoyIndex(3, None), TypeError, "argument 2 must be str, not None"),
        (lambda a: AnnoyIndex(2**40, "dot"), OverflowError, "signed integer is greater than maximum"),
        (lambda a: AnnoyIndex(3, "banana"), ValueError, "No such metric"),
        (lambda a: a.add_item(1.0, [1, 2, 3]), TypeError, "'float' object cannot be interpreted as an integer"),
        (lambda a: a.add_item(1, None), TypeError, "object of type 'NoneType' has no len()"),
        (lambda a: a.add_item(1, "abc"), TypeError, "must be real number, not str"),
        (lambda a: a.add_item(1, ["a", 1, 2]), TypeError, "must be real number, not str"),
        (lambda a: a.add_item(1, {1, 2, 3}), TypeError, "'set' object is not subscriptable"),
        (lambda a: a.add_item(1, (x for x in "abc")), TypeError, "object of type 'generator' has no len()"),
        (lambda a: a.add_item(1, [1]), IndexError, "Vector has wrong length (expected 3, got 1)"),
        (lambda a: a.add_item(-1, [1, 2, 3]), IndexError, "Item index can not be negative"),
        (lambda a: a.add_item(2**31, [1, 2, 3]), OverflowError, "signed integer is greater than maximum"),
        (lambda a: a.add_item(), TypeError, "function missing required argument 'i' (pos 1)"),
        (lambda a: a.add_item(1), TypeError, "function missing required argument 'vector' (pos 2)"),
        (lambda a: a.get_distance(i=0, j=1), TypeError, "Annoy.get_distance() takes no keyword arguments"),
        (lambda a: a.get_distance(0), TypeError, "function takes exactly 2 arguments (1 given)"),
        (lambda a: a.get_distance(-1, 0), IndexError, "Item index can not be negative"),
        (lambda a: a.get_distance(0, 9), IndexError, "Item index larger than the largest item index"),
        (lambda a: a.get_item_vector(9), IndexError, "Item index larger than the largest item index"),
        (lambda a: a.get_item_vector(-1), IndexError, "Item index can not be negative"),
        (lambda a: a.get_nns_by_item(9, 1), IndexError, "Item index larger than the largest item index"),
        (lambda a: a.get_nns_by_item(-9, 1), IndexError, "Item index can not be negative"),
        (lambda a: a.get_nns_by_vector([1, 2], 1), IndexError, "Vector has wrong length (expected 3, got 2)"),
        (lambda a: a.get_nns_by_item(0), TypeError, "function missing required argument 'n' (pos 2)"),
        (lambda a: a.build(), TypeError, "function missing required argument 'n_trees' (pos 1)"),
        (lambda a: a.build(1.5), TypeError, "'float' object cannot be interpreted as an integer"),
        (lambda a: a.save(pathlib.Path("x")), TypeError, "argument 1 must be str, not PosixPath"),
        (lambda a: a.save(b"x"), TypeError, "argument 1 must be str, not bytes"),
        (lambda a: a.save("x", 300), OverflowError, "unsigned byte integer is greater than maximum"),
        (lambda a: a.save("x"), OSError, "You can't save an index that hasn't been built"),
        (lambda a: a.load("nope.ann"), OSError, "Unable to open: No such file or directory (2)"),
        (lambda a: a.load("a\0b"), ValueError, "embedded null character"),
        (lambda a: AnnoyIndex(3, "dot").on_disk_build("/no/such/folder/x"), OSError, "Unable to open: No such file or directory (2)"),
        (lambda a: a.set_seed(2**31), OverflowError, "signed integer is greater than maximum"),
        (lambda a: a.verbose("x"), TypeError, "'str' object cannot be interpreted as an integer"),
    ],
)
def test_error_classes_and_texts(call, error, text, in_tmp):
    index = AnnoyIndex(3, "angular")
    index.add_item(0, [1, 2, 3])
    index.add_item(2, [3, 2, 1])
    with pytest.raises(error) as caught:
        call(index)
    if "interpreted as an integer" in text and sys.version_info < (3, 10):
        text = "an integer is required (got type str)" if "'str'" in text else "integer argument expected, got float"
    assert str(caught.value) == text


def test_what_comes_out_of_order_raises_exception_with_annoys_words(in_tmp):
    index, data = built(f=10)
    with pytest.raises(Exception, match="^You can't build a built index$"):
        index.build(1)
    index.save("x.ann")
    for call, text in [
        (lambda: index.add_item(0, data[0]), "You can't add an item to a loaded index"),
        (lambda: index.build(1), "You can't build a loaded index"),
        (lambda: index.unbuild(), "You can't unbuild a loaded index"),
    ]:
        with pytest.raises(Exception) as caught:
            call()
        assert type(caught.value) is Exception
        assert str(caught.value) == text


def test_files_that_cannot_be_loaded(in_tmp):
    (in_tmp / "empty").write_bytes(b"")
    (in_tmp / "odd").write_bytes(b"x" * 37)
    index = AnnoyIndex(3, "angular")
    with pytest.raises(OSError, match="^Size of file is zero: "):
        index.load("empty")
    with pytest.raises(OSError, match="^Index size is not a multiple of vector size. Ensure you are opening using"):
        index.load("odd")
    with pytest.raises(FileNotFoundError) as caught:
        index.load("nope")
    assert caught.value.errno == errno.ENOENT


def test_before_build_queries_find_nothing_and_distances_are_right():
    index = AnnoyIndex(2, "dot")
    index.add_item(0, [1, 2])
    index.add_item(1, [3, 4])
    assert index.get_nns_by_item(0, 5) == []
    assert index.get_nns_by_vector([1, 1], 5, include_distances=True) == ([], [])
    assert index.get_distance(0, 1) == 11.0


@pytest.mark.parametrize("metric", METRICS)
def test_distances_are_those_of_the_metric_and_sorted(metric, rng):
    index, data = built(metric, f=33)
    query = vectors_for(metric, 1, 33, rng)[0]
    ids, distances = index.get_nns_by_vector(query.tolist(), 20, 10**6, True)
    expected = true_distances(metric, query, data)
    np.testing.assert_allclose(distances, expected[ids], rtol=1e-5, atol=1e-4)
    assert distances == sorted(distances, reverse=metric == "dot")
    best = np.sort(expected)[::-1 if metric == "dot" else 1][:20]
    np.testing.assert_allclose(distances, best, rtol=1e-5, atol=1e-4)


def test_n_and_search_k_at_their_edges():
    index, data = built()
    assert index.get_nns_by_item(0, 0) == []
    assert index.get_nns_by_item(0, 10, 0) == []
    everything = index.get_nns_by_item(0, len(data), 10**9)
    assert sorted(everything) == list(range(len(data)))
    assert index.get_nns_by_item(0, -1) == everything
    assert index.get_nns_by_item(0, 10**6, -7) == everything
    assert index.get_nns_by_item(0, 2**31 - 1) == everything


def test_holes_are_zeros_and_never_found():
    index = AnnoyIndex(3, "euclidean")
    index.add_item(0, [1, 2, 3])
    index.add_item(2, [1, 0, 0])
    assert index.get_n_items() == 3
    index.build(10)
    assert index.get_item_vector(1) == [0.0, 0.0, 0.0]
    assert index.get_nns_by_item(1, 3, include_distances=True) == ([2, 0], [1.0, pytest.approx(14**0.5)])
    assert index.get_nns_by_vector([0, 0, 0], 9) == [2, 0]


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8", "u8", "?", ">f4"])
def test_vectors_of_any_number_type(dtype):
    numbers = np.array([1, 0, 1], dtype)
    index = AnnoyIndex(3, "angular")
    index.add_item(np.int64(0), numbers)
    assert index.get_item_vector(0) == [1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "vector", [(1, 2, 3), range(1, 4), {0: 1, 1: 2, 2: 3}, np.arange(1, 7)[::2] // 2 + 1, memoryview(b"\1\2\3")]
)
def test_vectors_of_any_kind(vector):
    index = AnnoyIndex(3, "angular")
    index.add_item(0, vector)
    assert index.get_item_vector(0) == [float(vector[i]) for i in range(3)]


def test_a_list_that_shrinks_while_it_is_read_is_an_error_and_no_crash():
    class Number:
        def __float__(self):
            vector.clear()
            return 1.0

    vector = [Number(), 2.0, 3.0]
    with pytest.raises(IndexError):
        AnnoyIndex(3, "angular").add_item(0, vector)


def test_hamming_bits():
    index = AnnoyIndex(3, "hamming")
    index.add_item(0, [1, 0, 0.6])
    index.add_item(1, [0, 0, 0.5])
    assert index.get_item_vector(0) == [1.0, 0.0, 1.0]
    assert index.get_distance(0, 1) == 2.0


def test_saved_and_loaded_answers_are_the_same(in_tmp):
    index, data = built(rows=2000, f=20)
    before = [index.get_nns_by_vector(row, 10) for row in data[:50]]
    index.save("a.ann")
    other = AnnoyIndex(20, "angular")
    other.load("a.ann")
    for found in (index, other):
        assert [found.get_nns_by_vector(row, 10) for row in data[:50]] == before
    other.save("b.ann")
    assert pathlib.Path("a.ann").read_bytes() == pathlib.Path("b.ann").read_bytes()


def test_the_same_seed_gives_the_same_file_whatever_the_jobs(in_tmp):
    files = []
    for jobs in (1, 2, 8):
        index, _ = built(rows=0)[0], None
        index = AnnoyIndex(10, "euclidean")
        for i, row in enumerate(np.random.default_rng(5).normal(size=(2000, 10))):
            index.add_item(i, row)
        index.set_seed(7)
        index.build(7, n_jobs=jobs)
        assert index.get_n_trees() == 7
        index.save(f"{jobs}.ann")
        files.append(pathlib.Path(f"{jobs}.ann").read_bytes())
    assert files[0] == files[1] == files[2]


def test_an_overwritten_file_does_not_disturb_who_has_loaded_it(in_tmp):
    first, data = built(rows=1000)
    first.save("x.ann")
    answer = first.get_nns_by_item(0, 1000)
    second, _ = built(rows=500, seed=2)
    second.save("x.ann")
    assert first.get_nns_by_item(0, 1000) == answer


def test_loading_and_unloading_leaves_no_file_open_and_nothing_mapped(in_tmp):
    index, _ = built()
    index.save("x.ann")
    index.unload()
    files = open_files()
    for _ in range(2000):
        index.load("x.ann")
        index.load("x.ann")
        index.unload()
    for _ in range(2000):
        AnnoyIndex(10, "angular").load("x.ann")
    assert open_files() <= files
    assert maps_of(in_tmp) == 0


def test_unload_starts_anew():
    index, data = built()
    index.unload()
    assert (index.get_n_items(), index.get_n_trees()) == (0, 0)
    index.add_item(0, data[0])
    index.build(3)
    assert index.get_nns_by_item(0, 1) == [0]


def test_on_disk_build(in_tmp):
    data = np.random.default_rng(3).normal(size=(500, 8))
    index = AnnoyIndex(8, "euclidean")
    index.on_disk_build("big.ann")
    for i, row in enumerate(data):
        index.add_item(i, row)
    index.build(5)
    answer = index.get_nns_by_vector(data[3], 10)
    index.unload()
    index.load("big.ann")
    assert index.get_nns_by_vector(data[3], 10) == answer


def test_saving_an_index_built_on_disk_writes_the_other_file(in_tmp):
    index = AnnoyIndex(4, "angular")
    index.on_disk_build("one.ann")
    index.add_item(0, [1, 2, 3, 4])
    index.build(2)
    index.save("two.ann")
    assert pathlib.Path("two.ann").read_bytes() == pathlib.Path("one.ann").read_bytes() != b""


@pytest.mark.parametrize(
    "call",
    [
        lambda: AnnoyIndex(0, "angular"),
        lambda: AnnoyIndex(-1, "angular"),
        lambda: built()[0].unbuild() and AnnoyIndex(3, "dot").build(-2),
        lambda: AnnoyIndex(3, "dot").build(1, 0),
        lambda: AnnoyIndex(3, "dot").build(1, -2),
        lambda: AnnoyIndex(3, "dot").add_item(0, [1, 2, float("nan")]),
        lambda: AnnoyIndex(3, "dot").add_item(0, [1, 2, float("inf")]),
        lambda: built()[0].get_nns_by_vector([float("nan")] * 10, 3),
        lambda: AnnoyIndex(3, "dot").add_item(2**31 - 1, [1, 2, 3]),
    ],
)
def test_what_hangs_or_crashes_annoy_is_a_value_error(call):
    with pytest.raises(ValueError):
        call()


def test_items_cannot_be_added_to_a_built_index():
    index, data = built()
    with pytest.raises(Exception, match="call unbuild"):
        index.add_item(0, data[0])
    index.unbuild()
    index.add_item(1000, data[0])
    assert index.get_n_items() == 1001


def test_the_dimension_cannot_be_changed_behind_the_back_of_the_index():
    index, _ = built()
    with pytest.raises(AttributeError):
        index.f = 99


def test_a_file_that_lies_is_searched_without_a_crash(in_tmp):
    index, data = built(rows=500)
    index.save("x.ann")
    good = pathlib.Path("x.ann").read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(200):
        bad = bytearray(good)
        for position in rng.integers(0, len(bad), 20):
            bad[position] = rng.integers(0, 256)
        pathlib.Path("bad.ann").write_bytes(bad)
        other = AnnoyIndex(10, "angular")
        try:
            other.load("bad.ann")
        except OSError:
            continue
        other.get_nns_by_vector(data[0], 10)


def test_many_threads_search_one_index(rng):
    index, data = built(rows=3000, f=16)
    alone = [index.get_nns_by_vector(row, 10) for row in data[:200]]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda row: index.get_nns_by_vector(row, 10), data[:200])) == alone


def test_threads_may_add_build_search_and_unload_at_once(rng):
    index = AnnoyIndex(8, "angular")
    data = rng.normal(size=(400, 8))
    failures = []

    def work(number):
        try:
            for round in range(30):
                for i in range(number, 400, 4):
                    try:
                        index.add_item(i, data[i])
                    except Exception as error:
                        assert "built" in str(error)
                        break
                if number == 0:
                    try:
                        index.build(2, n_jobs=2)
                    except Exception as error:
                        assert "built" in str(error)
                index.get_nns_by_vector(data[number], 3)
                if number == 1:
                    index.unbuild()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_garbage_collection_within_a_query_may_query_as_well(rng):
    """Up to Python 3.11 whatever makes a list may collect garbage, and that runs anything."""
    index, data = built(rows=500, f=6)
    vectors = [row.tolist() for row in data[:60]]
    alone = [index.get_nns_by_vector(vector, 40, include_distances=True) for vector in vectors]
    busy = []
    kept = []

    def query_as_well(phase, info):
        if not busy:
            busy.append(phase)
            index.get_nns_by_vector(vectors[0], 1)
            busy.clear()

    thresholds = gc.get_threshold()
    gc.callbacks.append(query_as_well)
    gc.set_threshold(1, 1, 1)
    try:
        for _ in range(20):
            for number, vector in enumerate(vectors):
                kept.extend([] for _ in range(number % 3))  # so that collections begin at any place of a query
                kept.append(index.get_nns_by_vector(vector, 40, include_distances=True))
                assert kept[-1] == alone[number]
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(query_as_well)


def test_subclasses():
    class Named(AnnoyIndex):
        def __init__(self, name):
            super().__init__(3, "angular")
            self.name = name

    index = Named("mine")
    index.add_item(0, [1, 2, 3])
    assert (index.f, index.name, index.get_n_items()) == (3, "mine", 1)


def test_it_does_not_pickle_or_copy_as_annoy_does_not():
    index, _ = built()
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(index)
    with pytest.raises(TypeError, match="cannot pickle"):
        copy.copy(index)


def test_every_method_has_a_docstring():
    for name, member in inspect.getmembers(AnnoyIndex):
        if not name.startswith("_"):
            assert member.__doc__, name


def test_the_module_has_the_version_of_the_package():
    assert kith.__version__.count(".") == 2
