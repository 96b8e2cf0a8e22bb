"""Threads, forks and processes on one object: the answers of one alone, and one copy of the file in memory. On a
free-threaded Python the threads run at once."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import threading

import numpy as np
import pytest
from support import index_of

import kith
from kith.models.phrases import Phrases
from kith.models.word2vec import LineSentence

THREADS = 8


def run_at_once(*work) -> None:
    """Calls each on a thread of its own; raises the first of what they raise."""
    failures: list[BaseException] = []

    def guarded(each) -> None:
        try:
            each()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python has a GIL")
def test_a_free_threaded_python_stays_so():
    code = "import sys, kith; sys.exit(sys._is_gil_enabled())"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


@pytest.mark.parametrize("kind", ["forest", "flat", "coded", "graph"])
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


@pytest.mark.parametrize("kind", ["forest", "flat", "coded", "graph", "auto"])
def test_threads_may_add_build_search_save_and_unbuild_at_once(kind, tmp_path, rng):
    vectors = rng.normal(size=(600, 8)).astype(np.float32)
    index = kith.Index(8, "angular", kind)
    index.add(vectors[:200])
    vocabulary = kith.KeyedVectors([str(row) for row in range(200)], vectors[:200])
    stop = threading.Event()

    def change() -> None:
        for first in range(200, 600, 20):
            index.add(vectors[first : first + 20])
            index.build(threads=2)
            index.unbuild()
        index.build(threads=1)
        stop.set()

    def ask(use) -> None:
        while not stop.is_set():
            try:
                use()
            except ValueError as error:
                assert re.search("not built|index holds [0-9]+ items", str(error))

    def look() -> None:
        assert index.info()["size"] >= 200
        assert index.vectors([7])[0].tolist() == vectors[7].tolist()
        assert 3 in index and index.size >= 200
        assert index.kind == kind or kind == "auto"
        assert len(index.ids()) >= 200

    def search() -> None:
        assert index.search(vectors[5], 3).ids[0] == 5
        assert index.search_items([4, 5], 1).ids[:, 0].tolist() == [4, 5]

    run_at_once(
        change,
        lambda: ask(look),
        lambda: ask(search),
        lambda: ask(search),
        lambda: ask(lambda: index.save(tmp_path / f"{threading.get_ident()}.kith")),
        lambda: ask(lambda: vocabulary.most_similar("3", topn=2, index=index)),
    )
    assert index.search(vectors[599], 1).ids.tolist() == [599]


def test_phrases_may_be_asked_while_other_threads_teach_them(tmp_path):
    sentences = [["new", "york", f"w{i}", f"w{i + 1}"] for i in range(4000)]
    phrases = Phrases(sentences[:100], min_count=1, threshold=1)
    text = tmp_path / "text"
    text.write_text("".join(" ".join(sentence) + "\n" for sentence in sentences[2000:]))
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            assert phrases[["in", "new", "york"]] == ["in", "new_york"]
            assert phrases.corpus_word_count >= 400
            phrases.export_phrases()

    def teach_all() -> None:
        try:
            run_at_once(lambda: phrases.add_vocab(sentences[100:2000]), lambda: phrases.add_vocab(LineSentence(text)))
        finally:
            stop.set()

    run_at_once(teach_all, ask, ask)
    assert phrases.corpus_word_count == 16_000
    assert phrases.vocab["new_york"] == 4000
