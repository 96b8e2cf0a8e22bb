"""kith.models.Phrases joins the words that belong together, under gensim's names."""

from __future__ import annotations

import gzip
import io
import pickle

import numpy as np
import pytest

from kith.models import Phrases, Word2Vec
from kith.models.phrases import ENGLISH_CONNECTOR_WORDS, FrozenPhrases, Phraser, npmi_scorer, original_scorer
from kith.models.word2vec import LineSentence, Text8Corpus

SENTENCES = [
    ["graph", "minors", "survey"],
    ["a", "survey", "of", "graph", "minors", "and", "trees"],
    ["lack", "of", "interest"],
    ["user", "interest", "is", "a", "lack", "of", "interest"],
    ["trees"],
    [],
]


def always_one(worda_count, wordb_count, bigram_count, len_vocab, min_count, corpus_word_count):
    return 1


def phrases(**options):
    return Phrases(SENTENCES, **{"min_count": 1, "threshold": 1, **options})


def test_a_sentence_gives_a_list_and_a_corpus_sentences():
    model = phrases()
    assert model[["the", "graph", "minors"]] == ["the", "graph_minors"]
    assert model[("graph", "minors")] == ["graph_minors"]
    assert model[(word for word in ["graph", "minors"])] == ["graph_minors"]
    joined = model[SENTENCES]
    assert list(joined) == list(joined)
    assert next(iter(joined)) == ["graph_minors", "survey"]
    assert list(model[iter(SENTENCES)]) == list(joined)
    assert list(model[np.array(SENTENCES, dtype=object)]) == list(joined)
    assert list(model[[]]) == list(model[iter(())]) == []
    assert list(model[[[], []]]) == [[], []]
    with pytest.raises(TypeError, match="split"):
        model["graph minors"]


@pytest.mark.parametrize("frozen", [False, True])
def test_connector_words_stand_within_phrases(frozen):
    model = phrases(connector_words=["of", "a"])
    model = model.freeze() if frozen else model
    assert model[["a", "lack", "of", "interest", "of", "a"]] == ["a", "lack_of_interest", "of", "a"]
    assert "lack_of_interest" in model.find_phrases(SENTENCES)
    text, score = model.score_candidate("lack", "interest", ["of"])
    assert text == "lack_of_interest" and score > 1
    assert model.score_candidate("lack", "trees", []) == (None, None)
    assert {"of", "the", "and"} <= ENGLISH_CONNECTOR_WORDS


@pytest.mark.parametrize(("scoring", "function"), [("default", original_scorer), ("npmi", npmi_scorer)])
def test_the_scores_are_what_their_names_say(scoring, function):
    built_in = phrases(scoring=scoring, threshold=0.1)
    custom = phrases(scoring=lambda **counts: function(**counts), threshold=0.1)
    assert built_in.scoring is function
    found = built_in.export_phrases()
    assert found == pytest.approx(custom.export_phrases())
    counts = built_in.vocab
    wanted = function(counts["graph"], counts["minors"], counts["graph_minors"], len(counts), 1, 21)
    assert built_in.corpus_word_count == 21
    assert found["graph_minors"] == pytest.approx(wanted)
    assert built_in.find_phrases([["graph", "minors"]]) == pytest.approx({"graph_minors": wanted})


def test_a_scoring_function_of_ones_own(tmp_path):
    model = phrases(scoring=always_one, threshold=0.5)
    assert set(model.find_phrases([["user", "interest", "is"]]).values()) == {1.0}
    model.save(tmp_path / "p")
    assert Phrases.load(tmp_path / "p").scoring is always_one
    assert FrozenPhrases(model).scoring is always_one
    with pytest.raises(ValueError, match="corpus_word_count"):
        phrases(scoring=lambda worda_count: 1)
    with pytest.raises(ZeroDivisionError):
        phrases(scoring=lambda **counts: 1 / 0)[["graph", "minors"]]
    saved = phrases(scoring=lambda **counts: 1.0)
    saved.save(tmp_path / "q")
    with pytest.raises(ValueError, match="<lambda>.*import its module"):
        Phrases.load(tmp_path / "q")


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"min_count": 0}, ValueError, "min_count"),
        ({"min_count": "a"}, TypeError, "min_count must be a whole number from 1, not 'a'"),
        ({"threshold": -1}, ValueError, "threshold = -1"),
        ({"threshold": None}, TypeError, "threshold must be a number, not None"),
        ({"threshold": 2, "scoring": "npmi"}, ValueError, "threshold = 2"),
        ({"scoring": "best"}, ValueError, "scoring must be 'default', 'npmi' or a function, not 'best'"),
        ({"scoring": 3}, TypeError, "scoring must be"),
        ({"delimiter": ""}, ValueError, "delimiter"),
        ({"max_vocab_size": 0}, ValueError, "max_vocab_size"),
    ],
)
def test_options_that_cannot_be_are_named(options, error, text):
    with pytest.raises(error, match=text):
        Phrases(**options)


