"""Doc2Vec and FastText side by side with gensim: speed and quality, same text, same parameters, same judge.

    python bench/family_vs_gensim.py doc2vec [--seeds 3] [--documents 8000]
    python bench/family_vs_gensim.py fasttext [--seeds 3] [--bytes 25000000] [--program PATH]

Needs the package kith, gensim, SciPy, and KITH_DATA_DIR (or --data) with wiki8.gz and eval/. Both libraries are called by the
same lines, kith.models or gensim.models, with 2 threads (--threads), in turns, seed by seed. words/s counts every word of the
text, over all epochs, in train(): reading and counting left out. From a file each of gensim's workers lets the learning rate fall by
its own share of the words only, so that of two it goes half way down in every epoch; --equal-rates gives gensim lists of words
instead, with which it falls as Kith's does.

doc2vec: wiki8 is cut into documents of 200 words, and each into halves, which are trained as documents of their own. "halves
found": the share of first halves whose nearest document, of all, is the other half. "inferred": second halves left out of the
training, inferred afterwards, and the share whose nearest document is the first half. "Lee": correlation (Pearson) with what
people said of the similarity of 50 news items (Lee, Pincombe and Welsh 2005), inferred by a model of 300 others; of its own
training, 100 epochs, minimum count 2; both texts come with gensim.

fasttext: analogies, WordSim-353, SimLex-999 and MEN as in word2vec_vs_gensim.py, and rare words (RW-Stanford; Luong, Socher and
Manning 2013), those not in the vocabulary by their parts. gensim judges all from Facebook's format. --program adds Facebook's own
program, fasttext, timed as a whole.
"""

import argparse
import gzip
import os
import subprocess
import tempfile
import time
from pathlib import Path

import gensim
import kith.models
import numpy as np
from gensim.models.doc2vec import TaggedLineDocument
from gensim.models.word2vec import LineSentence
from scipy.stats import pearsonr, spearmanr
from word2vec_vs_gensim import COLUMNS, evaluate, report

LIBRARIES = {"kith": kith.models, "gensim": gensim.models}
MODES = {
    "PV-DM, mean": {"dm": 1},
    "PV-DM, sum": {"dm": 1, "dm_mean": 0},
    "PV-DM, concatenated": {"dm": 1, "dm_concat": 1},
    "PV-DBOW": {"dm": 0},
    "PV-DBOW, with words": {"dm": 0, "dbow_words": 1},
}


def words_of_wiki(args, count):
    """So many words, or those of so many bytes."""
    with gzip.open(args.data / "wiki8.gz", "rb") as file:
        return file.read(args.bytes or 8 * count).decode().split()[: count or -1]


def write_lines(path, lines):
    path.write_text("\n".join(" ".join(line) for line in lines) + "\n")
    return sum(map(len, lines))


def trained(kind, path, words, equal_rates, **options):
    """A model of the class `kind`, and the words it trained on in a second."""
    model = kind(**options)
    source = {"corpus_file": str(path)}
    lines = {gensim.models.Doc2Vec: TaggedLineDocument, gensim.models.FastText: LineSentence}.get(kind)
    # Concatenated, documents of a file learn in gensim what a word of the window should.
    if lines and (equal_rates or options.get("dm_concat")):
        source = {"corpus_iterable": list(lines(str(path)))}
    if kind is gensim.models.Doc2Vec:
        model.cbow_mean = options.get("dm_mean", 1)  # its constructor forgets dm_mean = 0
    model.build_vocab(**source)
    start = time.perf_counter()
    model.train(**source, total_examples=model.corpus_count, total_words=model.corpus_total_words,
                epochs=model.epochs)
    return model, words * model.epochs / (time.perf_counter() - start)


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def share_found(queries, rows, right, left_out=None):
    """Percent of queries whose nearest row is the right one."""
    cosines = unit(queries) @ unit(rows).T
    if left_out is not None:
        cosines[np.arange(len(queries)), left_out] = -2
    return 100 * np.mean(cosines.argmax(axis=1) == right)


def lee(kind, folder, args, **options):
    source = Path(gensim.__file__).parent / "test" / "test_data"
    texts = [
        [gensim.utils.simple_preprocess(line) for line in (source / name).read_text(encoding="latin-1").splitlines()]
        for name in ("lee_background.cor", "lee.cor")
    ]
    human = np.loadtxt(source / "similarities0-1.txt")
    words = write_lines(folder / "lee", texts[0])
    options |= {"epochs": 100, "min_count": 2}
    model, _ = trained(kind, folder / "lee", words, args.equal_rates, **options)
    vectors = unit([model.infer_vector(text) for text in texts[1]])
    pairs = np.triu_indices(len(human), 1)
    return pearsonr((vectors @ vectors.T)[pairs], human[pairs])[0]


