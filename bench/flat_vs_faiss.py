"""Exact search: Kith's flat index beside faiss' IndexFlat, in one run. Prints a table of Markdown.

    python bench/flat_vs_faiss.py [--rounds 5] [--queries 1000]

Needs faiss-cpu, and KITH_DATA_DIR with GloVe 6B 50d (2,000 held-out rows are the queries, angular; faiss gets rows of unit
length and their inner product) and Fashion-MNIST (Euclidean). One thread, k = 10. The answers are compared first: where the
two differ, what Kith gives must be no farther by float64. Then the two take turns; times are medians over the rounds.
"""

import argparse
import os
import pathlib
import statistics
import time

import faiss
import numpy as np
from sets import K, fashion, glove, unit

import kith

SINGLE = 200


def ranks(metric, rows, queries, ids):
    """Squared distances by float64, for comparing two answers."""
    found = rows[ids].astype(np.float64)
    asked = queries[:, None].astype(np.float64)
    if metric == "euclidean":
        return ((found - asked) ** 2).sum(2)
    lengths = np.linalg.norm(found, axis=2) * np.linalg.norm(asked, axis=2)
    return 2 - 2 * (found * asked).sum(2) / lengths


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_by_one(search, queries):
    for i in range(SINGLE):
        search(queries[i : i + 1])


def compare(name, metric, rows, queries, rounds):
    index = kith.Index(rows.shape[1], metric, "flat")
    index.add(rows)
    index.build()
    given = unit(queries) if metric == "angular" else queries
    if metric == "angular":
        peer = faiss.IndexFlatIP(rows.shape[1])
        peer.add(unit(rows))
    else:
        peer = faiss.IndexFlatL2(rows.shape[1])
        peer.add(rows)

    def ours(block):
        return index.search(block, K, threads=1)

    def theirs(block):
        return peer.search(block, K)

    mine = ranks(metric, rows, queries, ours(queries).ids)
    other = ranks(metric, rows, queries, theirs(given)[1])
    assert (mine <= other + 1e-6 * np.abs(other).max()).all(), "Kith's answer is not exact"
    times = [
        (
            seconds(lambda: one_by_one(ours, queries)) / SINGLE,
            seconds(lambda: one_by_one(theirs, given)) / SINGLE,
            seconds(lambda: ours(queries)) / len(queries),
            seconds(lambda: theirs(given)) / len(queries),
        )
        for _ in range(rounds)
    ]
    single, single_peer, batch, batch_peer = (1000 * statistics.median(column) for column in zip(*times))
    print(f"| {name}, one query | {single:.2f} | {single_peer:.2f} | {single_peer / single:.1f} |")
    print(f"| {name}, of a batch of {len(queries)} | {batch:.2f} | {batch_peer:.2f} | {batch_peer / batch:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=1000)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    print("| ms a query | Kith | faiss IndexFlat | times as fast |\n|:--|--:|--:|--:|")
    data = pathlib.Path(os.environ["KITH_DATA_DIR"])
    for name, (metric, rows, queries) in (("GloVe 50d", glove(data)), ("Fashion-MNIST", fashion(data))):
        compare(name, metric, rows, queries[: options.queries], options.rounds)


if __name__ == "__main__":
    main()
