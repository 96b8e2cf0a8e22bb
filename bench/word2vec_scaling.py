"""Training of Word2Vec against threads, dimensions and vocabulary: speed, and the most memory that it takes.

    python bench/word2vec_scaling.py [--kith build/release/cli/kith] [--bytes 50000000] [--threads 1,2]
                                     [--dimensions 25,50,100,200,300,400] [--plot docs/images/word2vec-scaling.svg]

Needs matplotlib for the plot, and KITH_DATA_DIR (wiki8). Skip-gram, window 5, 5 negatives, sample 1e-4, one epoch unless --epochs
says otherwise, the best of --rounds in turns. Vocabularies grow with the text: minimum counts of 2,000 to 1. Beside the memory stands what
should do: two matrices, their rows padded to 16 numbers; 4 bytes a word of text; and the rest.

    python bench/word2vec_scaling.py --limit

trains under a memory cgroup (as forest_memory_limit.py) that leaves room for the matrices but not for the words of the text,
which then stay in a file, and compares time and vectors with a training without a limit. One thread, so that both are the same.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import plots
from forest_memory_limit import Group, digest, parent_group
from word2vec_vs_gensim import unpack

MB = 1e6


def train(args, text, output, *options, group=None):
    """What kith says of a training, and the most memory of its process in bytes, or of this one if that is more."""
    command = [args.kith, "train", text, "-o", output, "--json", "--quiet", "--sg", 1, "--alpha", 0.05, "--sample", 1e-4]
    command += ["--epochs", args.epochs, *options]
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, preexec_fn=group.enter if group else None)
    told = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"kith train ended with {status}")
    return json.loads(told), usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(args, text, folder, settings):
    """(words a second, words known) by setting (threads, dimensions, minimum count): the best of rounds in turns."""
    runs = {setting: [] for setting in settings}
    for _ in range(args.rounds):
        for setting, reports in runs.items():
            threads, dimensions, least = setting
            options = ["--threads", threads, "--vector-size", dimensions, "--min-count", least]
            reports.append(train(args, text, folder / "vectors.bin", *options))
    found = {}
    for (threads, dimensions, least), reports in runs.items():
        report = max((told for told, _ in reports), key=lambda told: told["words_per_second"])
        memory = min(peak for _, peak in reports)
        matrices = 2 * report["vocabulary"] * (-(-dimensions // 16) * 16) * 4
        ids = 4 * report["corpus_words"]
        print(
            f"{threads} threads, {report['vocabulary']:,} words of {dimensions}: {report['words_per_second']:,} words/s; "
            f"{memory / MB:.0f} MB at most, matrices {matrices / MB:.0f}, text {ids / MB:.0f}, the rest "
            f"{(memory - matrices - ids) / MB:.0f}",
            flush=True,
        )
        found[threads, dimensions, least] = report["words_per_second"], report["vocabulary"]
    return found


def plot(path, threads, dimensions, vocabularies):
    figure, panels = plots.figure(3)
    for axes, rows, label in zip(panels, (threads, dimensions, vocabularies), ("threads", "dimensions", "words known")):
        axes.plot([x for x, _ in rows], [speed / MB for _, speed in rows], marker="o")
        axes.set(xlabel=label, ylabel="million words/s")
        axes.set_ylim(bottom=0)
    panels[0].set_xticks([x for x, _ in threads])
    panels[2].set_xscale("log")
    figure.tight_layout()
    plots.save(figure, path)


def scaling(args, folder, text):
    most = max(args.threads)
    threads = {n: (n, 100, 5) for n in args.threads}
    dimensions = {n: (most, n, 5) for n in args.dimensions}
    counts = {n: (most, 100, n) for n in args.min_counts}
    found = measure(args, text, folder, dict.fromkeys([*threads.values(), *dimensions.values(), *counts.values()]))
    if args.plot:
        plot(
            args.plot,
            [(n, found[each][0]) for n, each in threads.items()],
            [(n, found[each][0]) for n, each in dimensions.items()],
            [found[each][::-1] for each in counts.values()],
        )


def limited(args, folder, text):
    options = ["--threads", 1, "--min-count", 200, "--vector-size", 50]
    free, peak = train(args, text, folder / "free.bin", *options)
    matrices = 2 * free["vocabulary"] * 64 * 4
    ids = 4 * free["corpus_words"]
    limit = int(args.limit_mb * MB) if args.limit_mb else matrices + ids // 2
    group = Group(args.cgroup or parent_group(), limit)
    told, _ = train(args, text, folder / "limited.bin", *options, "--memory-limit", 0, group=group)
    used = group.peak()
    group.close()
    same = digest(folder / "free.bin") == digest(folder / "limited.bin")
    print(
        f"{free['corpus_words']:,} words of text ({ids / MB:.0f} MB as numbers), {free['vocabulary']:,} words known, matrices "
        f"{matrices / MB:.0f} MB: without a limit {peak / MB:.0f} MB, {free['words_per_second']:,} words/s; with "
        f"{limit / MB:.0f} MB for all of it, pages of files too, {used / MB:.0f} MB, {told['words_per_second']:,} words/s; "
        f"{'the same bytes' if same else 'OTHER VECTORS'}"
    )


def main():
    def numbers(text):
        return [int(each) for each in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kith", default="build/release/cli/kith")
    parser.add_argument("--bytes", type=int, default=50_000_000, help="of wiki8")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=numbers, default=list(range(1, len(os.sched_getaffinity(0)) + 1)))
    parser.add_argument("--dimensions", type=numbers, default=[25, 50, 100, 200, 300, 400])
    parser.add_argument("--min-counts", type=numbers, default=[2000, 500, 100, 20, 5, 1])
    parser.add_argument("--plot", type=pathlib.Path)
    parser.add_argument("--limit", action="store_true")
    parser.add_argument("--limit-mb", type=float)
    parser.add_argument("--cgroup")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        unpack(pathlib.Path(os.environ["KITH_DATA_DIR"]) / "wiki8.gz", folder / "text", args.bytes)
        (limited if args.limit else scaling)(args, folder, folder / "text")


if __name__ == "__main__":
    main()
