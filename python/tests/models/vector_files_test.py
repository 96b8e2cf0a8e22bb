"""kith.models.KeyedVectors in word2vec's files and in its own."""

from __future__ import annotations

import bz2
import gzip
import io
import logging
import pickle

import numpy as np
import pytest

import kith
from kith.models import KeyedVectors
from kith.models.keyedvectors import TruncatedFileError, load_word2vec_format


@pytest.fixture
def vectors(rng):
    made = KeyedVectors(5)
    made.add_vectors(["the", "café", "北京"], rng.normal(size=(3, 5)), extras={"count": np.array([7, 9, 8])})
    return made


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("ending", ["", ".gz", ".bz2"])
def test_what_is_written_is_read(vectors, tmp_path, binary, ending):
    path = tmp_path / f"vectors{ending}"
    vectors.save_word2vec_format(path, binary=binary)
    back = KeyedVectors.load_word2vec_format(path, binary=binary)
    assert back.index_to_key == ["café", "北京", "the"], "the most frequent first"
    for key in back.index_to_key:
        np.testing.assert_array_equal(back[key], vectors[key])
    assert [back.get_vecattr(key, "count") for key in back.index_to_key] == [3, 2, 1]
    assert load_word2vec_format(str(path), binary=binary).key_to_index == back.key_to_index


def test_the_bytes_are_gensims(vectors, tmp_path):
    vectors.vectors = np.array([[1, 0.5, -2, 1e-5, 3]] * 3, np.float32)
    vectors.save_word2vec_format(tmp_path / "t", prefix="p_")
    row = "1.0 0.5 -2.0 1e-05 3.0\n"
    assert (tmp_path / "t").read_text() == f"3 5\np_café {row}p_北京 {row}p_the {row}"
    vectors.save_word2vec_format(tmp_path / "b", binary=True)
    assert (tmp_path / "b").read_bytes().startswith(b"3 5\ncaf\xc3\xa9 " + vectors.vectors[0].tobytes() + "北京 ".encode())


def test_headers_and_appending(vectors, tmp_path):
    path = tmp_path / "bare"
    vectors.save_word2vec_format(path, write_header=False)
    back = KeyedVectors.load_word2vec_format(path, no_header=True)
    assert len(back) == 3
    both = tmp_path / "both"
    vectors.save_word2vec_format(both, total_vec=6, binary=True)
    vectors.save_word2vec_format(both, append=True, write_header=False, prefix="2", binary=True)
    assert KeyedVectors.load_word2vec_format(both, binary=True).index_to_key[3:] == ["2café", "2北京", "2the"]
    with pytest.raises(NotImplementedError, match="no_header"):
        KeyedVectors.load_word2vec_format(path, binary=True, no_header=True)


def test_limit_and_type(vectors, tmp_path):
    path = tmp_path / "v"
    vectors.save_word2vec_format(path)
    back = KeyedVectors.load_word2vec_format(path, limit=2, datatype=np.float16)
    assert (len(back), back.vectors.dtype) == (2, np.float16)


def test_counts_go_to_a_file_of_their_own(vectors, tmp_path):
    vectors.save_word2vec_format(tmp_path / "v", tmp_path / "counts")
    assert (tmp_path / "counts").read_text() == "café 9\n北京 8\nthe 7\n"
    back = KeyedVectors.load_word2vec_format(tmp_path / "v", tmp_path / "counts")
    assert back.get_vecattr("the", "count") == 7
    del vectors.expandos["count"]
    with pytest.raises(ValueError, match="count"):
        vectors.save_word2vec_format(tmp_path / "v", tmp_path / "counts")


def test_bytes_that_are_no_utf8(tmp_path, caplog):
    path = tmp_path / "v"
    path.write_bytes(b"3 1\ncaf\xc3 1\ncaf 2\nx 3\n")
    with pytest.raises(UnicodeDecodeError):
        KeyedVectors.load_word2vec_format(path)
    assert KeyedVectors.load_word2vec_format(path, unicode_errors="replace").index_to_key == ["caf\ufffd", "caf", "x"]
    with caplog.at_level(logging.WARNING, "kith.models"):
        assert KeyedVectors.load_word2vec_format(path, unicode_errors="ignore").index_to_key == ["caf", "x"]
    assert "caf" in caplog.text
    latin = KeyedVectors.load_word2vec_format(path, encoding="latin-1")
    assert latin.index_to_key == ["cafÃ", "caf", "x"]


