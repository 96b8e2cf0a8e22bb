"""KeyedVectors in files: word2vec's formats, which everybody reads, and .kith files, which are mapped."""

from __future__ import annotations

import bz2
import gzip
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Optional, TypeVar, Union, cast

import numpy as np

from .. import _core
from .._files import Path, as_file, bytes_written
from .._progress import ProgressOption, reporter
from ._evaluation import Evaluation
from ._gensim_files import Saved, is_pickle, read_saved

__all__ = ["TruncatedFileError", "VectorFiles"]

logger = logging.getLogger("kith.models.keyedvectors")
Self = TypeVar("Self", bound="VectorFiles")


class TruncatedFileError(_core.CorruptFileError, EOFError):
    """A file ends before what its header says has come."""


class VectorFiles(Evaluation):
    """Reading and writing."""

    @classmethod
    def load_word2vec_format(
        cls: type[Self],
        fname: Path,
        fvocab: Optional[Path] = None,
        binary: bool = False,
        encoding: str = "utf8",
        unicode_errors: str = "strict",
        limit: Optional[int] = None,
        datatype: Any = np.float32,
        no_header: bool = False,
        *,
        progress: ProgressOption = False,
    ) -> Self:
        """Read a file of word2vec (text or binary; .gz and .bz2 too) or, with ``no_header``, of GloVe."""
        if binary and no_header:
            raise NotImplementedError("no_header is for text files only; a binary file needs its header")
        # Bytes that are not UTF-8 come here as they are, unless one of the library's own ways to mend them is meant.
        utf8 = encoding.lower().replace("-", "") == "utf8"
        mending = unicode_errors if utf8 and unicode_errors in ("ignore", "replace") else "keep"
        with reporter(progress) as callback, _plain(fname) as path:
            try:
                names, rows, messages = _core.read_rows(
                    path,
                    binary=binary,
                    limit=limit or 0,
                    header="absent" if no_header else "present",
                    invalid_utf8=mending,
                    progress=callback,
                )
            except _core.CorruptFileError as error:
                if "found the end of the file" in str(error):
                    raise _truncated(error) from None
                raise
        for message in messages:
            logger.warning("%s: %s", fname, message)
        keys = names if mending != "keep" else _decoded(names, encoding, unicode_errors)
        vectors = cls(rows.shape[1])
        vectors._take(keys, rows.astype(datatype, copy=False), str(fname))
        count = len(vectors)
        vectors.expandos["count"] = np.arange(count, 0, -1)
        if fvocab is not None:
            found = _counts(fvocab, encoding, unicode_errors)
            vectors.expandos["count"] = np.array([found.get(key, 0) for key in vectors.index_to_key], dtype=np.int64)
        return vectors

    def _take(self, keys: list[Any], rows: Any, name: str) -> None:
        """Take rows under keys; of a key that stands twice the first stays."""
        self.key_to_index = dict(zip(keys, range(len(keys))))
        if len(self.key_to_index) != len(keys):
            first = dict(zip(reversed(keys), reversed(range(len(keys)))))
            kept = sorted(first.values())
            logger.warning("%s: %d keys stand there again and were left out", name, len(keys) - len(kept))
            keys, rows = [keys[row] for row in kept], rows[kept]
            self.key_to_index = dict(zip(keys, range(len(keys))))
        self.index_to_key, self.vectors, self.next_index = keys, rows, len(keys)
        self._changed()

    def save_word2vec_format(
        self,
        fname: Path,
        fvocab: Optional[Path] = None,
        binary: bool = False,
        total_vec: Optional[int] = None,
        write_header: bool = True,
        prefix: str = "",
        append: bool = False,
        sort_attr: str = "count",
    ) -> None:
        """Write a file of word2vec: the most frequent first, where ``sort_attr`` is known. .gz and .bz2 are packed."""
        order = self._order_by(sort_attr)
        keys = [str(self.index_to_key[row]) for row in order]
        if fvocab is not None:
            if "count" not in self.expandos:
                raise ValueError("fvocab needs counts, and there is no attribute 'count': set_vecattr(key, 'count', n)")
            with _packed(fvocab, "wb") as file:
                counts = self.expandos["count"]
                file.writelines(f"{prefix}{key} {int(counts[row])}\n".encode() for key, row in zip(keys, order))
        rows = np.ascontiguousarray(self.vectors[order], dtype=np.float32)
        core = _core.KeyedVectors._view(keys, rows)
        kind = "word2vec-binary" if binary else "word2vec"
        plain = not append and total_vec is None and (write_header or not binary)
        if plain and not os.fspath(fname).endswith(".bz2"):
            _core.write_keyed_vectors(fname, core, format=kind, header=write_header, prefix=prefix)
            return
        with tempfile.TemporaryDirectory(prefix="kith-") as folder:
            body = os.path.join(folder, "vectors")
            _core.write_keyed_vectors(body, core, format=kind, prefix=prefix)
            with open(body, "rb") as source, _packed(fname, "ab" if append else "wb") as target:
                source.readline()
                if write_header:
                    target.write(f"{total_vec or len(self)} {self.vector_size}\n".encode())
                shutil.copyfileobj(source, target, 1 << 20)

    def _order_by(self, attribute: str) -> list[int]:
        values = self.expandos.get(attribute)
        if values is None or len(values) != len(self):
            logger.warning("there is no attribute %r of every key: rows are written in their order", attribute)
            return list(range(len(self)))
        return [int(row) for row in np.argsort(-values.astype(np.float64), kind="stable")]

    def intersect_word2vec_format(
        self,
        fname: Path,
        lockf: float = 0.0,
        binary: bool = False,
        encoding: str = "utf8",
        unicode_errors: str = "strict",
    ) -> None:
        """Take the vectors of the keys that are here and in the file.

        ``lockf`` is kept in ``vectors_lockf``, of which Word2Vec.train() makes use: 0 holds them in place, 1 lets them learn as
        the others do. Doc2Vec and FastText cannot hold vectors in place and refuse to train.
        """
        other = VectorFiles.load_word2vec_format(fname, binary=binary, encoding=encoding, unicode_errors=unicode_errors)
        if other.vector_size != self.vector_size:
            raise ValueError(f"{fname} holds vectors of {other.vector_size} numbers; these have {self.vector_size}")
        found = _core.KeyedVectors._view(other.index_to_key, other.vectors)._find_all(self.index_to_key)
        rows = np.flatnonzero(found >= 0)
        self.vectors[rows] = other.vectors[found[rows]]
        self.vectors_lockf = np.resize(getattr(self, "vectors_lockf", np.ones(1, np.float32)), len(self))
        self.vectors_lockf[rows] = lockf
        self._changed()
        logger.info("%s: took %d vectors of %d", fname, len(rows), len(other))

    @classmethod
    def _from_saved(cls: type[Self], saved: Saved, name: str) -> Self:
        """From an object of gensim 3's or 4's: vectors, or a model that has some."""
        saved = saved.get("wv", "dv", "docvecs") or saved
        keys, rows = saved.get("index_to_key", "index2word", "index2entity"), saved.get("vectors", "syn0")
        if not isinstance(keys, list) or not isinstance(rows, np.ndarray) or rows.ndim != 2 or len(rows) != len(keys):
            raise ValueError(f"{name} holds a {saved.class_name} of gensim's, in which no keys with vectors are found")
        vectors = cls(rows.shape[1])
        vectors._take(keys, rows, name)
        for attribute, values in (saved.get("expandos") or {}).items():
            if isinstance(values, np.ndarray) and len(values) == len(vectors):
                vectors.expandos[attribute] = values
        vocab = saved.get("vocab")
        if isinstance(vocab, dict) and all(key in vocab for key in keys):
            counts = [int(vocab[key].get("count") or 0) for key in vectors.index_to_key]
            vectors.expandos["count"] = np.array(counts, dtype=np.int64)
        return vectors

    def save(self, fname_or_handle: Union[Path, BinaryIO], *args: Any, **kwargs: Any) -> None:
        """Write a .kith file. gensim's arguments on what to pickle how have no meaning here."""
        if not isinstance(fname_or_handle, (str, os.PathLike)):
            fname_or_handle.write(bytes_written(self.save))
            return
        texts = self._texts()
        notes: dict[str, Any] = {"kith.models": "KeyedVectors", "type": str(self.vectors.dtype)}
        notes["next_index"] = self.next_index
        if texts is None:
            notes["keys"] = [key if key is None or isinstance(key, str) else int(key) for key in self.index_to_key]
        notes["attributes"] = {
            name: [str(values.dtype), values.tolist()] for name, values in self.expandos.items() if name != "count"
        }
        if "count" in self.expandos and self._native.counts is None:
            notes["attributes"]["count"] = [str(self.expandos["count"].dtype), self.expandos["count"].tolist()]
        self._native._save(fname_or_handle, None, json.dumps(notes))

    @classmethod
    def load(cls: type[Self], fname: Union[Path, BinaryIO], mmap: Optional[str] = None) -> Self:
        """Open what save() wrote, any .kith file of vectors, or what gensim's save() wrote, of which nothing is run.

        ``mmap="r"``: the vectors of a .kith file stay in it, read-only and shared between processes; otherwise they are
        copied to memory.
        """
        if not isinstance(fname, (str, os.PathLike)):
            with as_file(fname.read()) as path:
                return cls.load(path, mmap)
        if mmap not in (None, "r", "c"):
            raise ValueError(f"mmap must be None, 'r' or 'c', not {mmap!r}: a .kith file does not change")
        if is_pickle(fname):
            return cls._from_saved(read_saved(fname), str(fname))
        core = _core.KeyedVectors._open(fname)
        notes: dict[str, Any] = json.loads(core._notes) if core._notes else {}
        if notes.get("kith.models") != "KeyedVectors":
            notes = {}
        vectors = cls(core.dim)
        kept = core.vectors if mmap == "r" else np.array(core.vectors, dtype=notes.get("type", "float32"))
        vectors._take(notes.get("keys") or core.keys(), kept, str(fname))
        vectors.next_index = notes.get("next_index", len(vectors))
        if core.counts is not None:
            vectors.expandos["count"] = core.counts
        for name, (kind, values) in notes.get("attributes", {}).items():
            vectors.expandos[name] = np.array(values, dtype=kind)
        return vectors


