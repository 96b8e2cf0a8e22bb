"""Kith's coded forest beside Annoy at equal recall, in one run.

    python bench/coded_forest_vs_annoy.py --tools build/release/bench [--set glove|fashion] [--pairs 5]

Needs the package annoy and KITH_DATA_DIR; data and queries are those of forest_vs_annoy.py. Annoy builds 10, 50 and
100 trees and answers at many efforts; for each recall@10 it counts with the fastest of these that reaches it. The
coded forest is built once and asked for that recall. Both then take turns, one thread, one query at a time; the
figures are medians. Annoy is called from Python, Kith from C++.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import annoy

from forest_vs_annoy import K, exact, fashion, glove, recall

RECALLS = [0.5, 0.8, 0.9, 0.95, 0.99]
TREES = [10, 50, 100]
EFFORTS = [100, 200, 400, 700, 1000, 2000, 4000, 7000, 10000, 20000, 40000, 80000]


class Annoys:
    """Annoy with several numbers of trees."""

    def __init__(self, folder, metric, items, queries, truth, threads):
        self.queries = [query.tolist() for query in queries]
        self.indexes, self.points = {}, []
        for trees in TREES:
            builder = annoy.AnnoyIndex(items.shape[1], metric)
            for i, vector in enumerate(items):
                builder.add_item(i, vector)
            start = time.perf_counter()
            builder.build(trees, threads)
            seconds = time.perf_counter() - start
            path = folder / f"{trees}.ann"
            builder.save(str(path))
            self.indexes[trees] = builder
            print(f"Annoy, {trees} trees: built in {seconds:.1f} s, {path.stat().st_size / 1e6:.0f} MB", flush=True)
            for effort in EFFORTS:
                seconds, answers = self.ask(trees, effort)
                self.points.append((seconds, trees, effort, recall(truth, answers)))
                if self.points[-1][3] > 0.995:
                    break

    def ask(self, trees, effort):
        index = self.indexes[trees]
        start = time.perf_counter()
        answers = [index.get_nns_by_vector(query, K, effort) for query in self.queries]
        return time.perf_counter() - start, answers

    def best(self, wanted):
        return min((point for point in self.points if point[3] >= wanted), default=None)


def tool(path, *arguments):
    return subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/release/bench"))
    parser.add_argument("--set", choices=["glove", "fashion"], default="glove")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args()
    data = pathlib.Path(os.environ["KITH_DATA_DIR"])
    metric, items, queries = {"glove": glove, "fashion": fashion}[args.set](data)
    dim = items.shape[1]
    truth = exact(metric, items, queries)
    print(f"{args.set}: {len(items)} x {dim}, {metric}, {len(queries)} queries")
    program = args.tools / "coded_forest_tool"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        items.tofile(folder / "items")
        queries.tofile(folder / "queries")
        index = folder / "coded.kith"
        seconds, beside = tool(program, "build", metric, dim, folder / "items", index, args.threads).split()
        print(
            f"coded forest: built and calibrated in {float(seconds):.1f} s, {index.stat().st_size / 1e6:.0f} MB, "
            f"of these {int(beside) / 1e6:.1f} MB beside the vectors",
            flush=True,
        )
        peers = Annoys(folder, metric, items, queries, truth, args.threads)
        for wanted in RECALLS:
            asked = ("time", metric, dim, index, folder / "queries", wanted)
            answers = tool(program, "query", *asked[1:]).splitlines()
            reached = recall(truth, [list(map(int, line.split())) for line in answers])
            best = peers.best(reached)
            mine, theirs = [], []
            for _ in range(args.pairs):
                mine.append(float(tool(program, *asked)))
                if best:
                    theirs.append(peers.ask(best[1], best[2])[0])
            line = f"asked {wanted}: Kith recall {reached:.4f}, {len(queries) / statistics.median(mine):.0f}/s"
            if best:
                ratio = statistics.median(t / m for t, m in zip(theirs, mine))
                line += (
                    f"; Annoy ({best[1]} trees, search_k {best[2]}) recall {best[3]:.4f}, "
                    f"{len(queries) / statistics.median(theirs):.0f}/s; {ratio:.1f} times as fast"
                )
            print(line, flush=True)


if __name__ == "__main__":
    main()
