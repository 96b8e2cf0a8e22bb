"""Kith's Python package beside annoy, hnswlib, faiss, gensim and scikit-learn, in one run. Prints tables of Markdown.

    python bench/python_vs_peers.py PART... [--folder DIR] [--recalls 0.9] [--rounds 3]

PART is one of: build (taking in 400,000 x 50 vectors, building, pickling), search (queries/s at equal recall, of what
build left in DIR), process (private memory of a second process, import time). Needs the packages named, those that are
missing are left out, and KITH_DATA_DIR with GloVe 6B 50d: 2,000 held-out rows are the queries, k = 10, angular.

The answers are compared with exact search first. For every library the least effort that reaches the recall is
taken; all then take turns. Single: one query per call from one or two Python threads. Batch: one call with a matrix,
which annoy and gensim do not have.
"""

import argparse
import importlib
import pathlib
import pickle
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np
from sets import K, hold_out, recall, unit

import kith
from kith import datasets

TREES = 50


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


annoy, hnswlib, faiss, gensim = (installed(name) for name in ("annoy", "hnswlib", "faiss", "gensim"))
neighbors = installed("sklearn.neighbors")


def data(folder):
    """The 400,000 vectors, those of them that are searched, and the queries."""
    file = folder / "glove.npy"
    if not file.exists():
        np.save(file, datasets.glove().vectors)
    everything = np.load(file)
    return everything, *hold_out(everything)


def timed(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def table(heads, rows):
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    print(flush=True)


# build


def add_annoy(index, rows):
    for i, row in enumerate(rows):
        index.add_item(i, row)


def in_ms(seconds):
    return f"{1000 * seconds:,.0f} ms"


def in_s(seconds):
    return f"{seconds:.1f} s"


def build(folder, everything, items):
    """Adding all 400,000 where that is a step of its own; then building over what is searched, with two threads."""
    rows = []
    for kind in ("forest", "coded"):
        index = kith.Index(50, "angular", kind)
        adding = min(timed(lambda i=kith.Index(50, "angular", kind): i.add(everything))[0] for _ in range(3))
        index.add(items)
        building, _ = timed(lambda index=index, kind=kind: index.build(TREES if kind == "forest" else None, threads=2))
        index.save(folder / f"{kind}.kith")
        pickling, size = timed(lambda index=index: len(pickle.dumps(index)))
        both, _ = timed(lambda index=index: pickle.loads(pickle.dumps(index)))
        rows.append((f"kith, {kind}", in_ms(adding), in_s(building), f"{in_s(both)} ({size / 1e6:.0f} MB)"))
    if annoy:
        index = annoy.AnnoyIndex(50, "angular")
        adding, _ = timed(lambda: add_annoy(index, everything))
        index = annoy.AnnoyIndex(50, "angular")
        add_annoy(index, items)
        building, _ = timed(lambda: index.build(TREES, 2))
        index.save(str(folder / "annoy.ann"))
        rows.append((f"annoy, {TREES} trees", in_ms(adding), in_s(building), "refuses"))
    if faiss:
        faiss.omp_set_num_threads(2)
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(50), 50, 1024, faiss.METRIC_INNER_PRODUCT)
        normalised = unit(items)
        training, _ = timed(lambda: index.train(normalised))
        adding, _ = timed(lambda: index.add(normalised))
        faiss.write_index(index, str(folder / "ivf.faiss"))
        both, _ = timed(lambda: pickle.loads(pickle.dumps(index)))
        rows.append(("faiss, IVF 1024", in_ms(adding), f"{in_s(training)} (training)", in_s(both)))
    if hnswlib:
        index = hnswlib.Index("cosine", 50)
        index.init_index(len(items), M=16, ef_construction=100)
        building, _ = timed(lambda: index.add_items(items, num_threads=2))
        index.save_index(str(folder / "hnsw.bin"))
        both, _ = timed(lambda: pickle.loads(pickle.dumps(index)))
        rows.append(("hnswlib, M 16, ef_construction 100", "builds as it adds", in_s(building), in_s(both)))
    if neighbors:
        tree = neighbors.NearestNeighbors(algorithm="ball_tree")
        building, _ = timed(lambda: tree.fit(unit(items)))
        both, _ = timed(lambda: pickle.loads(pickle.dumps(tree)))
        rows.append(("scikit-learn, ball tree", "builds as it adds", in_s(building), in_s(both)))
    table(("", "add 400,000 x 50", "build, 2 threads", "pickle round trip"), rows)


