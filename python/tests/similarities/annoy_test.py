"""AnnoyIndexer: approximate neighbours for models of Kith's and of gensim's."""

from __future__ import annotations

import pickle
import sys

import numpy as np
import pytest

import kith.annoy
from kith.models import KeyedVectors, Word2Vec
from kith.similarities import AnnoyIndexer
from kith.similarities.index import AnnoyIndexer as AnnoyIndexerOfGensim3


@pytest.fixture
def vectors(rng):
    made = KeyedVectors(16)
    made.add_vectors([f"w{i}" for i in range(500)], rng.normal(size=(500, 16)))
    return made


def trained():
    return Word2Vec([["cute", "cat", "say", "meow"], ["cute", "dog", "say", "woof"]] * 50, min_count=1, workers=1)


def test_neighbours_are_those_of_exact_search(vectors):
    indexer = AnnoyIndexer(vectors, 100)
    exact = vectors.most_similar([vectors["w7"]], topn=11)
    found = vectors.most_similar([vectors["w7"]], topn=11, indexer=indexer)
    assert [key for key, _ in found] == [key for key, _ in exact]
    np.testing.assert_allclose([score for _, score in found], [score for _, score in exact], atol=1e-5)
    assert (indexer.num_trees, indexer.model, indexer.labels) == (100, vectors, vectors.index_to_key)
    assert isinstance(indexer.index, kith.annoy.AnnoyIndex)


def test_the_querys_own_key_is_in_the_answer_as_with_gensim(vectors):
    indexer = AnnoyIndexer(vectors, 20)
    found = vectors.most_similar("w7", topn=3, indexer=indexer)
    assert found[0][0] == "w7"
    assert found[0][1] == pytest.approx(1, abs=1e-5)
    assert len(found) == 3


def test_few_trees_find_enough(vectors):
    indexer = AnnoyIndexer(vectors, 2)
    found = [len({key for key, _ in vectors.most_similar([row], topn=5, indexer=indexer)}
                 & {key for key, _ in vectors.most_similar([row], topn=5)}) for row in vectors.vectors[:50]]  # fmt: skip
    assert np.mean(found) / 5 > 0.95


def test_models_are_indexed_by_their_words():
    model = trained()
    indexer = AnnoyIndexer(model, 10)
    assert indexer.labels == model.wv.index_to_key
    vector = model.wv.get_normed_vectors()[0]
    assert indexer.most_similar(vector, 1)[0][0] == model.wv.index_to_key[0]


