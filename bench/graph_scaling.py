"""What a query costs in Kith's graph and coded forest against the number of items, at one recall, and what they cost to build.

    python bench/graph_scaling.py [--sizes 25000,50000,100000,200000,398000] [--recall 0.95] [--plot docs/images/graph-scaling.svg]
    python bench/graph_scaling.py --set passages --vectors words96.bin --sizes 5000000

Needs the package kith, matplotlib for the plot, and KITH_DATA_DIR. GloVe 6B 50d, angular: rows drawn at random, as the 2,000
held-out queries are. passages: the text of wiki8 in windows of 12 words, one after every third, each the mean of its words' vectors
(--vectors, word2vec's binary format), weighted by a / (a + frequency) with a = 0.001 (Arora, Liang and Ma, 2017, "A Simple but
Tough-to-Beat Baseline for Sentence Embeddings"); the queries are windows of the text that follows. k = 10, one search thread; the
indexes take turns; the exact answers are NumPy's. Memory is what the whole process held at most while it built, the items among it.
"""

import argparse
import os
import pathlib
import statistics
import tempfile
import time

import numpy as np
import plots
from contenders import Kith
from peers import asked, speed_at
from sets import K, exact, glove, passages, recall, unit


def resident_peak():
    """Bytes that the process held at most since the last call of forget_peak()."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def forget_peak():
    pathlib.Path("/proc/self/clear_refs").write_text("5")


def built(kind, items, metric, threads):
    index = Kith(kind)
    forget_peak()
    start = time.perf_counter()
    index.build(items, metric, threads)
    seconds, peak = time.perf_counter() - start, resident_peak()
    with tempfile.TemporaryDirectory() as folder:
        index.save(f"{folder}/index.kith")
        size = os.path.getsize(f"{folder}/index.kith")
    print(
        f"{kind}: {len(items):,} x {items.shape[1]}, {items.nbytes / 1e6:,.0f} MB, built by {threads} threads in "
        f"{seconds:.1f} s, {size / 1e6:,.0f} MB; at most {peak / 1e9:.2f} GB in memory, the items among it",
        flush=True,
    )
    return index


def speeds(indexes, queries, truth, rounds):
    """For each index its (recall, queries per second), the medians of the rounds."""
    found = {index.kind: [] for index in indexes}
    times = {index.kind: {effort: [] for effort in index.efforts} for index in indexes}
    for _ in range(rounds):
        for index in indexes:
            for effort in index.efforts:
                answers, speed = asked(index, queries, effort)
                times[index.kind][effort].append((recall(truth, answers), speed))
    for kind, efforts in times.items():
        found[kind] = [(each[0][0], statistics.median(speed for _, speed in each)) for each in efforts.values()]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["glove", "passages"], default="glove")
    parser.add_argument("--vectors", type=pathlib.Path, help="for --set passages")
    parser.add_argument("--sizes", default="25000,50000,100000,200000,398000")
    parser.add_argument("--kinds", default="graph,coded")
    parser.add_argument("--recall", type=float, default=0.95)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2, help="for building")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plot", type=pathlib.Path)
    args = parser.parse_args()
    data = pathlib.Path(os.environ["KITH_DATA_DIR"])
    sizes = [int(size) for size in args.sizes.split(",")]
    if args.set == "glove":
        metric, items, queries = glove(data)
        items = items[np.random.RandomState(1).permutation(len(items))]
    else:
        metric, items, queries = passages(data, args.vectors, max(sizes))
    items, queries = unit(items), unit(queries[: args.queries])

    rows = []
    for size in sizes:
        truth = exact(metric, items[:size], queries)
        indexes = [built(kind, items[:size], metric, args.threads) for kind in args.kinds.split(",")]
        points = speeds(indexes, queries, truth, args.rounds)
        rows.append((size, {kind: speed_at(each, args.recall) for kind, each in points.items()}))
        for kind, each in points.items():
            curve = " · ".join(f"{found:.3f} → {speed:,.0f}" for found, speed in each)
            print(f"{size:9,} {kind}: {rows[-1][1][kind]:,.0f} queries/s at {args.recall}; {curve}", flush=True)
    if args.plot:
        curves = {kind: {size: 1 / found[kind] for size, found in rows} for kind in args.kinds.split(",")}
        plots.against_items(curves, f"GloVe 50d, recall@{K} of {args.recall}", args.plot, linear=True)


if __name__ == "__main__":
    main()
