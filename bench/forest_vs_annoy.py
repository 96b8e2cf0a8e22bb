"""Kith's forest beside Annoy, in one run: build time, recall and queries per second on the same files.

    python bench/forest_vs_annoy.py --tools build/release/tests/parity [--set glove|fashion|words] [--vectors FILE]
                                    [--metric manhattan|hamming|…] [--trees 10,50,100] [--efforts 1000,4000,10000,40000] [--threads 2] [--pairs 5]
                                    [--queries 2000] [--builds 5] [--no-search]

Needs the package annoy and KITH_DATA_DIR. GloVe 6B 50d, angular: 2,000 held-out rows are the queries; Fashion-MNIST,
Euclidean: the first 2,000 test images; words, angular: the rows of --vectors, a binary word2vec file such as
`kith train wiki8.gz -o FILE.bin` writes, 2,000 of them held out. --metric takes the same rows by another metric: hamming the
bits of pixels above 127, or of numbers above 0. For every number of trees both libraries build; then each effort (search_k) is
timed on Annoy's own file, Annoy and Kith taking turns, one thread, k = 10, and the answers are compared with exact
search. Annoy is called from Python one query at a time, which costs it about a microsecond of each query (measured
and printed); Kith is called from C++.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import annoy
from sets import K, as_bits, exact, fashion, glove, recall, words

SEED = 1000  # of the first build; Annoy takes 31 bits


class Bench:
    def __init__(self, tools, folder, metric, items, queries, threads, pairs):
        self.tool, self.folder, self.metric = tools / "annoy_tool", folder, metric
        self.items, self.queries, self.threads, self.pairs = items, queries, threads, pairs
        self.dim = items.shape[1]
        items.tofile(folder / "items")
        queries.tofile(folder / "queries")
        self.truth = exact(metric, items, queries)

    def kith(self, command, *rest):
        done = subprocess.run(
            [self.tool, command, self.metric, str(self.dim), *map(str, rest)], capture_output=True, text=True, check=True
        )
        return done.stdout

    def build(self, trees, rounds, efforts):
        """Builds in turns, from as many seeds as rounds; the last pair of files stays for the searches."""
        ratios, recalls = [], {effort: ([], []) for effort in efforts}
        for seed in range(rounds):
            index = annoy.AnnoyIndex(self.dim, self.metric)
            index.set_seed(SEED + seed)
            start = time.perf_counter()
            for i, vector in enumerate(self.items):
                index.add_item(i, vector)
            added = time.perf_counter()
            index.build(trees, self.threads)
            annoys = time.perf_counter() - added
            index.save(str(self.folder / "annoy.ann"))
            del index
            output = self.kith(
                "time_build", self.folder / "items", trees, self.folder / "kith.ann", self.threads, SEED + seed
            )
            adding, building, peak, size = map(float, output.split())
            ratios.append(annoys / building)
            for effort, (theirs, mine) in recalls.items() if rounds > 1 else ():
                theirs.append(recall(self.truth, self.ask_kith("annoy.ann", effort)))
                mine.append(recall(self.truth, self.ask_kith("kith.ann", effort)))
            print(
                f"{trees} trees, {self.threads} threads: Annoy adds in {added - start:.2f} s, builds in {annoys:.2f} s "
                f"({(self.folder / 'annoy.ann').stat().st_size / 1e6:.1f} MB); Kith adds in {adding:.3f} s, builds in "
                f"{building:.2f} s ({size / 1e6:.1f} MB): {ratios[-1]:.1f} times as fast; at most {peak / size:.2f} times "
                "the index in memory",
                flush=True,
            )
        print(f"  {statistics.median(ratios):.1f} times as fast ({min(ratios):.1f} to {max(ratios):.1f})")
        for effort, (theirs, mine) in recalls.items() if rounds > 1 else ():
            print(
                f"  search_k {effort:6}, {rounds} seeds: recall@{K} {statistics.mean(theirs):.4f} +- "
                f"{statistics.pstdev(theirs):.4f} in Annoy's trees, {statistics.mean(mine):.4f} +- "
                f"{statistics.pstdev(mine):.4f} in Kith's",
                flush=True,
            )

    def ask_annoy(self, name, effort):
        index = annoy.AnnoyIndex(self.dim, self.metric)
        index.load(str(self.folder / name), prefault=True)
        return [index.get_nns_by_vector(query, K, effort) for query in self.queries]

    def ask_kith(self, name, effort):
        output = self.kith("query", self.folder / name, self.folder / "queries", K, effort, "auto")
        return [list(map(int, line.split()[0::2])) for line in output.splitlines()[1:]]

    def search(self, effort):
        index = annoy.AnnoyIndex(self.dim, self.metric)
        index.load(str(self.folder / "annoy.ann"), prefault=True)
        queries = [query.tolist() for query in self.queries]
        ratios, annoys, kiths = [], [], []
        for query in queries:
            index.get_nns_by_vector(query, K, effort)
        for _ in range(self.pairs):
            start = time.perf_counter()
            for query in queries:
                index.get_nns_by_vector(query, K, effort)
            annoys.append(time.perf_counter() - start)
            kiths.append(
                float(
                    self.kith(
                        "time_query", self.folder / "annoy.ann", self.folder / "queries", K, effort, 1
                    ).split()[0]
                )
            )
            ratios.append(annoys[-1] / kiths[-1])
        theirs, mine = self.ask_annoy("annoy.ann", effort), self.ask_kith("annoy.ann", effort)
        same = sum(a == b for a, b in zip(theirs, mine))
        count = len(queries)
        print(
            f"  search_k {effort:6}: Annoy {count / statistics.median(annoys):6.0f}/s, "
            f"Kith {count / statistics.median(kiths):6.0f}/s, {statistics.median(ratios):.2f} times "
            f"({min(ratios):.2f} to {max(ratios):.2f}); same answer {same}/{count}; recall@{K} "
            f"{recall(self.truth, theirs):.4f}, in Kith's own trees {recall(self.truth, self.ask_kith('kith.ann', effort)):.4f}",
            flush=True,
        )


def overhead():
    """Seconds of one call of Annoy from Python that has nothing to search."""
    index = annoy.AnnoyIndex(50, "angular")
    index.add_item(0, [1.0] * 50)
    index.build(1)
    query = [1.0] * 50
    start = time.perf_counter()
    for _ in range(20000):
        index.get_nns_by_vector(query, 1, 1)
    return (time.perf_counter() - start) / 20000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    numbers = lambda text: list(map(int, text.split(",")))  # noqa: E731
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/release/tests/parity"))
    parser.add_argument("--set", choices=["glove", "fashion", "words"], default="glove")
    parser.add_argument("--vectors", type=pathlib.Path, help="for --set words")
    parser.add_argument("--metric", choices=["angular", "euclidean", "manhattan", "dot", "hamming"])
    parser.add_argument("--trees", type=numbers, default=[10, 50, 100])
    parser.add_argument("--efforts", type=numbers, default=[1000, 4000, 10000, 40000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--builds", type=int, default=1, help="how many builds, from as many seeds")
    parser.add_argument("--no-search", action="store_true", help="time builds only")
    parser.add_argument("--queries", type=int, default=2000)
    args = parser.parse_args()
    data = pathlib.Path(os.environ.get("KITH_DATA_DIR", "."))
    if args.set == "words":
        metric, items, queries = words(args.vectors)
    else:
        metric, items, queries = {"glove": glove, "fashion": fashion}[args.set](data)
    queries = queries[: args.queries]
    metric = args.metric or metric
    if metric == "hamming":
        items, queries = as_bits(items), as_bits(queries)
    print(f"{args.set}: {len(items)} x {items.shape[1]}, {metric}, {len(queries)} queries")
    print(f"an empty call of Annoy from Python takes {overhead() * 1e6:.1f} us")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args.tools, pathlib.Path(folder), metric, items, queries, args.threads, args.pairs)
        for trees in args.trees:
            bench.build(trees, args.builds, args.efforts)
            for effort in [] if args.no_search else args.efforts:
                bench.search(effort)


if __name__ == "__main__":
    main()
