"""Times Kith and gensim on a file of the size of the News vectors: word2vec's binary format, 3 million words of 300 dimensions.

    python bench/large_vectors.py [--words 3000000] [--limit 500000]

Needs the package kith, gensim, and KITH_DATA_DIR with glove.6B.50d.txt.gz: a vector is six of GloVe's side by side, so that the numbers
are real ones; the names are GloVe's with a number. Each load is a process of its own and reports its own peak memory, in which the pages
of the mapped file count. The file (3.6 GB) is in the page cache, as it was just written.
"""

import argparse
import os
import subprocess
import sys
import tempfile

PROGRAM = """
import resource, sys, time
from {library}.models import KeyedVectors
start = time.perf_counter()
vectors = KeyedVectors.load_word2vec_format({path!r}, binary=True, limit={limit})
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
with open("/proc/self/smaps_rollup") as file:
    own = sum(int(line.split()[1]) for line in file if line.startswith("Anonymous:")) / 1e6
print(f"| {library} | {{len(vectors):,}} | {{seconds:.2f}} s | {{peak:.2f}} GB | {{own:.2f}} GB |")
"""


def write(path, words):
    import numpy as np
    from kith.models import KeyedVectors

    glove = KeyedVectors.load_word2vec_format(
        os.path.join(os.environ["KITH_DATA_DIR"], "glove.6B.50d.txt.gz"), no_header=True
    )
    rows, names, random = glove.vectors, glove.index_to_key, np.random.default_rng(0)
    with open(path, "wb") as file:
        file.write(f"{words} 300\n".encode())
        for start in range(0, words, 50_000):
            count = min(50_000, words - start)
            some = rows[random.integers(0, len(rows), (count, 6))].reshape(count, 300)
            for i, row in enumerate(some, start):
                file.write(f"{names[i % len(names)]}_{i // len(names)} ".encode() + row.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=3_000_000)
    parser.add_argument("--limit", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vectors.bin")
        write(path, args.words)
        print("| | words | load | peak | of its own |\n|---|---:|---:|---:|---:|")
        for limit in (None, args.limit):
            for _ in range(args.rounds):
                for library in ("kith", "gensim"):
                    program = PROGRAM.format(library=library, path=path, limit=limit)
                    subprocess.run([sys.executable, "-c", program], check=True)


if __name__ == "__main__":
    main()
