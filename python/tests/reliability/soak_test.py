"""Many calls of all sorts leave memory, maps and open files as they were. KITH_SOAK_CALLS asks for another number."""

from __future__ import annotations

import gc
import os
import pathlib

import numpy as np
import pytest
from support import index_of, maps_of, open_files

import kith
from kith.annoy import Annoy

CALLS = int(os.environ.get("KITH_SOAK_CALLS", "100000"))


def resident_bytes() -> int:
    gc.collect()
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def refuse(call, *arguments) -> None:
    with pytest.raises((ValueError, IndexError, TypeError, OSError)):
        call(*arguments)


def test_mixed_calls_leave_memory_and_files_as_they_were(in_tmp):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(2000, 24)).astype(np.float32)
    index = index_of(vectors, "euclidean", n_trees=5)
    index.save("index.kith")
    index.save("index.ann")
    annoy = Annoy(24, "euclidean")
    annoy.load("index.ann")
    words = kith.KeyedVectors([f"w{i}" for i in range(2000)], vectors)
    nan = np.full(24, np.nan, np.float32)

    def reopen():
        opened = kith.open("index.kith")
        assert opened.search(vectors[1], 1).ids[0] == 1

    def reload():
        annoy.unload()
        annoy.load("index.ann")

    def rebuild():
        small = index_of(vectors[:50], "euclidean", n_trees=1)
        small.save("small.kith")

    often = [
        lambda i: index.search(vectors[i % 2000], 5),
        lambda i: annoy.get_nns_by_item(i % 2000, 5),
        lambda i: annoy.get_distance(i % 2000, 7),
        lambda i: annoy.get_item_vector(i % 2000),
        lambda i: words.most_similar(f"w{i % 2000}", topn=3),
        lambda i: words.similarity("w1", f"w{i % 2000}"),
        lambda i: refuse(index.search, nan, 5),
        lambda i: refuse(annoy.get_nns_by_item, 5000, 5),
        lambda i: refuse(words.most_similar, "no such word"),
    ]
    seldom = [
        lambda i: index.search(vectors[:100], 5),
        lambda i: reopen(),
        lambda i: reload(),
        lambda i: refuse(kith.open, "no-such-file.kith"),
        lambda i: refuse(annoy.load, "index.kith"),
    ]

    def run(calls: int) -> None:
        for i in range(calls):
            often[i % len(often)](i)
            if i % 50 == 0:
                seldom[i // 50 % len(seldom)](i)
            if i % 5000 == 0:
                rebuild()
        reload()

    run(max(20000, CALLS // 10))
    before, files, maps = resident_bytes(), open_files(), maps_of(in_tmp / "index.ann")
    run(CALLS)
    assert open_files() == files
    assert maps_of(in_tmp / "index.ann") == maps
    assert resident_bytes() - before < 8 << 20


def test_loading_and_unloading_keeps_nothing(in_tmp):
    rng = np.random.default_rng(3)
    index = index_of(rng.normal(size=(500, 8)), "angular", n_trees=3)
    index.save("index.ann")
    annoy = Annoy(8, "angular")
    for _ in range(1000):
        annoy.load("index.ann")
        annoy.unload()
    before, files = resident_bytes(), open_files()
    for _ in range(CALLS):
        annoy.load("index.ann")
        annoy.unload()
    assert open_files() <= files
    assert resident_bytes() - before < 4 << 20
