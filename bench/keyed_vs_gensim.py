"""Times gensim on what bench/vector_formats_bench.cpp times Kith on: one run of each, with the machine to itself.

    python bench/keyed_vs_gensim.py --bench build/release/bench/vector_formats_bench
"""

import argparse
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from gensim.models import KeyedVectors


def timed(what, call, per=1):
    start = time.perf_counter()
    result = call()
    print(f"gensim {what}: {(time.perf_counter() - start) / per * 1000:.1f} ms", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True, help="the built vector_formats_bench")
    arguments = parser.parse_args()
    data = pathlib.Path(os.environ["KITH_DATA_DIR"])
    packed = data / "glove.6B.50d.txt.gz"

    subprocess.run([arguments.bench, "--benchmark_min_time=0.5"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "glove.txt"
        binary = pathlib.Path(folder) / "glove.bin"
        with gzip.open(packed) as source, open(text, "wb") as out:
            shutil.copyfileobj(source, out)
        vectors = timed("read text", lambda: KeyedVectors.load_word2vec_format(text, no_header=True))
        vectors.save_word2vec_format(binary, binary=True)
        timed("read binary", lambda: KeyedVectors.load_word2vec_format(binary, binary=True))
    vectors.fill_norms()
    words = vectors.index_to_key[:200]
    timed("most_similar, each", lambda: [vectors.most_similar(word) for word in words], per=len(words))
    questions = str(data / "eval" / "questions-words.txt")
    timed("analogies", lambda: vectors.evaluate_word_analogies(questions, restrict_vocab=30000))


if __name__ == "__main__":
    main()
