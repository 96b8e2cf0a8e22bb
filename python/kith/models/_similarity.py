"""Questions about what is near what. The answers are the C++ library's; here keys become rows and rows keys."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ._rows import KEY_TYPES, Key, Rows

__all__ = ["Similarity"]

Term = tuple[Any, float]  # a row or a vector, and its weight
Terms = Any  # a key, a vector, a matrix, or a list of keys, vectors and (key or vector, weight)


def _as_list(given: Terms) -> list[Any]:
    if given is None:
        return []
    if isinstance(given, KEY_TYPES) or (isinstance(given, np.ndarray) and given.ndim == 1):
        return [given]
    return list(given)


class Similarity(Rows):
    """most_similar and its kin."""

    def _operand(self, item: Any, norm: bool = True) -> Any:
        """A row for a key, a vector of float32 for a vector. A key without a row may give a vector, with ``norm`` at length
        1, as rows enter a mean."""
        if isinstance(item, KEY_TYPES):
            return self.get_index(item)
        return np.ascontiguousarray(item, dtype=np.float32)

    def _terms(self, given: Terms, weight: float) -> list[Term]:
        terms = []
        for item in _as_list(given):
            if isinstance(item, KEY_TYPES) or isinstance(item, np.ndarray):
                terms.append((self._operand(item), weight))
            elif isinstance(item, (tuple, list)) and len(item) == 2 and isinstance(item[1], (int, float, np.number)):
                terms.append((self._operand(item[0]), float(item[1])))
            else:
                terms.append((self._operand(item), weight))
        return terms

    def _keyed(self, found: list[tuple[int, float]]) -> list[tuple[Any, float]]:
        return [(self.index_to_key[row], score) for row, score in found]

    def most_similar(
        self,
        positive: Terms = None,
        negative: Terms = None,
        topn: Optional[int] = 10,
        clip_start: int = 0,
        clip_end: Optional[int] = None,
        restrict_vocab: Optional[int] = None,
        indexer: Any = None,
    ) -> Any:
        """The keys with the highest cosine to the weighted mean of the operands: a list of (key, cosine).

        Operands are keys, rows and vectors, each perhaps in a pair with its weight (by default 1 and -1). Keys of the
        query are left out of the answer. ``topn=None`` gives the cosines of all rows.

        ``indexer`` is anything with ``most_similar(vector, topn)``, such as kith.similarities.annoy.AnnoyIndexer. As in
        gensim its answer is returned as it is: the query's own keys are in it and count, and clips do not apply.
        """
        count = _count(topn)
        if count is not None and count < 1:
            return []
        terms = self._terms(positive, 1.0) + self._terms(negative, -1.0)
        if not terms:
            raise ValueError("cannot compute mean with no input: positive or negative must name something")
        if indexer is not None and count is not None:
            if clip_start or clip_end or restrict_vocab:
                warnings.warn(
                    "clip_start, clip_end and restrict_vocab have no effect with an indexer", UserWarning, stacklevel=2
                )
            return indexer.most_similar(self._native._mean(terms, True, True), count)
        rows = slice(0, restrict_vocab) if restrict_vocab else slice(clip_start, clip_end or None)
        if count is None:
            return self._native._similarities(terms)[rows]
        first, last, _ = rows.indices(len(self))
        return self._keyed(self._native._similar_rows(terms, count, clip_start=first, clip_end=last))

    def similar_by_key(self, key: Key, topn: Optional[int] = 10, restrict_vocab: Optional[int] = None) -> Any:
        return self.most_similar(positive=[key], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_word(self, word: Key, topn: Optional[int] = 10, restrict_vocab: Optional[int] = None) -> Any:
        return self.similar_by_key(word, topn, restrict_vocab)

    def similar_by_vector(self, vector: Any, topn: Optional[int] = 10, restrict_vocab: Optional[int] = None) -> Any:
        return self.most_similar(positive=[np.asarray(vector)], topn=topn, restrict_vocab=restrict_vocab)

    def most_similar_cosmul(
        self,
        positive: Terms = None,
        negative: Terms = None,
        topn: Optional[int] = 10,
        restrict_vocab: Optional[int] = None,
    ) -> Any:
        """As most_similar, by 3CosMul (Levy and Goldberg 2014); scores are not cosines. Only first rows compete when
        ``restrict_vocab`` says so, which gensim 4 ignores."""
        count = _count(topn)
        if count is not None and count < 1:
            return []
        terms = self._terms(positive, 1.0) + self._terms(negative, -1.0)
        if not terms:
            raise ValueError("cannot compute similarity with no input: positive or negative must name something")
        if count is None:
            # Vectors are never left out, so that every row gets its score.
            units = [(self.get_vector(term, norm=True) if isinstance(term, int) else term, sign) for term, sign in terms]
            found = self._native._similar_rows(units, len(self), restrict_vocab=restrict_vocab or 0, cosmul=True)
            scores = np.zeros(len(found), dtype=np.float32)
            scores[[row for row, _ in found]] = [score for _, score in found]
            return scores
        found = self._native._similar_rows(terms, count, restrict_vocab=restrict_vocab or 0, cosmul=True)
        return self._keyed(found)

    def get_mean_vector(
        self,
        keys: Sequence[Any],
        weights: Any = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> NDArray[np.float32]:
        """The weighted mean of keys and vectors: the sum over the weights' absolute values. Vectors enter as they
        are, keys at length 1 unless ``pre_normalize`` is false."""
        if len(keys) == 0:
            raise ValueError("cannot compute mean with no input: keys is empty")
        factors = np.ones(len(keys)) if weights is None else np.asarray(weights, dtype=np.float64)
        if len(factors) != len(keys):
            raise ValueError(f"keys and weights must have the same number of elements, not {len(keys)} and {len(factors)}")
        terms = [
            (self._operand(key, pre_normalize), float(weight))
            for key, weight in zip(keys, factors)
            if not (ignore_missing and isinstance(key, KEY_TYPES) and key not in self)
        ]
        if not terms:
            return np.zeros(self.vector_size, dtype=np.float32)
        return self._native._mean(terms, pre_normalize, post_normalize)

    def similarity(self, w1: Key, w2: Key) -> np.float32:
        """Cosine of two keys."""
        return np.float32(self._native.similarity(self._operand(w1), self._operand(w2)))

    def distance(self, w1: Key, w2: Key) -> np.float32:
        """1 - cosine of two keys."""
        return np.float32(1 - self.similarity(w1, w2))

    def distances(self, word_or_vector: Any, other_words: Iterable[Key] = ()) -> NDArray[np.float32]:
        """1 - cosine with each of the others, or with every row."""
        others = [self._operand(key) for key in other_words or ()]
        return self._native._distances(self._operand(word_or_vector), others)

    def n_similarity(self, ws1: Sequence[Key], ws2: Sequence[Key]) -> np.float32:
        """Cosine of the means of two lists of keys; keys that are not there are left out."""
        if not (len(ws1) and len(ws2)):
            raise ZeroDivisionError("At least one of the passed list is empty.")
        known = [[self._operand(key, False) for key in words if key in self] for words in (ws1, ws2)]
        if not (known[0] and known[1]):
            return np.float32(0)
        return np.float32(self._native._n_similarity(known[0], known[1]))

    @staticmethod
    def cosine_similarities(vector_1: Any, vectors_all: Any) -> NDArray[np.float32]:
        """Cosines of a vector with each row of a matrix; 0 where either is zero."""
        rows = np.ascontiguousarray(vectors_all, dtype=np.float32)
        vector = np.ascontiguousarray(vector_1, dtype=np.float32)
        return _core.KeyedVectors._view(None, rows)._similarities([(vector, 1.0)])

    def most_similar_to_given(self, key1: Key, keys_list: Sequence[Key]) -> Key:
        """Which of the keys is most similar to the first."""
        if not len(keys_list):
            raise ValueError("keys_list is empty; it must hold at least one key")
        return keys_list[int(np.argmin(self.distances(key1, keys_list)))]

    def closer_than(self, key1: Key, key2: Key) -> list[Any]:
        """All keys that are nearer to key1 than key2 is."""
        rows = self._native._closer_than(self.get_index(key1), self.get_index(key2))
        return [self.index_to_key[row] for row in rows]

    def rank(self, key1: Key, key2: Key) -> int:
        """1 + the number of keys that are nearer to key1 than key2 is."""
        return len(self._native._closer_than(self.get_index(key1), self.get_index(key2))) + 1

    def rank_by_centrality(self, words: Sequence[Key], use_norm: bool = True) -> list[tuple[np.float32, Any]]:
        """(cosine to the mean of all, key) of the keys that are there, the most central first."""
        used = [word for word in words if word in self]
        if not used:
            raise ValueError(f"cannot select a word from an empty list: none of {list(words)!r} is there")
        terms = [(self._operand(word, use_norm), 1.0) for word in used]
        mean = self._native._mean(terms, use_norm, True)
        return sorted(zip(1 - self.distances(mean, used), used), reverse=True)

    def doesnt_match(self, words: Sequence[Key]) -> Any:
        """The key that is not like the others."""
        return self.rank_by_centrality(words)[-1][1]

    def relative_cosine_similarity(self, wa: Key, wb: Key, topn: int = 10) -> float:
        """The cosine of two keys over the sum of those of the first with its topn neighbours (Leeuwenberg et al. 2016)."""
        total: float = sum(score for _, score in self.similar_by_key(wa, topn))
        return float(self.similarity(wa, wb)) / total

    def wmdistance(self, document1: Sequence[Key], document2: Sequence[Key], norm: bool = True) -> float:
        """Word mover's distance (Kusner et al. 2015): how far the words of one document travel, on average, to become
        those of the other. Words that are not there are left out; with none left in a document it is infinite.
        ``norm``: vectors at length 1."""
        known = [[self._operand(word, norm) for word in document if word in self] for document in (document1, document2)]
        if not (known[0] and known[1]):
            return float("inf")
        return self._native._movers_distance(known[0], known[1], norm)

    def most_similar_batch(
        self,
        queries: Any,
        topn: int = 10,
        clip_start: int = 0,
        clip_end: Optional[int] = None,
        restrict_vocab: Optional[int] = None,
        *,
        threads: int = 0,
    ) -> list[list[tuple[Any, float]]]:
        """most_similar() of many queries at once, several times as quick: a list of (key, cosine) for each. ``queries``
        is a list of keys, each left out of its own answer, or a matrix of vectors."""
        keys = not isinstance(queries, np.ndarray) and all(isinstance(query, KEY_TYPES) for query in queries)
        asked: Any = [self._operand(key) for key in queries] if keys else np.asarray(queries, dtype=np.float32)
        if keys and not all(isinstance(query, int) for query in asked):
            asked = np.stack([query if not isinstance(query, int) else self.vectors[query] for query in asked])
        first, last, _ = (slice(0, restrict_vocab) if restrict_vocab else slice(clip_start, clip_end)).indices(len(self))
        if not len(asked):
            return []
        rows, scores = self._native._similar_batch(asked, topn, clip_start=first, clip_end=last, threads=threads)
        names = self.index_to_key
        return [
            [(names[row], score) for row, score in zip(found, values) if row >= 0]
            for found, values in zip(rows.tolist(), scores.tolist())
        ]

    def similarity_unseen_docs(self, *args: Any, **kwargs: Any) -> float:
        raise NotImplementedError("similarity_unseen_docs is a method of Doc2Vec models")


def _count(topn: Optional[int]) -> Optional[int]:
    if topn is None:
        return None
    if not isinstance(topn, Integral):
        raise TypeError(f"topn must be a whole number or None, not {topn!r}")
    return int(topn)
