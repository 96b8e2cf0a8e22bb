"""Analogies and judgements of similarity, as gensim reports them."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from kith.models import KeyedVectors

QUESTIONS = """: capitals
Athens Greece Oslo Norway
Athens Greece Rome Norway
Athens Greece Atlantis Nowhere
: more
Oslo Norway Rome Italy
"""


@pytest.fixture
def vectors():
    made = KeyedVectors(4)
    cities = {"oslo": [1, 0, 0, 0], "athens": [0, 1, 0, 0], "rome": [0, 0, 1, 0]}
    countries = {"norway": [1, 0, 0, 1], "greece": [0, 1, 0, 1], "italy": [0, 0, 1, 1]}
    made[[*cities, *countries]] = np.array([*cities.values(), *countries.values()], dtype=np.float32)
    return made


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions"
    path.write_text(QUESTIONS)
    return path


@pytest.mark.parametrize("method", ["most_similar", "most_similar_cosmul"])
def test_analogies(vectors, questions, method, caplog):
    with caplog.at_level(logging.INFO, "kith.models"):
        score, sections = vectors.evaluate_word_analogies(questions, similarity_function=method)
    assert score == pytest.approx(2 / 3)
    assert [section["section"] for section in sections] == ["capitals", "more", "Total accuracy"]
    assert sections[0]["correct"] == [("ATHENS", "GREECE", "OSLO", "NORWAY")]
    assert sections[0]["incorrect"] == [("ATHENS", "GREECE", "ROME", "NORWAY")]
    assert sections[2]["correct"] == sections[0]["correct"] + sections[1]["correct"]
    assert "Total accuracy: 66.7% (2/3)" in caplog.text


def test_what_is_asked(vectors, questions):
    assert vectors.evaluate_word_analogies(questions, dummy4unknown=True)[0] == pytest.approx(2 / 4)
    assert vectors.evaluate_word_analogies(questions, case_insensitive=False)[0] == 0
    assert vectors.evaluate_word_analogies(str(questions), restrict_vocab=5)[0] == 1, "Italy, the sixth row, does not compete"
    with pytest.raises(ValueError, match="similarity_function"):
        vectors.evaluate_word_analogies(questions, similarity_function="similar")
    with pytest.raises(FileNotFoundError):
        vectors.evaluate_word_analogies("nowhere")
    questions.write_text("a b c d\n")
    with pytest.raises(ValueError, match="section"):
        vectors.evaluate_word_analogies(questions)


def test_pairs(vectors, tmp_path):
    path = tmp_path / "pairs"
    judged = [("oslo", "norway", 9.0), ("Oslo", "greece", 1.0), ("norway", "italy", 5.5), ("oslo", "atlantis", 3.0)]
    path.write_text("# words and a score\n" + "".join(f"{a}\t{b}\t{score}\n" for a, b, score in judged))
    pearson, spearman, unknown = vectors.evaluate_word_pairs(path)
    found = [vectors.similarity(a.lower(), b) for a, b, _ in judged[:3]]
    assert pearson[0] == pytest.approx(np.corrcoef(found, [9, 1, 5.5])[0, 1], abs=1e-6)
    assert spearman[0] == pytest.approx(1)
    assert unknown == 25
    assert vectors.evaluate_word_pairs(path, dummy4unknown=True)[2] == 0
    path.write_text(path.read_text().replace("\t", ";"))
    assert vectors.evaluate_word_pairs(path, delimiter=";")[1][0] == pytest.approx(1)
    with pytest.raises(ValueError, match="encoding"):
        vectors.evaluate_word_pairs(path, encoding="latin-1")


@pytest.mark.filterwarnings("ignore")
def test_the_numbers_are_gensims(data_dir, tmp_path, rng):
    gensim = pytest.importorskip("gensim", reason="gensim is not installed")
    pairs = next((data_dir / "eval").rglob("wordsim353.tsv"), None)
    questions = next((data_dir / "eval").rglob("questions-words.txt"), None)
    if pairs is None or questions is None:
        pytest.skip("KITH_DATA_DIR has no evaluation sets")
    words = sorted({word.lower() for line in questions.read_text().splitlines()[1:400] for word in line.split()[-4:]})
    judged = [line.split("\t")[:2] for line in pairs.read_text().splitlines() if not line.startswith("#")]
    words += sorted({word for pair in judged for word in pair} - set(words))[::2]
    ours = KeyedVectors(20)
    ours.add_vectors(words, rng.normal(size=(len(words), 20)) + 0.3)
    ours.save_word2vec_format(tmp_path / "v")
    theirs = gensim.models.KeyedVectors.load_word2vec_format(str(tmp_path / "v"))
    assert ours.evaluate_word_analogies(questions)[0] == pytest.approx(theirs.evaluate_word_analogies(str(questions))[0])
    mine, other = ours.evaluate_word_pairs(pairs), theirs.evaluate_word_pairs(str(pairs))
    np.testing.assert_allclose(mine[0], other[0], rtol=1e-4)
    np.testing.assert_allclose(mine[1], other[1], rtol=1e-4)
    assert mine[2] == pytest.approx(other[2])