def doc2vec(args, folder):
    half, count = 100, args.documents
    words = words_of_wiki(args, 2 * half * count)
    halves = [words[i : i + half] for i in range(0, len(words), half)]
    all_words = write_lines(folder / "halves", halves)
    first_words = write_lines(folder / "first", halves[::2])
    print(f"{count} documents, {all_words} words, 100 dimensions, {args.epochs or 20} epochs, {args.threads} threads")
    for mode, choice in MODES.items():
        if args.mode not in mode:
            continue
        runs = {name: [] for name in LIBRARIES}
        for seed in range(1, args.seeds + 1):
            for name, library in LIBRARIES.items():
                options = {"vector_size": 100, "min_count": 5, "workers": args.threads, "seed": seed, **choice}
                options["epochs"] = args.epochs or 20
                model, speed = trained(library.Doc2Vec, folder / "halves", all_words, args.equal_rates, **options)
                rows, even = model.dv.vectors, np.arange(0, 2 * count, 2)
                found = share_found(rows[even], rows, even + 1, even)
                model, _ = trained(library.Doc2Vec, folder / "first", first_words, args.equal_rates, **options)
                inferred = [model.infer_vector(text) for text in halves[1::2][: args.inferred]]
                again = share_found(inferred, model.dv.vectors, np.arange(len(inferred)))
                runs[name].append([speed, found, again, lee(library.Doc2Vec, folder, args, **options)])
        show(mode, runs, ["words/s", "halves found %", "inferred %", "Lee"])


def rare_words(vectors, data):
    lines = (data / "eval" / "word-sim" / "EN-RW-STANFORD.txt").read_text().splitlines()
    pairs = [line.lower().split()[:3] for line in lines]
    human = [float(score) for _, _, score in pairs]
    return spearmanr(human, [vectors.similarity(a, b) for a, b, _ in pairs])[0]


def run_facebook(args, folder, count, sg, seed):
    """Words per second of Facebook's program, which leaves model.bin."""
    epochs = args.epochs or 5
    command = [args.program, "skipgram" if sg else "cbow", "-input", folder / "text", "-output", folder / "model",
               "-dim", 100, "-ws", 5, "-minCount", 5, "-neg", 5, "-loss", "ns", "-t", 1e-4, "-lr", 0.05, "-epoch", epochs,
               "-minn", 3, "-maxn", 6, "-bucket", 200_000, "-thread", args.threads, "-seed", seed]  # fmt: skip
    start = time.perf_counter()
    subprocess.run([str(each) for each in command], check=True, capture_output=True)
    return count * epochs / (time.perf_counter() - start)


def judged(folder, args):
    """What the vectors of model.bin are worth."""
    vectors = gensim.models.fasttext.load_facebook_vectors(str(folder / "model.bin"))
    vectors.save_word2vec_format(str(folder / "vectors.bin"), binary=True)
    return [*evaluate(str(folder / "vectors.bin"), args.data), rare_words(vectors, args.data)]


def fasttext(args, folder):
    words = words_of_wiki(args, 0)
    count = write_lines(folder / "text", [words[i : i + 1000] for i in range(0, len(words), 1000)])
    print(f"{count} words, 100 dimensions, {args.epochs or 5} epochs, {args.threads} threads")
    for mode, choice in {"skip-gram": {"sg": 1, "alpha": 0.05}, "CBOW": {"sg": 0, "alpha": 0.05}}.items():
        if args.mode not in mode:
            continue
        runs = {name: [] for name in LIBRARIES}
        for seed in range(1, args.seeds + 1):
            for name, library in LIBRARIES.items():
                model, speed = trained(
                    library.FastText, folder / "text", count, args.equal_rates, vector_size=100, min_count=5,
                    sample=1e-4, workers=args.threads, seed=seed, epochs=args.epochs or 5, bucket=200_000, **choice,
                )  # fmt: skip
                library.fasttext.save_facebook_model(model, str(folder / "model.bin"))
                runs[name].append([speed, *judged(folder, args)])
            if args.program:
                speed = run_facebook(args, folder, count, choice["sg"], seed)
                runs.setdefault("Facebook's program", []).append([speed, *judged(folder, args)])
        show(mode, runs, ["words/s", *COLUMNS[2:], "rare words"])


def show(mode, runs, columns):
    print(f"\n{mode}\n\n| | " + " | ".join(columns) + " |\n|---" + "|---" * len(columns) + "|")
    for name, rows in runs.items():
        report(name, rows, columns)
    speeds = [np.mean([row[0] for row in runs[name]]) for name in LIBRARIES]
    print(f"\nKith's speed over gensim's: {speeds[0] / speeds[1]:.1f} times", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=["doc2vec", "fasttext"])
    parser.add_argument("--data", type=Path, default=os.environ.get("KITH_DATA_DIR"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=8000)
    parser.add_argument("--inferred", type=int, default=1000, help="how many second halves to infer")
    parser.add_argument("--bytes", type=int, help="of wiki8; all without")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mode", default="", help="only modes whose names have this in them")
    parser.add_argument("--program", help="Facebook's fasttext")
    parser.add_argument("--equal-rates", action="store_true", help="see above")
    args = parser.parse_args()
    if args.data is None:
        parser.error("set KITH_DATA_DIR or give --data")
    args.data = Path(args.data)
    with tempfile.TemporaryDirectory() as folder:
        {"doc2vec": doc2vec, "fasttext": fasttext}[args.model](args, Path(folder))


if __name__ == "__main__":
    main()
