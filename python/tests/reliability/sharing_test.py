"""Threads, forks and processes on one index: the answers of one alone, and one copy of the file in memory."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from support import index_of

import kith

THREADS = 8


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> pathlib.Path:
    """An index of more than 100 MB."""
    rng = np.random.default_rng(1)
    path = tmp_path_factory.mktemp("large") / "large.kith"
    index_of(rng.random((280_000, 96), dtype=np.float32), "euclidean", "flat").save(path)
    assert path.stat().st_size > 100 << 20
    return path


READER = """
import pathlib, re, sys
import kith, numpy

def private():
    text = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return 1024 * sum(int(size) for size in re.findall(r"^Private_\\w+: +(\\d+) kB", text, re.M))

query = numpy.zeros(96, numpy.float32)
before = private()
index = kith.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
ids = index.search(query, 10).ids.tolist()
print(ids, flush=True)
sys.stdin.readline()
print(private() - before, flush=True)
sys.stdin.readline()
"""


def test_processes_that_share_a_file_have_little_of_their_own(large):
    expected = kith.open(large).search(np.zeros(96, np.float32), 10).ids.tolist()
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(large)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]

    def ask_all() -> list[str]:
        for reader in readers:
            reader.stdin.write("\n")
            reader.stdin.flush()
        return [reader.stdout.readline().strip() for reader in readers]

    assert [reader.stdout.readline().strip() for reader in readers] == ["open"] * 3
    assert ask_all() == [str(expected)] * 3
    private = ask_all()  # while all three have the file mapped and have read it all
    for reader in readers:
        reader.communicate("\n", timeout=60)
    assert all(int(size) < 5 << 20 for size in private), private


@pytest.mark.parametrize("kind", ["forest", "flat", "coded"])
def test_eight_threads_get_the_answers_of_one(kind, rng):
    vectors = rng.normal(size=(3000, 16)).astype(np.float32)
    index = index_of(vectors, "angular", kind)
    alone = [index.search(vector, 5) for vector in vectors[:400]]
    wrong: list[int] = []

    def ask(offset: int) -> None:
        for i in range(400):
            row = (i + offset) % 400
            found = index.search(vectors[row], 5)
            if found.ids.tolist() != alone[row].ids.tolist() or found.distances.tolist() != alone[row].distances.tolist():
                wrong.append(row)

    threads = [threading.Thread(target=ask, args=(50 * number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_after_opening_answers_as_its_parent(large):
    index = kith.open(large)
    query = index.vectors([123])[0]
    expected = index.search(query, 5).ids.tolist()
    batch = np.stack([query] * 64)
    assert index.search(batch, 5).ids[63].tolist() == expected
    child = os.fork()
    if child == 0:
        same = index.search(query, 5).ids.tolist() == expected
        same = same and index.search(batch, 5, threads=2).ids[63].tolist() == expected
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_opening_and_closing_beside_searches_disturbs_nobody(tmp_path, rng):
    vectors = rng.normal(size=(2000, 12)).astype(np.float32)
    path = tmp_path / "index.kith"
    index = index_of(vectors, "euclidean", n_trees=5)
    index.save(path)
    expected = index.search(vectors[:50], 3).ids.tolist()
    stop = threading.Event()
    wrong: list[object] = []

    def replace() -> None:
        while not stop.is_set():
            index.save(path)

    def ask() -> None:
        for _ in range(30):
            if kith.open(path).search(vectors[:50], 3).ids.tolist() != expected:
                wrong.append(path)

    writer = threading.Thread(target=replace)
    readers = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in [writer, *readers]:
        thread.start()
    for reader in readers:
        reader.join()
    stop.set()
    writer.join()
    assert not wrong
