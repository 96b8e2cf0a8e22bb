"""kith.annoy.Index: the high-level index."""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
import random

import numpy as np
import pytest

import kith
from kith.annoy import Annoy, AnnoyIndex, Index
from kith.annoy._mixins import IndexIOMixin, MetaMixin, NDArrayMixin, PickleMixin, PlottingMixin, VectorOpsMixin

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def fitted(rows=200, f=8, seed=0, **params):
    data = np.random.default_rng(seed).normal(size=(rows, f)).astype(np.float32)
    return Index(f, "angular", n_trees=6, **params).fit(data), data


def test_the_quick_start_of_scikit_plots_runs_with_its_import_changed(in_tmp):
    random.seed(0)
    f = 40
    t = AnnoyIndex(f, "angular")
    for i in range(1000):
        v = [random.gauss(0, 1) for z in range(f)]
        t.add_item(i, v)
    t.build(10)
    t.save("test.ann")
    u = AnnoyIndex(f, "angular")
    u.load("test.ann")
    found = u.get_nns_by_item(0, 1000)
    assert found[0] == 0
    assert sorted(found) == list(range(1000))
    assert found == t.get_nns_by_item(0, 1000)


def test_the_quick_start_runs_with_the_high_level_index_too(in_tmp):
    random.seed(0)
    f = 40
    t = Index(f, "angular")
    for i in range(1000):
        t.add_item(i, [random.gauss(0, 1) for z in range(f)])
    t.build(10)
    t.save("test.ann")
    u = Index(f, "angular")
    u.load("test.ann")
    assert u.get_nns_by_item(0, 1000)[0] == 0


def test_mixins_are_separate_classes():
    for mixin in (IndexIOMixin, MetaMixin, NDArrayMixin, PickleMixin, PlottingMixin, VectorOpsMixin):
        assert issubclass(Index, mixin)
        assert mixin.__module__.startswith("kith.annoy._mixins.")


def test_mutators_can_be_chained():
    index = Index(2, "angular").add_item(0, [1, 0]).add_item(1, [0, 1]).set_seed(3).set_verbose(0).build(3)
    assert index.get_nns_by_item(0, 2, include_distances=True) == ([0, 1], [0.0, pytest.approx(2**0.5)])
    assert index.unbuild() is index
    assert index.unload() is index


@pytest.mark.parametrize(
    ("alias", "canonical"),
    [("cosine", "angular"), ("l2", "euclidean"), ("lstsq", "euclidean"), (" L1 ", "manhattan"), ("cityblock", "manhattan"),
     ("taxicab", "manhattan"), ("@", "dot"), (".", "dot"), ("dotproduct", "dot"), ("inner", "dot"),
     ("innerproduct", "dot"), ("HAMMING", "hamming")],
)  # fmt: skip
def test_metric_aliases(alias, canonical):
    assert Index(3, alias).metric == canonical


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"f": -1}, ValueError), ({"f": 1.5}, TypeError), ({"metric": "x"}, ValueError), ({"metric": 3}, TypeError),
        ({"n_neighbors": 0}, ValueError), ({"n_neighbors": None}, TypeError), ({"n_trees": 0}, ValueError),
        ({"n_trees": -2}, ValueError), ({"n_jobs": 0}, ValueError), ({"l1_ratio": 2}, ValueError),
        ({"seed": -1}, ValueError), ({"seed": 2**64}, ValueError), ({"seed": 1, "random_state": 2}, TypeError),
        ({"verbose": "x"}, TypeError), ({"schema_version": -1}, ValueError), ({"on_disk_path": "a\0b"}, ValueError),
        ({"unknown": 1}, TypeError),
    ],
)  # fmt: skip
def test_parameters_are_checked(params, error):
    with pytest.raises(error):
        Index(**params)


def test_params_come_back_and_build_leaves_them_alone():
    index, _ = fitted(seed=1)
    params = index.get_params()
    assert list(params) == ["f", "metric", "n_neighbors", "n_trees", "n_jobs", "l1_ratio", "seed", "verbose",
                            "prefault", "schema_version", "on_disk_path"]  # fmt: skip
    index.unbuild().build(17, 1)
    assert index.get_n_trees() == 17
    assert index.get_params() == params
    assert Index(**params).get_params() == params
    with pytest.raises(TypeError):
        index.get_params(deep=1)


