"""What a call from Python costs beyond the C++ that it calls: one query of 50 dimensions, exact search of few vectors.

The C++ time is taken where nothing else is left: a batch of as many equal queries on one thread, which crosses from
Python once. First the answers are compared, then the times taken: medians of many repetitions.

    python bench/python_overhead.py
"""

import statistics
import timeit

import numpy as np

import kith
from kith.annoy import AnnoyIndex

REPEATS, CALLS = 15, 20_000


def nanoseconds(call, count):
    return statistics.median(timeit.repeat(call, number=count, repeat=REPEATS)) / count * 1e9


def main():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(32, 50)).astype(np.float32)
    query = rng.normal(size=50).astype(np.float32)
    batch = np.repeat(query[None], CALLS, 0)
    print(f"{'kind':8} {'C++ ns':>8} {'Python ns':>10} {'overhead ns':>12}")
    for kind in ("flat", "forest"):
        index = kith.Index(50, "angular", kind)
        index.add(data)
        index.build(1)
        one, many = index.search(query, 10), index.search(batch, 10, threads=1)
        assert (many.ids == one.ids).all() and (many.distances == one.distances).all()
        inside = nanoseconds(lambda: index.search(batch, 10, threads=1), 1) / CALLS
        outside = nanoseconds(lambda: index.search(query, 10), CALLS)
        print(f"{kind:8} {inside:8.0f} {outside:10.0f} {outside - inside:12.0f}")

    annoy = AnnoyIndex(50, "angular")
    for i, row in enumerate(data):
        annoy.add_item(i, row)
    annoy.build(1)
    for name, vector in (("list", query.tolist()), ("array", query)):
        print(f"kith.annoy, {name}: {nanoseconds(lambda: annoy.get_nns_by_vector(vector, 10), CALLS):.0f} ns")


if __name__ == "__main__":
    main()
