"""The same .ann file through Annoy and through Kith: same ids in the same order, same distances."""

import gzip
import itertools
import os
import pathlib

import numpy as np
import pytest

annoy = pytest.importorskip("annoy")

METRICS = ["angular", "euclidean", "manhattan", "dot", "hamming"]
DIMS = [16, 50, 784]
EFFORTS = [100, 1000, 10000]
ROWS = 6000
QUERIES = 60
TREES = 8
K = 10


def glove(rows, dim):
    path = pathlib.Path(os.environ.get("KITH_DATA_DIR", "/nonexistent")) / "glove.6B.50d.txt.gz"
    if not path.exists():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        taken = itertools.islice(lines, rows)
        return np.array([line.split(" ")[1 : dim + 1] for line in taken], dtype=np.float32)


def fashion(rows):
    path = pathlib.Path(os.environ.get("KITH_DATA_DIR", "/nonexistent")) / "train-images-idx3-ubyte.gz"
    if not path.exists():
        return None
    with gzip.open(path) as images:
        images.read(16)
        pixels = np.frombuffer(images.read(rows * 784), np.uint8)
    return pixels.reshape(rows, 784).astype(np.float32) / 255


def vectors_of(dim):
    """Real vectors where there are some: GloVe's first dimensions, Fashion-MNIST's images; else clouds of points."""
    vectors = fashion(ROWS + QUERIES) if dim == 784 else glove(ROWS + QUERIES, dim)
    if vectors is None:
        random = np.random.default_rng(dim)
        centres = random.normal(size=(20, dim)) * 2
        vectors = centres[random.integers(20, size=ROWS + QUERIES)] + random.normal(size=(ROWS + QUERIES, dim))
    return vectors.astype(np.float32)


def prepare(dim, metric):
    vectors = vectors_of(dim)
    if metric == "hamming":
        vectors = (vectors > np.median(vectors)).astype(np.float32)
    return vectors[:ROWS], vectors[ROWS:]


def build_with_annoy(items, metric, path, ids=None, trees=TREES, seed=42):
    index = annoy.AnnoyIndex(items.shape[1], metric)
    index.set_seed(seed)
    for row, vector in enumerate(items):
        index.add_item(row if ids is None else ids[row], vector)
    index.build(trees)
    index.save(str(path))
    return index


def exact(metric, items, queries):
    if metric == "manhattan":
        ranks = np.stack([np.abs(items - query).sum(axis=1) for query in queries])
    elif metric == "euclidean":
        ranks = (items * items).sum(axis=1) - 2 * queries @ items.T
    else:
        ranks = -queries @ (items / np.linalg.norm(items, axis=1, keepdims=True) if metric == "angular" else items).T
    return np.argsort(ranks, axis=1)[:, :K]


def parse(output):
    first, *lines = output.splitlines()
    answers = []
    for line in lines:
        numbers = line.split()
        answers.append((list(map(int, numbers[0::2])), list(map(float, numbers[1::2]))))
    return tuple(map(int, first.split())), answers


