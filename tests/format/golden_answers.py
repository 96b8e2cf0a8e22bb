#!/usr/bin/env python3
"""Prints the five nearest neighbours of every row of a .kith file of any kind, by its vectors alone.

An independent reading of docs/formats.md, in double precision: made the .answers beside the golden files.
Usage: golden_answers.py FILE.kith > FILE.answers
"""

import struct
import sys

import numpy as np

VECTORS, STEPS = 1, 26
BITS = 4
TYPES = ["<f4", "<f2", "i1", "u1", "u1"]  # by the element type in the header; bits are unpacked
ANGULAR, EUCLIDEAN, MANHATTAN, DOT, HAMMING = range(5)


def read_vectors(data):
    magic, version, _, metric, scalar, _, dim, count, table, sections = struct.unpack_from("<8sIBBBBQQQI", data)
    assert magic == b"\x8bKITH\r\n\x1a" and version == 1
    found = {}
    for i in range(sections):
        kind, _, offset, size, _ = struct.unpack_from("<IIQQQ", data, table + 32 * i)
        found[kind] = data[offset : offset + size]
    rows = np.frombuffer(found[VECTORS], TYPES[scalar]).reshape(count, -1)
    if scalar == BITS:
        rows = np.unpackbits(rows, axis=1, bitorder="little")[:, :dim]
    assert rows.shape == (count, dim)
    # One step for all rows, or one for each.
    steps = np.frombuffer(found.get(STEPS, np.float32(1).tobytes()), "<f4").astype(float)
    return metric, rows * steps[:, np.newaxis]


def distances(metric, rows, query):
    if metric == ANGULAR:
        cosines = rows @ query / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)
        return np.sqrt(np.maximum(2 - 2 * cosines, 0))
    if metric == EUCLIDEAN:
        return np.linalg.norm(rows - query, axis=1)
    if metric == DOT:
        return rows @ query
    return np.abs(rows - query).sum(axis=1)


def main(path):
    with open(path, "rb") as file:
        metric, rows = read_vectors(file.read())
    for i, query in enumerate(rows):
        values = distances(metric, rows, query)
        order = np.argsort(-values if metric == DOT else values, kind="stable")[:5]
        print(f"{i}:", *(f"{j} {values[j]:.7f}" for j in order))


if __name__ == "__main__":
    main(sys.argv[1])
