"""Word2Vec side by side with gensim: speed and quality, same text, same parameters, same judge.

    python bench/word2vec_vs_gensim.py --kith build/release/cli/kith

Needs gensim and SciPy, and KITH_DATA_DIR (or --data) with wiki8.gz and eval/. The defaults are those of the Annoy tutorial:
skip-gram, 100 dimensions, window 5, 5 epochs, 5 negatives, sample 1e-4, alpha 0.05, 2 threads.

words/s counts every word of the text, over all epochs. "in training" leaves out reading and counting; "in all" has them
(for Kith also starting the program and writing the vectors). --program NAME=PATH adds a program that takes word2vec.c's
arguments, such as word2vec.c itself or pWord2Vec, timed as a whole. Vectors of both are judged by gensim's own evaluation: Google
analogies among the first 30,000 words, Spearman correlation on WordSim-353, SimLex-999 and MEN. Every run has its own seed; all take
turns.
"""

import argparse
import functools
import gzip
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

COLUMNS = ["words/s in training", "words/s in all", "analogies %", "WordSim-353", "SimLex-999", "MEN"]


def evaluate(path, data):
    """Percent of analogies and three correlations, of a word2vec binary file."""
    from gensim.models import KeyedVectors
    from scipy.stats import spearmanr

    vectors = KeyedVectors.load_word2vec_format(path, binary=True)
    analogies, _ = vectors.evaluate_word_analogies(data / "eval" / "questions-words.txt", restrict_vocab=30000)
    pairs = [vectors.evaluate_word_pairs(data / "eval" / name)[1][0] for name in ("wordsim353.tsv", "simlex999.txt")]
    human, model = [], []
    for line in (data / "eval" / "word-sim" / "EN-MEN-TR-3k.txt").read_text().splitlines():
        first, second, score = line.split()
        if first in vectors and second in vectors:
            human.append(float(score))
            model.append(vectors.similarity(first, second))
    return [100 * analogies, *pairs, spearmanr(human, model)[0]]


def unpack(source, text, size=None):
    """Writes a text, or its whole words within the first so many bytes, plain."""
    with (gzip.open if source.suffix == ".gz" else open)(source, "rb") as packed, open(text, "wb") as plain:
        while size and (piece := packed.read(min(size, 1 << 20))):
            size -= len(piece)
            plain.write(piece if size else piece.rsplit(b" ", 1)[0])
        if size is None:
            shutil.copyfileobj(packed, plain)


def run_kith(args, text, output, seed):
    command = [args.kith, "train", text, "-o", output, "--json", "--sg", args.sg, "--hs", args.hs,
               "--negative", args.negative, "--vector-size", args.size, "--window", args.window, "--epochs", args.epochs,
               "--min-count", 5, "--sample", args.sample, "--alpha", args.alpha, "--threads", args.threads,
               "--seed", seed]
    start = time.perf_counter()
    report = json.loads(subprocess.run([str(each) for each in command], check=True, capture_output=True).stdout)
    seconds = time.perf_counter() - start
    words = report["corpus_words"] * args.epochs
    return [words / report["seconds"], words / seconds]


def run_gensim(args, text, output, seed):
    from gensim.models.word2vec import Text8Corpus, Word2Vec

    model = Word2Vec(vector_size=args.size, alpha=args.alpha, window=args.window, epochs=args.epochs, min_count=5,
                     sample=args.sample, sg=args.sg, hs=args.hs, negative=args.negative, workers=args.threads, seed=seed)
    corpus = Text8Corpus(text)
    start = time.perf_counter()
    model.build_vocab(corpus)
    middle = time.perf_counter()
    _, words = model.train(corpus, total_examples=model.corpus_count, epochs=args.epochs)
    end = time.perf_counter()
    model.wv.save_word2vec_format(output, binary=True)
    return [words / (end - middle), words / (end - start)]


def run_program(path, args, text, output, seed):
    command = [path, "-train", text, "-output", output, "-binary", 1, "-cbow", 1 - args.sg, "-hs", args.hs,
               "-negative", args.negative, "-size", args.size, "-window", args.window, "-iter", args.epochs,
               "-min-count", 5, "-sample", args.sample, "-alpha", args.alpha, "-threads", args.threads]
    start = time.perf_counter()
    subprocess.run([str(each) for each in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    words = len(Path(text).read_bytes().split()) * args.epochs
    return [math.nan, words / seconds]


def report(name, runs, columns=COLUMNS):
    """A line of a table: mean and standard deviation of each column."""
    cells = []
    for column, values in zip(columns, zip(*runs)):
        mean, spread = statistics.mean(values), statistics.stdev(values) if len(values) > 1 else 0
        digits = 0 if "words/s" in column else 2 if "%" in column else 3
        cell = f"{mean:,.{digits}f}" + (f" ± {spread:,.{digits}f}" if len(values) > 1 else "")
        cells.append("" if math.isnan(mean) else cell)
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kith", default="kith", help="the kith program")
    parser.add_argument("--data", type=Path, default=os.environ.get("KITH_DATA_DIR"))
    parser.add_argument("--corpus", default="wiki8.gz", help="a file of --data, or a path")
    parser.add_argument("--bytes", type=int, help="only the first so many bytes of the text")
    parser.add_argument("--kith-runs", type=int, default=3)
    parser.add_argument("--gensim-runs", type=int, default=1)
    parser.add_argument("--program", action="append", default=[], metavar="NAME=PATH", help="run once; may be repeated")
    parser.add_argument("--sg", type=int, default=1)
    parser.add_argument("--hs", type=int, default=0)
    parser.add_argument("--negative", type=int, default=5)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--sample", type=float, default=1e-4)
    parser.add_argument("--alpha", type=float, default=0.05)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    if args.data is None:
        parser.error("set KITH_DATA_DIR or give --data")

    print(f"{platform.machine()}, Python {platform.python_version()}, {vars(args)}")
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        unpack(args.data / args.corpus, text, args.bytes)
        results = {}
        runs = [("kith", run_kith, args.kith_runs), ("gensim", run_gensim, args.gensim_runs)]
        for each in args.program:
            name, path = each.split("=", 1)
            runs.append((name, functools.partial(run_program, path), 1))
        # In turns: a shared machine is faster in one minute than in the next.
        for seed in range(1, max(count for _, _, count in runs) + 1):
            for name, run, count in runs:
                if seed > count:
                    continue
                output = str(Path(folder) / f"{name}{seed}.bin")
                speed = run(args, str(text), output, seed)
                print(f"{name}, seed {seed}: {speed[0]:,.0f} words/s in training, {speed[1]:,.0f} in all", flush=True)
                results.setdefault(name, []).append([output, speed])
        print("\n| | " + " | ".join(COLUMNS) + " |\n|---" + "|---" * len(COLUMNS) + "|")
        for name, rows in results.items():
            if rows:
                results[name] = [speed + evaluate(output, args.data) for output, speed in rows]
                report(name, results[name])
    means = {name: [statistics.mean(column) for column in zip(*rows)] for name, rows in results.items() if rows}
    for name in means if "kith" in means else ():
        if name == "kith":
            continue
        print(f"Kith's speed over {name}'s: {means['kith'][0] / means[name][0]:.1f} times in training, "
              f"{means['kith'][1] / means[name][1]:.1f} times in all")


if __name__ == "__main__":
    main()
