"""What a query costs in a forest against the number of items, at one recall: Kith and Annoy on the same file.

    python bench/forest_scaling.py [--tools build/release/tests/parity] [--trees 50] [--recall 0.9]
                                   [--sizes 25000,50000,100000,200000,398000] [--plot docs/images/forest-scaling.svg]

Needs the package annoy, matplotlib for the plot, and KITH_DATA_DIR (GloVe 6B 50d, angular; rows drawn at
random, as the queries are: the first rows are the most frequent words, of which rare words have no near ones). For each size
Kith builds, the least search_k that reaches the recall@10 is found to some 2%, and both libraries answer 500 held-out
queries with it in turns, one thread, on the file that Kith wrote.
"""

import argparse
import os
import pathlib
import statistics
import tempfile
import time

import annoy
import numpy as np
import plots
from forest_vs_annoy import Bench
from sets import K, glove, recall


def least_effort(bench, wanted):
    reaches = lambda effort: recall(bench.truth, bench.ask_kith("kith.ann", effort)) >= wanted  # noqa: E731
    high = K
    while not reaches(high):
        high *= 2
    low = high // 2
    while high - low > max(high // 50, 1):
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def times(bench, effort, rounds):
    """Median seconds of a query: Annoy's, Kith's."""
    index = annoy.AnnoyIndex(bench.dim, bench.metric)
    index.load(str(bench.folder / "kith.ann"), prefault=True)
    queries = [query.tolist() for query in bench.queries]
    annoys, kiths = [], []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        for query in queries:
            index.get_nns_by_vector(query, K, effort)
        annoys.append(time.perf_counter() - start)
        output = bench.kith("time_query", bench.folder / "kith.ann", bench.folder / "queries", K, effort, 1)
        kiths.append(float(output.split()[0]))
    # The first round warms up.
    return (statistics.median(each[1:]) / len(queries) for each in (annoys, kiths))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/release/tests/parity"))
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--recall", type=float, default=0.9)
    parser.add_argument("--sizes", default="25000,50000,100000,200000,398000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plot", type=pathlib.Path)
    args = parser.parse_args()
    metric, items, queries = glove(pathlib.Path(os.environ["KITH_DATA_DIR"]))
    items = items[np.random.RandomState(1).permutation(len(items))]
    rows = []
    for size in map(int, args.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(args.tools, pathlib.Path(folder), metric, items[:size], queries[:500], 2, 1)
            bench.kith("time_build", bench.folder / "items", args.trees, bench.folder / "kith.ann", 2)
            effort = least_effort(bench, args.recall)
            theirs, mine = times(bench, effort, args.rounds)
            rows.append((size, effort, theirs, mine))
            print(
                f"{size:7} items: search_k {effort:6}, Annoy {theirs * 1e6:6.0f} us, Kith {mine * 1e6:6.0f} us a query: "
                f"{theirs / mine:.1f} times",
                flush=True,
            )
    if args.plot:
        curves = {"Annoy": {row[0]: row[2] for row in rows}, "Kith": {row[0]: row[3] for row in rows}}
        plots.against_items(curves, f"GloVe 50d, {args.trees} trees, recall@{K} of {args.recall}", args.plot)


if __name__ == "__main__":
    main()
