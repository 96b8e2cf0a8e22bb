"""Text in gensim's classes: the same sentences from a file, from Python and in the library."""

from __future__ import annotations

import bz2
import gzip
import io

import pytest

from kith.models._corpora import read_corpus
from kith.models.doc2vec import TaggedBrownCorpus
from kith.models.word2vec import BrownCorpus, LineSentence, PathLineSentences, Text8Corpus

LINES = "the cat sat\n\non  the\tmat \ncafé\n"


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text"
    path.write_text(LINES, encoding="utf-8")
    return path


def shape(corpus):
    return corpus.words, corpus.sentences, corpus.types


def test_lines_are_sentences(text):
    wanted = [["the", "cat", "sat"], [], ["on", "the", "mat"], ["café"]]
    wanted = [words for words in wanted if words]
    assert list(LineSentence(text)) == wanted
    assert list(LineSentence(str(text), max_sentence_length=2)) == [
        ["the", "cat"], ["sat"], ["on", "the"], ["mat"], ["café"],
    ]  # fmt: skip
    assert list(LineSentence(text, limit=1)) == [["the", "cat", "sat"]]
    source = io.BytesIO(LINES.encode())
    sentences = LineSentence(source)
    assert list(sentences) == list(sentences) == wanted
    assert list(LineSentence(LINES.splitlines())) == wanted


@pytest.mark.parametrize(("ending", "module"), [(".gz", gzip), (".bz2", bz2)])
def test_packed_files(text, tmp_path, ending, module):
    packed = tmp_path / f"packed{ending}"
    with module.open(packed, "wb") as file:
        file.write(LINES.encode())
    for kind in (LineSentence, Text8Corpus, PathLineSentences):
        assert list(kind(packed)) == list(kind(text))
        assert shape(read_corpus(kind(packed), None, None)) == shape(read_corpus(list(kind(text)), None, None))


def test_text8_is_one_long_line(tmp_path):
    path = tmp_path / "text8"
    words = [f"w{i}" for i in range(25_000)]
    path.write_text(" " + "\n".join(words))
    found = list(Text8Corpus(path))
    assert [len(sentence) for sentence in found] == [10_000, 10_000, 5_000]
    assert sum(found, []) == words
    assert [len(sentence) for sentence in Text8Corpus(path, max_sentence_length=9_999)] == [9_999, 9_999, 5_002]
    assert shape(read_corpus(Text8Corpus(path), None, None)) == (25_000, 3, 25_000)


def test_the_files_of_a_folder_in_order(tmp_path):
    (tmp_path / "b").write_text("b b\n")
    (tmp_path / "a").write_text("a\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "c").write_text("c\n")
    sentences = PathLineSentences(tmp_path)
    assert list(sentences) == [["a"], ["b", "b"]]
    assert list(PathLineSentences(tmp_path / "b")) == [["b", "b"]]
    assert shape(read_corpus(sentences, None, None)) == (3, 2, 2)
    with pytest.raises(ValueError, match="nowhere"):
        PathLineSentences(tmp_path / "nowhere")


def test_the_library_reads_what_python_would(text):
    lines = LineSentence(text), LineSentence(text, 2), PathLineSentences(text)
    for given in (*lines, Text8Corpus(text), Text8Corpus(text, 3)):
        by_library = read_corpus(given, None, None)
        by_python = read_corpus(list(given), None, None)
        assert shape(by_library) == shape(by_python)
        assert by_library.counts() == by_python.counts()


def test_a_class_of_the_users_own_is_asked(text):
    class Loud(LineSentence):
        def __iter__(self):
            return ([word.upper() for word in words] for words in super().__iter__())

    assert "CAT" in read_corpus(Loud(text), None, None).counts()


def test_words_of_any_text(text):
    odd = [["\udc80", "a b", "", "é", "日本"], iter(["x"]), ("y", "y")]
    corpus = read_corpus(odd, None, None)
    assert corpus.counts() == {"\udc80": 1, "a b": 1, "": 1, "é": 1, "日本": 1, "x": 1, "y": 2}


def test_the_brown_corpus(tmp_path):
    (tmp_path / "ca01").write_text("The/at Fulton/np-tl jury/nn ,/, said/vbd 1/2/cd\n./.\n\n\tIt/pps was/bedz\n")
    (tmp_path / "ca02").write_text("no tags\nAll/abn\n")
    wanted = [["the/at", "fulton/np", "jury/nn", "said/vb"], ["it/pp", "was/be"], ["all/ab"]]
    assert list(BrownCorpus(tmp_path)) == wanted
    tagged = list(TaggedBrownCorpus(tmp_path))
    assert [document.words for document in tagged] == wanted
    assert tagged[1].tags == [f"{tmp_path / 'ca01'}_SENT_3"]
    theirs = pytest.importorskip("gensim.models.word2vec")
    assert sorted(theirs.BrownCorpus(tmp_path)) == sorted(wanted)
