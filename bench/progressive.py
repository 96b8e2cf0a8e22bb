"""What all steps of a progressive search cost beside its last step alone, a plain search of that effort, in turns.

    python bench/progressive.py [--trees 50] [--queries 500] [--rounds 5]

Needs KITH_DATA_DIR (sets.py). The last step's answers are compared with the plain search's before the times are taken.
"""

import argparse
import os
import pathlib
import statistics
import time

import numpy as np

import kith
from sets import K, exact, fashion, glove, recall


def seconds(call, queries):
    start = time.perf_counter()
    for query in queries:
        call(query)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for load in (glove, fashion):
        metric, items, queries = load(pathlib.Path(os.environ["KITH_DATA_DIR"]))
        queries = queries[: args.queries]
        truth = exact(metric, items, queries)
        index = kith.Index(items.shape[1], metric, "forest")
        index.add(items)
        index.build(args.trees)
        for effort in (1000, 4000, 10000, 40000):
            steps = lambda query: list(index.progressive(query, K, search_k=effort))  # noqa: B023, E731
            alone = lambda query: index.search(query, K, search_k=effort)  # noqa: B023, E731
            answers = []
            for query in queries:
                *_, last = steps(query)
                np.testing.assert_array_equal(last.ids, alone(query).ids)
                answers.append(last.ids)
            pairs = [(seconds(steps, queries), seconds(alone, queries)) for _ in range(args.rounds)]
            print(
                f"{load.__name__}, search_k {effort:5}: {len(steps(queries[0]))} steps, all "
                f"{statistics.median(a for a, _ in pairs) / len(queries) * 1e6:5.0f} us, the last alone "
                f"{statistics.median(b for _, b in pairs) / len(queries) * 1e6:5.0f} us: "
                f"{statistics.median(a / b for a, b in pairs):.2f} times; recall@{K} {recall(truth, answers):.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
