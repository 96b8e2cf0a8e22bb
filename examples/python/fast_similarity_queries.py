"""Fast similarity queries with Word2Vec: gensim's tutorial on Annoy, step by step, with Kith's imports.

    python examples/python/fast_similarity_queries.py [TEXT] [FOLDER]

TEXT is a corpus like text8 (.gz will do); without it KITH_DATA_DIR says where one is. Files and pictures are written
to FOLDER, by default a new one. Needs matplotlib and psutil. Names and calls are the tutorial's; only imports, corpus
and the places of files differ: https://radimrehurek.com/gensim/auto_examples/tutorials/run_annoy.html
"""

import os
import sys
import tempfile
import time
import warnings
from multiprocessing import get_context

import numpy as np
import psutil

import kith.datasets
from kith.models import KeyedVectors, Word2Vec
from kith.models.word2vec import Text8Corpus
from kith.similarities.annoy import AnnoyIndexer

# The tutorial speaks gensim 3 here and there; Kith understands it, and says so.
warnings.simplefilter("ignore", DeprecationWarning)
Process = get_context("fork").Process

text8_path = sys.argv[1] if len(sys.argv) > 1 else kith.datasets.text8()
folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="kith-tutorial-")
print("Using corpus from", text8_path)

# --- Train the Word2Vec model ---

params = {
    "alpha": 0.05,
    "vector_size": 100,
    "window": 5,
    "epochs": 5,
    "min_count": 5,
    "sample": 1e-4,
    "sg": 1,
    "hs": 0,
    "negative": 5,
}
model = Word2Vec(Text8Corpus(text8_path), **params)
print("Using model", model)

# --- Construct the index and make a similarity query ---

annoy_index = AnnoyIndexer(model, 100)
vector = model.wv["science"]
approximate_neighbors = model.wv.most_similar([vector], topn=11, indexer=annoy_index)
print("Approximate Neighbors")
for neighbor in approximate_neighbors:
    print(neighbor)

normal_neighbors = model.wv.most_similar([vector], topn=11)
print("\nExact Neighbors")
for neighbor in normal_neighbors:
    print(neighbor)

# --- Compare to exact search ---

model.init_sims()
annoy_index = AnnoyIndexer(model, 100)
vector = model.wv.vectors_norm[0]
model.wv.most_similar([vector], topn=5, indexer=annoy_index)
model.wv.most_similar([vector], topn=5)


def avg_query_time(annoy_index=None, queries=1000):
    """Seconds of processor time per query, over random rows."""
    total_time = 0
    for _ in range(queries):
        rand_vec = model.wv.vectors_norm[np.random.randint(0, len(model.wv))]
        start_time = time.process_time()
        model.wv.most_similar([rand_vec], topn=5, indexer=annoy_index)
        total_time += time.process_time() - start_time
    return total_time / queries


queries = 1000
exact_time = avg_query_time(queries=queries)
annoy_time = avg_query_time(annoy_index, queries=queries)
print(f"\nExact (s/query):\t{exact_time:.5f}")
print(f"Annoy (s/query):\t{annoy_time:.5f}")
print(f"Annoy is {exact_time / annoy_time:.2f} times faster on average on this particular run")

# --- Persist the index ---

fname = os.path.join(folder, "mymodel.index")
annoy_index.save(fname)
if os.path.exists(fname):
    annoy_index2 = AnnoyIndexer()
    annoy_index2.load(fname)
    annoy_index2.model = model

vector = model.wv["science"]
approximate_neighbors = model.wv.most_similar([vector], topn=11, indexer=annoy_index)
approximate_neighbors2 = model.wv.most_similar([vector], topn=11, indexer=annoy_index2)
assert approximate_neighbors == approximate_neighbors2

# --- Two processes with an index each, then two that map one file ---

model_path = os.path.join(folder, "mymodel.kith")
model.save(model_path)


def build_and_query(process_id):
    process = psutil.Process(os.getpid())
    new_model = Word2Vec.load(model_path)
    vector = new_model.wv["science"]
    annoy_index = AnnoyIndexer(new_model, 100)
    new_model.wv.most_similar([vector], topn=5, indexer=annoy_index)
    print(f"Process {process_id} built an index of its own: {process.memory_info()}", flush=True)


def map_and_query(process_id):
    process = psutil.Process(os.getpid())
    new_model = Word2Vec.load(model_path)
    vector = new_model.wv["science"]
    annoy_index = AnnoyIndexer()
    annoy_index.load(fname)
    annoy_index.model = new_model
    new_model.wv.most_similar([vector], topn=5, indexer=annoy_index)
    print(f"Process {process_id} mapped the index: {process.memory_info()}", flush=True)


for work in (build_and_query, map_and_query):
    for process_id in ("1", "2"):
        process = Process(target=work, args=(process_id,))
        process.start()
        process.join()
        assert process.exitcode == 0

# --- Number of trees, time to build and accuracy ---

import matplotlib.pyplot as plt  # noqa: E402

exact_results = [element[0] for element in model.wv.most_similar([model.wv.vectors_norm[0]], topn=100)]

x_values = []
y_values_init = []
y_values_accuracy = []
for x in range(1, 300, 10):
    x_values.append(x)
    start_time = time.time()
    annoy_index = AnnoyIndexer(model, x)
    y_values_init.append(time.time() - start_time)
    approximate_results = model.wv.most_similar([model.wv.vectors_norm[0]], topn=100, indexer=annoy_index)
    top_words = [result[0] for result in approximate_results]
    y_values_accuracy.append(len(set(top_words).intersection(exact_results)))

plt.figure(1, figsize=(12, 6))
plt.subplot(121)
plt.plot(x_values, y_values_init)
plt.title("num_trees vs initialization time")
plt.ylabel("Initialization time (s)")
plt.xlabel("num_trees")
plt.subplot(122)
plt.plot(x_values, y_values_accuracy)
plt.title("num_trees vs accuracy")
plt.ylabel("% accuracy")
plt.xlabel("num_trees")
plt.tight_layout()
plt.savefig(os.path.join(folder, "num_trees.png"))
print("\nAccuracy by number of trees:", dict(zip(x_values, y_values_accuracy)))

# --- word2vec's own formats ---

text_path, binary_path = os.path.join(folder, "vectors.txt"), os.path.join(folder, "vectors.bin")
model.wv.save_word2vec_format(text_path, binary=False)
with open(text_path) as myfile:
    for _ in range(3):
        print(myfile.readline().strip()[:70])

wv = KeyedVectors.load_word2vec_format(text_path, binary=False)
model.wv.save_word2vec_format(binary_path, binary=True)
wv = KeyedVectors.load_word2vec_format(binary_path, binary=True)

annoy_index = AnnoyIndexer(wv, 100)
annoy_index.save(fname)

wv = KeyedVectors.load_word2vec_format(binary_path, binary=True)
annoy_index = AnnoyIndexer()
annoy_index.load(fname)
annoy_index.model = wv

vector = wv["cat"]
approximate_neighbors = wv.most_similar([vector], topn=11, indexer=annoy_index)
print("\nApproximate Neighbors")
for neighbor in approximate_neighbors:
    print(neighbor)

normal_neighbors = wv.most_similar([vector], topn=11)
print("\nExact Neighbors")
for neighbor in normal_neighbors:
    print(neighbor)