# search: each library as (efforts, single(query, effort), batch(queries, effort, threads) or None)


def searchers(folder, items):
    found = {}
    forest, coded = kith.open(folder / "forest.kith"), kith.open(folder / "coded.kith")
    efforts = [1000, 2000, 4000, 7000, 10000, 14000, 20000, 28000, 40000, 80000]
    found["kith, forest"] = (
        efforts,
        lambda q, e: forest.search(q, K, search_k=e).ids,
        lambda q, e, t: forest.search(q, K, search_k=e, threads=t).ids,
    )
    found["kith, coded"] = (
        [0.5, 0.7, 0.8, 0.85, 0.88, 0.9, 0.91, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99],
        lambda q, e: coded.search(q, K, recall=e).ids,
        lambda q, e, t: coded.search(q, K, recall=e, threads=t).ids,
    )
    if annoy:
        index = annoy.AnnoyIndex(50, "angular")
        index.load(str(folder / "annoy.ann"))
        found["annoy"] = (efforts, lambda q, e: index.get_nns_by_vector(q, K, e), None)
    if faiss:
        ivf = faiss.read_index(str(folder / "ivf.faiss"))

        def probe(q, e, t):
            ivf.nprobe = e
            faiss.omp_set_num_threads(t)
            return ivf.search(q, K)[1]

        found["faiss, IVF"] = ([4, 8, 16, 24, 32, 48, 64, 96, 128, 192], lambda q, e: probe(q[None], e, 1)[0], probe)
    if hnswlib:
        graph = hnswlib.Index("cosine", 50)
        graph.load_index(str(folder / "hnsw.bin"))

        def walk(q, e, t):
            graph.set_ef(e)
            return graph.knn_query(q, K, num_threads=t)[0].astype(np.int64)

        found["hnswlib"] = ([10, 20, 30, 40, 60, 80, 120, 160, 240, 400], lambda q, e: walk(q, e, 1)[0], walk)
    if gensim:
        from gensim.models import KeyedVectors

        words = KeyedVectors(50)
        words.add_vectors([str(i) for i in range(len(items))], items)
        words.fill_norms()
        found["gensim (exact)"] = ([0], lambda q, e: [int(w) for w, _ in words.most_similar([q], topn=K)], None)
    if neighbors:
        brute = neighbors.NearestNeighbors(n_neighbors=K, algorithm="brute").fit(unit(items))

        def exact(q, e, t):
            brute.set_params(n_jobs=t)
            return brute.kneighbors(unit(q), return_distance=False)

        found["scikit-learn (exact)"] = ([0], lambda q, e: exact(q[None], e, 1)[0], exact)
    return found


def least_effort(efforts, single, queries, truth, wanted):
    for effort in efforts:
        reached = recall(truth, [np.asarray(single(query, effort)).tolist() for query in queries])
        if reached >= wanted:
            return effort, reached
    return None


def single_rate(single, effort, queries, threads, seconds=0.4):
    """Queries per second of this many Python threads, each asking one at a time."""
    done = [0] * threads
    end = time.perf_counter() + seconds

    def ask(which):
        while time.perf_counter() < end:
            single(queries[(which * 997 + done[which]) % len(queries)], effort)
            done[which] += 1

    started = time.perf_counter()
    workers = [threading.Thread(target=ask, args=(which,)) for which in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done) / (time.perf_counter() - started)


def batch_rate(batch, effort, queries, threads):
    taken, _ = timed(lambda: batch(queries, effort, threads))
    return len(queries) / taken


