"""kith.models.Word2Vec learns, under gensim's names."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import threading
import time

import numpy as np
import pytest

import kith
from kith import utils
from kith.models import Doc2Vec, FastText, KeyedVectors, Word2Vec
from kith.models.callbacks import CallbackAny2Vec
from kith.models.doc2vec import TaggedDocument
from kith.models.word2vec import LineSentence, Text8Corpus


def sentences(count=1500):
    rng = np.random.default_rng(0)
    themes = [[f"{theme}{i}" for i in range(6)] for theme in ("sea", "sky", "tree")]
    return [[str(word) for word in rng.choice(themes[i % 3], 8)] for i in range(count)]


OPTIONS = {"vector_size": 16, "min_count": 1, "sample": 0, "workers": 1, "epochs": 4, "alpha": 0.05}
MODES = [{"sg": 1}, {"sg": 0}, {"sg": 0, "cbow_mean": 0}, {"sg": 1, "hs": 1, "negative": 0}, {"sg": 0, "hs": 1}]


@pytest.mark.parametrize("mode", MODES)
def test_words_that_stand_together_become_alike(mode):
    model = Word2Vec(sentences(), **OPTIONS, **mode)
    near = [word for word, _ in model.wv.most_similar("sea0", topn=5)]
    assert all(word.startswith("sea") for word in near)
    assert hasattr(model, "syn1") == bool(mode.get("hs"))
    assert hasattr(model, "syn1neg") == bool(mode.get("negative", 5))


def test_what_a_model_knows_of_itself():
    model = Word2Vec(sentences(300), **OPTIONS, comment="mine")
    assert str(model) == "Word2Vec<vocab=18, vector_size=16, alpha=0.05>"
    assert (model.corpus_count, model.corpus_total_words, model.train_count) == (300, 2400, 1)
    assert model.wv.vectors.shape == (18, 16)
    assert model.wv.get_vecattr(0, "count") >= model.wv.get_vecattr(17, "count")
    assert model.syn1neg.shape == (18, 16)
    assert (model.comment, model.layer1_size) == ("mine", 16)
    assert model.total_train_time > 0
    memory = model.estimate_memory()
    assert memory["vectors"] == memory["syn1neg"] == 18 * 16 * 4


def test_defaults_are_gensims():
    model = Word2Vec()
    found = {name: getattr(model, name) for name in (
        "vector_size", "alpha", "window", "min_count", "max_vocab_size", "sample", "seed", "workers", "min_alpha", "sg",
        "hs", "negative", "ns_exponent", "cbow_mean", "epochs", "sorted_vocab", "max_final_vocab",
        "shrink_windows")}  # fmt: skip
    assert found == {
        "vector_size": 100, "alpha": 0.025, "window": 5, "min_count": 5, "max_vocab_size": None, "sample": 1e-3, "seed": 1,
        "workers": 3, "min_alpha": 1e-4, "sg": 0, "hs": 0, "negative": 5, "ns_exponent": 0.75, "cbow_mean": 1, "epochs": 5,
        "sorted_vocab": 1, "max_final_vocab": None, "shrink_windows": True,
    }  # fmt: skip


def test_one_worker_is_deterministic_whatever_the_text_comes_in(tmp_path):
    text = sentences(200)
    (tmp_path / "text").write_text("\n".join(" ".join(words) for words in text))
    wanted = Word2Vec(text, **OPTIONS).wv.vectors
    for given in (
        {"corpus_file": str(tmp_path / "text")},
        {"sentences": LineSentence(tmp_path / "text")},
        {"sentences": tuple(text)},
        {"sentences": [tuple(words) for words in text]},
    ):
        np.testing.assert_array_equal(Word2Vec(**given, **OPTIONS).wv.vectors, wanted)
    assert not np.array_equal(Word2Vec(text, **OPTIONS, seed=2).wv.vectors, wanted)


def test_stages_are_the_whole():
    text = sentences(200)
    whole = Word2Vec(text, **OPTIONS)
    staged = Word2Vec(**OPTIONS)
    staged.build_vocab(text)
    assert staged.train(text, total_examples=staged.corpus_count, epochs=staged.epochs) == (4 * 1600, 4 * 1600)
    np.testing.assert_array_equal(staged.wv.vectors, whole.wv.vectors)
    before = np.array(staged.wv.vectors)
    staged.train(text, total_words=staged.corpus_total_words, epochs=1, start_alpha=0.01, end_alpha=0.005)
    assert not np.array_equal(staged.wv.vectors, before)
    assert (staged.alpha, staged.min_alpha, staged.train_count) == (0.01, 0.005, 2)


def test_the_vectors_are_the_models_memory():
    text = sentences(200)
    model = Word2Vec(**OPTIONS)
    model.build_vocab(text)
    model.wv.vectors[3] = 0.25
    array = model.wv.vectors
    model.train(text, total_examples=200, epochs=1)
    assert model.wv.vectors is array or np.shares_memory(model.wv.vectors, array)
    assert not np.all(array[3] == 0.25)
    assert np.abs(array[3]).mean() > 0.1, "training went on from what was written"
    model.wv.vectors = np.ones((18, 16), np.float32)
    model.train(text, total_examples=200, epochs=1, start_alpha=1e-9, end_alpha=1e-9)
    np.testing.assert_allclose(model.wv.vectors, 1, atol=1e-3)
    model.wv.vectors = np.ones((3, 16), np.float32)
    with pytest.raises(ValueError, match="shape"):
        model.train(text, total_examples=200, epochs=1)


class Recorder(CallbackAny2Vec):
    def __init__(self):
        self.seen = []

    def on_train_begin(self, model):
        self.seen.append("begin")

    def on_epoch_begin(self, model):
        self.before = np.array(model.wv.vectors)

    def on_epoch_end(self, model):
        assert not np.array_equal(model.wv.vectors, self.before)
        self.seen.append(model.wv.most_similar("sea0", topn=1)[0])
        np.testing.assert_allclose(model.wv.norms, np.linalg.norm(model.wv.vectors, axis=1), rtol=1e-5)

    def on_train_end(self, model):
        self.seen.append("end")


def test_callbacks_see_the_model_between_epochs():
    recorder = Recorder()
    model = Word2Vec(sentences(200), **OPTIONS, callbacks=[recorder])
    assert [recorder.seen[0], recorder.seen[-1]] == ["begin", "end"]
    assert len({str(seen) for seen in recorder.seen[1:-1]}) == 4
    np.testing.assert_array_equal(model.wv.vectors, Word2Vec(sentences(200), **OPTIONS).wv.vectors)


def test_an_exception_in_a_callback_ends_the_training():
    class Enough(CallbackAny2Vec):
        def on_epoch_end(self, model):
            raise StopIteration("enough")

    model = Word2Vec(**OPTIONS)
    model.build_vocab(sentences(100))
    with pytest.raises(StopIteration):
        model.train(sentences(100), total_examples=100, epochs=10**6, callbacks=[Enough()])
    assert model.wv.most_similar("sea0")


def test_progress_and_log(caplog):
    reports = []
    with caplog.at_level(logging.INFO, "kith.models.word2vec"):
        Word2Vec(sentences(3000), **OPTIONS, progress=reports.append)
    training = [report for report in reports if report.stage == "training"]
    assert training[-1].done == training[-1].total == 4 * 24000
    assert [report.done for report in training] == sorted(report.done for report in training)
    assert "epoch 4 of 4: 24000 words read" in caplog.text
    with pytest.raises(kith.Cancelled):
        Word2Vec(sentences(100), **{**OPTIONS, "epochs": 10**6}, progress=lambda now: False)


@pytest.mark.parametrize("mode", MODES)
def test_the_loss_falls(mode, tmp_path):
    # At one learning rate: with a tree, what is learned from a context helps to predict the rest of it.
    model = Word2Vec(sentences(), **OPTIONS, **mode, min_alpha=OPTIONS["alpha"], compute_loss=True)
    assert len(model.epoch_losses) == 4
    assert model.epoch_losses[0] > model.epoch_losses[-1] == model.get_latest_training_loss() > 0
    model.save(tmp_path / "m")
    assert Word2Vec.load(tmp_path / "m").epoch_losses == model.epoch_losses
    assert Word2Vec(sentences(50), **OPTIONS, **mode).epoch_losses == []


def test_other_threads_run_while_a_model_trains():
    ticks = []
    model = Word2Vec(**OPTIONS)
    model.build_vocab(sentences(3000))

    def train():
        model.train(sentences(3000), total_examples=3000, epochs=20)
        ticks.append("done")

    worker = threading.Thread(target=train)
    worker.start()
    while worker.is_alive():
        ticks.append("tick")
        time.sleep(0.001)
    worker.join()
    assert ticks.count("tick") > 3


# --- Vocabulary ---


def test_rare_words_are_left_out():
    text = [["a"] * 5 + ["b"] * 3 + ["c"]]
    assert Word2Vec(text, **{**OPTIONS, "min_count": 3}).wv.index_to_key == ["a", "b"]
    model = Word2Vec(text, **OPTIONS, max_final_vocab=1)
    assert (model.wv.index_to_key, model.effective_min_count) == (["a"], 4)
    with pytest.raises(RuntimeError, match="min_count"):
        Word2Vec(text, **{**OPTIONS, "min_count": 9})


def test_order_of_words():
    text = [["c", "a", "b", "b"]]
    assert Word2Vec(text, **OPTIONS).wv.index_to_key == ["b", "a", "c"], "of equal ones the later first, as gensim"
    assert Word2Vec(text, **OPTIONS, sorted_vocab=0).wv.index_to_key == ["c", "a", "b"]


def test_a_rule_decides():
    def rule(word, count, min_count):
        return {"a": utils.RULE_DISCARD, "c": utils.RULE_KEEP}.get(word, utils.RULE_DEFAULT)

    text = [["a"] * 5 + ["b"] * 3 + ["c", "d"]]
    options = {**OPTIONS, "min_count": 2}
    assert Word2Vec(text, **options, trim_rule=rule).wv.index_to_key == ["b", "c"]
    model = Word2Vec(**options)
    model.build_vocab(text, trim_rule=rule, keep_raw_vocab=True)
    assert model.wv.index_to_key == ["b", "c"]
    assert model.raw_vocab == {"a": 5, "b": 3, "c": 1, "d": 1}
    with pytest.raises(ValueError, match="RULE_"):
        model.build_vocab(text, trim_rule=lambda *_: 7)


def test_counts_made_elsewhere():
    counts = {"minors": 2, "graph": 3, "system": 4}
    for mode in ({"hs": 1, "negative": 0}, {"hs": 0}):
        model = Word2Vec(**OPTIONS, **mode)
        model.build_vocab_from_freq(counts)
        assert {word: model.wv.get_vecattr(word, "count") for word in counts} == counts
        model.build_vocab_from_freq({"graph": 1, "artificial": 4}, update=True)
        assert model.wv.get_vecattr("graph", "count") == 4
        assert model.wv.index_to_key == ["system", "graph", "minors", "artificial"]


def test_what_would_be_kept():
    model = Word2Vec(**{**OPTIONS, "min_count": 2, "max_final_vocab": 4})
    assert model.scan_vocab([["a"] * 4 + ["b"] * 3 + ["c", "c", "d"]]) == (10, 1)
    report = model.prepare_vocab(dry_run=True)
    assert len(model.wv) == 0
    assert {name: report[name] for name in ("drop_unique", "retain_total", "num_retained_words")} == {
        "drop_unique": 1, "retain_total": 9, "num_retained_words": 3,
    }  # fmt: skip
    model.prepare_vocab(min_count=4)
    assert (model.wv.index_to_key, model.min_count) == (["a"], 4)


@pytest.mark.parametrize("mode", MODES)
def test_a_vocabulary_grows_and_keeps_what_was_learned(mode):
    text = sentences(600)
    model = Word2Vec(text, **OPTIONS, **mode)
    old = {word: np.array(model.wv[word]) for word in model.wv.index_to_key}
    more = [[*words[:3], "whale", *words[4:]] if words[0].startswith("sea") else words for words in text]
    model.build_vocab(more, update=True)
    assert model.wv.index_to_key[-1] == "whale"
    assert all(np.array_equal(model.wv[word], vector) for word, vector in old.items())
    before = np.array(model.wv["whale"])
    model.train(more, total_examples=model.corpus_count, epochs=8)
    assert not np.array_equal(model.wv["whale"], before)
    if mode["sg"]:
        sea, sky = (np.mean([model.wv.similarity("whale", f"{theme}{i}") for i in range(6)]) for theme in ("sea", "sky"))
        assert sea > sky + 0.1


def test_vectors_taken_before_a_vocabulary_grew_stay_as_they_were():
    model = Word2Vec(sentences(100), **OPTIONS)
    vectors, outputs = model.wv.vectors, model.syn1neg
    before = np.array(vectors), np.array(outputs)
    model.build_vocab([["whale"] * 5], update=True)
    model.train([["whale", "sea1"] * 5], total_examples=1, epochs=2)
    np.testing.assert_array_equal(vectors, before[0])
    np.testing.assert_array_equal(outputs, before[1])
    assert len(model.wv.vectors) == len(vectors) + 1


def test_weights_begin_anew():
    model = Word2Vec(sentences(100), **OPTIONS)
    untrained = Word2Vec(**OPTIONS)
    untrained.build_vocab(sentences(100))
    model.init_weights()
    np.testing.assert_array_equal(model.wv.vectors, untrained.wv.vectors)
    assert not model.syn1neg.any()
    model.wv.add_vectors(["whale"], np.ones((1, 16)))
    model.wv.set_vecattr("whale", "count", 3)
    model.update_weights()
    assert model.syn1neg.shape == (19, 16)
    np.testing.assert_array_equal(model.wv["whale"], np.ones(16))


def test_a_vocabulary_of_another_model():
    first = Word2Vec(sentences(100), **OPTIONS)
    second = Word2Vec(**{**OPTIONS, "vector_size": 8})
    second.reset_from(first)
    assert second.wv.index_to_key == first.wv.index_to_key
    assert second.wv.vectors.shape == (18, 8)


def test_options_may_change_between_trainings():
    text = sentences(200)
    model = Word2Vec(text, **OPTIONS)
    before = np.array(model.wv.vectors)
    model.workers, model.window, model.sample = 2, 2, 0.1
    model.train(text, total_examples=200, epochs=1, start_alpha=1e-9, end_alpha=1e-9)
    np.testing.assert_allclose(model.wv.vectors, before, atol=1e-5)


# --- Files ---


@pytest.mark.parametrize("mode", MODES)
def test_a_model_comes_back_and_trains_on(tmp_path, mode):
    text = sentences(200)
    model = Word2Vec(text, **OPTIONS, **mode, comment="mine")
    model.save(tmp_path / "m")
    back = Word2Vec.load(tmp_path / "m")
    assert vars(back).keys() == vars(model).keys()
    assert (str(back), back.comment, back.corpus_count) == (str(model), "mine", 200)
    np.testing.assert_array_equal(back.wv.vectors, model.wv.vectors)
    for each in (model, back):
        each.train(text, total_examples=200, epochs=1)
    np.testing.assert_array_equal(back.wv.vectors, model.wv.vectors)
    np.testing.assert_array_equal(KeyedVectors.load(tmp_path / "m").vectors, Word2Vec.load(tmp_path / "m").wv.vectors)


def test_copies_pickles_and_file_objects():
    model = Word2Vec(sentences(100), **OPTIONS)
    file = io.BytesIO()
    model.save(file)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model)), Word2Vec.load(io.BytesIO(file.getvalue()))):
        np.testing.assert_array_equal(other.wv.vectors, model.wv.vectors)
        other.train(sentences(100), total_examples=100, epochs=1)
        assert not np.array_equal(other.wv.vectors, model.wv.vectors)


def test_a_model_without_words_is_kept(tmp_path):
    Word2Vec(**OPTIONS, seed=7).save(tmp_path / "m")
    back = Word2Vec.load(tmp_path / "m")
    back.build_vocab(sentences(10))
    assert (back.seed, len(back.wv)) == (7, 18)


def test_the_native_classes_share_the_files(tmp_path):
    native = kith.Word2Vec.fit(sentences(100), vector_size=16, min_count=1, threads=1)
    native.save(tmp_path / "m")
    model = Word2Vec.load(tmp_path / "m")
    np.testing.assert_array_equal(model.wv.vectors, native.input_weights())
    model.save(tmp_path / "n")
    opened = kith.Word2Vec.open(tmp_path / "n")
    np.testing.assert_array_equal(opened.input_weights(), native.input_weights())
    assert kith.KeyedVectors.open(tmp_path / "n").most_similar("sea0") == model.wv.most_similar("sea0")
    model.wv.save(tmp_path / "v")
    with pytest.raises(ValueError, match="no Word2Vec model"):
        Word2Vec.load(tmp_path / "v")


def test_vectors_from_a_file_can_be_trained_on(tmp_path):
    text = sentences(300)
    Word2Vec(text, **OPTIONS).wv.save_word2vec_format(tmp_path / "v", tmp_path / "counts")
    model = Word2Vec(**OPTIONS)
    model.wv = KeyedVectors.load_word2vec_format(tmp_path / "v", tmp_path / "counts")
    with pytest.raises(ValueError, match="total_examples"):
        model.train(text)
    model.train(text, total_examples=300, epochs=2)
    assert model.wv.most_similar("sea0", topn=1)[0][0].startswith("sea")


# --- What cannot be ---


def test_gensims_rules_for_text(tmp_path):
    text = sentences(10)
    with pytest.raises(TypeError, match="generator"):
        Word2Vec((words for words in text), **OPTIONS)
    model = Word2Vec(**OPTIONS)
    model.build_vocab(words for words in text)
    with pytest.raises(TypeError, match="generator"):
        model.train((words for words in text), total_examples=10, epochs=2)
    assert model.train((words for words in text), total_examples=10, epochs=1) == (80, 80)
    with pytest.raises(TypeError, match="given"):
        model.build_vocab()
    with pytest.raises(TypeError, match="both"):
        Word2Vec(text, corpus_file=__file__)
    with pytest.raises(TypeError, match="nowhere"):
        Word2Vec(corpus_file="nowhere")
    with pytest.raises(TypeError, match="corpus_file"):
        Word2Vec("a text in a str")
    with pytest.raises(TypeError, match="5"):
        Word2Vec(5)
    with pytest.raises(TypeError, match="split"):
        Word2Vec(["a sentence in a str"], **OPTIONS)
    with pytest.raises(TypeError, match="int"):
        Word2Vec([[1, 2, 3]], **OPTIONS)


@pytest.mark.parametrize("sg", [0, 1])
def test_vectors_are_held_in_place_by_lock_factors(sg, tmp_path):
    model = Word2Vec(sentences(50), **{**OPTIONS, "sg": sg})
    some = model.wv.index_to_key[::2]
    known = KeyedVectors(model.vector_size)
    known.add_vectors(some, np.random.default_rng(0).normal(size=(len(some), model.vector_size)))
    known.save_word2vec_format(tmp_path / "v")
    model.wv.intersect_word2vec_format(tmp_path / "v")
    before = model.wv.vectors.copy()
    model.train(sentences(50), total_examples=50, epochs=2)
    np.testing.assert_array_equal(model.wv.vectors[::2], before[::2])
    assert (model.wv.vectors[1::2] != before[1::2]).any(axis=1).all()
    model.wv.vectors_lockf = np.ones(1, np.float32)
    model.train(sentences(50), total_examples=50, epochs=1)
    assert (model.wv.vectors[::2] != before[::2]).any(axis=1).all()
    model.wv.vectors_lockf = np.array([np.nan], np.float32)
    with pytest.raises(ValueError, match="finite"):
        model.train(sentences(50), total_examples=50, epochs=1)


@pytest.mark.parametrize("kind", [Doc2Vec, FastText])
def test_models_that_cannot_hold_vectors_in_place_refuse(kind):
    text = [TaggedDocument(words, [i]) for i, words in enumerate(sentences(50))] if kind is Doc2Vec else sentences(50)
    model = kind(text, **OPTIONS)
    model.wv.vectors_lockf = np.zeros(1, np.float32)
    with pytest.raises(NotImplementedError, match="vectors_lockf"):
        model.train(text, total_examples=50, epochs=1)


def test_gensims_rules_for_training():
    model, text = Word2Vec(**OPTIONS), sentences(10)
    with pytest.raises(RuntimeError, match="build_vocab"):
        model.train(text, total_examples=10, epochs=1)
    with pytest.raises(RuntimeError, match="update"):
        model.build_vocab(text, update=True)
    model.build_vocab(text)
    with pytest.raises(ValueError, match="total_examples"):
        model.train(text, epochs=1)
    with pytest.raises(ValueError, match="epochs"):
        model.train(text, total_examples=10)
    with pytest.raises(ValueError, match="negative"):
        Word2Vec(text, **OPTIONS, negative=0)
    with pytest.raises(RuntimeError, match="compute_loss"):
        model.get_latest_training_loss()


@pytest.mark.parametrize("wrong", [{"vector_size": 0}, {"window": 0}, {"workers": 0}, {"epochs": 0}, {"negative": -1},
                                   {"alpha": -1}, {"sample": -1}, {"min_count": -1}, {"null_word": 1}])  # fmt: skip
def test_options_that_cannot_be_are_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Word2Vec(**wrong)


def test_a_total_that_is_wrong_is_told(caplog):
    model, text = Word2Vec(**OPTIONS), sentences(10)
    model.build_vocab(text)
    with caplog.at_level(logging.WARNING, "kith.models.word2vec"):
        model.train(text, total_examples=11, epochs=1)
    assert "total_examples is 11, and the text has 10" in caplog.text


@pytest.mark.parametrize("sg", [0, 1])
def test_the_word_that_fits_is_the_most_likely(sg):
    text = [["the", "cat", "says", "meow"], ["the", "dog", "says", "woof"]] * 150
    model = Word2Vec(text, sg=sg, **{**OPTIONS, "alpha": 0.1, "epochs": 30})
    found = dict(model.predict_output_word(["the", "cat", "unknown"], topn=10))
    assert found["meow"] > found["woof"] and sum(found.values()) == pytest.approx(1, abs=1e-4)
    assert model.predict_output_word([model.wv.get_index("cat")], topn=1) == model.predict_output_word(["cat"], topn=1)
    assert model.predict_output_word(["unknown"]) is None
    with pytest.raises(RuntimeError, match="no weights syn1neg"):
        Word2Vec(text, hs=1, negative=0, **OPTIONS).predict_output_word(["cat"])


@pytest.mark.parametrize("sg", [0, 1])
def test_a_sentence_like_the_text_is_more_likely(sg):
    text = [["the", "cat", "says", "meow"], ["the", "dog", "says", "woof"]] * 150
    model = Word2Vec(text, sg=sg, hs=1, negative=0, **{**OPTIONS, "alpha": 0.1, "epochs": 20})
    scores = model.score([text[0], ["meow", "meow", "dog", "cat"], ["unknown"], [*text[0], "unknown"]])
    assert scores.shape == (4,) and scores[0] > scores[1] and scores[2] == 0 and scores[3] == scores[0]
    assert len(model.score(text, total_sentences=7)) == 7
    with pytest.raises(RuntimeError, match="hs = 0"):
        Word2Vec(text, **OPTIONS).score(text)



def test_names_of_gensim_3_work_with_a_warning():
    model = Word2Vec(sentences(50), **OPTIONS)
    with pytest.warns(DeprecationWarning, match="fill_norms"):
        model.init_sims()
    with pytest.warns(DeprecationWarning, match="unit_normalize_all"):
        model.init_sims(replace=True)
    np.testing.assert_allclose(np.linalg.norm(model.wv.vectors, axis=1), 1, rtol=1e-5)


def test_text8_and_its_class(data_dir):
    path = data_dir / "text8.prefix.gz"
    model = Word2Vec(Text8Corpus(path), vector_size=20, epochs=1, min_count=50, sg=1)
    assert model.corpus_total_words > 100_000
    assert "the" in model.wv
