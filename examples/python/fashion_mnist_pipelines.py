#!/usr/bin/env python3
"""Nearest neighbours from Kith inside scikit-learn's pipelines, on Fashion-MNIST.

    KITH_DATA_DIR=folder python fashion_mnist_pipelines.py [--train 60000] [--test 10000] [--map 2000] [--plot map.png]

A KithTransformer makes the graph of nearest neighbours once; what comes after takes metric="precomputed". Here: a
classifier, and two maps of the pictures on a plane (Isomap and t-SNE). Needs scikit-learn, and matplotlib for --plot.
"""

from __future__ import annotations

import argparse
import time

from sklearn.manifold import TSNE, Isomap, trustworthiness
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from kith import datasets
from kith.sklearn import KithTransformer


def classify(data, train, test, algorithm):
    """Accuracy of a classifier by the 5 nearest training pictures, and seconds."""
    started = time.perf_counter()
    model = make_pipeline(
        KithTransformer(n_neighbors=5, algorithm=algorithm, n_jobs=-1),
        KNeighborsClassifier(n_neighbors=5, metric="precomputed"),
    )
    model.fit(data.train[:train], data.train_labels[:train])
    accuracy = model.score(data.test[:test], data.test_labels[:test])
    return accuracy, time.perf_counter() - started


def maps(images):
    """The pictures on a plane, by two methods that look at nearest neighbours only."""
    neighbours = 10
    isomap = make_pipeline(
        KithTransformer(n_neighbors=neighbours, algorithm="flat", n_jobs=-1),
        Isomap(n_neighbors=neighbours, metric="precomputed"),
    )
    perplexity = min(30, (len(images) - 1) // 4)
    # t-SNE looks at three times as many neighbours as its perplexity, and squares the distances itself.
    tsne = make_pipeline(
        KithTransformer(n_neighbors=3 * perplexity + 1, algorithm="flat", n_jobs=-1),
        TSNE(metric="precomputed", init="random", perplexity=perplexity, random_state=0),
    )
    return {"Isomap": isomap.fit_transform(images), "t-SNE": tsne.fit_transform(images)}


def draw(positions, labels, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from kith import plot

    figure, axes = plt.subplots(1, len(positions), figsize=(12, 6), layout="constrained")
    for ax, (name, points) in zip(axes, positions.items()):
        plot.scatter(points, labels, ax=ax, title=name)
    figure.savefig(path)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=int, default=60_000, help="pictures to search")
    parser.add_argument("--test", type=int, default=10_000, help="pictures to classify")
    parser.add_argument("--map", type=int, default=2_000, help="pictures on the maps")
    parser.add_argument("--plot", metavar="FILE", help="draw the maps")
    options = parser.parse_args(arguments)

    data = datasets.fashion_mnist()
    for algorithm in ("flat", "forest", "coded"):
        accuracy, seconds = classify(data, options.train, options.test, algorithm)
        print(f"{algorithm:8} {100 * accuracy:.1f} % of {options.test:,} pictures recognised in {seconds:.1f} s")

    images, labels = data.test[: options.map], data.test_labels[: options.map]
    positions = maps(images)
    for name, points in positions.items():
        kept = trustworthiness(images, points, n_neighbors=10)
        print(f"{name:8} {points.shape[0]:,} pictures on a plane; trustworthiness {kept:.2f}")
    if options.plot:
        draw(positions, labels, options.plot)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