def test_set_params_takes_all_or_nothing():
    index, _ = fitted()
    with pytest.raises(ValueError, match="unknown parameter 'nope'"):
        index.set_params(n_neighbors=9, nope=1)
    with pytest.raises(ValueError, match="rebuild"):
        index.set_params(n_neighbors=9, metric="dot")
    assert index.n_neighbors == 5
    assert index.set_params(n_neighbors=9, random_state=4).n_neighbors == 9
    assert index.seed == index.random_state == 4
    index.metric = "cosine"
    assert Index().set_params(f=3, metric="l1").metric == "manhattan"


def test_the_dimension_comes_with_the_first_vector():
    index = Index()
    assert (index.f, index.metric, len(index), index.get_n_trees()) == (None, None, 0, 0)
    index.add_item(3, [1, 2])
    assert (index.f, index.metric, len(index)) == (2, "angular", 4)


def test_what_comes_out_of_order_is_a_runtime_error(in_tmp):
    index, data = fitted()
    for call in (
        lambda: index.add_item(0, data[0]),
        lambda: index.add_items(data),
        lambda: index.build(),
        lambda: index.on_disk_build("x"),
        lambda: Index(3).get_nns_by_vector([1, 2, 3]),
        lambda: Index(3).transform([[1, 2, 3]]),
        lambda: Index(3).kneighbors([[1, 2, 3]]),
        lambda: Index(3).save("x"),
        lambda: Index(3).to_bytes(),
    ):
        with pytest.raises(RuntimeError):
            call()


def test_arguments_of_queries_are_checked():
    index, data = fitted()
    for call, error in [
        (lambda: index.get_nns_by_item(0, 0), ValueError),
        (lambda: index.get_nns_by_item(0, 3, -2), ValueError),
        (lambda: index.get_nns_by_item(200), IndexError),
        (lambda: index.get_nns_by_item(1.0), TypeError),
        (lambda: index.get_nns_by_vector(data[0][:3]), ValueError),
        (lambda: index.kneighbors(data[:, :3]), ValueError),
        (lambda: index.kneighbors(data, 0), ValueError),
        (lambda: index.transform(data, output_type="x"), ValueError),
        (lambda: index.transform(data, input_type="x"), ValueError),
        (lambda: index.kneighbors_graph(data, mode="x"), ValueError),
    ]:
        with pytest.raises(error):
            call()


def test_fit_and_transform():
    index, data = fitted()
    ids = index.transform(data)
    assert (ids.shape, ids.dtype) == ((200, 5), np.int64)
    np.testing.assert_array_equal(ids[:, 0], np.arange(200))
    vectors, distances = index.transform(data, output_type="vector", include_distances=True, n_neighbors=3)
    assert (vectors.shape, distances.shape) == ((200, 3, 8), (200, 3))
    np.testing.assert_array_equal(vectors[:, 0], data)
    by_item = index.transform([4, 9], input_type="item", exclude_self=True, n_neighbors=2)
    np.testing.assert_array_equal(by_item, index.transform(data[[4, 9]], exclude_self=True, n_neighbors=2))
    without = index.transform([4], input_type="item", exclude_items=ids[4][:2], n_neighbors=2)
    assert not set(without[0]) & set(ids[4][:2])
    np.testing.assert_array_equal(Index(n_trees=6).fit_transform(data), Index(n_trees=6).fit(data).transform(data))


def test_labels():
    index, data = fitted(rows=30)
    assert index.y is None
    index.fit(data, y=[f"c{i % 3}" for i in range(30)])
    ids, labels = index.transform(data[:2], return_labels=True)
    assert labels == [[f"c{i % 3}" for i in row] for row in ids.tolist()]
    assert index.y[4] == "c1"
    index.fit(data[:5], reset=False, y=[9] * 5)
    assert (len(index), index.y[29:31]) == (35, ["c2", 9])
    index.y_map = {3: "three"}
    assert index.y[:5] == [None, None, None, "three", None]
    for call, error in [
        (lambda: setattr(index, "y", [1]), ValueError),
        (lambda: setattr(index, "y", {1: 2}), TypeError),
        (lambda: setattr(index, "y_map", {99: 2}), ValueError),
        (lambda: index.fit(data, [1] * 30, y_map={0: 1}), TypeError),
    ]:
        with pytest.raises(error):
            call()


def test_rows_with_missing_numbers():
    index = Index(3, "euclidean", n_trees=2)
    index.fit([[1, None, 3], {0: 7.0}, [4, 5, 6]], missing_value=0)
    np.testing.assert_array_equal(index.to_numpy(), [[1, 0, 3], [7, 0, 0], [4, 5, 6]])
    with pytest.raises(ValueError, match="missing_value"):
        index.fit([[1, None, 3]])
    with pytest.raises(ValueError, match="give f"):
        Index().fit([{0: 1.0}], missing_value=0)


