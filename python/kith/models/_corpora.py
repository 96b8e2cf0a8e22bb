"""Text as gensim's classes give it, sentence by sentence, and the way of all text into the C++ library: once."""

from __future__ import annotations

import bz2
import gzip
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from types import GeneratorType
from typing import Any, BinaryIO, Optional, Union, cast

from .. import _core
from .._files import Path

__all__ = ["BrownCorpus", "CorpusSource", "LineSentence", "PathLineSentences", "Text8Corpus", "check_corpus", "files_of", "read_corpus"]

MAX_WORDS = 10_000

Sentences = Iterable[Iterable[str]]
Progress = Optional[Callable[..., object]]


def open_text(path: Path) -> BinaryIO:
    name = os.fspath(path)
    opened: Any = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    return cast(BinaryIO, opened(name, "rb"))


def _lines(file: Iterable[Union[str, bytes]], longest: int, limit: Optional[int]) -> Iterator[list[str]]:
    for line in itertools.islice(file, limit):
        words = (line if isinstance(line, str) else line.decode("utf-8")).split()
        for first in range(0, len(words), longest):
            yield words[first : first + longest]


class Text8Corpus:
    """The words of a file as sentences of ``max_sentence_length``, whatever its lines; .gz and .bz2 too."""

    def __init__(self, fname: Path, max_sentence_length: int = MAX_WORDS) -> None:
        self.fname = fname
        self.max_sentence_length = max_sentence_length

    def __iter__(self) -> Iterator[list[str]]:
        sentence: list[str] = []
        rest = b""
        with open_text(self.fname) as file:
            for block in iter(lambda: file.read(1 << 16), b""):
                words = (rest + block).split()
                # A word that the end of a block cuts waits for the next block.
                rest = words.pop() if words and not block[-1:].isspace() else b""
                sentence.extend(word.decode("utf-8") for word in words)
                while len(sentence) >= self.max_sentence_length:
                    yield sentence[: self.max_sentence_length]
                    del sentence[: self.max_sentence_length]
        if rest:
            sentence.append(rest.decode("utf-8"))
        if sentence:
            yield sentence


class LineSentence:
    """A sentence per line of a file (.gz and .bz2 too), or of any iterable of lines that can be passed over again.

    A line longer than ``max_sentence_length`` becomes several sentences. ``limit``: the first so many lines only.
    """

    def __init__(self, source: Any, max_sentence_length: int = MAX_WORDS, limit: Optional[int] = None) -> None:
        self.source = source
        self.max_sentence_length = max_sentence_length
        self.limit = limit

    def __iter__(self) -> Iterator[list[str]]:
        if isinstance(self.source, (str, os.PathLike)):
            with open_text(self.source) as file:
                yield from _lines(file, self.max_sentence_length, self.limit)
            return
        if hasattr(self.source, "seek"):
            self.source.seek(0)
        yield from _lines(self.source, self.max_sentence_length, self.limit)


class PathLineSentences:
    """The files of a folder in the order of their names, or one file, each as LineSentence reads it."""

    def __init__(self, source: Path, max_sentence_length: int = MAX_WORDS, limit: Optional[int] = None) -> None:
        self.source = source
        self.max_sentence_length = max_sentence_length
        self.limit = limit
        name = os.fspath(source)
        if os.path.isfile(name):
            self.input_files = [name]
        elif os.path.isdir(name):
            names = (os.path.join(name, file) for file in sorted(os.listdir(name)))
            self.input_files = [file for file in names if os.path.isfile(file)]
        else:
            raise ValueError(f"source must be a file or a folder; there is none at {name!r}")

    def __iter__(self) -> Iterator[list[str]]:
        for path in self.input_files:
            with open_text(path) as file:
                yield from _lines(file, self.max_sentence_length, self.limit)


