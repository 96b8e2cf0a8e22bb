"""kith.models.Doc2Vec learns vectors of documents, under gensim's names."""

from __future__ import annotations

import gzip
import io
import pickle

import numpy as np
import pytest

from kith.models import Doc2Vec, KeyedVectors
from kith.models.doc2vec import TaggedDocument, TaggedLineDocument
from kith.similarities.annoy import AnnoyIndexer

THEMES = ("sea", "sky", "tree")


def documents(count=90, tag=lambda i: [i]):
    rng = np.random.default_rng(0)
    words = [[f"{theme}{i}" for i in range(8)] + ["the", "of"] for theme in THEMES]
    return [TaggedDocument([str(w) for w in rng.choice(words[i % 3], 30)], tag(i)) for i in range(count)]


OPTIONS = {"vector_size": 16, "min_count": 1, "sample": 0, "workers": 1, "epochs": 15, "alpha": 0.05, "window": 3}
MODES = [
    {"dm": 1}, {"dm": 1, "dm_mean": 0}, {"dm": 1, "dm_concat": 1}, {"dm": 0}, {"dm": 0, "dbow_words": 1},
    {"dm": 0, "hs": 1, "negative": 0}, {"dm": 1, "hs": 1},
]  # fmt: skip


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_documents_of_a_theme_become_alike(mode):
    text = documents()
    model = Doc2Vec(text, **{**OPTIONS, **mode, "epochs": 60 if mode.get("dm_concat") else 15})
    same = np.mean([model.dv.similarity(i, i + 3) for i in range(80)])
    other = np.mean([model.dv.similarity(i, i + 1) for i in range(80)])
    assert same > other + 0.1
    inferred = model.infer_vector(text[4].words)
    near = [tag for tag, _ in model.dv.most_similar([inferred], topn=12)]
    assert np.mean([tag % 3 == 1 for tag in near]) > 0.6
    assert hasattr(model, "syn1") == bool(mode.get("hs"))
    assert (model.dbow, model.corpus_count, model.corpus_total_words) == (not mode["dm"], 90, 2700)


def test_numbers_are_rows_and_texts_come_after_them():
    model = Doc2Vec(documents(6, lambda i: [2 * i, "odd" if i % 2 else "even", "7"]), **OPTIONS)
    assert model.dv.index_to_key == [*range(11), "even", "7", "odd"]
    assert model.dv.key_to_index == {"even": 11, "7": 12, "odd": 13}
    assert model.dv.expandos["doc_count"].tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 3, 6, 3]
    np.testing.assert_array_equal(model.dv["even"], model["even"])
    np.testing.assert_array_equal(model.dv[4], model.dv.vectors[4])
    assert not np.array_equal(model.dv[7], model.dv["7"])
    with pytest.raises(KeyError, match="nobody"):
        model["nobody"]
    texts = Doc2Vec(documents(6, lambda i: [str(i)]), **OPTIONS)
    assert texts.dv.index_to_key == ["0", "1", "2", "3", "4", "5"]


def test_texts_in_files_are_documents_by_line(tmp_path):
    text = documents(30)
    path = tmp_path / "text"
    path.write_text("\n".join(" ".join(document.words) for document in text) + "\n\n")
    wanted = Doc2Vec([*text, TaggedDocument([], [30])], **OPTIONS).dv.vectors
    for given in ({"corpus_file": str(path)}, {"documents": TaggedLineDocument(path)},
                  {"documents": list(TaggedLineDocument(path))}):  # fmt: skip
        np.testing.assert_array_equal(Doc2Vec(**given, **OPTIONS).dv.vectors, wanted)
    with gzip.open(tmp_path / "text.gz", "wb") as file:
        file.write(path.read_bytes())
    assert len(list(TaggedLineDocument(tmp_path / "text.gz"))) == 31
    assert list(TaggedLineDocument(io.StringIO("a b\nc")))[1] == TaggedDocument(["c"], [1])


