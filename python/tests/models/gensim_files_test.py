"""What gensim's save() wrote is opened, and nothing in it is run."""

from __future__ import annotations

import io
import pickle
import sys
import types

import numpy as np
import pytest

from kith.models import KeyedVectors, Word2Vec

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
KEYS = ["a", "b", "c", "d"]


@pytest.fixture
def gensims_classes(monkeypatch):
    """Classes by gensim's names, whether it is installed or not, that hold attributes."""

    def made(module, name):
        kind = type(name, (), {"__module__": module})
        holder = types.ModuleType(module)
        setattr(holder, name, kind)
        for part in ("gensim", "gensim.models"):
            monkeypatch.setitem(sys.modules, part, types.ModuleType(part))
        monkeypatch.setitem(sys.modules, module, holder)

        def build(**attributes):
            one = kind()
            one.__dict__.update(attributes)
            return one

        return build

    return made


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_vectors_of_gensim_4(gensims_classes, tmp_path, protocol):
    build = gensims_classes("gensim.models.keyedvectors", "KeyedVectors")
    counts = {"count": np.array([4, 3, 2, 1])}
    saved = build(vectors=ROWS, index_to_key=KEYS, key_to_index={}, expandos=counts, norms=None, vector_size=3)
    (tmp_path / "v").write_bytes(pickle.dumps(saved, protocol))
    vectors = KeyedVectors.load(tmp_path / "v")
    assert vectors.index_to_key == KEYS
    np.testing.assert_array_equal(vectors.vectors, ROWS)
    assert vectors.get_vecattr("b", "count") == 3
    assert vectors.most_similar("d", topn=1)[0][0] == "c"


def test_vectors_of_gensim_3_with_an_array_in_a_file_of_its_own(gensims_classes, tmp_path):
    build = gensims_classes("gensim.models.keyedvectors", "Word2VecKeyedVectors")
    item = gensims_classes("gensim.models.keyedvectors", "Vocab")
    vocab = {key: item(count=9 - row, index=row) for row, key in enumerate(KEYS)}
    saved = build(index2word=KEYS, vocab=vocab, vectors=None, **{"__numpys": ["vectors"]})
    sys.modules["gensim.models.keyedvectors"].Word2VecKeyedVectors = type(saved)
    (tmp_path / "v").write_bytes(pickle.dumps(saved, 2))
    np.save(tmp_path / "v.vectors.npy", np.asfortranarray(ROWS))
    vectors = KeyedVectors.load(tmp_path / "v")
    np.testing.assert_array_equal(vectors.vectors, ROWS)
    assert [vectors.get_vecattr(key, "count") for key in KEYS] == [9, 8, 7, 6]


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


class Call:
    def __init__(self, *called):
        self.called = called

    def __reduce__(self):
        return self.called


@pytest.mark.parametrize(
    "content",
    [
        Trap(),
        Call(eval, ("__import__('pytest').fail()",)),
        Call(getattr, (1, "real")),
        np.array([Trap()], dtype=object),
        {"a": 1},
        [1, 2],
        np.arange(3),
    ],
)
def test_a_pickle_of_something_else_is_refused_and_not_run(tmp_path, content):
    (tmp_path / "v").write_bytes(pickle.dumps(content))
    for kind in (KeyedVectors, Word2Vec):
        with pytest.raises(ValueError, match="gensim"):
            kind.load(tmp_path / "v")


def test_nothing_hidden_among_the_attributes_is_run(gensims_classes, tmp_path):
    build = gensims_classes("gensim.models.keyedvectors", "KeyedVectors")
    (tmp_path / "v").write_bytes(pickle.dumps(build(vectors=ROWS, index_to_key=KEYS, trap=Trap(), more={"x": [Trap()]})))
    assert KeyedVectors.load(tmp_path / "v").index_to_key == KEYS


def test_damage_is_an_error(gensims_classes, tmp_path):
    build = gensims_classes("gensim.models.keyedvectors", "KeyedVectors")
    whole = pickle.dumps(build(vectors=ROWS, index_to_key=KEYS))
    for cut in range(1, len(whole), 7):
        (tmp_path / "v").write_bytes(whole[:cut])
        with pytest.raises(ValueError):
            KeyedVectors.load(tmp_path / "v")
    (tmp_path / "v").write_bytes(pickle.dumps(build(vectors=ROWS, index_to_key=KEYS[:2])))
    with pytest.raises(ValueError, match="no keys with vectors"):
        KeyedVectors.load(tmp_path / "v")


# --- With gensim itself ---

TEXTS = [["human", "machine", "interface"], ["survey", "user", "computer", "system"], ["system", "human", "user"]] * 20


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("limit", [10**9, 8])
def test_gensims_own_files(tmp_path, limit):
    """With the arrays in the pickle, and in files beside it."""
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    theirs = models.Word2Vec(TEXTS, min_count=1, workers=1, vector_size=20, sg=1, window=3, comment="mine")
    path = str(tmp_path / "m")
    theirs.save(path, sep_limit=limit)
    assert (tmp_path / "m.wv.vectors.npy").exists() == (limit == 8)
    ours = Word2Vec.load(path)
    assert (ours.sg, ours.window, ours.vector_size, ours.comment) == (1, 3, 20, "mine")
    assert ours.wv.index_to_key == theirs.wv.index_to_key
    np.testing.assert_array_equal(ours.wv.vectors, theirs.wv.vectors)
    np.testing.assert_array_equal(ours.syn1neg, theirs.syn1neg)
    assert ours.wv.get_vecattr("human", "count") == 40
    assert ours.train(TEXTS, total_examples=60, epochs=2)[1] == 400
    theirs.wv.save(str(tmp_path / "v"), sep_limit=limit)
    np.testing.assert_array_equal(KeyedVectors.load(tmp_path / "v").vectors, theirs.wv.vectors)
    with pytest.raises(ValueError, match="not a Word2Vec"):
        Word2Vec.load(str(tmp_path / "v"))
    file = io.BytesIO((tmp_path / "v").read_bytes())
    if limit > 8:
        assert KeyedVectors.load(file).index_to_key == theirs.wv.index_to_key