def _truncated(error: _core.CorruptFileError) -> TruncatedFileError:
    truncated = TruncatedFileError(str(error))
    truncated.path, truncated.offset = error.path, error.offset
    return truncated


def _decoded(names: list[str], encoding: str, errors: str) -> list[str]:
    """Keys in the encoding they are in; the library gives bytes that are not UTF-8 as surrogate escapes."""
    if encoding.lower().replace("-", "") == "utf8":
        try:
            "".join(names).encode()
        except UnicodeEncodeError:
            pass
        else:
            return names
    return [name.encode("utf-8", "surrogateescape").decode(encoding, errors) for name in names]


def _counts(path: Path, encoding: str, errors: str) -> dict[str, int]:
    counts = {}
    with _packed(path, "rb") as file:
        for number, line in enumerate(file, 1):
            key, _, count = line.decode(encoding, errors).strip().rpartition(" ")
            if not key or not count.isdigit():
                raise ValueError(f"{os.fspath(path)}: line {number} must be a key and a count, not {line[:60]!r}")
            counts[key] = int(count)
    return counts


def _packed(path: Path, mode: str) -> BinaryIO:
    name = os.fspath(path)
    opened: Any = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    return cast(BinaryIO, opened(name, mode))


@contextmanager
def _plain(path: Path) -> Iterator[Path]:
    """The path of the same bytes, not packed by bzip2, which the library does not read."""
    if not os.fspath(path).endswith(".bz2"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        unpacked = os.path.join(folder, "vectors")
        with bz2.open(path) as source, open(unpacked, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield unpacked
