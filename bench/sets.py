"""What benchmarks search: items, queries that are not among them, and the exact answers."""

import gzip

import numpy as np

K = 10


def hold_out(vectors):
    """Items, and the 2,000 rows that are left out of them to be the queries."""
    queries = np.random.RandomState(0).permutation(len(vectors))[:2000]
    kept = np.ones(len(vectors), bool)
    kept[queries] = False
    return vectors[kept], vectors[queries]


def glove(data):
    with gzip.open(data / "glove.6B.50d.txt.gz", "rt", encoding="utf-8") as lines:
        vectors = np.array([line.split(" ")[1:] for line in lines], dtype=np.float32)
    return "angular", *hold_out(vectors)


def words(file):
    """The rows of a binary word2vec file, with or without a newline after each."""
    data = file.read_bytes()
    at = data.index(b"\n") + 1
    count, dim = map(int, data[:at].split())
    vectors = np.empty((count, dim), np.float32)
    for row in vectors:
        start = data.index(b" ", at) + 1
        row[:] = np.frombuffer(data, np.float32, dim, start)
        at = start + 4 * dim
    return "angular", *hold_out(vectors)


def passages(data, file, count, width=12, stride=3):
    """Windows of wiki8's words, each the weighted mean of their vectors; the queries are 2,000 windows of the text behind them."""
    from kith.models import KeyedVectors

    vectors = KeyedVectors.load_word2vec_format(file, binary=True)
    with gzip.open(data / "wiki8.gz", "rt", encoding="utf-8") as text:
        ids = [vectors.key_to_index[word] for line in text for word in line.split() if word in vectors.key_to_index]
    ids = np.array(ids, np.int32)
    starts = np.arange(0, len(ids) - width, stride)
    if len(starts) < count + 2000 + width:
        raise ValueError(f"{count:,} passages: the text has {len(starts):,}")
    frequency = np.bincount(ids, minlength=len(vectors)) / len(ids)
    weighted = unit(vectors.vectors) * (0.001 / (0.001 + frequency))[:, None]
    rows = np.empty((len(starts), vectors.vector_size), np.float32)
    for d in range(rows.shape[1]):
        sums = np.concatenate([[0], np.cumsum(weighted[ids, d], dtype=np.float64)])
        rows[:, d] = sums[starts + width] - sums[starts]
    behind = np.random.RandomState(0).permutation(np.arange(count + width, len(rows)))
    return "angular", rows[:count], rows[behind[:2000]]


def fashion(data):
    def images(name):
        with gzip.open(data / name) as file:
            return np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 784).astype(np.float32)

    return "euclidean", images("train-images-idx3-ubyte.gz"), images("t10k-images-idx3-ubyte.gz")[:2000]


def turned(data):
    """Fashion-MNIST, brightness from 0 to 1, turned at random: as far from each other, and no element a whole number."""
    metric, items, queries = fashion(data)
    rotation = np.linalg.qr(np.random.RandomState(0).normal(size=(784, 784)))[0].astype(np.float32)
    return metric, items / 255 @ rotation, queries / 255 @ rotation


def unit(rows):
    """The rows at length 1, for those who know inner products alone."""
    return np.ascontiguousarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-30))


def as_bits(items):
    """The pixels that are bright, or the numbers above 0."""
    return (items > (127 if items.max() == 255 else 0)).astype(np.float32)


def exact(metric, items, queries):
    """Ids of the K nearest, by brute force in blocks."""
    if metric == "manhattan":
        return np.stack([np.argpartition(np.abs(items - query).sum(1), K)[:K] for query in queries])
    if metric == "hamming":  # the product of rows of -1 and 1 falls by 2 with every bit that differs
        items, queries = 2 * items - 1, 2 * queries - 1
    if metric == "angular":
        items = unit(items)
    squares = np.einsum("ij,ij->i", items, items)
    truth = []
    for block in np.array_split(queries, 20):
        ranks = squares - 2 * (block @ items.T) if metric == "euclidean" else -(block @ items.T)
        truth.append(np.argpartition(ranks, K, axis=1)[:, :K].copy())  # not a view that keeps all
    return np.concatenate(truth)


def recall(truth, answers):
    """The share of the true neighbours among the answers."""
    return sum(len(set(t) & set(a)) for t, a in zip(truth, answers)) / truth.size
