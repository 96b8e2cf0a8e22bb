"""``Doc2Vec`` with the names, arguments, defaults and meanings of gensim 4's, trained by the C++ library."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._files import Path
from .._progress import ProgressOption, reporter
from ..utils import TrimRule
from ._corpora import brown_sentences, open_text
from ._gensim3 import warn_renamed
from ._gensim_files import Saved
from .keyedvectors import KeyedVectors
from .word2vec import Word2Vec

__all__ = ["Doc2Vec", "TaggedBrownCorpus", "TaggedDocument", "TaggedLineDocument"]

Tag = Union[str, int, "np.integer[Any]"]


class TaggedDocument(NamedTuple):
    """A document as a list of words, and its tags: texts, or whole numbers, which are rows of ``model.dv``."""

    words: Sequence[str]
    tags: Sequence[Tag]

    def __str__(self) -> str:
        return f"TaggedDocument<{list(self.words)}, {list(self.tags)}>"


class TaggedLineDocument:
    """A document per line of a file (.gz and .bz2 too) or of an iterable of lines; its tag is the line's number."""

    def __init__(self, source: Any) -> None:
        self.source = source

    def __iter__(self) -> Iterator[TaggedDocument]:
        if isinstance(self.source, (str, os.PathLike)):
            with open_text(self.source) as file:
                yield from self._documents(file)
            return
        if hasattr(self.source, "seek"):
            self.source.seek(0)
        yield from self._documents(self.source)

    @staticmethod
    def _documents(lines: Iterable[Union[str, bytes]]) -> Iterator[TaggedDocument]:
        for number, line in enumerate(lines):
            yield TaggedDocument((line if isinstance(line, str) else line.decode("utf-8")).split(), [number])


class TaggedBrownCorpus:
    """The sentences of a folder that holds the Brown corpus, each a document whose tag names its file and line."""

    def __init__(self, dirname: Path) -> None:
        self.dirname = dirname

    def __iter__(self) -> Iterator[TaggedDocument]:
        return (TaggedDocument(words, [name]) for name, words in brown_sentences(self.dirname))