def test_inference_depends_on_nothing_but_the_document():
    text = documents(30)
    model = Doc2Vec(text, **OPTIONS)
    words = text[3].words
    first = model.infer_vector(words)
    np.testing.assert_array_equal(model.infer_vector(words), first)
    batch = model.infer_vectors([document.words for document in text])
    assert batch.shape == (30, 16)
    np.testing.assert_array_equal(batch[3], first)
    assert not np.array_equal(model.infer_vector(words, epochs=50), first)
    assert not np.array_equal(model.infer_vector(words, alpha=0.01), first)
    assert model.similarity_unseen_docs(words, words) == pytest.approx(1, abs=1e-5)
    assert model.similarity_unseen_docs(words, text[4].words) < 0.99
    with pytest.raises(TypeError, match="split"):
        model.infer_vector("sea0 sea1")


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_models_are_saved_pickled_and_trained_on(mode, tmp_path):
    text = documents(30, lambda i: [i, THEMES[i % 3]])
    model = Doc2Vec(text, **OPTIONS, **mode, comment="mine", **({"dm_tag_count": 2} if mode.get("dm_concat") else {}))
    model.save(tmp_path / "m")
    for other in (Doc2Vec.load(tmp_path / "m"), pickle.loads(pickle.dumps(model))):
        assert str(other) == str(model) and other.comment == "mine"
        assert other.dv.index_to_key == model.dv.index_to_key
        np.testing.assert_array_equal(other.dv.vectors, model.dv.vectors)
        if not mode.get("dm_concat"):
            np.testing.assert_array_equal(other.infer_vector(text[0].words), model.infer_vector(text[0].words))
        before = np.array(other.dv.vectors)
        other.train(text, total_examples=30, epochs=2)
        assert not np.array_equal(other.dv.vectors, before)
    np.testing.assert_array_equal(KeyedVectors.load(tmp_path / "m").vectors, model.wv.vectors)
    with pytest.raises(AttributeError, match="method of the class"):
        model.load(tmp_path / "m")


def test_words_and_tags_may_be_added():
    model = Doc2Vec(documents(30, lambda i: [i, THEMES[i % 3]]), **OPTIONS)
    before = {tag: np.array(model.dv[tag]) for tag in ("sea", 5)}
    more = [TaggedDocument(["new", "sea1", "sea2"] * 9, [40, "fresh"])] * 3
    model.build_vocab(more, update=True)
    assert "new" in model.wv and model.dv.index_to_key[-4:] == ["sea", "sky", "tree", "fresh"]
    assert len(model.dv) == 45
    for tag, vector in before.items():
        np.testing.assert_array_equal(model.dv[tag], vector)
    model.train(more, total_examples=3, epochs=3)
    assert model.dv.similarity("fresh", 40) > 0


def test_an_indexer_finds_documents():
    model = Doc2Vec(documents(), **OPTIONS)
    indexer = AnnoyIndexer(model, 20)
    found = model.dv.most_similar([model.dv[7]], topn=5, indexer=indexer)
    assert [tag for tag, _ in found] == [tag for tag, _ in model.dv.most_similar([model.dv[7]], topn=5)]


def test_vectors_of_words_and_documents_go_into_one_file(tmp_path):
    model = Doc2Vec(documents(12, lambda i: [f"d{i}"]), **OPTIONS)
    path = tmp_path / "both"
    for binary in (False, True):
        model.save_word2vec_format(path, doctag_vec=True, word_vec=True, binary=binary)
        both = KeyedVectors.load_word2vec_format(path, binary=binary)
        assert len(both) == len(model.wv) + len(model.dv)
        np.testing.assert_allclose(both["*dt_d3"], model.dv["d3"], rtol=1e-6)
    model.save_word2vec_format(path, doctag_vec=True, word_vec=False)
    assert len(KeyedVectors.load_word2vec_format(path)) == 12


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ([["no", "document"]], TypeError, r"each document must be a TaggedDocument\(words, tags\), not \['no'"),
        ([TaggedDocument("a b", [0])], TypeError, "the words of a document must be a list of words"),
        ([TaggedDocument(["a"], "tag")], TypeError, "the tags of a document must be a list"),
        ([TaggedDocument(["a"], [1.5])], TypeError, r"a tag must be a str or a whole number .* not 1\.5 \(float\)"),
        ([TaggedDocument(["a"], [-1])], ValueError, "a tag must be .* not -1"),
        (5, TypeError, "corpus_iterable must be"),
        ([], RuntimeError, "no vocabulary"),
    ],
)
def test_what_is_no_document_is_named(given, error, text):
    with pytest.raises(error, match=text):
        Doc2Vec(given, **OPTIONS)


def test_real_documents_find_themselves(data_dir, tmp_path):
    """The second half of an article is most like the first half of the same one (Dai, Olah and Le 2015)."""
    words = gzip.open(data_dir / "text8.prefix.gz").read(3_000_000).split()[:-1]
    pages = [[word.decode() for word in words[i : i + 600]] for i in range(0, 240_000, 600)]
    text = [TaggedDocument(page[:300], [i]) for i, page in enumerate(pages)]
    model = Doc2Vec(text, dm=0, vector_size=50, min_count=2, epochs=30, workers=2, alpha=0.05)
    halves = model.infer_vectors(page[300:] for page in pages[:200])
    ranks = [[tag for tag, _ in found].index(i) if i in dict(found) else 400
             for i, found in enumerate(model.dv.most_similar_batch(halves, topn=20))]  # fmt: skip
    assert np.mean(np.array(ranks) < 5) > 0.5
