"""The same vectors through gensim and through Kith: same neighbours, same scores of evaluations, same files."""

import gzip
import itertools
import os
import pathlib
import random
import subprocess

import numpy as np
import pytest

keyedvectors = pytest.importorskip("gensim.models.keyedvectors")

BUILD = pathlib.Path(__file__).resolve().parents[2] / "build" / "dev"
TOOLS = pathlib.Path(os.environ.get("KITH_TOOLS_DIR", BUILD / "tests" / "parity"))
DATA = pathlib.Path(os.environ.get("KITH_DATA_DIR", "/nonexistent"))
# gensim warns of itself: deprecated calls, files left open.
pytestmark = pytest.mark.filterwarnings("ignore")
ROWS = 30000
TOLERANCE = 1e-5


def run(*arguments, questions=None):
    text = None if questions is None else "".join(line + "\n" for line in questions)
    done = subprocess.run(
        [TOOLS / "keyed_tool", *map(str, arguments)],
        input=text,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def glove(tmp_path_factory):
    """The most frequent words of GloVe, as a file and as gensim reads it."""
    source = DATA / "glove.6B.50d.txt.gz"
    if not source.exists():
        pytest.skip("needs glove.6B.50d.txt.gz in the folder that KITH_DATA_DIR names")
    path = tmp_path_factory.mktemp("glove") / "glove.txt"
    with gzip.open(source, "rb") as lines, open(path, "wb") as out:
        out.writelines(itertools.islice(lines, ROWS))
    return path, keyedvectors.KeyedVectors.load_word2vec_format(path, no_header=True)


@pytest.fixture(scope="module")
def words(glove):
    """Plain words, so that a line of them splits at blanks and a minus sign is a sign."""
    plain = [word for word in glove[1].index_to_key if word.isalpha() and word.isascii()]
    return random.Random(1).sample(plain[:10000], 200)


def pairs_of(line):
    fields = line.split("\t")[:-1]
    return list(zip(fields[0::2], map(float, fields[1::2])))


def assert_same(found, expected):
    """Same keys in the same order, but for neighbours whose scores differ by less than the tolerance."""
    assert len(found) == len(expected)
    scores = dict(expected)
    for (key, score), (other, other_score) in zip(found, expected):
        assert score == pytest.approx(other_score, abs=TOLERANCE, rel=TOLERANCE)
        assert key == other or scores.get(key, other_score) == pytest.approx(other_score, abs=2e-7)


def test_most_similar(glove, words):
    path, theirs = glove
    asked = [([word], [], 10, 0) for word in words]
    asked += [(words[i : i + 2], [words[i + 2]], 20, 0) for i in range(0, 60, 3)]
    asked += [([word], [], 5, 1000) for word in words[:20]]
    lines = [
        " ".join(["similar", str(topn), str(limit), *positive, *("-" + word for word in negative)])
        for positive, negative, topn, limit in asked
    ]
    for line, (positive, negative, topn, limit) in zip(run("ask", path, questions=lines), asked):
        expected = theirs.most_similar(positive, negative, topn=topn, restrict_vocab=limit or None)
        assert_same(pairs_of(line), expected)


def test_most_similar_in_a_batch(glove, words):
    path, theirs = glove
    (line,) = run("ask", path, questions=["batch 10 " + " ".join(words)])
    found = pairs_of(line)
    for i, word in enumerate(words):
        assert_same(found[10 * i : 10 * i + 10], theirs.most_similar(word, topn=10))


def test_most_similar_cosmul(glove, words):
    path, theirs = glove
    asked = [(words[i : i + 2], [words[i + 2]]) for i in range(0, 90, 3)]
    lines = [f"cosmul 10 0 {' '.join(positive)} -{negative[0]}" for positive, negative in asked]
    for line, (positive, negative) in zip(run("ask", path, questions=lines), asked):
        assert_same(pairs_of(line), theirs.most_similar_cosmul(positive, negative, topn=10))


def test_comparisons(glove, words):
    path, theirs = glove
    fours = [words[i : i + 4] for i in range(0, 200, 4)]
    lines = [question + " " + " ".join(four) for four in fours for question in ("odd", "nsim", "given")]
    lines += [f"{question} {four[0]} {four[1]}" for four in fours for question in ("similarity", "rank")]
    answers = iter(run("ask", path, questions=lines))
    for four in fours:
        assert next(answers) == theirs.doesnt_match(four)
        assert float(next(answers)) == pytest.approx(theirs.n_similarity(four[:2], four[2:]), abs=TOLERANCE)
        assert next(answers) == theirs.most_similar_to_given(four[0], four[1:])
    for four in fours:
        assert float(next(answers)) == pytest.approx(theirs.similarity(*four[:2]), abs=TOLERANCE)
        # Rows within rounding of one another may swap.
        assert abs(int(next(answers)) - theirs.rank(*four[:2])) <= 1


@pytest.mark.parametrize("limit", [5000, 30000])
def test_analogies(glove, limit, tmp_path):
    path, theirs = glove
    source = DATA / "eval" / "questions-words.txt"
    if not source.exists():
        pytest.skip("needs eval/questions-words.txt")
    questions = tmp_path / "questions.txt"
    # A tenth of them, of every section: gensim answers one at a time.
    lines = source.read_text(encoding="utf-8").splitlines()
    questions.write_text(
        "\n".join(line for i, line in enumerate(lines) if line.startswith(":") or i % 10 == 0) + "\n", encoding="utf-8"
    )
    score, sections = theirs.evaluate_word_analogies(str(questions), restrict_vocab=limit)
    found = [line.split("\t") for line in run("analogies", path, questions, "add", limit)]
    assert [row[0] for row in found] == [section["section"] for section in sections]
    for row, section in zip(found, sections):
        assert (int(row[1]), int(row[2])) == (len(section["correct"]), len(section["incorrect"])), row[0]
    total = found[-1]
    assert int(total[1]) / (int(total[1]) + int(total[2])) == pytest.approx(score)


def test_word_pairs(glove):
    path, theirs = glove
    files = [DATA / "eval" / "wordsim353.tsv", DATA / "eval" / "simlex999.txt"]
    files += sorted((DATA / "eval" / "word-sim").glob("*.txt"))
    compared = 0
    for pairs in files:
        if not pairs.exists():
            continue
        try:
            pearson, spearman, unknown = theirs.evaluate_word_pairs(str(pairs))
        except ValueError:
            continue
        found = [float(field) for field in run("pairs", path, pairs)[0].split("\t")]
        assert found[0] == pytest.approx(pearson[0], abs=TOLERANCE)
        assert found[1] == pytest.approx(pearson[1], rel=1e-3, abs=1e-30)
        assert found[2] == pytest.approx(spearman[0], abs=TOLERANCE)
        assert found[3] == pytest.approx(spearman[1], rel=1e-3, abs=1e-30)
        assert found[4] == pytest.approx(unknown)
        compared += 1
    if not compared:
        pytest.skip("needs word pairs in the folder eval")


def made_up(tmp_path):
    """Vectors of all magnitudes with counts, and keys that are not ASCII."""
    numbers = np.random.default_rng(5)
    vectors = numbers.normal(size=(500, 7)) * 10.0 ** numbers.integers(-9, 9, size=(500, 7))
    made = keyedvectors.KeyedVectors(7)
    made.add_vectors([f"wörd{i}" for i in range(500)], vectors.astype(np.float32))
    for i in range(500):
        made.set_vecattr(f"wörd{i}", "count", 1000 - i)
    return made


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.txt.gz", "v.bin.gz"])
def test_files_that_gensim_wrote_come_back_byte_for_byte(tmp_path, name):
    theirs = made_up(tmp_path)
    binary = ".bin" in name
    theirs.save_word2vec_format(str(tmp_path / name), binary=binary)
    plain = tmp_path / ("again.bin" if binary else "again.txt")
    run("convert", tmp_path / name, plain)
    theirs.save_word2vec_format(str(tmp_path / "expected"), binary=binary)
    assert plain.read_bytes() == (tmp_path / "expected").read_bytes()


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.txt.gz", "v.bin.gz"])
def test_gensim_reads_what_kith_wrote(tmp_path, name):
    theirs = made_up(tmp_path)
    theirs.save_word2vec_format(str(tmp_path / "source.bin"), binary=True)
    run("convert", tmp_path / "source.bin", tmp_path / "v.kith")
    run("convert", tmp_path / "v.kith", tmp_path / name)
    back = keyedvectors.KeyedVectors.load_word2vec_format(str(tmp_path / name), binary=".bin" in name)
    assert back.index_to_key == theirs.index_to_key
    assert np.array_equal(back.vectors, theirs.vectors)


def test_numpy_and_kith_exchange_arrays(tmp_path):
    numbers = np.random.default_rng(6)
    for dtype in [np.float32, np.float64, np.float16, np.int8, np.uint8, ">f4", np.int16]:
        array = (numbers.normal(size=(50, 6)) * 20).clip(0, 100).astype(dtype)
        np.save(tmp_path / "a.npy", array)
        run("convert", tmp_path / "a.npy", tmp_path / "b.npy")
        assert np.array_equal(np.load(tmp_path / "b.npy"), array.astype(np.float32))
