"""Who takes part in peers.py: for each library how it builds, saves, loads and asks, and its steps of effort."""

import pathlib
import pickle
import shutil
import tempfile

import numpy as np

from sets import K

EFS = [10, 14, 20, 30, 45, 60, 80, 100, 150, 200, 300, 450, 700]


class Kith:
    def __init__(self, kind, compress=False):
        self.name, self.kind, self.compress = f"Kith {kind}{', compressed' if compress else ''}", kind, compress
        self.efforts = [0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999]

    def build(self, items, metric, threads):
        import kith

        self.index = kith.Index(items.shape[1], metric, kind=self.kind)
        self.index.add(items)
        self.index.build(threads=threads, compress=self.compress)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import kith

        self.index = kith.open(path)

    def query(self, queries, effort):
        return self.index.search(queries, k=K, recall=effort, threads=1).ids


class Annoy:
    def __init__(self, trees):
        self.name, self.trees = f"Annoy, {trees} trees", trees
        self.efforts = [200, 400, 700, 1000, 2000, 4000, 7000, 10000, 20000, 40000]

    def build(self, items, metric, threads):
        import annoy

        self.index = annoy.AnnoyIndex(items.shape[1], metric)
        for i, item in enumerate(items):
            self.index.add_item(i, item)
        self.index.build(self.trees, threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import annoy

        self.index = annoy.AnnoyIndex(items.shape[1], metric)
        self.index.load(path, prefault=True)

    def query(self, queries, effort):
        return [self.index.get_nns_by_vector(query, K, effort) for query in queries]


class Hnswlib:
    def __init__(self, m):
        self.name, self.m, self.efforts = f"hnswlib, M={m}", m, EFS

    def empty(self, items, metric):
        import hnswlib

        return hnswlib.Index("cosine" if metric == "angular" else "l2", items.shape[1])

    def build(self, items, metric, threads):
        self.index = self.empty(items, metric)
        self.index.init_index(len(items), M=self.m, ef_construction=200)
        self.index.add_items(items, num_threads=threads)

    def save(self, path):
        self.index.save_index(path)

    def load(self, path, items, metric):
        self.index = self.empty(items, metric)
        self.index.load_index(path)

    def query(self, queries, effort):
        self.index.set_ef(effort)
        return self.index.knn_query(queries, K, num_threads=1)[0]


class Faiss:
    def __init__(self, factory, efforts, parameter):
        self.name, self.factory, self.efforts, self.parameter = f"faiss {factory}", factory, efforts, parameter

    def build(self, items, metric, threads):
        import faiss

        faiss.omp_set_num_threads(threads)
        self.index = faiss.index_factory(items.shape[1], self.factory)
        self.index.train(items)
        self.index.add(items)

    def save(self, path):
        import faiss

        faiss.write_index(self.index, path)

    def load(self, path, items, metric):
        import faiss

        self.index = faiss.read_index(path)

    def query(self, queries, effort):
        import faiss

        faiss.omp_set_num_threads(1)
        faiss.ParameterSpace().set_index_parameters(self.index, self.parameter.format(effort))
        return self.index.search(queries, K)[1]


class Usearch:
    def __init__(self):
        self.name, self.efforts = "usearch", EFS

    def empty(self, items, metric):
        from usearch.index import Index

        return Index(ndim=items.shape[1], metric="cos" if metric == "angular" else "l2sq", connectivity=16,
                     expansion_add=200, dtype="f32")

    def build(self, items, metric, threads):
        self.index = self.empty(items, metric)
        self.index.add(np.arange(len(items)), items, threads=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        self.index = self.empty(items, metric)
        self.index.load(path)

    def query(self, queries, effort):
        self.index.expansion_search = effort
        return self.index.search(queries, K, threads=1).keys


class Voyager:
    def __init__(self):
        self.name, self.efforts = "voyager", EFS

    def build(self, items, metric, threads):
        import voyager

        space = voyager.Space.Cosine if metric == "angular" else voyager.Space.Euclidean
        self.index = voyager.Index(space, items.shape[1], M=16, ef_construction=200)
        self.index.add_items(items, num_threads=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        import voyager

        self.index = voyager.Index.load(path)

    def query(self, queries, effort):
        return self.index.query(queries, K, num_threads=1, query_ef=effort)[0]


class SymphonyQG:
    def __init__(self, degree):
        self.name, self.degree, self.efforts = f"SymphonyQG, degree {degree}", degree, EFS

    def empty(self, items):
        import symphonyqg

        return symphonyqg.Index("QG", "L2", len(items), items.shape[1], self.degree)

    def build(self, items, metric, threads):
        self.index = self.empty(items)
        self.index.build_index(items, 400, num_thread=threads)

    def save(self, path):
        self.index.save(path)

    def load(self, path, items, metric):
        self.index = self.empty(items)
        self.index.load(path)

    def query(self, queries, effort):
        self.index.set_ef(effort)
        return [self.index.search(query, K) for query in queries]


class Ngt:
    def __init__(self):
        self.name, self.efforts = "NGT", [0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.17, 0.22, 0.3]

    def build(self, items, metric, threads):
        import ngtpy

        self.folder = tempfile.TemporaryDirectory()
        ngtpy.create(self.folder.name, items.shape[1], distance_type="Normalized Cosine" if metric == "angular" else "L2")
        self.index = ngtpy.Index(self.folder.name)
        self.index.batch_insert(items, num_threads=threads)

    def save(self, path):
        self.index.save()
        shutil.copytree(self.folder.name, path)

    def load(self, path, items, metric):
        import ngtpy

        self.index = ngtpy.Index(path, read_only=True)

    def query(self, queries, effort):
        return [self.index.search(query, K, effort, with_distance=False) for query in queries]


class Scann:
    def __init__(self):
        self.name = "ScaNN"
        self.efforts = [(1, 20), (2, 30), (3, 40), (5, 50), (8, 60), (12, 80), (20, 100), (35, 150), (60, 200), (100, 300), (200, 500)]

    def build(self, items, metric, threads):
        import scann

        kind = "dot_product" if metric == "angular" else "squared_l2"
        builder = scann.scann_ops_pybind.builder(items, K, kind).set_n_training_threads(threads)
        leaves = int(2 * len(items) ** 0.5)
        builder = builder.tree(num_leaves=leaves, num_leaves_to_search=10, training_sample_size=250_000)
        self.index = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100).build()

    def save(self, path):
        pathlib.Path(path).mkdir()
        self.index.serialize(path)

    def load(self, path, items, metric):
        import scann

        self.index = scann.scann_ops_pybind.load_searcher(path)

    def query(self, queries, effort):
        leaves, candidates = effort
        return self.index.search_batched(queries, leaves_to_search=leaves, pre_reorder_num_neighbors=candidates)[0]


class Svs:
    def __init__(self, bits):
        """`bits` of an element's code and of what the code lacks; None for float32."""
        self.name, self.efforts = "SVS Vamana" if bits is None else "SVS Vamana, LVQ{}x{}".format(*bits), EFS
        self.bits = bits

    def build(self, items, metric, threads):
        import svs

        # Rows of unit length: the order of their distances is that of the angles.
        parameters = svs.VamanaBuildParameters(alpha=1.2, graph_max_degree=64, window_size=128)
        self.index = svs.Vamana.build(parameters, items, svs.DistanceType.L2, num_threads=threads)

    def save(self, path):
        pathlib.Path(path).mkdir()
        self.index.save(f"{path}/config", f"{path}/graph", f"{path}/data")
        self.load(path, None, None)

    def load(self, path, items, metric):
        import svs

        loader = svs.VectorDataLoader(f"{path}/data", data_type=svs.DataType.float32)
        if self.bits:
            loader = svs.LVQLoader(loader, primary=self.bits[0], residual=self.bits[1])
        self.index = svs.Vamana(f"{path}/config", svs.GraphLoader(f"{path}/graph"), loader, svs.DistanceType.L2, num_threads=1)

    def query(self, queries, effort):
        self.index.search_window_size = effort
        return self.index.search(queries, K)[0]


class PyNNDescent:
    def __init__(self):
        self.name, self.efforts = "PyNNDescent", [0.0, 0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.36]

    def build(self, items, metric, threads):
        import pynndescent

        kind = "cosine" if metric == "angular" else "euclidean"
        self.index = pynndescent.NNDescent(items, metric=kind, n_neighbors=30, n_jobs=threads)
        self.index.prepare()

    def save(self, path):
        with open(path, "wb") as file:
            pickle.dump(self.index, file)

    def load(self, path, items, metric):
        with open(path, "rb") as file:
            self.index = pickle.load(file)

    def query(self, queries, effort):
        return self.index.query(queries, k=K, epsilon=effort)[0]


def contenders(dim):
    return [
        Kith("graph"),
        Kith("coded"),
        Kith("graph", compress=True),
        Kith("coded", compress=True),
        Annoy(10),
        Annoy(100),
        Hnswlib(16),
        Hnswlib(32),
        Faiss("HNSW32", EFS, "efSearch={}"),
        Faiss(f"IVF512,PQ{dim // 8 if dim % 8 == 0 else dim // 2}x4fs,RFlat", [1, 2, 4, 8, 16, 32, 64, 128], "nprobe={},k_factor_rf=10"),
        Usearch(),
        Voyager(),
        Ngt(),
        Scann(),
        Svs(None),
        *([Svs((4, 8))] if "GenuineIntel" in pathlib.Path("/proc/cpuinfo").read_text() else []),  # it refuses others
        PyNNDescent(),
        SymphonyQG(32),
    ]
