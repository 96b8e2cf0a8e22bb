"""Helpers of the tests: reference answers and what the process has open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np

import kith

METRICS = ("angular", "euclidean", "manhattan", "dot", "hamming")


def vectors_for(metric: str, rows: int, dim: int, rng: np.random.Generator) -> np.ndarray:
    """Random vectors that suit the metric: bits for hamming, numbers otherwise."""
    if metric == "hamming":
        return (rng.random((rows, dim)) < 0.5).astype(np.float32)
    return rng.normal(size=(rows, dim)).astype(np.float32)


def true_distances(metric: str, query: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The metric's public value in double precision."""
    query, rows = query.astype(np.float64), rows.astype(np.float64)
    if metric == "euclidean":
        return np.sqrt(((rows - query) ** 2).sum(axis=1))
    if metric == "manhattan":
        return np.abs(rows - query).sum(axis=1)
    if metric == "dot":
        return rows @ query
    if metric == "hamming":
        return ((rows > 0.5) != (query > 0.5)).sum(axis=1).astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(query)
    cosines = np.divide(rows @ query, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    return np.sqrt(np.maximum(0, 2 - 2 * cosines))


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def maps_of(path: object) -> int:
    """How many maps of a file this process has."""
    with open("/proc/self/maps", encoding="utf-8") as file:
        return sum(str(path) in line for line in file)


def errors_of_interrupted(setup: str, work: str) -> str:
    """What a Python process that does `setup`, then `work`, writes to standard error when Ctrl-C comes into the work."""
    program = [
        "import signal",
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # processes in the background ignore it",
        textwrap.dedent(setup),
        'print("ready", flush=True)',
        textwrap.dedent(work),
    ]
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdout.readline() == "ready\n", child.communicate()[1]
            time.sleep(1.5)
            child.send_signal(signal.SIGINT)
            return child.communicate(timeout=60)[1]
        finally:
            child.kill()


def index_of(vectors: np.ndarray, metric: str, kind: str = "forest", n_trees: int | None = None) -> kith.Index:
    """A built index of the rows."""
    index = kith.Index(vectors.shape[1], metric, kind)
    index.add(vectors)
    return index.build(n_trees)