def test_more_text_adds_to_the_counts_and_phrases_join_again():
    model = phrases(delimiter=" ")
    once = model.vocab["graph minors"]
    model.add_vocab(SENTENCES)
    assert model.vocab["graph minors"] == 2 * once
    assert str(model) == f"Phrases<{len(model.vocab)} vocab, min_count=1, threshold=1, max_vocab_size=40000000>"
    three = Phrases(model[SENTENCES * 5], min_count=1, threshold=1, delimiter=" ")
    assert "graph minors survey" in three[model[["graph", "minors", "survey"]]]
    assert len(phrases(max_vocab_size=5).vocab) <= 8
    with pytest.raises(TypeError, match="each sentence must be a list of words"):
        model.add_vocab(["graph minors"])


def test_a_frozen_model_joins_alike_and_knows_no_counts():
    model = phrases()
    frozen = model.freeze()
    assert Phraser is FrozenPhrases
    assert frozen.phrasegrams == model.export_phrases()
    assert list(frozen[SENTENCES]) == list(model[SENTENCES])
    assert str(frozen) == f"FrozenPhrases<{len(frozen.phrasegrams)} phrases, min_count=1, threshold=1>"


@pytest.mark.parametrize("kind", [Phrases, FrozenPhrases])
def test_models_are_saved_pickled_and_opened(kind, tmp_path):
    model = phrases(connector_words=["of"], scoring="npmi", threshold=0.2, delimiter="ß")
    model = model if kind is Phrases else kind(model)
    model.save(str(tmp_path / "p"))
    handle = io.BytesIO()
    model.save(handle)
    others = [kind.load(str(tmp_path / "p")), kind.load(io.BytesIO(handle.getvalue())), pickle.loads(pickle.dumps(model))]
    for other in others:
        assert list(other[SENTENCES]) == list(model[SENTENCES])
        assert other.scoring is npmi_scorer
        assert (other.connector_words, other.delimiter, other.threshold) == ({"of"}, "ß", 0.2)
    (tmp_path / "x").write_text("{}")
    with pytest.raises(ValueError, match=f"holds no {kind.__name__}"):
        kind.load(tmp_path / "x")
    with pytest.raises(FileNotFoundError):
        kind.load(tmp_path / "y")


def test_words_that_are_not_utf8_survive(tmp_path):
    model = Phrases([["a", "b\udcff"]] * 3, min_count=1, threshold=0.1)
    model.save(tmp_path / "p")
    assert Phrases.load(tmp_path / "p")[["a", "b\udcff"]] == ["a_b\udcff"]


def test_files_of_the_command_line_are_opened(tmp_path):
    phrases()._native.freeze().save(tmp_path / "p.tsv")
    assert FrozenPhrases.load(tmp_path / "p.tsv")[["graph", "minors"]] == ["graph_minors"]


def test_progress_may_stop_the_counting(tmp_path):
    (tmp_path / "text").write_text("a b c d\n" * 50_000)
    reports = []
    Phrases(LineSentence(tmp_path / "text"), progress=reports.append)
    assert {"reading", "counting"} >= {report.stage for report in reports} and reports


def test_real_text_has_the_phrases_that_everybody_knows(data_dir, tmp_path):
    text = tmp_path / "text8"
    text.write_bytes(gzip.open(data_dir / "text8.prefix.gz").read(20_000_000))
    corpus = Text8Corpus(text)
    model = Phrases(corpus, min_count=20, threshold=50)
    assert model[["in", "new", "york", "and", "los", "angeles"]] == ["in", "new_york", "and", "los_angeles"]
    # A corpus in a file is read and joined by the library itself, with the same words as sentence by sentence.
    joined = model.freeze()[corpus]
    words = Word2Vec(vector_size=10)
    words.build_vocab(joined)
    slowly = Word2Vec(vector_size=10)
    slowly.build_vocab(list(joined))
    assert words.wv.index_to_key == slowly.wv.index_to_key
    assert "new_york" in words.wv