def assert_same(expected, found, metric):
    (ids, distances), (my_ids, my_distances) = expected, found
    assert len(my_ids) == len(ids)
    for n, (a, b) in enumerate(zip(distances, my_distances)):
        tolerance = 1e-5 * max(1, abs(a))
        # The root of a rounding error in 2 - 2 cos.
        if metric == "angular" and max(a, b) < 1e-3:
            tolerance = 1e-3
        assert abs(a - b) <= tolerance, (n, a, b)
    if my_ids == ids:
        return
    # Two neighbours whose distances agree to the last bits may stand the other way round.
    assert sorted(my_ids[:-1]) == sorted(ids[:-1]) or len(set(my_ids) ^ set(ids)) <= 2
    for n, (a, b) in enumerate(zip(ids, my_ids)):
        if a != b:
            near = [d for m, d in enumerate(distances) if m != n]
            assert min(abs(distances[n] - d) for d in near) <= 2e-6 * max(1, abs(distances[n])), (n, ids, my_ids)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """made(metric, dim): items and queries as arrays, and the queries' file; each made once."""
    folder = tmp_path_factory.mktemp("annoy")
    known = {}

    def make(metric, dim):
        if (metric, dim) not in known:
            items, queries = prepare(dim, metric)
            items_file, queries_file = folder / f"{metric}{dim}.items", folder / f"{metric}{dim}.queries"
            items.tofile(items_file)
            queries.tofile(queries_file)
            known[metric, dim] = items, queries, items_file, queries_file
        return known[metric, dim]

    return make


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("metric", METRICS)
def test_annoys_index_through_kith(tool, made, tmp_path, metric, dim):
    items, queries, _, queries_file = made(metric, dim)
    path = tmp_path / "annoy.ann"
    index = build_with_annoy(items, metric, path)
    same = 0
    for effort in EFFORTS:
        (size, trees), answers = parse(tool("annoy_tool", "query", metric, dim, path, queries_file, K, effort, "auto"))
        assert (size, trees) == (ROWS, index.get_n_trees())
        for query, found in zip(queries, answers):
            expected = index.get_nns_by_vector(query, K, effort, include_distances=True)
            assert_same(expected, found, metric)
            same += expected[0] == found[0]
    # Near-ties are rare: for nearly every query the order is Annoy's to the letter.
    assert same >= 0.95 * len(EFFORTS) * len(queries)


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("metric", METRICS)
def test_kiths_index_through_annoy(tool, made, tmp_path, metric, dim):
    _, queries, items_file, queries_file = made(metric, dim)
    path = tmp_path / "kith.ann"
    tool("annoy_tool", "build", metric, dim, items_file, TREES, path, "auto")
    index = annoy.AnnoyIndex(dim, metric)
    index.load(str(path))
    assert index.get_n_items() == ROWS
    assert index.get_n_trees() == TREES
    for effort in EFFORTS:
        _, answers = parse(tool("annoy_tool", "query", metric, dim, path, queries_file, K, effort, "auto"))
        for query, found in zip(queries, answers):
            assert_same(index.get_nns_by_vector(query, K, effort, include_distances=True), found, metric)


@pytest.mark.parametrize("metric", METRICS)
def test_search_by_item_and_default_effort(tool, made, tmp_path, metric):
    items, _, _, _ = made(metric, 50)
    path = tmp_path / "annoy.ann"
    index = build_with_annoy(items, metric, path)
    _, answers = parse(tool("annoy_tool", "items", metric, 50, path, 97, K, -1, "auto"))
    for item, found in zip(range(0, ROWS, 97), answers):
        assert_same(index.get_nns_by_item(item, K, include_distances=True), found, metric)


@pytest.mark.parametrize("rows", [1, 2, 10, 52, 53, 54, 100])
@pytest.mark.parametrize("step", [1, 3, 60])
def test_few_items_and_holes(tool, made, tmp_path, rows, step):
    items, queries, _, queries_file = made("angular", 50)
    few = items[:rows]
    theirs, mine, few_file = tmp_path / "annoy.ann", tmp_path / "kith.ann", tmp_path / "few"
    few.tofile(few_file)
    index = build_with_annoy(few, "angular", theirs, ids=range(1, 1 + rows * step, step))
    tool("annoy_tool", "build", "angular", 50, few_file, TREES, mine, "auto", 1, step)
    reloaded = annoy.AnnoyIndex(50, "angular")
    reloaded.load(str(mine))
    assert reloaded.get_n_items() == index.get_n_items() == 1 + (rows - 1) * step + 1
    for path, theirs_index in [(theirs, index), (mine, reloaded)]:
        (_, trees), answers = parse(
            tool("annoy_tool", "query", "angular", 50, path, queries_file, 20, 1000, "auto")
        )
        # Annoy may count a tree twice, when its last thread to finish did not grow the last tree, or all of them, when
        # there is room for all items in one leaf.
        assert trees in (TREES, theirs_index.get_n_trees())
        for query, found in zip(queries, answers):
            assert_same(theirs_index.get_nns_by_vector(query, 20, 1000, include_distances=True), found, "angular")