def test_feature_names():
    index, data = fitted(f=3)
    with pytest.raises(AttributeError):
        index.feature_names_in_
    index.fit(data, feature_names=["a", "b", "c"])
    assert index.feature_names_in_ == ("a", "b", "c")
    assert index.n_features_in_ == 3
    assert index.get_feature_names_out() == tuple(f"neighbor_{i}" for i in range(5))
    assert index.n_features_out_ == 5
    with pytest.raises(AttributeError):
        Index(3).n_features_out_


def test_queries_of_one():
    index, data = fitted()
    ids, distances = index.query_by_item(7, 4, include_distances=True)
    assert isinstance(ids, np.ndarray) and ids[0] == 7 and distances[0] == 0
    np.testing.assert_array_equal(index.query_by_vector(data[7], 4), ids)
    np.testing.assert_array_equal(index.query_by_item(7, 3, exclude_self=True), ids[1:])
    np.testing.assert_array_equal(index.query_vectors_by_item(7, 4), data[ids])
    vectors, found = index.query_vectors_by_vector(data[7], 4, include_distances=True)
    np.testing.assert_array_equal(vectors, data[ids])
    np.testing.assert_array_equal(found, distances)


def test_kneighbors_is_as_scikit_learns():
    index, data = fitted()
    distances, ids = index.kneighbors(data[:9], 4)
    assert distances.shape == ids.shape == (9, 4)
    assert (np.diff(distances, axis=1) >= 0).all()
    np.testing.assert_array_equal(index.kneighbors(data[:9], 4, return_distance=False), ids)
    alone = index.kneighbors(n_neighbors=2, return_distance=False)
    assert alone.shape == (200, 2)
    assert not (alone == np.arange(200)[:, None]).any()


def test_kneighbors_graph():
    pytest.importorskip("scipy")
    index, data = fitted()
    graph = index.kneighbors_graph(data[:9], 4, mode="distance")
    distances, ids = index.kneighbors(data[:9], 4)
    assert graph.shape == (9, 200)
    np.testing.assert_array_equal(graph.indices.reshape(9, 4), ids)
    np.testing.assert_array_equal(graph.data.reshape(9, 4), distances)
    assert index.kneighbors_graph(data[:9], 4).sum() == 36


def test_arrays_in_and_out():
    index = Index(metric="l2", n_trees=3)
    data = np.random.default_rng(0).normal(size=(20, 4))
    np.testing.assert_array_equal(index.add_items(data[:10]), np.arange(10))
    np.testing.assert_array_equal(index.add_items(data[10:], ids=range(50, 60)), np.arange(50, 60))
    vectors, ids = index.get_item_vectors(return_ids=True)
    np.testing.assert_array_equal(ids, [*range(10), *range(50, 60)])
    np.testing.assert_array_equal(vectors, data.astype(np.float32))
    np.testing.assert_array_equal(index.to_numpy([50, 3]), data[[10, 3]].astype(np.float32))
    assert [i for i, _ in index.iter_item_vectors(start=8, stop=52)] == [8, 9, 50, 51]
    for call, error in [
        (lambda: index.add_items(data, ids=[1, 2]), ValueError),
        (lambda: index.add_items(data[:2], ids=[1, 1]), ValueError),
        (lambda: index.add_items(data[:2], ids=[1, 2], start_id=3), TypeError),
        (lambda: index.add_items(data[:2], ids=[1.0, 2.0]), TypeError),
        (lambda: index.add_items(data[:2], ids=[-1, 2]), (ValueError, IndexError)),
    ]:
        with pytest.raises(error):
            call()


def test_arguments_of_scikit_plots_that_change_nothing_are_taken():
    index, data = fitted()
    ignored = {"ensure_all_finite": True, "copy": True}
    np.testing.assert_array_equal(index.query_by_item(3, 4, **ignored), index.query_by_item(3, 4))
    np.testing.assert_array_equal(index.query_by_vector(data[3], 4, **ignored), index.query_by_item(3, 4))
    np.testing.assert_array_equal(index.query_vectors_by_item(3, 4, **ignored), index.query_vectors_by_item(3, 4))
    np.testing.assert_array_equal(index.kneighbors(data[:5], 4, **ignored), index.kneighbors(data[:5], 4))
    graph = index.kneighbors_graph(data[:5], 4, output_type="item", **ignored)
    assert (graph != index.kneighbors_graph(data[:5], 4)).nnz == 0
    with pytest.raises(ValueError, match="output_type of a graph"):
        index.kneighbors_graph(data[:5], 4, output_type="vector")
    other = Index()
    other.add_items(data, accept_sparse="toarray", ensure_all_finite=True, copy=True, dtype=np.float32, order="C")
    for export in (other.get_item_vectors, other.to_numpy):
        np.testing.assert_array_equal(export(iter(range(5)), n_rows=5, validate_vector_len=True), data[:5])
    assert other.to_scipy_csr(range(3), return_ids=True)[1].tolist() == [0, 1, 2]
    with pytest.raises(TypeError):
        other.to_numpy(nonsense=1)


