"""kith.models.FastText makes vectors of words from their parts, under gensim's names."""

from __future__ import annotations

import gzip
import pickle

import numpy as np
import pytest

from kith.models import FastText, KeyedVectors
from kith.models.fasttext import (
    FastTextKeyedVectors,
    ft_ngram_hashes,
    load_facebook_model,
    load_facebook_vectors,
    save_facebook_model,
)
from kith.models.word2vec import Text8Corpus
from kith.similarities.annoy import AnnoyIndexer


def sentences(count=1200):
    rng = np.random.default_rng(0)
    verbs = [[stem + end for stem in stems for end in ("ing", "ed", "s")]
             for stems in (("walk", "stroll", "march"), ("sing", "hum", "chant"))]  # fmt: skip
    return [[str(word) for word in rng.choice(verbs[i % 2], 6)] for i in range(count)]


OPTIONS = {"vector_size": 16, "min_count": 1, "sample": 0, "workers": 1, "epochs": 5, "alpha": 0.05, "bucket": 2000}
MODES = [{"sg": 1}, {"sg": 0}, {"sg": 0, "cbow_mean": 0}, {"sg": 1, "hs": 1, "negative": 0}, {"sg": 0, "hs": 1}]


@pytest.fixture(scope="module")
def model():
    return FastText(sentences(), sg=1, **OPTIONS)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_words_never_seen_are_like_those_with_the_same_parts(mode):
    trained = FastText(sentences(), **OPTIONS, **mode)
    wv = trained.wv
    assert "walker" in wv and "walker" not in wv.key_to_index
    near = [word for word, _ in wv.most_similar("walker", topn=6)]
    assert sum(word[:4] in ("walk", "stro", "marc") for word in near) >= 4
    assert wv.similarity("walker", "walked") > wv.similarity("walker", "hummed")
    assert hasattr(trained, "syn1") == bool(mode.get("hs"))


def test_a_vector_is_the_mean_of_the_words_own_and_its_parts(model):
    wv = model.wv
    row = wv.key_to_index["walking"]
    buckets = ft_ngram_hashes("walking", 3, 6, 2000)
    np.testing.assert_array_equal(wv.buckets_word[row], buckets)
    parts = np.vstack([wv.vectors_vocab[row], wv.vectors_ngrams[buckets]])
    np.testing.assert_allclose(wv["walking"], parts.mean(axis=0), rtol=1e-5, atol=1e-6)
    unseen = wv.vectors_ngrams[ft_ngram_hashes("walker", 3, 6, 2000)].mean(axis=0)
    np.testing.assert_allclose(wv["walker"], unseen, rtol=1e-5, atol=1e-6)
    assert np.linalg.norm(wv.get_vector("walker", norm=True)) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(wv[["walking", "walker"]], [wv["walking"], wv["walker"]])
    assert wv.vectors.shape == (18, 16) and wv.vectors_ngrams.shape == (2000, 16)
    wv.vectors_ngrams[buckets[0]] += 1
    wv.adjust_vectors()
    assert not np.allclose(wv["walking"], parts.mean(axis=0))
    wv.vectors_ngrams[buckets[0]] -= 1
    wv.adjust_vectors()


def test_words_without_parts(model, caplog):
    assert not model.wv["☃"[:0] + "a"].any() or ft_ngram_hashes("a", 3, 6, 2000)
    whole = FastText(sentences(100), **{**OPTIONS, "bucket": 0})
    assert "walker" not in whole.wv
    with pytest.raises(KeyError, match="walker"):
        whole.wv["walker"]
    assert FastText(sentences(100), **OPTIONS, word_ngrams=0).bucket == 0
    short = FastText(sentences(100), **{**OPTIONS, "min_n": 5, "max_n": 6})
    assert not short.wv["ab"].any()
    assert "no parts of 5 to 6 characters" in caplog.text


def test_queries_take_words_that_were_never_seen(model):
    wv = model.wv
    batch = wv.most_similar_batch(["walker", "singing"], topn=3)
    assert [len(found) for found in batch] == [3, 3]
    assert [word for word, _ in wv.most_similar_batch(["singing"], 3)[0]] == [w for w, _ in wv.most_similar("singing", topn=3)]
    assert wv.wmdistance(["walker"], ["walking"]) < wv.wmdistance(["walker"], ["humming"])
    assert wv.n_similarity(["walking", "walked"], ["marching"]) > wv.n_similarity(["walking"], ["humming"])
    chosen = wv.vectors_for_all(["walker", "walking", "walker"])
    assert chosen.index_to_key == ["walker", "walking"] and type(chosen) is KeyedVectors
    np.testing.assert_array_equal(chosen["walker"], wv["walker"])
    assert wv.vectors_for_all(["walker", "walking"], allow_inference=False).index_to_key == ["walking"]
    np.testing.assert_array_equal(wv[["walker", 0, "walking"]], [wv["walker"], wv.vectors[0], wv["walking"]])
    assert wv[[]].shape == (0, 16)
    with pytest.raises(KeyError, match="12345"):
        wv[["walker", 12345]]
    assert wv.get_sentence_vector(["walker", "walking"]).shape == (16,)
    indexer = AnnoyIndexer(model, 10)
    assert indexer.most_similar(wv["walking"], 1)[0][0] == "walking"