def test_files_that_end_too_soon(vectors, tmp_path):
    for binary in (False, True):
        path = tmp_path / f"v{binary}"
        vectors.save_word2vec_format(path, binary=binary)
        path.write_bytes(b"9" + path.read_bytes()[1:])
        with pytest.raises(EOFError) as caught:
            KeyedVectors.load_word2vec_format(path, binary=binary)
        assert isinstance(caught.value, (TruncatedFileError, kith.CorruptFileError))
        assert str(path) in str(caught.value)
    (tmp_path / "odd").write_text("no header at all\n")
    with pytest.raises(ValueError, match="line 1"):
        KeyedVectors.load_word2vec_format(tmp_path / "odd")
    with pytest.raises(FileNotFoundError):
        KeyedVectors.load_word2vec_format(tmp_path / "none")


def test_taking_vectors_from_a_file(vectors, tmp_path, rng):
    other = KeyedVectors(5)
    other.add_vectors(["the", "else"], rng.normal(size=(2, 5)))
    other.save_word2vec_format(tmp_path / "v", binary=True)
    before = np.array(vectors["café"])
    vectors.intersect_word2vec_format(tmp_path / "v", binary=True, lockf=1.0)
    np.testing.assert_array_equal(vectors["the"], other["the"])
    np.testing.assert_array_equal(vectors["café"], before)
    assert "else" not in vectors
    assert vectors.similarity("the", "the") == 1


def test_taking_vectors_for_keys_of_any_kind(tmp_path):
    other = KeyedVectors(2)
    other.add_vectors(["0", "word", "1"], [[1, 2], [3, 4], [5, 6]])
    other.save_word2vec_format(tmp_path / "v")
    some = KeyedVectors(2, count=3, dtype=np.float16)
    some.add_vector(7, [0, 1])
    some.add_vector("word", [1, 1])
    some.intersect_word2vec_format(tmp_path / "v", lockf=0.5)
    np.testing.assert_array_equal(some.vectors, [[0, 1], [3, 4], [0, 0]])
    assert some.vectors.dtype == np.float16
    np.testing.assert_array_equal(some.vectors_lockf, np.array([1, 0.5, 1], np.float32))
    some.intersect_word2vec_format(tmp_path / "v", lockf=1)
    np.testing.assert_array_equal(some.vectors_lockf, [1, 1, 1])
    with pytest.raises(ValueError, match="2 numbers; these have 3"):
        KeyedVectors(3).intersect_word2vec_format(tmp_path / "v")


# --- Files of Kith's own ---


def test_everything_is_kept(vectors, tmp_path):
    vectors.set_vecattr("the", "kind", "article")
    path = tmp_path / "v.kith"
    vectors.save(path)
    for mmap in (None, "r"):
        back = KeyedVectors.load(path, mmap=mmap)
        assert back.index_to_key == vectors.index_to_key
        np.testing.assert_array_equal(back.vectors, vectors.vectors)
        assert back.get_vecattr("the", "count") == 7
        assert back.get_vecattr("the", "kind") == "article"
        assert back.most_similar("the") == vectors.most_similar("the")
        assert back.vectors.flags.writeable == (mmap is None)
    assert kith.KeyedVectors.open(path).keys() == vectors.index_to_key


def test_keys_that_are_numbers_come_back_as_numbers(tmp_path):
    vectors = KeyedVectors(2, dtype=np.float16)
    vectors.add_vectors([7, "7", 3], [[1, 0], [0, 1], [1, 1]])
    vectors.save(tmp_path / "v")
    back = KeyedVectors.load(tmp_path / "v")
    assert back.index_to_key == [7, "7", 3]
    assert back.vectors.dtype == np.float16


def test_file_objects(vectors):
    file = io.BytesIO()
    vectors.save(file)
    assert KeyedVectors.load(io.BytesIO(file.getvalue())).index_to_key == vectors.index_to_key


def test_a_file_of_the_native_class_is_opened(vectors, tmp_path):
    vectors.to_native().save(tmp_path / "v")
    back = KeyedVectors.load(tmp_path / "v")
    assert back.most_similar("the") == vectors.most_similar("the")


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


def test_a_pickle_is_refused_and_not_run(tmp_path):
    path = tmp_path / "gensim.model"
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match="gensim"):
        KeyedVectors.load(path)


def test_packed_files_are_packed(vectors, tmp_path):
    for ending, module in ((".gz", gzip), (".bz2", bz2)):
        path = tmp_path / f"v{ending}"
        vectors.save_word2vec_format(path, path.with_suffix(".counts" + ending))
        with module.open(path) as file:
            assert file.readline() == b"3 5\n"
        with module.open(path.with_suffix(".counts" + ending)) as file:
            assert file.readline() == "café 9\n".encode()
