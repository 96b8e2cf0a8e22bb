"""kith.plot draws what its tables say; kith.datasets reads what is there."""

from __future__ import annotations

import numpy as np
import pytest

import kith
from kith import datasets

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def plot():
    from kith import plot

    return plot


def test_more_trees_take_longer_and_find_more(plot, rng, in_tmp):
    data = rng.normal(size=(2000, 16)).astype(np.float32)
    rows = plot.trees_table(data, data[:50], trees=[1, 10, 60], k=20)
    assert [row["num_trees"] for row in rows] == [1, 10, 60]
    assert rows[0]["accuracy"] < rows[1]["accuracy"] < rows[2]["accuracy"] <= 1
    left, right = plot.num_trees(data, data[:20], trees=[1, 10], k=20)
    np.testing.assert_array_equal(right.lines[0].get_xdata(), [1, 10])
    left.figure.savefig("x.svg")


def test_more_effort_finds_more(plot, rng):
    index = kith.Index(16, "euclidean")
    data = rng.normal(size=(3000, 16)).astype(np.float32)
    index.add(data, np.arange(3000) * 2)
    index.build(10)
    rows = plot.recall_vs_speed_table(index, data[:100], efforts=[50, 500, 10**6])
    assert rows[0]["recall"] < rows[1]["recall"] <= rows[2]["recall"] == 1
    ax = plot.recall_vs_speed(index, data[:100], efforts=[50, 500], label="forest")
    assert len(ax.lines[0].get_xdata()) == 2


def test_a_map_joins_neighbours(plot, rng):
    index = kith.Index(5)
    index.add(rng.normal(size=(30, 5)))
    index.build(5)
    ax = plot.map2d(index, labels=["a", "b"] * 15, k=2)
    assert len(ax.collections) == 3
    with pytest.raises(ValueError, match="2 labels for 30 points"):
        plot.scatter(np.zeros((30, 2)), ["a", "b"])
    with pytest.raises(ValueError, match="projection"):
        plot.project(np.eye(3), "tsne")


def test_projecting_keeps_the_longest_directions(plot, rng):
    points = rng.normal(size=(200, 6)) * [1, 50, 1, 1, 9, 1]
    positions = plot.project(points)
    np.testing.assert_allclose(np.abs(np.corrcoef(positions[:, 0], points[:, 1])[0, 1]), 1, atol=0.01)
    np.testing.assert_allclose(np.abs(np.corrcoef(positions[:, 1], points[:, 4])[0, 1]), 1, atol=0.05)


def test_glove(data_dir):
    glove = datasets.glove(1000)
    assert glove.words[:3] == ["the", ",", "."]
    assert glove.vectors.shape == (1000, 50)
    assert glove.vectors[0, 0] == np.float32(0.418)
    words = kith.KeyedVectors(glove.words, glove.vectors)
    assert "she" in [key for key, _ in words.most_similar("her", topn=5)]


def test_fashion_mnist_is_searched_with_high_recall(data_dir):
    data = datasets.fashion_mnist()
    assert (data.train.shape, data.test.shape, data.train.dtype) == ((60000, 784), (10000, 784), np.uint8)
    assert set(data.test_labels.tolist()) == set(range(10))
    forest, flat = kith.Index(784, "euclidean"), kith.Index(784, "euclidean", "flat")
    for index in (forest, flat):
        index.add(data.train[:5000])
        index.build(10)
    found, truth = (index.search(data.test[:200], 10, search_k=2000).ids for index in (forest, flat))
    assert np.mean([len(set(a) & set(b)) for a, b in zip(found.tolist(), truth.tolist())]) > 9


def test_text8(data_dir):
    assert "8" in datasets.text8()


def test_a_missing_folder_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.delenv("KITH_DATA_DIR", raising=False)
    with pytest.raises(FileNotFoundError, match="KITH_DATA_DIR"):
        datasets.glove()
    with pytest.raises(FileNotFoundError, match=r"glove\.6B"):
        datasets.glove(folder=tmp_path)
