"""kith.sklearn: estimators that scikit-learn takes for its own."""

from __future__ import annotations

import os
import pathlib
import pickle
import subprocess
import sys

import joblib
import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE, Isomap
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsTransformer, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import kith
from kith import datasets
from kith.sklearn import KithNeighbors, KithTransformer

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples" / "python"
ESTIMATORS = (KithNeighbors, KithTransformer)
METRICS = ("euclidean", "l2", "minkowski", "sqeuclidean", "manhattan", "l1", "cityblock", "cosine", "hamming")


@parametrize_with_checks(
    [
        KithTransformer(),
        KithTransformer(mode="connectivity", algorithm="flat"),
        KithTransformer(metric="cosine", algorithm="coded"),
        KithNeighbors(),
        KithNeighbors(metric="manhattan", algorithm="flat"),
        KithNeighbors(algorithm="coded"),
        KithNeighbors(algorithm="graph"),
        KithTransformer(algorithm="graph"),
        KithTransformer(algorithm="auto"),
        KithNeighbors(algorithm="forest", recall=0.9),
    ]
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits(return_X_y=True)
    return images, labels


def samples_for(metric, rows, rng):
    if metric == "hamming":
        return (rng.random((rows, 40)) < 0.5).astype(np.float64)
    return rng.normal(size=(rows, 7))


def exact_distances(metric, X, Y):
    from sklearn.metrics import pairwise_distances

    return pairwise_distances(X, Y, metric="euclidean" if metric == "minkowski" else metric)


@pytest.mark.parametrize("metric", METRICS)
def test_distances_are_those_of_scikit_learns_metric_of_that_name(metric, rng):
    X, Y = samples_for(metric, 300, rng), samples_for(metric, 40, rng)
    distances, ids = KithNeighbors(metric=metric, algorithm="flat").fit(X).kneighbors(Y, 9)
    true = exact_distances(metric, Y, X)
    np.testing.assert_allclose(distances, np.sort(true, axis=1)[:, :9], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(distances, np.take_along_axis(true, ids, 1), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("mode", ["distance", "connectivity"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "cosine"])
def test_the_graph_is_that_of_scikit_learns_transformer(mode, metric, rng):
    X, Y = rng.normal(size=(200, 6)), rng.normal(size=(30, 6))
    ours = KithTransformer(n_neighbors=7, mode=mode, metric=metric, algorithm="flat")
    theirs = KNeighborsTransformer(n_neighbors=7, mode=mode, metric=metric)
    for found, expected in (
        (ours.fit_transform(X), theirs.fit_transform(X)),
        (ours.transform(Y), theirs.transform(Y)),
    ):
        assert found.format == expected.format == "csr"
        assert (found.shape, found.nnz, found.dtype) == (expected.shape, expected.nnz, expected.dtype)
        np.testing.assert_allclose(found.toarray(), expected.toarray(), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("algorithm", ["auto", "coded", "flat", "forest", "graph"])
def test_every_row_has_itself_first_and_its_neighbours_in_order(algorithm, rng):
    X = rng.normal(size=(400, 10))
    graph = KithTransformer(n_neighbors=6, algorithm=algorithm).fit_transform(X)
    np.testing.assert_array_equal(np.diff(graph.indptr), 7)
    np.testing.assert_array_equal(graph.indices.reshape(400, 7)[:, 0], np.arange(400))
    values = graph.data.reshape(400, 7)
    np.testing.assert_array_equal(values[:, 0], 0)
    assert (np.diff(values, axis=1) >= 0).all()
    assert all(len(set(row)) == 7 for row in graph.indices.reshape(400, 7).tolist())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_neighbours_of_the_samples_themselves_leave_these_out(estimator, rng):
    X = rng.normal(size=(150, 5))
    X[7:12] = X[6]
    ours, theirs = estimator(algorithm="flat").fit(X), NearestNeighbors().fit(X)
    for k in (1, 3, 149):
        distances, ids = ours.kneighbors(n_neighbors=k)
        expected, _ = theirs.kneighbors(n_neighbors=k)
        assert (ids != np.arange(150)[:, None]).all()
        np.testing.assert_allclose(distances, expected, rtol=1e-4, atol=1e-6)
        np.testing.assert_array_equal(ours.kneighbors(n_neighbors=k, return_distance=False), ids)
    graph = ours.kneighbors_graph(n_neighbors=3, mode="distance")
    assert graph.shape == (150, 150)
    np.testing.assert_array_equal(np.diff(graph.indptr), 3)
    np.testing.assert_array_equal(ours.kneighbors_graph(X[:4], 2).toarray().sum(axis=1), 2)


def test_a_forest_told_to_look_at_little_still_fills_every_row(rng):
    X = rng.normal(size=(2000, 8))
    graph = KithTransformer(n_neighbors=300, n_trees=1, search_k=1).fit_transform(X)
    np.testing.assert_array_equal(np.diff(graph.indptr), 301)


@pytest.mark.parametrize("algorithm", ["coded", "forest", "graph"])
def test_an_index_finds_the_share_that_is_asked_for(digits, algorithm):
    images, _ = digits
    exact = KithNeighbors(algorithm="flat").fit(images).kneighbors(n_neighbors=10, return_distance=False)
    found = KithNeighbors(algorithm=algorithm, recall=0.98).fit(images).kneighbors(n_neighbors=10, return_distance=False)
    shared = np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact, found)]) / 10
    assert shared > 0.95


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8, np.int64, np.float16])
def test_samples_of_any_type(dtype, rng):
    X = rng.integers(0, 200, size=(100, 6)).astype(dtype)
    graph = KithTransformer(algorithm="flat").fit_transform(X)
    assert graph.dtype == (np.float32 if dtype == np.float32 else np.float64)
    expected = KNeighborsTransformer().fit_transform(X.astype(np.float64))
    np.testing.assert_allclose(np.sort(graph.data), np.sort(expected.data), rtol=1e-3)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_sparse_samples_give_what_dense_ones_give(estimator, rng):
    X = rng.normal(size=(120, 9)) * (rng.random((120, 9)) < 0.3)
    dense, sparse = estimator().fit(X), estimator().fit(csr_matrix(X))
    for one, other in zip(dense.kneighbors(X[:20]), sparse.kneighbors(csr_matrix(X[:20]))):
        np.testing.assert_array_equal(one, other)