def brown_sentences(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The sentences of the Brown corpus as NLTK has it, word/TAG, a name for each before it: words in small letters, two
    letters of their tags, and only words whose tags begin with two letters. Files in the order of their names."""
    for name in PathLineSentences(folder).input_files:
        with open_text(name) as file:
            for number, line in enumerate(file):
                parts = [token.split("/") for token in line.decode("utf-8").split()]
                words = [f"{part[0].lower()}/{part[1][:2]}" for part in parts if len(part) == 2 and part[1][:2].isalpha()]
                if words:
                    yield f"{name}_SENT_{number}", words


class BrownCorpus:
    """The sentences of a folder that holds the Brown corpus, its words with their tags: ``the/at``."""

    def __init__(self, dirname: Path) -> None:
        self.dirname = dirname

    def __iter__(self) -> Iterator[list[str]]:
        return (words for _, words in brown_sentences(self.dirname))


class CorpusSource:
    """Sentences that the library may be able to read by itself."""

    def _read(self, max_vocab_size: Optional[int], progress: Progress) -> Optional[_core.Corpus]:
        """The whole text; None when it must be passed over."""
        raise NotImplementedError


def check_corpus(sentences: Any, corpus_file: Optional[Path], passes: int) -> None:
    """gensim's rules for what may be trained on."""
    if sentences is None and corpus_file is None:
        raise TypeError("either corpus_file or corpus_iterable must be given")
    if sentences is not None and corpus_file is not None:
        raise TypeError("corpus_file and corpus_iterable are both given; one of them is to be left out")
    if corpus_file is not None:
        if not isinstance(corpus_file, (str, os.PathLike)) or not os.path.isfile(corpus_file):
            raise TypeError(f"corpus_file must be the path of a file, not {corpus_file!r}")
        if os.fspath(corpus_file).endswith(".bz2"):
            raise TypeError(f"corpus_file must be plain text or .gz, not {corpus_file!r}: pass LineSentence(path) instead")
        return
    if isinstance(sentences, (str, bytes, os.PathLike)) or not isinstance(sentences, Iterable):
        raise TypeError(
            f"corpus_iterable must be an iterable of lists of str, not {sentences!r}; a file is passed as corpus_file"
        )
    if isinstance(sentences, GeneratorType) and passes > 1:
        raise TypeError(
            f"corpus_iterable is a generator, which cannot be passed over {passes} times: pass a list, or an object whose "
            "__iter__ starts anew"
        )


def read_corpus(
    sentences: Optional[Sentences], corpus_file: Optional[Path], max_vocab_size: Optional[int], progress: Progress = None
) -> _core.Corpus:
    """The whole text as the library keeps it. Files, and the three classes above, are read by the library itself."""
    most = max_vocab_size or 0
    if corpus_file is not None:
        return _core.Corpus.read(corpus_file, MAX_WORDS, most, progress=progress)
    if isinstance(sentences, CorpusSource):
        corpus = sentences._read(max_vocab_size, progress)
        if corpus is not None:
            return corpus
    files, lines = files_of(sentences)
    if files:
        longest = cast(Any, sentences).max_sentence_length
        return _core.Corpus.read(files, longest, most, lines=lines, progress=progress)
    return _core.Corpus.from_sentences(cast(Sentences, sentences), MAX_WORDS, most)


def files_of(sentences: Any) -> tuple[list[str], bool]:
    """The files that the library can read in the place of an object, and whether lines are sentences."""
    kind = type(sentences)
    paths: list[Any] = []
    if kind is Text8Corpus:
        paths = [sentences.fname]
    elif kind is LineSentence and sentences.limit is None:
        paths = [sentences.source]
    elif kind is PathLineSentences and sentences.limit is None:
        paths = sentences.input_files
    names = [os.fspath(path) for path in paths if isinstance(path, (str, os.PathLike))]
    if len(names) != len(paths) or any(name.endswith(".bz2") for name in names):
        names = []
    return names, kind is not Text8Corpus