class Doc2Vec(Word2Vec):
    """Vectors for documents, learned with those of their words (Le and Mikolov 2014): ``model.dv`` and ``model.wv``.

    ``documents`` is an iterable of TaggedDocument; ``corpus_file`` a text file of a document per line, whose tag is the
    line's number. ``dm=1`` (PV-DM) predicts a word from the words around it and the document, as their mean, with
    ``dm_mean=0`` as their sum, with ``dm_concat=1`` one after the other; ``dm=0`` (PV-DBOW) predicts it from the document
    alone, and with ``dbow_words=1`` trains the words too, by skip-gram. Other arguments are Word2Vec's.

    Examples
    --------
    >>> from kith.models.doc2vec import Doc2Vec, TaggedDocument
    >>> text = [TaggedDocument(["cat", "say", "meow"], ["cats", i]) for i in range(50)]
    >>> model = Doc2Vec(text, vector_size=8, min_count=1, epochs=2, workers=1)
    >>> len(model.dv), model.dv["cats"].shape, model.infer_vector(["cat", "meow"]).shape
    (51, (8,), (8,))
    """

    _name = "Doc2Vec"
    _core_type = _core.Doc2Vec
    _lockable = ()
    dv: KeyedVectors

    def __init__(
        self,
        documents: Optional[Iterable[Any]] = None,
        corpus_file: Optional[Path] = None,
        vector_size: int = 100,
        dm_mean: Optional[int] = None,
        dm: int = 1,
        dbow_words: int = 0,
        dm_concat: int = 0,
        dm_tag_count: int = 1,
        dv: None = None,
        dv_mapfile: None = None,
        comment: Optional[str] = None,
        trim_rule: Optional[TrimRule] = None,
        callbacks: Sequence[Any] = (),
        window: int = 5,
        epochs: int = 10,
        shrink_windows: bool = True,
        *,
        progress: ProgressOption = False,
        **kwargs: Any,
    ) -> None:
        if dv is not None or dv_mapfile is not None:
            raise ValueError("dv and dv_mapfile must be None: the vectors of documents are the model's own")
        self.dm, self.dbow_words, self.dm_concat = int(bool(dm)), int(dbow_words), int(dm_concat)
        self.dm_tag_count = int(dm_tag_count)
        mean = 1 if dm_mean is None else int(dm_mean)
        self._tags: list[tuple[Any, int]] = []
        self.dv = KeyedVectors(vector_size)
        super().__init__(
            vector_size=vector_size, window=window, epochs=epochs, shrink_windows=shrink_windows, comment=comment,
            sg=(1 + self.dm) % 2, cbow_mean=mean, **kwargs,
        )  # fmt: skip
        self._begin(documents, corpus_file, trim_rule, callbacks, progress)

    @property
    def dbow(self) -> bool:
        """Whether this is PV-DBOW."""
        return not self.dm

    @property
    def docvecs(self) -> KeyedVectors:
        warn_renamed("docvecs", "dv")
        return self.dv

    def _options(self) -> dict[str, Any]:
        options = super()._options()
        del options["sg"], options["cbow_mean"]
        combination = "concatenated" if self.dm_concat else "mean" if self.cbow_mean else "sum"
        words = bool(self.dbow_words) and not self.dm
        own = {"dm": bool(self.dm), "combination": combination, "train_words": words}
        return {**options, **own, "tags_per_document": self.dm_tag_count}

    @staticmethod
    def _constructor_options(options: dict[str, Any]) -> dict[str, Any]:
        known = Word2Vec._constructor_options(options)
        combination, words, tags = (known.pop(name) for name in ("combination", "train_words", "tags_per_document"))
        return {
            **known,
            "dm_concat": int(combination == "concatenated"),
            "dm_mean": int(combination == "mean"),
            "dbow_words": int(words),
            "dm_tag_count": tags,
        }

    def _read(
        self, sentences: Any, corpus_file: Optional[Path], max_vocab_size: Optional[int] = None, progress: Any = None
    ) -> Any:
        most = max_vocab_size or 0
        if corpus_file is not None:
            return _core.TaggedCorpus.read(corpus_file, most, progress=progress)
        if type(sentences) is TaggedLineDocument and isinstance(sentences.source, (str, os.PathLike)):
            if not os.fspath(sentences.source).endswith(".bz2"):
                return _core.TaggedCorpus.read(sentences.source, most, progress=progress)
        return _core.TaggedCorpus.from_documents(sentences, most)

    def _take_vocabulary(self, corpus: Any, update: bool = False, *args: Any, **kwargs: Any) -> None:
        if update and not len(self.wv):
            raise RuntimeError("update=True adds to a vocabulary, and there is none yet: build_vocab() without it first")
        self._tags = corpus.tags(self._tags if update else [])
        super()._take_vocabulary(corpus, update, *args, **kwargs)

    def _build_native(self, native: Any, counts: dict[str, int]) -> None:
        native.build_vocabulary_from(counts, in_order=True, tags=self._tags)

    def _extended(self, native: Any, counts: Mapping[str, int]) -> Any:
        return native.extended_by(counts, self._tags)

    def _shared(self, native: Any) -> list[tuple[Any, str, Any]]:
        return [*super()._shared(native), (self.dv, "vectors", native._tag_view())]

    def _carry_over(self, owner: Any, weights: Any, view: Any) -> None:
        if owner is not self.dv:
            super()._carry_over(owner, weights, view)
            return
        rows = {tag: row for row, tag in enumerate(self.dv.index_to_key)}
        both = [(row, rows[tag]) for row, (tag, _) in enumerate(self._tags) if tag in rows]
        if both and len(weights) == len(rows):
            to, origin = zip(*both)
            view[list(to)] = weights[list(origin)]

    def _adopt_words(self, native: Any) -> None:
        self._tags = native.tags()
        self.dv.index_to_key = [tag for tag, _ in self._tags]
        # As with gensim a whole number is no key, but a row itself.
        self.dv.key_to_index = {tag: row for row, (tag, _) in enumerate(self._tags) if isinstance(tag, str)}
        self.dv.next_index = len(self._tags)
        self.dv.expandos = {"doc_count": np.array([count for _, count in self._tags], dtype=np.int64)}
        super()._adopt_words(native)

    def _weights_changed(self) -> None:
        super()._weights_changed()
        self.dv._changed()

    def reset_from(self, other_model: Any) -> None:
        """Take another model's vocabulary and tags, with new weights."""
        self._tags = list(other_model._tags)
        super().reset_from(other_model)

    def __getitem__(self, tag: Any) -> NDArray[Any]:
        """The vector of a tag."""
        return self.dv[tag]

    def infer_vector(
        self,
        doc_words: Sequence[str],
        alpha: Optional[float] = None,
        min_alpha: Optional[float] = None,
        epochs: Optional[int] = None,
    ) -> NDArray[np.float32]:
        """A vector for a document that was not trained: the same whenever it is asked for, and in every process."""
        if isinstance(doc_words, str):
            raise TypeError("doc_words must be a list of words, not one str: pass doc_words.split()")
        found: NDArray[np.float32] = self.infer_vectors([doc_words], alpha, min_alpha, epochs)[0]
        return found

    def infer_vectors(
        self,
        documents: Iterable[Iterable[str]],
        alpha: Optional[float] = None,
        min_alpha: Optional[float] = None,
        epochs: Optional[int] = None,
        *,
        progress: ProgressOption = False,
    ) -> NDArray[np.float32]:
        """infer_vector() of many documents at once, on all cores: a matrix with a row for each."""
        corpus = _core.Corpus.from_sentences(documents, max_sentence_length=0)
        with reporter(progress) as display:
            found: NDArray[np.float32] = self._ready().infer(
                corpus, epochs=epochs or self.epochs, start_alpha=alpha or self.alpha, end_alpha=min_alpha or self.min_alpha,
                progress=display,
            )  # fmt: skip
        return found

    def similarity_unseen_docs(
        self,
        doc_words1: Sequence[str],
        doc_words2: Sequence[str],
        alpha: Optional[float] = None,
        min_alpha: Optional[float] = None,
        epochs: Optional[int] = None,
    ) -> np.float32:
        """Cosine of two documents that were not trained."""
        first, second = (self.infer_vector(words, alpha, min_alpha, epochs) for words in (doc_words1, doc_words2))
        return np.float32(KeyedVectors.cosine_similarities(first, [second])[0])

    def save_word2vec_format(
        self,
        fname: Path,
        doctag_vec: bool = False,
        word_vec: bool = True,
        prefix: str = "*dt_",
        fvocab: Optional[Path] = None,
        binary: bool = False,
    ) -> None:
        """Write words, documents or both to a file of word2vec; tags get the prefix when words are there as well."""
        total = len(self.wv) * bool(word_vec) + len(self.dv) * bool(doctag_vec)
        if word_vec:
            self.wv.save_word2vec_format(fname, fvocab, binary, total_vec=total)
        if doctag_vec:
            self.dv.save_word2vec_format(
                fname, binary=binary, total_vec=total, prefix=prefix, append=bool(word_vec),
                write_header=not word_vec, sort_attr="doc_count",
            )  # fmt: skip

    def estimated_lookup_memory(self) -> int:
        """Bytes of the tags' names, by gensim's rule of thumb; 0 for whole numbers."""
        return 60 * len(self.dv.key_to_index) + 140 * len(self.dv.key_to_index)

    @classmethod
    def _from_saved(cls, saved: Saved, name: str) -> Any:
        raise ValueError(
            f"{name} holds a {saved.class_name} of gensim's, which Kith cannot train on: with gensim write "
            "model.save_word2vec_format(), or search it there with kith.similarities.annoy.AnnoyIndexer"
        )

    def __str__(self) -> str:
        if not self.dm:
            kind = "dbow+w" if self.dbow_words else "dbow"
        else:
            kind = "dm/c" if self.dm_concat else "dm/m" if self.cbow_mean else "dm/s"
        parts = [kind, f"d{self.vector_size}"]
        if self.negative:
            parts.append(f"n{self.negative}")
        if self.hs:
            parts.append("hs")
        if self.dm or self.dbow_words:
            parts.append(f"w{self.window}")
        if self.min_count > 1:
            parts.append(f"mc{self.min_count}")
        if self.sample > 0:
            parts.append(f"s{self.sample:g}")
        if self.workers > 1:
            parts.append(f"t{self.workers}")
        return f"Doc2Vec<{','.join(parts)}>"

    __repr__ = __str__