def test_the_same_parameters_give_the_same_graph_whatever_the_threads(rng):
    X = rng.normal(size=(1500, 12))
    first = KithTransformer(n_trees=3, search_k=40).fit_transform(X)
    for n_jobs in (1, 2, -1):
        assert (KithTransformer(n_trees=3, search_k=40, n_jobs=n_jobs).fit_transform(X) != first).nnz == 0
    other = KithTransformer(n_trees=3, search_k=40, random_state=5).fit_transform(X)
    assert (other != first).nnz > 0
    state = np.random.RandomState
    drawn = [KithTransformer(n_trees=3, search_k=40, random_state=state(3)).fit_transform(X) for _ in range(2)]
    assert (drawn[0] != drawn[1]).nnz == 0


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_clones_and_pickles(estimator, rng, in_tmp):
    X = rng.normal(size=(80, 5))
    fitted = estimator(n_neighbors=3, metric="cosine", n_trees=7, random_state=1).fit(X)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "index_")
    joblib.dump(fitted, "fitted.joblib")
    for other in (pickle.loads(pickle.dumps(fitted)), joblib.load("fitted.joblib"), copy.fit(X)):
        assert other.get_params() == fitted.get_params()
        for one, two in zip(other.kneighbors(X), fitted.kneighbors(X)):
            np.testing.assert_array_equal(one, two)
    assert isinstance(fitted.index_, kith.Index)
    assert (fitted.n_samples_fit_, fitted.n_features_in_, fitted.effective_metric_) == (80, 5, "cosine")


def test_auto_is_exact_for_few_samples_and_says_why(digits):
    fitted = KithNeighbors(algorithm="auto").fit(digits[0])
    assert (fitted.index_.kind, "too little" in fitted.index_.why) == ("flat", True)
    assert KithNeighbors(algorithm="auto", n_trees=3).fit(digits[0]).index_.kind == "forest"