def test_frames_and_sparse_matrices():
    pd, sparse = pytest.importorskip("pandas"), pytest.importorskip("scipy.sparse")
    frame = pd.DataFrame(np.eye(4) * 2, columns=list("abcd"))
    index = Index(metric="l2", n_trees=2).fit(frame)
    assert index.feature_names_in_ == tuple("abcd")
    pd.testing.assert_frame_equal(index.to_pandas(dtype=np.float64).rename_axis(None), frame)
    assert list(index.to_pandas(id_location="column").columns) == ["id", *"abcd"]
    assert (Index(metric="l2", n_trees=2).fit(sparse.eye(4).tocsr()).to_scipy_csr() != sparse.eye(4)).nnz == 0


def test_files_say_themselves_what_they_are(in_tmp):
    index, data = fitted()
    answer = index.get_nns_by_item(3, 9)
    index.save_index("a/b/x.ann")
    loaded = Index.load_index(path="a/b/x.ann")
    assert (loaded.f, loaded.metric, loaded.get_nns_by_item(3, 9)) == (8, "angular", answer)
    assert Index.load_index(8, "angular", "a/b/x.ann").on_disk_path == "a/b/x.ann"
    index.save(pathlib.Path("y.ann"), format="annoy")
    assert Index.load_index(8, "cosine", "y.ann").get_nns_by_item(3, 9) == answer
    with pytest.raises(kith.CorruptFileError):
        Index().load("y.ann")
    with pytest.raises(ValueError, match="metric"):
        Index(8, "l2").load("a/b/x.ann")
    with pytest.raises(FileNotFoundError):
        index.load("nope")
    assert index.get_nns_by_item(3, 9) == answer
    annoy = AnnoyIndex(8, "angular")
    annoy.load("y.ann")
    assert annoy.get_nns_by_item(3, 9) == answer


def test_bytes():
    index, _ = fitted()
    answer = index.get_nns_by_item(3, 9)
    for kind in (None, "kith", "portable", "canonical"):
        data = index.to_bytes(kind)
        assert Index.from_bytes(bytearray(data)).get_nns_by_item(3, 9) == answer
        assert data == index.serialize(kind)
    for kind in ("native", "annoy", "raw"):
        assert Index.from_bytes(memoryview(index.to_bytes(kind)), f=8, metric="cosine").get_nns_by_item(3, 9) == answer
    with pytest.raises(ValueError):
        index.to_bytes("zip")
    with pytest.raises(TypeError):
        Index().deserialize("text")


def test_bundles_keep_everything_and_can_move(in_tmp):
    index, data = fitted()
    index.fit(data, y=[int(i % 2) for i in range(200)], feature_names=list("abcdefgh"))
    assert index.save_bundle("one/manifest.json", "one/index.ann") == ["one/manifest.json", "one/index.ann"]
    os.rename("one", "two")
    loaded = Index.load_bundle("two/manifest.json")
    assert loaded.get_nns_by_item(3, 9) == index.get_nns_by_item(3, 9)
    assert (loaded.y, loaded.feature_names_in_) == (index.y, index.feature_names_in_)
    assert loaded.get_params() == index.get_params()
    assert sorted(os.listdir("two")) == ["index.ann", "manifest.json"]


def test_metadata():
    pytest.importorskip("yaml")
    index, data = fitted(n_neighbors=7)
    index.y_map = {0: np.int64(3), 1: "b"}
    metadata = index.to_metadata()
    assert metadata["params"]["n_neighbors"] == 7
    assert metadata["info"] == {"n_items": 200, "n_trees": 6}
    assert Index.from_json(index.to_json(), load=False).n_neighbors == 7
    index.y_map = {0: object()}
    with pytest.raises(TypeError, match="label"):
        index.to_json()
    assert "labels" in index.to_json(strict=False)
    with pytest.raises(ValueError, match="index_schema_version"):
        Index.from_metadata({"params": {}})


