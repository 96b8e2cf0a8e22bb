"""Bytes from elsewhere, through Python: refused with an error of Python's, never executed, never a crash."""

from __future__ import annotations

import json
import os
import pickle
import random

import numpy as np
import pytest
from support import index_of

import kith
from kith.annoy import Annoy, Index

REFUSALS = (ValueError, OSError, TypeError, KeyError, IndexError, OverflowError)


class Bomb:
    """Unpickled, it leaves a trace."""

    def __reduce__(self):
        return (os.mkdir, ("executed",))


def wound(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        kind, at = dice.randrange(4), dice.randrange(len(out) + 1)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del out[at : at + dice.randint(1, 60)]
        elif kind == 2:
            out[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 20)))
        elif at < len(out):
            out[at : at + 4] = dice.choice([b"\0\0\0\0", b"\xff" * 4, b"\x01\0\0\0", b"\0\0\0\x80"])
        if not out:
            break
    return bytes(out)


@pytest.mark.parametrize("kind", ["forest", "flat", "coded"])
def test_damaged_bytes_are_refused_by_from_bytes(kind, rng):
    data = index_of(rng.normal(size=(100, 6)), "euclidean", kind).to_bytes()
    dice = random.Random(1)
    for _ in range(1500):
        damaged = wound(data, dice)
        if damaged == data:
            continue
        with pytest.raises(REFUSALS):
            kith.Index.from_bytes(damaged)


def test_damaged_files_are_refused_or_answered(in_tmp, rng):
    index_of(rng.normal(size=(100, 6)), "euclidean", n_trees=3).save("good.ann")
    data = (in_tmp / "good.ann").read_bytes()
    dice = random.Random(2)
    for _ in range(1500):
        with open("bad.ann", "wb") as file:
            file.write(wound(data, dice))
        annoy = Annoy(6, "euclidean")
        try:
            annoy.load("bad.ann")
            ids = annoy.get_nns_by_vector([0.0] * 6, 20)
            assert all(0 <= i < annoy.get_n_items() for i in ids)
        except REFUSALS:
            pass
        os.unlink("bad.ann")


def test_damaged_metadata_is_refused_or_harmless(in_tmp, rng):
    index = Index(6, "angular")
    index.add_items(rng.normal(size=(50, 6)).astype(np.float32))
    index.build(3)
    index.save_bundle()
    manifest = in_tmp / "manifest.json"
    data = manifest.read_bytes()
    whole = json.loads(data)
    dice = random.Random(3)
    telling = [None, -1, 0, 2**70, "", "../../x", [], {}, [1], [[1]], {"a": 1}, True, 1e300, "\0"]
    changed = [wound(data, dice) for _ in range(500)]
    changed += [json.dumps(value).encode() for value in telling]
    changed += [json.dumps({**whole, field: value}).encode() for field in whole for value in telling]
    changed += [
        json.dumps({**whole, "params": {**whole["params"], field: value}}).encode()
        for field in whole["params"]
        for value in telling
    ]
    files = sorted(os.listdir())
    for text in changed:
        manifest.write_bytes(text)
        try:
            loaded = Index.load_bundle()
            loaded.kneighbors(np.zeros((1, 6), np.float32) + 0.5, 3)
        except REFUSALS:
            pass
    assert sorted(os.listdir()) == files
    manifest.write_bytes(data)
    assert Index.load_bundle().get_n_items() == 50


def test_no_opener_unpickles(in_tmp):
    with open("bomb", "wb") as file:
        pickle.dump(Bomb(), file)
    np.save("bomb.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    pytest.importorskip("yaml")
    openers = [
        kith.open,
        kith.inspect,
        kith.verify,
        kith.KeyedVectors.read,
        kith.KeyedVectors.open,
        lambda path: kith.Index.from_bytes((in_tmp / path).read_bytes()),
        lambda path: Annoy(6, "angular").load(path),
        lambda path: Index.load_bundle(path),
        lambda path: Index.from_json(path),
        lambda path: Index.from_yaml(path),
    ]
    for path in ("bomb", "bomb.npy"):
        for opener in openers:
            with pytest.raises(REFUSALS):
                opener(path)
    assert not (in_tmp / "executed").exists()


def test_yaml_builds_no_objects(in_tmp):
    pytest.importorskip("yaml")
    with open("bomb.yaml", "w") as file:
        file.write("!!python/object/apply:os.mkdir ['executed']\n")
    with pytest.raises(Exception):
        Index.from_yaml("bomb.yaml")
    assert not (in_tmp / "executed").exists()


def test_names_with_a_nul_byte_are_refused(in_tmp, rng):
    index = index_of(rng.normal(size=(5, 3)), "euclidean", n_trees=1)
    index.save("index.kith")
    before = (in_tmp / "index.kith").read_bytes()
    for call in (kith.open, kith.inspect, kith.verify, kith.KeyedVectors.read, index.save):
        with pytest.raises(ValueError):
            call("index.kith\0.txt")
    assert (in_tmp / "index.kith").read_bytes() == before
