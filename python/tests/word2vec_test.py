"""kith.Word2Vec learns which words stand together."""

from __future__ import annotations

import numpy as np
import pytest

import kith
from kith._core import Corpus


def sentences(count=4000):
    rng = np.random.default_rng(0)
    themes = [[f"{theme}{i}" for i in range(6)] for theme in ("sea", "sky", "tree")]
    return [[str(word) for word in rng.choice(themes[i % 3], 8)] for i in range(count)]


OPTIONS = {"vector_size": 16, "min_count": 1, "epochs": 3, "sg": True, "sample": 0, "threads": 1}


@pytest.mark.parametrize("variant", [{}, {"sg": False}, {"hs": True, "negative": 0}])
def test_words_that_stand_together_become_alike(variant):
    vectors = kith.Word2Vec.fit(sentences(), **{**OPTIONS, **variant}).vectors()
    assert type(vectors) is kith.KeyedVectors
    assert (len(vectors), vectors.dim) == (18, 16)
    near = [key for key, _ in vectors.most_similar("sea0", topn=5)]
    assert all(key.startswith("sea") for key in near)


def test_a_file_gives_what_its_sentences_give(in_tmp):
    (in_tmp / "text").write_text("\n".join(" ".join(sentence) for sentence in sentences()))
    from_file = kith.Word2Vec.fit(in_tmp / "text", **OPTIONS)
    from_lists = kith.Word2Vec.fit(iter(sentences()), **OPTIONS)
    np.testing.assert_array_equal(from_file.input_weights(), from_lists.input_weights())
    assert from_file.vocabulary() == from_lists.vocabulary()
    assert sum(from_file.vocabulary().values()) == 8 * 4000


def test_training_goes_on_where_it_stopped():
    corpus = Corpus.from_sentences(sentences(500))
    assert (corpus.words, corpus.sentences, corpus.types) == (4000, 500, 18)
    model = kith.Word2Vec(**OPTIONS)
    model.build_vocabulary(corpus)
    before = model.input_weights()
    report = model.train(corpus, epochs=2, start_alpha=0.05, end_alpha=0.01)
    assert report["raw_words"] == 8000
    assert not np.array_equal(before, model.input_weights())
    assert model.negative_weights().shape == (18, 16)
    assert model.tree_weights().size == 0


def test_known_vectors_are_taken_and_held_in_place():
    corpus = Corpus.from_sentences([["one", "two", "three"]] * 100)
    model = kith.Word2Vec(vector_size=3, min_count=1, threads=1)
    model.build_vocabulary(corpus)
    known = kith.KeyedVectors(["never", "two"], [[1, 2, 3], [4, 5, 6]])
    assert model.intersect(known) == 1
    before = model.vectors()
    model.train(corpus)
    np.testing.assert_array_equal(model.vectors()["two"], [4, 5, 6])
    assert (model.vectors()["one"] != before["one"]).any()
    assert model.intersect(known, lock_factor=1) == 1
    model.train(corpus)
    assert (model.vectors()["two"] != [4, 5, 6]).any()
    with pytest.raises(TypeError, match="known must be a kith.KeyedVectors"):
        model.intersect({"two": [1, 2, 3]})
    with pytest.raises(ValueError, match="lock_factor is nan"):
        model.intersect(known, float("nan"))


def test_progress_and_cancelling():
    reports = []
    kith.Word2Vec.fit(sentences(20000), progress=reports.append, **OPTIONS)
    assert any(report.stage == "training" for report in reports)
    with pytest.raises(kith.Cancelled):
        kith.Word2Vec.fit(sentences(), progress=lambda now: False, **{**OPTIONS, "epochs": 10**6})


def test_what_cannot_be():
    with pytest.raises(ValueError, match="vector_size"):
        kith.Word2Vec(vector_size=0)
    with pytest.raises(TypeError, match="split"):
        kith.Word2Vec.fit(["one sentence"])
    with pytest.raises(ValueError):
        kith.Word2Vec.fit([["a"]], min_count=5)
    with pytest.raises(FileNotFoundError):
        kith.Word2Vec.fit("no such file")
    with pytest.raises(TypeError):
        kith.Word2Vec(nonsense=1)


def test_a_saved_model_trains_on(in_tmp):
    corpus = Corpus.from_sentences(sentences(300))
    model = kith.Word2Vec(**OPTIONS)
    model.build_vocabulary(corpus)
    model.train(corpus, epochs=2)
    model.save("model.kith", notes="mine")
    opened = kith.Word2Vec.open("model.kith")
    assert type(opened) is kith.Word2Vec
    assert opened.notes == "mine"
    assert {name: opened.options[name] for name in OPTIONS} == {**OPTIONS, "sg": True}
    for each in (model, opened):
        each.train(corpus, epochs=1)
    np.testing.assert_array_equal(model.input_weights(), opened.input_weights())


def test_epochs_may_come_one_by_one():
    corpus = Corpus.from_sentences(sentences(300))
    whole, parts = kith.Word2Vec(**OPTIONS), kith.Word2Vec(**OPTIONS)
    for model in (whole, parts):
        model.build_vocabulary_from(corpus.counts(), in_order=True)
    losses = whole.train(corpus, epochs=3, compute_loss=True)["epoch_losses"]
    alone = [
        parts.train(corpus, epochs=3, first_epoch=i, last_epoch=i + 1, compute_loss=True)["epoch_losses"] for i in range(3)
    ]
    np.testing.assert_array_equal(whole.input_weights(), parts.input_weights())
    assert sum(alone, []) == pytest.approx(losses)
    with pytest.raises(ValueError, match="first_epoch"):
        parts.train(corpus, epochs=3, first_epoch=3)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"vector_size": "x"}, TypeError, r"vector_size must be a whole number from 0, not 'x' \(str\)"),
        ({"window": 2.5}, TypeError, r"window must be a whole number from 0, not 2\.5 \(float\)"),
        ({"negative": -1}, ValueError, "negative must be a whole number from 0, not -1"),
        ({"alpha": "fast"}, TypeError, r"alpha must be a number, not 'fast' \(str\)"),
        ({"sg": "yes"}, TypeError, r"sg must be True or False, not 'yes' \(str\)"),
        ({"seed": -1}, ValueError, "seed must be a whole number from 0 to"),
        ({"threads": None}, TypeError, "threads must be a whole number from 0, not None"),
        ({"size": 100}, TypeError, "there is no option 'size'; there are vector_size, window,"),
    ],
)
def test_options_of_a_wrong_type_are_named(options, error, text):
    with pytest.raises(error, match=text):
        kith.Word2Vec(**options)