def test_pickle_modes(in_tmp):
    index, data = fitted()
    index.extra = "kept"
    answer = index.get_nns_by_item(3, 9)
    sizes = {}
    for compress in (None, "zlib", "gzip"):
        index.compress_mode = compress
        blob = pickle.dumps(index)
        sizes[compress] = len(blob)
        other = pickle.loads(blob)
        assert (other.get_nns_by_item(3, 9), other.extra, other.compress_mode) == (answer, "kept", compress)
    assert sizes["zlib"] < sizes[None]
    index.pickle_mode = "disk"
    with pytest.raises(ValueError, match="save"):
        pickle.dumps(index)
    index.save("x.kith")
    blob = pickle.dumps(index)
    assert len(blob) < 2000
    assert pickle.loads(blob).get_nns_by_item(3, 9) == answer
    for attribute in ("pickle_mode", "compress_mode"):
        with pytest.raises(ValueError):
            setattr(index, attribute, "x")
    unbuilt = Index(3).add_item(4, [1, 2, 3])
    assert copy.deepcopy(unbuilt).build(2).get_nns_by_item(4, 1) == [4]
    assert copy.copy(Index()).f is None


def test_from_low_level(in_tmp):
    low = Annoy(3, "euclidean")
    low.add_item(0, [1, 0, 0])
    low.add_item(4, [0, 1, 0])
    index = Index.from_low_level(low)
    assert (index.f, index.metric, len(index)) == (3, "euclidean", 5)
    np.testing.assert_array_equal(index.get_item_vectors(return_ids=True)[1], [0, 4])
    low.build(2)
    built = Index.from_low_level(low)
    low.unload()
    assert built.get_nns_by_item(4, 2) == [4, 0]
    with pytest.raises(TypeError):
        Index.from_low_level(index)


def test_rebuild_for_another_metric():
    index, data = fitted(rows=50)
    index.y = list(range(50))
    other = index.rebuild("manhattan", n_trees=3)
    assert (other.metric, other.get_n_trees(), other.y) == ("manhattan", 3, index.y)
    assert index.metric == "angular"
    assert type(other) is Index


def test_on_disk_builds_leave_the_file_alone_until_they_are_done(in_tmp):
    index, data = fitted(rows=30)
    index.save("x.ann", format="annoy")
    before = pathlib.Path("x.ann").read_bytes()
    other = Index(8, "angular", on_disk_path="x.ann")
    other.add_items(data[:5])
    assert pathlib.Path("x.ann").read_bytes() == before
    other.build(3)
    assert pathlib.Path("x.ann").read_bytes() != before
    assert len(Index(8, "angular").load("x.ann")) == 5
    assert os.listdir() == ["x.ann"]


def test_info_and_reprs():
    index, _ = fitted(seed=1)
    info = index.info()
    assert (info["n_items"], info["n_trees"]) == (200, 6)
    assert info["memory_usage_byte"] == index.memory_usage() > 200 * 8 * 4
    assert "n_items" not in index.info(include_n_items=False)
    assert repr(index) == "Index(f=8, metric='angular', n_trees=6)"
    assert eval(repr(index)).get_params() == index.get_params()
    assert index.repr_info().startswith("Index(**{'f': 8")
    html = index._repr_html_()
    assert "200 items" in html and "<script" not in html
    assert Index().memory_usage() is None


def test_scikit_learn_can_clone_it():
    base = pytest.importorskip("sklearn.base")
    index, data = fitted(n_neighbors=3)
    clone = base.clone(index)
    assert clone.get_params() == index.get_params()
    assert not clone.__sklearn_is_fitted__()
    assert index.__sklearn_is_fitted__()
    assert clone.__sklearn_tags__().target_tags.required is False


def test_pictures(in_tmp):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    index, data = fitted(rows=40)
    index.y = [i % 3 for i in range(40)]
    positions, ids, ax = index.plot_index(title="all")
    assert positions.shape == (40, 2)
    assert len(ax.collections) == 3
    assert index.plot_knn_edges(positions, k=2, ax=ax) is ax
    assert len(ax.collections[-1].get_segments()) >= 40
    positions, _, _ = index.plot_index(ids=[1, 2, 3], labels=list("abc"), projection="dims", l2_normalize=True)
    np.testing.assert_allclose(positions, (data / np.linalg.norm(data, axis=1, keepdims=True))[1:4, :2], rtol=1e-5)
    ax.figure.savefig("x.png")
    assert os.path.getsize("x.png") > 1000
