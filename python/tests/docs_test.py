"""What the documentation says in Python runs: the fenced blocks of the pages, in order, and the examples in docstrings."""

from __future__ import annotations

import doctest
import importlib
import pathlib
import re

import pytest

import kith
from kith import datasets

DOCS = pathlib.Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def small_data(data_dir, monkeypatch):
    """The same pictures, but fewer."""
    whole = datasets.fashion_mnist()
    part = datasets.FashionMnist(*(values[:900] for values in whole))
    monkeypatch.setattr(datasets, "fashion_mnist", lambda: part)


def test_the_blocks_of_the_manual_run(small_data, in_tmp):
    matplotlib = pytest.importorskip("matplotlib")
    pytest.importorskip("sklearn")
    matplotlib.use("Agg")
    names: dict[str, object] = {}
    found = blocks("python.md")
    assert len(found) > 3
    for number, block in enumerate(found):
        exec(compile(block.replace("100_000", "5_000"), f"python.md, block {number}", "exec"), names)
    assert names["model"].score(names["data"].test[:200], names["data"].test_labels[:200]) > 0.6


@pytest.mark.parametrize("page", ["migrating-from-annoy.md", "migrating-from-scikit-plots.md", "migrating-from-gensim.md"])
def test_the_imports_of_the_migration_pages_run(page, in_tmp):
    for block in blocks(page):
        exec(compile(block, page, "exec"), {})


def test_the_table_of_the_migration_page_says_what_is_the_same(in_tmp, rng):
    """Both columns of "What to use next"."""
    from kith.annoy import AnnoyIndex

    f = 5
    X = rng.normal(size=(60, f)).astype("float32")
    items, v = [3, 4], X[8]
    t, index = AnnoyIndex(f, "angular"), kith.Index(f, "angular")
    left, right = zip(*re.findall(r"^\| `(.*?)` \| (.*) \|$", (DOCS / "migrating-from-annoy.md").read_text(), re.MULTILINE))
    rows = list(zip(left, right))[-6:]
    assert rows[0] == ("for i, v in enumerate(X): t.add_item(i, v)", "`index.add(X)`")
    names = {"X": X, "t": t, "index": index, "items": items, "AnnoyIndex": AnnoyIndex, "kith": kith, "f": f}
    for annoy, ours in rows:
        for text in (annoy, *re.findall(r"`(.*?)`", ours)):
            exec(text, {**names, "v": v})
    assert index.search(v, 10).ids.tolist() == t.get_nns_by_vector(v, 10)


@pytest.mark.parametrize(
    "module",
    [
        "kith._index",
        "kith._keyed_vectors",
        "kith.models.keyedvectors",
        "kith.models.word2vec",
        "kith.sklearn._neighbors",
        "kith.sklearn._transformer",
    ],
)
def test_examples_in_docstrings(module, in_tmp):
    if "sklearn" in module:
        pytest.importorskip("sklearn")
    result = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 2
    assert result.failed == 0
