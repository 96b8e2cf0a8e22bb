"""gensim's Annoy tutorial with Kith's imports: examples/python/fast_similarity_queries.py, on a part of the text."""

from __future__ import annotations

import gzip
import os
import pathlib
import re
import subprocess
import sys

import pytest

import kith.datasets
from kith.models import KeyedVectors, Word2Vec
from kith.similarities import AnnoyIndexer

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "examples" / "python" / "fast_similarity_queries.py"


@pytest.fixture
def text(data_dir, tmp_path):
    """The first four million bytes of the corpus."""
    path = kith.datasets.text8(folder=data_dir)
    opened = gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        (tmp_path / "text8").write_bytes(file.read(4_000_000).rsplit(b" ", 1)[0])
    return tmp_path / "text8"


def test_the_tutorial_runs_top_to_bottom(text, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("psutil")
    environment = {**os.environ, "MPLBACKEND": "agg", "MPLCONFIGDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(text), str(tmp_path)],
        capture_output=True, text=True, env=environment, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert done.stdout.count("Approximate Neighbors\n('science', ") == 1
    assert done.stdout.count("Exact Neighbors\n('cat', ") == 1
    assert done.stdout.count("built an index of its own") == done.stdout.count("mapped the index") == 2
    found = re.search(r"Accuracy by number of trees: (\{.*\})", done.stdout)
    accuracy = [int(share) for share in re.findall(r": (\d+)", found[1])]
    assert len(accuracy) == 30
    assert accuracy[-1] >= 95 > accuracy[0]
    names = {"mymodel.index", "mymodel.index.dict", "mymodel.kith", "num_trees.png", "vectors.bin", "vectors.txt"}
    assert names <= {file.name for file in tmp_path.iterdir()}
    vectors = KeyedVectors.load_word2vec_format(tmp_path / "vectors.bin", binary=True)
    assert vectors.index_to_key == Word2Vec.load(tmp_path / "mymodel.kith").wv.index_to_key
    indexer = AnnoyIndexer()
    indexer.load(tmp_path / "mymodel.index")
    assert indexer.labels == vectors.index_to_key