def test_all_vectors_are_those_of_the_array_for_words_it_has(model):
    wv = pickle.loads(pickle.dumps(model.wv))
    wv.unit_normalize_all()
    chosen = wv.vectors_for_all(["walker", "walking"], copy_vecattrs=True)
    np.testing.assert_array_equal(chosen["walking"], wv.vectors[wv.get_index("walking")])
    np.testing.assert_array_equal(chosen["walker"], model.wv["walker"])
    assert chosen.get_vecattr("walking", "count") == wv.get_vecattr("walking", "count")
    assert chosen.get_vecattr("walker", "count") == 0


def test_taking_vectors_from_a_file(model, tmp_path):
    known = KeyedVectors(16)
    known.add_vectors(["walking", "never"], np.arange(32.0).reshape(2, 16))
    known.save_word2vec_format(tmp_path / "v")
    wv = pickle.loads(pickle.dumps(model.wv))
    wv.intersect_word2vec_format(tmp_path / "v")
    np.testing.assert_array_equal(wv["walking"], known["walking"])
    assert "never" not in wv.key_to_index


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_models_are_saved_pickled_and_trained_on(mode, tmp_path):
    trained = FastText(sentences(200), **OPTIONS, **mode, comment="mine")
    trained.save(tmp_path / "m")
    vectors = pickle.loads(pickle.dumps(trained.wv))
    assert isinstance(vectors, FastTextKeyedVectors)
    np.testing.assert_array_equal(vectors["walker"], trained.wv["walker"])
    for other in (FastText.load(tmp_path / "m"), pickle.loads(pickle.dumps(trained))):
        assert (str(other), other.comment) == (str(trained), "mine")
        np.testing.assert_array_equal(other.wv.vectors, trained.wv.vectors)
        np.testing.assert_array_equal(other.wv["walker"], trained.wv["walker"])
        before = np.array(other.wv["walker"])
        other.train(sentences(200), total_examples=200, epochs=2)
        assert not np.array_equal(other.wv["walker"], before)
    np.testing.assert_array_equal(KeyedVectors.load(tmp_path / "m").vectors, trained.wv.vectors)
    trained.wv.save(tmp_path / "v")
    np.testing.assert_array_equal(FastTextKeyedVectors.load(tmp_path / "v")["walker"], trained.wv["walker"])


def test_new_words_are_added_and_the_old_ones_stay(model, tmp_path):
    model.save(tmp_path / "m")
    grown = FastText.load(tmp_path / "m")
    grown.build_vocab([["jumping", "walking"]] * 5, update=True)
    assert "jumping" in grown.wv.key_to_index
    np.testing.assert_array_equal(grown.wv["walking"], model.wv["walking"])
    np.testing.assert_array_equal(grown.wv.vectors_ngrams, model.wv.vectors_ngrams)
    grown.train([["jumping", "walking"]] * 5, total_examples=5, epochs=1)


@pytest.mark.parametrize("mode", [{"sg": 1}, {"sg": 0, "hs": 1, "negative": 0}], ids=str)
def test_facebooks_files_are_written_and_read(mode, tmp_path):
    trained = FastText(sentences(200), **OPTIONS, **mode)
    save_facebook_model(trained, tmp_path / "m.bin")
    loaded = load_facebook_model(tmp_path / "m.bin")
    assert (loaded.sg, loaded.hs, loaded.bucket, loaded.vector_size) == (mode["sg"], mode.get("hs", 0), 2000, 16)
    np.testing.assert_array_equal(loaded.wv.vectors, trained.wv.vectors)
    np.testing.assert_array_equal(load_facebook_vectors(tmp_path / "m.bin")["walker"], trained.wv["walker"])
    save_facebook_model(loaded, tmp_path / "n.bin")
    assert (tmp_path / "n.bin").read_bytes() == (tmp_path / "m.bin").read_bytes()
    loaded.train(sentences(200), total_examples=200, epochs=1)
    with pytest.raises(ValueError, match="encoding must be 'utf-8', not 'latin1'"):
        load_facebook_model(tmp_path / "m.bin", encoding="latin1")
    supervised = bytearray((tmp_path / "m.bin").read_bytes())
    supervised[36:40] = (3).to_bytes(4, "little")
    (tmp_path / "s.bin").write_bytes(supervised)
    with pytest.raises(NotImplementedError, match="a supervised model"):
        load_facebook_model(tmp_path / "s.bin")


def test_the_hashes_are_facebooks():
    gensim = pytest.importorskip("gensim.models.fasttext")
    for word in ("walking", "ß", "☃ab", "a"):
        assert ft_ngram_hashes(word, 3, 6, 2_000_000) == list(gensim.ft_ngram_hashes(word, 3, 6, 2_000_000))


def test_real_words_misspelt_are_near_the_right_ones(data_dir, tmp_path):
    text = tmp_path / "text8"
    text.write_bytes(gzip.open(data_dir / "text8.prefix.gz").read(8_000_000))
    trained = FastText(Text8Corpus(text), sg=1, vector_size=50, epochs=2, bucket=50_000, workers=2)
    assert "philosophyy" not in trained.wv.key_to_index
    near = [word for word, _ in trained.wv.most_similar("philosophyy", topn=3)]
    assert any(word.startswith("philosoph") for word in near)