def test_equal_items(tool, tmp_path):
    """No plane separates equal items; both sides flip coins."""
    items = np.ones((3000, 10), np.float32)
    items[::3] *= -1
    items_file = tmp_path / "items"
    items.tofile(items_file)
    for metric in METRICS:
        build_with_annoy(items, metric, tmp_path / "annoy.ann")
        tool("annoy_tool", "build", metric, 10, items_file, TREES, tmp_path / "kith.ann", "auto")
        for name in ["annoy.ann", "kith.ann"]:
            index = annoy.AnnoyIndex(10, metric)
            index.load(str(tmp_path / name))
            _, answers = parse(tool("annoy_tool", "items", metric, 10, tmp_path / name, 500, K, 2000, "auto"))
            for item, found in zip(range(0, 3000, 500), answers):
                expected = index.get_nns_by_item(item, K, 2000, include_distances=True)
                assert np.allclose(expected[1], found[1], atol=1e-3)


def test_head_dot_layout_is_for_kith_alone(tool, made, tmp_path):
    """Released Annoy cannot read the development version's dot layout; its answers must still be right."""
    items, queries, items_file, queries_file = made("dot", 50)
    recall = {}
    for layout in ["release", "head"]:
        path = tmp_path / f"{layout}.ann"
        tool("annoy_tool", "build", "dot", 50, items_file, TREES, path, layout)
        assert path.stat().st_size % (216 if layout == "release" else 224) == 0
        _, answers = parse(tool("annoy_tool", "query", "dot", 50, path, queries_file, K, 2000, "auto"))
        hits = 0
        for query, (ids, distances) in zip(queries, answers):
            products = items @ query
            hits += len(set(np.argsort(-products)[:K]) & set(ids))
            assert np.allclose(products[ids], distances, rtol=1e-4, atol=1e-4)
            assert distances == sorted(distances, reverse=True)
        recall[layout] = hits / (K * len(queries))
    # The same trees in both.
    assert abs(recall["release"] - recall["head"]) < 0.02
    with pytest.raises(OSError):
        annoy.AnnoyIndex(50, "dot").load(str(tmp_path / "head.ann"))


@pytest.mark.parametrize("metric", ["angular", "euclidean", "manhattan", "dot"])
def test_recall_of_built_trees_is_not_below_annoys(metric, tool, data, tmp_path):
    """Means of three seeds over 500 held-out words; seeds scatter by a third of a point."""
    data("glove.6B.50d.txt.gz")
    rows, effort, trees = 30_000, 1000, 10
    vectors = glove(rows + 500, 50)
    held_out = np.arange(len(vectors)) % 61 == 0
    items, queries = vectors[~held_out], vectors[held_out]
    items.tofile(tmp_path / "items")
    truth = exact(metric, items, queries)
    recall = {"annoy": 0.0, "kith": 0.0}
    for seed in range(1, 4):
        build_with_annoy(items, metric, tmp_path / "annoy.ann", trees=trees, seed=seed)
        tool("annoy_tool", "time_build", metric, 50, tmp_path / "items", trees, tmp_path / "kith.ann", 2, seed)
        for name in recall:
            index = annoy.AnnoyIndex(50, metric)
            index.load(str(tmp_path / f"{name}.ann"))
            found = [index.get_nns_by_vector(query, K, effort) for query in queries]
            recall[name] += np.mean([len(set(ids) & set(best)) / K for ids, best in zip(found, truth)]) / 3
    assert recall["kith"] >= recall["annoy"] - 0.005, recall