def test_feature_names_go_in_and_come_out(rng):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(rng.normal(size=(20, 3)), columns=["x", "y", "z"], index=[f"row{i}" for i in range(20)])
    transformer = KithTransformer(n_neighbors=2)
    graph = transformer.fit_transform(frame)
    assert transformer.feature_names_in_.tolist() == ["x", "y", "z"]
    assert transformer.get_feature_names_out()[:2].tolist() == ["kithtransformer0", "kithtransformer1"]
    assert len(transformer.get_feature_names_out()) == 20
    with pytest.raises(ValueError, match="feature names"):
        transformer.transform(frame.rename(columns={"x": "w"}))

    table = transformer.set_output(transform="pandas").transform(frame)
    assert isinstance(table, pandas.DataFrame)
    assert (table.index.tolist(), table.columns[0]) == (frame.index.tolist(), "kithtransformer0")
    np.testing.assert_array_equal(table.sparse.to_dense().to_numpy(), graph.toarray())
    assert transformer.set_output(transform="default").transform(frame).format == "csr"


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_errors_name_the_parameter_and_what_would_be_right(estimator, rng):
    X = rng.normal(size=(10, 4))
    for parameters, text in (
        ({"metric": "dot"}, "metric must be one of 'angular', .*'sqeuclidean', not 'dot'"),
        ({"metric": None}, "metric must be one of"),
        ({"algorithm": "kd_tree"}, "algorithm must be one of 'auto', 'coded', 'flat', 'forest', 'graph', not 'kd_tree'"),
        ({"recall": 0.9, "algorithm": "flat"}, "recall=0.9 has no meaning for algorithm='flat'"),
        ({"recall": 0.9, "n_trees": 3}, "give recall or n_trees"),
        ({"recall": 0.9, "n_trees": 3, "algorithm": "auto"}, "n_trees=3 asks for a forest.*: give one"),
        ({"recall": 2, "algorithm": "coded"}, "recall must be"),
        ({"n_neighbors": 0}, "n_neighbors > 0. Got 0"),
        ({"n_trees": 0}, "n_trees must be at least 1"),
        ({"n_jobs": 0}, "n_jobs"),
        ({"random_state": "x"}, "seed"),
    ):
        with pytest.raises(ValueError, match=text):
            estimator(**parameters).fit(X).kneighbors(X)
    with pytest.raises(TypeError, match="n_neighbors does not take"):
        estimator(n_neighbors=2.5).fit(X)
    with pytest.raises(ValueError, match="zeros and ones only; found"):
        estimator(metric="hamming").fit(X)
    with pytest.raises(ValueError, match="n_neighbors = 11, n_samples_fit = 10"):
        estimator().fit(X).kneighbors(X, 11)
    with pytest.raises(ValueError, match="n_neighbors < n_samples_fit"):
        estimator().fit(X).kneighbors(n_neighbors=10)
    with pytest.raises(ValueError, match="mode must be"):
        estimator().fit(X).kneighbors_graph(X, mode="weights")
    with pytest.raises(ValueError, match="mode must be"):
        KithTransformer(mode="weights").fit(X)
    with pytest.raises(sklearn.exceptions.NotFittedError):
        estimator().kneighbors(X)


def test_pipelines_with_precomputed_graphs(digits):
    images, labels = digits
    train, test = slice(0, 1200), slice(1200, None)
    model = make_pipeline(KithTransformer(n_neighbors=8), KNeighborsClassifier(5, metric="precomputed"))
    assert model.fit(images[train], labels[train]).score(images[test], labels[test]) > 0.92
    search = GridSearchCV(model, {"kithtransformer__metric": ["cosine", "manhattan"]}, cv=2)
    assert search.fit(images[:300], labels[:300]).best_score_ > 0.8

    some = images[:250]
    exact = Isomap(n_neighbors=12, n_components=2).fit(some)
    ours = make_pipeline(
        KithTransformer(n_neighbors=12, algorithm="flat"), Isomap(n_neighbors=12, n_components=2, metric="precomputed")
    )
    assert np.abs(np.corrcoef(ours.fit_transform(some)[:, 0], exact.embedding_[:, 0])[0, 1]) > 0.99
    tsne = make_pipeline(
        KithTransformer(n_neighbors=31), TSNE(metric="precomputed", init="random", perplexity=10, max_iter=250)
    )
    assert tsne.fit_transform(some).shape == (250, 2)
    clusters = make_pipeline(KithTransformer(n_neighbors=10), DBSCAN(eps=25, metric="precomputed")).fit_predict(some)
    assert len(clusters) == 250


def test_pictures_of_clothes_are_recognised_by_their_neighbours(data_dir):
    data = datasets.fashion_mnist()
    model = make_pipeline(
        KithTransformer(n_neighbors=5, algorithm="coded", n_jobs=2), KNeighborsClassifier(5, metric="precomputed")
    )
    model.fit(data.train[:10_000], data.train_labels[:10_000])
    assert model.score(data.test[:1000], data.test_labels[:1000]) > 0.78


def test_the_example_runs(data_dir, tmp_path):
    example = EXAMPLES / "fashion_mnist_pipelines.py"
    done = subprocess.run(
        [sys.executable, str(example), "--train=2000", "--test=300", "--map=200", f"--plot={tmp_path / 'map.png'}"],
        capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("pictures recognised") == 3
    assert done.stdout.count("trustworthiness 0.") == 2
    assert (tmp_path / "map.png").stat().st_size > 10_000


def test_without_scikit_learn_the_error_says_what_to_install():
    program = "import sys; sys.modules['sklearn'] = None\nimport kith\nimport kith.sklearn"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: kith.sklearn needs scikit-learn 1.6 or later: pip install 'kith[sklearn]'" in done.stderr
