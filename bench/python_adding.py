"""Adding a NumPy array to a kith.Index beside NumPy's own copy of it, in turns: medians, and the ratio of each pair.

    python bench/python_adding.py [--rounds 15]

Rows as GloVe 6B 50d has them, and as many bytes in rows of 784 numbers. The last row is read back before the times are taken.
"""

import argparse
import statistics
import time

import numpy as np

import kith


def timed(call):
    start = time.perf_counter()
    kept = call()
    seconds = time.perf_counter() - start
    del kept
    return seconds


def added(rows, kind):
    index = kith.Index(rows.shape[1], "euclidean", kind)
    index.add(rows)
    return index


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    for shape in ((398_000, 50), (25_000, 784)):
        rows = np.random.default_rng(0).random(shape, np.float32)
        for kind in ("auto", "flat", "coded", "forest"):
            assert (added(rows, kind).vectors([shape[0] - 1])[0] == rows[-1]).all()
            pairs = [(timed(rows.copy), timed(lambda: added(rows, kind))) for _ in range(rounds)]
            copies, adds = zip(*pairs)
            print(
                f"{shape[0]} x {shape[1]}, {kind:6}: copy {statistics.median(copies) * 1e3:5.1f} ms, add "
                f"{statistics.median(adds) * 1e3:5.1f} ms: {statistics.median(a / c for c, a in pairs):.2f} times",
                flush=True,
            )


if __name__ == "__main__":
    main()