def search(folder, items, queries, recalls, rounds):
    flat = kith.Index(50, "angular", "flat")
    flat.add(items)
    truth = flat.build().search(queries, K).ids
    sample = slice(0, 500)
    tools = searchers(folder, items)
    for wanted in recalls:
        chosen = {}
        for name, (efforts, single, batch) in tools.items():
            exact = len(efforts) == 1
            few = slice(0, 20) if exact else sample
            best = least_effort(efforts, single, queries[few], truth[few], wanted)
            if best:
                rate = single_rate(single, best[0], queries, 1, 0.2)
                some = queries[: int(np.clip(2 * rate, 20, len(queries)))]
                chosen[name] = (best, single, batch, some)
            else:
                print(f"{name} does not reach {wanted}", flush=True)
        rates = {name: ([], [], [], []) for name in chosen}
        for _ in range(rounds):
            for name, ((effort, _), single, batch, some) in chosen.items():
                for i, threads in enumerate((1, 2)):
                    rates[name][i].append(single_rate(single, effort, queries, threads))
                    if batch:
                        rates[name][2 + i].append(batch_rate(batch, effort, some, threads))
        rows = []
        for name, ((effort, reached), *_) in chosen.items():
            cells = [f"{statistics.median(values):,.0f}" if values else "none" for values in rates[name]]
            rows.append((name, effort or "", f"{reached:.3f}", *cells))
        heads = ("", "effort", f"recall@{K}", "single, 1 thread", "single, 2", "batch, 1 thread", "batch, 2")
        table(heads, rows)


# process


PRIVATE = """
import sys, numpy as np
def private():
    with open("/proc/self/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty")) / 1024
query = np.random.default_rng(0).normal(size=50).astype("float32")
{imports}
before = private()
{work}
print(private() - before)
"""

OPENINGS = {
    "kith, forest": ("import kith", "i = kith.open('forest.kith'); i.search(query, 10)", "forest.kith"),
    "kith, coded": ("import kith", "i = kith.open('coded.kith'); i.search(query, 10)", "coded.kith"),
    "annoy": (
        "import annoy",
        "i = annoy.AnnoyIndex(50, 'angular'); i.load('annoy.ann'); i.get_nns_by_vector(query, 10)",
        "annoy.ann",
    ),
    "faiss, IVF": ("import faiss", "i = faiss.read_index('ivf.faiss'); i.search(query[None], 10)", "ivf.faiss"),
    "hnswlib": ("import hnswlib", "i = hnswlib.Index('cosine', 50); i.load_index('hnsw.bin'); i.knn_query(query)", "hnsw.bin"),
}


def process(folder):
    rows = []
    for name, (imports, work, file) in OPENINGS.items():
        if (folder / file).exists():
            program = PRIVATE.format(imports=imports, work=work)
            done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
            size = (folder / file).stat().st_size / 1e6
            rows.append((name, f"{size:.0f} MB", f"{max(0.0, float(done.stdout)):.1f} MiB"))
    table(("", "file", "private memory of a second process that opened and searched it"), rows)

    rows = []
    for name in ("kith", "kith.annoy", "annoy", "hnswlib", "faiss", "gensim", "sklearn.neighbors"):
        if installed(name.split(".")[0]):
            program = f"import time, numpy; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
            taken = [
                float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
                for _ in range(7)
            ]
            rows.append((name, f"{1000 * statistics.median(taken):.0f} ms"))
    table(("", "import, once NumPy is there"), rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=["build", "search", "process"])
    parser.add_argument("--folder", type=pathlib.Path, help="where indexes are kept; else a temporary one")
    parser.add_argument("--recalls", default="0.9", help="separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        everything, items, queries = data(folder)
        if "build" in options.parts:
            build(folder, everything, items)
        if "search" in options.parts:
            search(folder, items, queries, [float(text) for text in options.recalls.split(",")], options.rounds)
        if "process" in options.parts:
            process(folder)


if __name__ == "__main__":
    main()
