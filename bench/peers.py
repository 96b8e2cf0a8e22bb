"""Kith beside the other indexes of the field: recall and queries per second, build time and bytes, in one run.

    python bench/peers.py [--set glove|fashion|words] [--vectors FILE]
                          [--only kith,hnswlib,…] [--cache FOLDER] [--svg FILE] [--rounds 5]

Needs the package kith and KITH_DATA_DIR; takes part who is installed: annoy, hnswlib, faiss, usearch, voyager, symphonyqg
(built from its public source). GloVe 6B 50d, angular, 2,000 held-out rows as queries; Fashion-MNIST, Euclidean, the first 2,000
test images; words, angular: the rows of --vectors, a binary word2vec file, 2,000 of them held out. k = 10, one search thread. Whoever takes a matrix of queries gets one; Annoy and SymphonyQG are called
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

import numpy as np

from sets import K, exact, fashion, glove, recall, unit, words

EFS = [10, 14, 20, 30, 45, 60, 80, 100, 150, 200, 300, 450, 700]
RECALLS = [0.50, 0.80, 0.90, 0.95, 0.99]
LEAST = 0.2


class Kith:
    def __init__(self, kind):
        self.name, self.kind = f"Kith {kind}", kind
        self.efforts = [0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999]

    def build(self, items, metric, threads):
        import kith

        self.index = kith.Index(items.shape[1], metric, kind=self.kind)
        self.index.add(items)
        self.index.build(threads=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import kith

        self.index = kith.open(path)

    def query(self, queries, effort):
        return self.index.search(queries, k=K, recall=effort, threads=1).ids


class Annoy:
    def __init__(self, trees):
        self.name, self.trees = f"Annoy, {trees} trees", trees
        self.efforts = [200, 400, 700, 1000, 2000, 4000, 7000, 10000, 20000, 40000]

    def build(self, items, metric, threads):
        import annoy

        self.index = annoy.AnnoyIndex(items.shape[1], metric)
        for i, item in enumerate(items):
            self.index.add_item(i, item)
        self.index.build(self.trees, threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import annoy

        self.index = annoy.AnnoyIndex(items.shape[1], metric)
        self.index.load(path, prefault=True)

    def query(self, queries, effort):
        return [self.index.get_nns_by_vector(query, K, effort) for query in queries]


class Hnswlib:
    def __init__(self, m):
        self.name, self.m, self.efforts = f"hnswlib, M={m}", m, EFS

    def empty(self, items, metric):
        import hnswlib

        return hnswlib.Index("cosine" if metric == "angular" else "l2", items.shape[1])

    def build(self, items, metric, threads):
        self.index = self.empty(items, metric)
        self.index.init_index(len(items), M=self.m, ef_construction=200)
        self.index.add_items(items, num_threads=threads)

    def save(self, path):
        self.index.save_index(path)

    def load(self, path, items, metric):
        self.index = self.empty(items, metric)
        self.index.load_index(path)

    def query(self, queries, effort):
        self.index.set_ef(effort)
        return self.index.knn_query(queries, K, num_threads=1)[0]


class Faiss:
    def __init__(self, factory, efforts, parameter):
        self.name, self.factory, self.efforts, self.parameter = f"faiss {factory}", factory, efforts, parameter

    def build(self, items, metric, threads):
        import faiss

        faiss.omp_set_num_threads(threads)
        self.index = faiss.index_factory(items.shape[1], self.factory)
        self.index.train(items)
        self.index.add(items)

    def save(self, path):
        import faiss

        faiss.write_index(self.index, path)

    def load(self, path, items, metric):
        import faiss

        self.index = faiss.read_index(path)

    def query(self, queries, effort):
        import faiss

        faiss.omp_set_num_threads(1)
        faiss.ParameterSpace().set_index_parameters(self.index, self.parameter.format(effort))
        return self.index.search(queries, K)[1]


class Usearch:
    def __init__(self):
        self.name, self.efforts = "usearch", EFS

    def empty(self, items, metric):
        from usearch.index import Index

        return Index(ndim=items.shape[1], metric="cos" if metric == "angular" else "l2sq", connectivity=16,
                     expansion_add=200, dtype="f32")

    def build(self, items, metric, threads):
        self.index = self.empty(items, metric)
        self.index.add(np.arange(len(items)), items, threads=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        self.index = self.empty(items, metric)
        self.index.load(path)

    def query(self, queries, effort):
        self.index.expansion_search = effort
        return self.index.search(queries, K, threads=1).keys


class Voyager:
    def __init__(self):
        self.name, self.efforts = "voyager", EFS

    def build(self, items, metric, threads):
        import voyager

        space = voyager.Space.Cosine if metric == "angular" else voyager.Space.Euclidean
        self.index = voyager.Index(space, items.shape[1], M=16, ef_construction=200)
        self.index.add_items(items, num_threads=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import voyager

        self.index = voyager.Index.load(path)

    def query(self, queries, effort):
        return self.index.query(queries, K, num_threads=1, query_ef=effort)[0]


class SymphonyQG:
    def __init__(self, degree):
        self.name, self.degree, self.efforts = f"SymphonyQG, degree {degree}", degree, EFS

    def empty(self, items):
        import symphonyqg

        return symphonyqg.Index("QG", "L2", len(items), items.shape[1], self.degree)

    def build(self, items, metric, threads):
        self.index = self.empty(items)
        self.index.build_index(items, 400, num_thread=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        self.index = self.empty(items)
        self.index.load(path)

    def query(self, queries, effort):
        self.index.set_ef(effort)
        return [self.index.search(query, K) for query in queries]


def contenders(dim):
    return [
        Kith("graph"),
        Kith("coded"),
        Annoy(10),
        Annoy(100),
        Hnswlib(16),
        Hnswlib(32),
        Faiss("HNSW32", EFS, "efSearch={}"),
        Faiss(f"IVF512,PQ{dim // 8 if dim % 8 == 0 else dim // 2}x4fs,RFlat", [1, 2, 4, 8, 16, 32, 64, 128], "nprobe={},k_factor_rf=10"),
        Usearch(),
        Voyager(),
        SymphonyQG(32),
    ]


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
    facts.write_text(json.dumps([seconds, path.stat().st_size]))
    return seconds, path.stat().st_size


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
    parser.add_argument("--set", choices=["glove", "fashion", "words"], default="glove")
    parser.add_argument("--vectors", type=pathlib.Path, help="for --set words")
    parser.add_argument("--only", default="", help="beginnings of names, separated by commas")
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2, help="for building")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--svg")
    args = parser.parse_args()
    if args.data is None:
        parser.error("set KITH_DATA_DIR or give --data")

    if args.set == "words":
        metric, items, queries = words(args.vectors)
    else:
        metric, items, queries = {"glove": glove, "fashion": fashion}[args.set](args.data)
    queries = queries[:2000]
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
    print()
    for name, points in results.items():
        print(f"{name}: " + " · ".join(f"{found:.3f} → {speed:,.0f}" for found, speed in points))
    if args.svg:
        draw(results, f"{args.set}: {len(items):,} × {items.shape[1]}, {metric}", args.svg)


if __name__ == "__main__":
    main()
