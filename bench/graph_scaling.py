"""What a query costs in Kith's graph and coded forest against the number of items, at one recall, and what they cost to build.

    python bench/graph_scaling.py [--sizes 25000,50000,100000,200000,398000] [--recall 0.95] [--plot docs/images/graph-scaling.svg]
    python bench/graph_scaling.py --set passages --vectors words96.bin --sizes 5000000
    python bench/graph_scaling.py --hnswlib [...]

Needs the package kith, matplotlib for the plot, hnswlib for --hnswlib, and KITH_DATA_DIR. GloVe 6B 50d, angular: rows drawn at random, as the 2,000
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
from contenders import Hnswlib, Kith
from peers import asked, speed_at
from sets import K, exact, glove, passages, recall, unit


def resident_peak():
    """Bytes that the process held at most since the last call of forget_peak()."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def forget_peak():
    pathlib.Path("/proc/self/clear_refs").write_text("5")


def build(index, items, metric, threads):
    forget_peak()
    start = time.perf_counter()
    index.build(items, metric, threads)
    seconds, peak = time.perf_counter() - start, resident_peak()
    with tempfile.TemporaryDirectory() as folder:
        index.save(f"{folder}/index")
        size = os.path.getsize(f"{folder}/index")
    print(
        f"{index.name}: {len(items):,} x {items.shape[1]}, {items.nbytes / 1e6:,.0f} MB, built by {threads} threads in "
        f"{seconds:.1f} s, {size / 1e6:,.0f} MB; at most {peak / 1e9:.2f} GB in memory, the items among it",
        flush=True,
    )


def speeds(indexes, queries, truth, rounds):
    """For each index its (recall, queries per second), the medians of the rounds."""
    times = {index.name: {effort: [] for effort in index.efforts} for index in indexes}
    for _ in range(rounds):
        for index in indexes:
            for effort in index.efforts:
                answers, speed = asked(index, queries, effort)
                times[index.name][effort].append((recall(truth, answers), speed))
    return {
        name: [(each[0][0], statistics.median(speed for _, speed in each)) for each in efforts.values()]
        for name, efforts in times.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=["glove", "passages"], default="glove")
    parser.add_argument("--vectors", type=pathlib.Path, help="for --set passages")
    parser.add_argument("--sizes", default="25000,50000,100000,200000,398000")
    parser.add_argument("--kinds", default="graph,coded")
    parser.add_argument("--hnswlib", action="store_true", help="beside them, with M=16 and ef_construction=200")
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
        indexes = [Kith(kind) for kind in args.kinds.split(",")] + ([Hnswlib(16)] if args.hnswlib else [])
        for index in indexes:
            build(index, items[:size], metric, args.threads)
        points = speeds(indexes, queries, truth, args.rounds)
        rows.append((size, {name: speed_at(each, args.recall) for name, each in points.items()}))
        for name, each in points.items():
            curve = " · ".join(f"{found:.3f} → {speed:,.0f}" for found, speed in each)
            print(f"{size:9,} {name}: {rows[-1][1][name]:,.0f} queries/s at {args.recall}; {curve}", flush=True)
    if args.plot:
        curves = {name: {size: 1 / found[name] for size, found in rows} for name in rows[0][1]}
        plots.against_items(curves, f"GloVe 50d, recall@{K} of {args.recall}", args.plot, linear=True)


if __name__ == "__main__":
    main()
