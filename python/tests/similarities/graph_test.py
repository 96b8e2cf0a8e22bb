"""GraphIndexer: a graph over models of Kith's and of gensim's."""

from __future__ import annotations

import numpy as np
import pytest

from kith.models import Doc2Vec, FastText, KeyedVectors, Word2Vec
from kith.models.doc2vec import TaggedDocument
from kith.similarities import GraphIndexer

TEXTS = [["human", "machine", "interface"], ["survey", "user", "computer", "system"], ["system", "human", "user"]] * 20


@pytest.fixture
def vectors(rng):
    made = KeyedVectors(16)
    made.add_vectors([f"w{i}" for i in range(2000)], rng.normal(size=(2000, 16)))
    return made


def test_neighbours_are_those_of_exact_search(vectors):
    indexer = GraphIndexer(vectors, recall=0.99)
    assert (indexer.model, indexer.labels, indexer.index.kind) == (vectors, vectors.index_to_key, "graph")
    shared = 0
    for row in vectors.vectors[:50]:
        exact, found = (vectors.most_similar([row], topn=10, indexer=each) for each in (None, indexer))
        shared += len({key for key, _ in exact} & {key for key, _ in found})
        scores = dict(exact)
        assert all(scores[key] == pytest.approx(score, abs=1e-5) for key, score in found if key in scores)
    assert shared / 500 > 0.97
    assert vectors.most_similar("w7", topn=3, indexer=indexer)[0][0] == "w7"


def test_the_recall_may_be_changed(vectors):
    indexer = GraphIndexer(vectors, 0.5)
    indexer.recall = 1
    assert indexer.recall == 1
    for wrong, error in ((0, ValueError), (1.5, ValueError), ("high", TypeError), (None, TypeError)):
        with pytest.raises(error, match="recall must be"):
            indexer.recall = wrong
        with pytest.raises(error, match="recall must be"):
            GraphIndexer(vectors, wrong)


@pytest.mark.parametrize("make", ["word2vec", "fasttext", "doc2vec"])
def test_models_of_kith(make, tmp_path):
    documents = [TaggedDocument(words, [number]) for number, words in enumerate(TEXTS)]
    model, rows = {
        "word2vec": lambda: (m := Word2Vec(TEXTS, min_count=1, workers=1), m.wv),
        "fasttext": lambda: (m := FastText(TEXTS, min_count=1, bucket=50, workers=1), m.wv),
        "doc2vec": lambda: (m := Doc2Vec(documents, min_count=1, workers=1), m.dv),
    }[make]()
    indexer = GraphIndexer(model)
    vector = rows.get_normed_vectors()[1]
    assert indexer.most_similar(vector, 1)[0] == (rows.index_to_key[1], pytest.approx(1, abs=1e-5))
    indexer.save(tmp_path / "index")
    loaded = GraphIndexer()
    loaded.load(tmp_path / "index")
    assert loaded.labels == list(rows.index_to_key)
    assert rows.most_similar([vector], topn=3, indexer=loaded) == rows.most_similar([vector], topn=3, indexer=indexer)


def test_what_is_saved_is_loaded(vectors, tmp_path):
    indexer = GraphIndexer(vectors)
    before = vectors.most_similar([vectors["w7"]], topn=11, indexer=indexer)
    indexer.save(str(tmp_path / "index.ann"))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["index.ann", "index.ann.labels"]
    loaded = GraphIndexer()
    loaded.load(tmp_path / "index.ann")
    assert (loaded.model, loaded.recall, loaded.index.kind) == (None, 0.95, "graph")
    assert vectors.most_similar([vectors["w7"]], topn=11, indexer=loaded) == before
    again = GraphIndexer(vectors)
    again.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "index.ann").read_bytes()


def test_what_cannot_be(vectors, tmp_path):
    with pytest.raises(ValueError, match="KeyedVectors, not int"):
        GraphIndexer(3)
    with pytest.raises(ValueError, match="no vectors"):
        GraphIndexer(KeyedVectors(3))
    for call in (lambda i: i.most_similar(vectors["w1"], 3), lambda i: i.save(tmp_path / "x")):
        with pytest.raises(RuntimeError, match="empty"):
            call(GraphIndexer())
    with pytest.raises(FileNotFoundError):
        GraphIndexer().load(tmp_path / "nowhere")
    GraphIndexer(vectors).save(tmp_path / "index")
    for text in ("", "{}", "[1.5]", "[null]", '["a"]'):
        (tmp_path / "index.labels").write_text(text)
        with pytest.raises(ValueError, match=r"index\.labels"):
            GraphIndexer().load(tmp_path / "index")


@pytest.mark.filterwarnings("ignore")
def test_gensims_models_take_this_indexer(tmp_path):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    from gensim.models.doc2vec import TaggedDocument as Tagged

    documents = [Tagged(words, [number]) for number, words in enumerate(TEXTS)]
    for model, keyed in (
        (models.Word2Vec(TEXTS, min_count=1, workers=1), "wv"),
        (models.FastText(TEXTS, min_count=1, bucket=50, workers=1), "wv"),
        (models.Doc2Vec(documents, min_count=1, workers=1), "dv"),
    ):
        rows = getattr(model, keyed)
        vector = rows.get_normed_vectors()[0]
        for given in (model, rows):
            indexer = GraphIndexer(given, recall=0.99)
            found, exact = rows.most_similar([vector], topn=5, indexer=indexer), rows.most_similar([vector], topn=5)
            assert found[0][0] == exact[0][0]
            assert len({key for key, _ in found} & {key for key, _ in exact}) >= 4
        indexer.save(tmp_path / "index")
        loaded = GraphIndexer()
        loaded.load(tmp_path / "index")
        assert rows.most_similar([vector], topn=5, indexer=loaded) == found
