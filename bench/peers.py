"""Kith beside the other indexes of the field: recall and queries per second, build time and bytes, in one run.

    python bench/peers.py [--set glove|fashion|turned|words] [--vectors FILE]
                          [--only kith,hnswlib,…] [--cache FOLDER] [--svg FILE] [--rounds 5] [--queries 2000]

Needs the package kith and KITH_DATA_DIR; takes part who is installed: annoy, hnswlib, faiss, usearch, voyager, ngt, scann, svs
(scalable-vs), pynndescent, symphonyqg (built from its public source). GloVe 6B 50d, angular, 2,000 held-out rows as queries; Fashion-MNIST, Euclidean, the first 2,000
test images; turned, the same so that its elements are not whole numbers; words, angular: the rows of --vectors, a binary word2vec file, 2,000 of them held out. k = 10, one search thread. Whoever takes a matrix of queries gets one; Annoy, NGT and SymphonyQG are called
query by query, which costs them about a microsecond each. All queries are asked again and again for a fifth of a second, so that a quick
index is not measured while its pages and caches are still cold; a figure is the median of the rounds, in which all take turns.

--cache keeps the peers' built indexes for another run, whose build times are then those of the first.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time

from contenders import K, contenders
from sets import exact, fashion, glove, recall, turned, unit, words

RECALLS = [0.50, 0.80, 0.90, 0.95, 0.99]
LEAST = 0.2


def prepared(contender, cache, items, metric, threads):
    """Seconds to build, bytes of the saved index."""
    path = cache / contender.name.replace(" ", "_").replace(",", "_")
    facts = path.with_suffix(".json")
    if facts.exists():
        contender.load(str(path), items, metric)
        return json.loads(facts.read_text())
    start = time.perf_counter()
    contender.build(items, metric, threads)
    seconds = time.perf_counter() - start
    contender.save(str(path))
    size = sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())
    facts.write_text(json.dumps([seconds, size]))
    return seconds, size


def asked(contender, queries, effort):
    """The answers, and queries per second over enough passes to take LEAST seconds."""
    start, passes = time.perf_counter(), 0
    while passes == 0 or time.perf_counter() - start < LEAST:
        answers, passes = contender.query(queries, effort), passes + 1
    return answers, passes * len(queries) / (time.perf_counter() - start)


def speed_at(points, wanted):
    """Queries per second at a recall, on the frontier of (recall, speed) points; None where it is not reached."""
    frontier = []
    for found, speed in sorted(points, reverse=True):
        if not frontier or speed > frontier[-1][1]:
            frontier.append((found, speed))
    above = [point for point in frontier if point[0] >= wanted]
    below = [point for point in frontier if point[0] < wanted]
    if not above:
        return None
    (high, slow) = above[-1]
    if not below or high == wanted:
        return slow
    (low, fast) = below[0]
    share = (high - wanted) / (high - low)
    return slow ** (1 - share) * fast**share


def draw(results, title, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 6))
    for name, points in results.items():
        shown = sorted(point for point in points if point[0] >= 0.7)
        axes.plot([p[0] for p in shown], [p[1] for p in shown], marker="o", markersize=3, label=name)
    axes.set(xlabel="recall@10", ylabel="queries per second, one thread", yscale="log", title=title)
    axes.grid(True, which="both", alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(path, bbox_inches="tight")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("KITH_DATA_DIR"))
    parser.add_argument("--set", choices=["glove", "fashion", "turned", "words"], default="glove")
    parser.add_argument("--vectors", type=pathlib.Path, help="for --set words")
    parser.add_argument("--only", default="", help="beginnings of names, separated by commas")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2, help="for building")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=2000, help="of the 2,000")
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--svg")
    args = parser.parse_args()
    if args.data is None:
        parser.error("set KITH_DATA_DIR or give --data")

    if args.set == "words":
        metric, items, queries = words(args.vectors)
    else:
        metric, items, queries = {"glove": glove, "fashion": fashion, "turned": turned}[args.set](args.data)
    queries = queries[: args.queries]
    truth = exact(metric, items, queries)
    if metric == "angular":  # for those that know lengths alone, and no loss for the others
        items, queries = unit(items), unit(queries)
    cache = args.cache / (args.vectors.stem if args.set == "words" else args.set)
    cache.mkdir(parents=True, exist_ok=True)
    wanted = tuple(args.only.lower().split(","))
    taking_part, facts = [], {}
    for contender in contenders(items.shape[1]):
        if not contender.name.lower().startswith(wanted):
            continue
        try:
            facts[contender.name] = prepared(contender, cache, items, metric, args.threads)
        except (ImportError, RuntimeError) as error:
            print(f"{contender.name}: {error}", file=sys.stderr)
            continue
        taking_part.append(contender)
        print(f"{contender.name}: built in {facts[contender.name][0]:.1f} s", file=sys.stderr, flush=True)
    if args.build_only:
        return

    recalls = {contender.name: {} for contender in taking_part}
    speeds = {contender.name: {effort: [] for effort in contender.efforts} for contender in taking_part}
    for _ in range(args.rounds):
        for contender in taking_part:
            for effort in contender.efforts:
                answers, speed = asked(contender, queries, effort)
                recalls[contender.name][effort] = recall(truth, [[int(i) for i in row] for row in answers])
                speeds[contender.name][effort].append(speed)
    results = {
        name: [(recalls[name][effort], statistics.median(each)) for effort, each in efforts.items()]
        for name, efforts in speeds.items()
    }
    print("| | build, s | MB | " + " | ".join(f"q/s at {r:.2f}" for r in RECALLS) + " |\n|---" + "|---:" * (2 + len(RECALLS)) + "|")
    for name, points in results.items():
        cells = [f"{speed:,.0f}" if (speed := speed_at(points, r)) else "not reached" for r in RECALLS]
        print(f"| {name} | {facts[name][0]:.1f} | {facts[name][1] / 1e6:.0f} | " + " | ".join(cells) + " |")
    print(f"\nThe vectors as float32: {items.nbytes / 1e6:.1f} MB\n")
    for name, points in results.items():
        print(f"{name}: " + " · ".join(f"{found:.3f} → {speed:,.0f}" for found, speed in points))
    if args.svg:
        draw(results, f"{args.set}: {len(items):,} × {items.shape[1]}, {metric}", args.svg)


if __name__ == "__main__":
    main()