def test_what_is_saved_is_loaded(vectors, tmp_path):
    indexer = AnnoyIndexer(vectors, 20)
    before = vectors.most_similar([vectors["w7"]], topn=11, indexer=indexer)
    path = tmp_path / "index"
    indexer.save(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["index", "index.dict"]
    loaded = AnnoyIndexerOfGensim3()
    loaded.load(str(path))
    loaded.model = vectors
    assert vectors.most_similar([vectors["w7"]], topn=11, indexer=loaded) == before
    assert (loaded.index.f, loaded.num_trees, loaded.labels) == (16, 20, vectors.index_to_key)
    loaded.save(tmp_path / "again")  # gensim's fails here, having no model
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    assert pickle.loads((tmp_path / "again.dict").read_bytes()) == {
        "f": 16, "num_trees": 20, "labels": vectors.index_to_key
    }  # fmt: skip


def test_the_second_file_may_have_gensim_3s_name(vectors, tmp_path):
    AnnoyIndexer(vectors, 2).save(tmp_path / "index")
    (tmp_path / "index.dict").rename(tmp_path / "index.d")
    loaded = AnnoyIndexer()
    loaded.load(tmp_path / "index")
    assert loaded.labels == vectors.index_to_key


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


@pytest.mark.parametrize(
    "state",
    [
        Trap(),
        {"f": 16, "num_trees": 2, "labels": [Trap()]},
        {"f": 16, "num_trees": 2},
        [1],
        {"f": "16", "num_trees": 2, "labels": []},
    ],
)
def test_a_state_that_is_more_than_data_is_refused_and_not_run(vectors, tmp_path, state):
    AnnoyIndexer(vectors, 2).save(tmp_path / "index")
    (tmp_path / "index.dict").write_bytes(pickle.dumps(state))
    indexer = AnnoyIndexer()
    with pytest.raises(ValueError, match="index.dict"):
        indexer.load(tmp_path / "index")
    assert indexer.index is None


def test_files_that_do_not_belong_together_are_refused(vectors, tmp_path):
    AnnoyIndexer(vectors, 2).save(tmp_path / "index")
    few = KeyedVectors(16)
    few.add_vectors(["a", "b"], np.eye(2, 16))
    AnnoyIndexer(few, 2).save(tmp_path / "few")
    (tmp_path / "few.dict").rename(tmp_path / "index.dict")
    with pytest.raises(ValueError, match="500 items"):
        AnnoyIndexer().load(tmp_path / "index")


def test_what_cannot_be(vectors, tmp_path):
    with pytest.raises(ValueError, match="KeyedVectors, not int"):
        AnnoyIndexer(3, 10)
    with pytest.raises(ValueError, match="no vectors"):
        AnnoyIndexer(KeyedVectors(3), 10)
    with pytest.raises(OSError, match="nowhere.dict"):
        AnnoyIndexer().load("nowhere")
    with pytest.raises(RuntimeError, match="empty"):
        AnnoyIndexer().most_similar(vectors["w1"], 3)
    with pytest.raises(RuntimeError, match="empty"):
        AnnoyIndexer(vectors).save(tmp_path / "index")


# --- With gensim itself ---


@pytest.fixture
def gensim():
    return pytest.importorskip("gensim", reason="gensim is not installed")


@pytest.fixture
def annoy_is_kith(monkeypatch):
    monkeypatch.setitem(sys.modules, "annoy", kith.annoy)


TEXTS = [["human", "machine", "interface"], ["survey", "user", "computer", "system"], ["system", "human", "user"]] * 20


@pytest.mark.filterwarnings("ignore")
def test_gensims_models_take_this_indexer(gensim):
    from gensim.models import Doc2Vec, FastText
    from gensim.models import Word2Vec as GensimWord2Vec
    from gensim.models.doc2vec import TaggedDocument

    documents = [TaggedDocument(words, [number]) for number, words in enumerate(TEXTS)]
    for model, keyed in (
        (GensimWord2Vec(TEXTS, min_count=1, workers=1), "wv"),
        (FastText(TEXTS, min_count=1, bucket=50, workers=1), "wv"),
        (Doc2Vec(documents, min_count=1, workers=1), "dv"),
    ):
        rows = getattr(model, keyed)
        vector = rows.get_normed_vectors()[0]
        for given in (model, rows):
            indexer = AnnoyIndexer(given, 50)
            approximate = rows.most_similar([vector], topn=5, indexer=indexer)
            exact = rows.most_similar([vector], topn=5)
            assert [key for key, _ in approximate] == [key for key, _ in exact]


@pytest.mark.filterwarnings("ignore")
def test_gensims_own_indexer_works_with_kith_in_the_place_of_annoy(gensim, annoy_is_kith, tmp_path):
    from gensim.models import Word2Vec as GensimWord2Vec
    from gensim.similarities.annoy import AnnoyIndexer as GensimIndexer

    model = GensimWord2Vec(TEXTS, min_count=1, workers=1)
    theirs = GensimIndexer(model, 10)
    assert isinstance(theirs.index, kith.annoy.AnnoyIndex)
    theirs.save(str(tmp_path / "index"))
    ours = AnnoyIndexer()
    ours.load(tmp_path / "index")
    vector = model.wv["human"]
    assert ours.most_similar(vector, 5) == theirs.most_similar(vector, 5)
    ours.save(tmp_path / "back")
    again = GensimIndexer()
    again.load(str(tmp_path / "back"))
    assert again.most_similar(vector, 5) == theirs.most_similar(vector, 5)
