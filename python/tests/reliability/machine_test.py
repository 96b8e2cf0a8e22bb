"""Random walks over calls, legal and not, beside a model: the right result or the documented error, and after an error
everything as before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support import true_distances

import kith
from kith.annoy import Annoy

DIM = 3
NUMBERS = st.one_of(st.integers(-4, 4).map(float), st.sampled_from([math.nan, math.inf, 0.25]))
VECTORS = st.one_of(
    st.lists(st.integers(-4, 4).map(float), min_size=DIM, max_size=DIM), st.lists(NUMBERS, min_size=0, max_size=DIM + 1)
)
IDS = st.integers(-2, 12)


def good(vector: list[float]) -> bool:
    return len(vector) == DIM and all(map(math.isfinite, vector))


class IndexMachine(RuleBasedStateMachine):
    """kith.Index, where ids may have gaps only in forests."""

    @initialize(kind=st.sampled_from(["flat", "forest", "coded"]), metric=st.sampled_from(["euclidean", "dot", "angular"]))
    def begin(self, kind: str, metric: str) -> None:
        self.index = kith.Index(DIM, metric, kind)
        self.items: dict[int, list[float]] = {}
        self.built = False

    @rule(rows=st.lists(VECTORS, max_size=4), first=IDS)
    def add(self, rows: list[list[float]], first: int) -> None:
        if any(len(row) != DIM for row in rows):
            rows = [row for row in rows if len(row) == DIM]
        matrix = np.array(rows, dtype=np.float32).reshape(len(rows), DIM)
        start = len(self.items) if self.index.kind != "forest" else first
        bad = self.built or not np.isfinite(matrix).all() or (start < 0 and len(rows) > 0)
        if bad and len(rows) > 0:
            with pytest.raises((ValueError, RuntimeError, IndexError, OverflowError)):
                self.index.add(matrix, np.arange(start, start + len(rows)))
        elif not self.built:
            self.index.add(matrix, np.arange(start, start + len(rows)))
            self.items.update({start + row: vector for row, vector in enumerate(rows)})

    @rule()
    def build(self) -> None:
        if self.built:
            with pytest.raises((ValueError, RuntimeError)):
                self.index.build()
        else:
            self.index.build(threads=1)
            self.built = True

    @rule(vector=VECTORS, k=st.integers(-1, 20))
    def search(self, vector: list[float], k: int) -> None:
        if not self.built or not good(vector) or k < 0:
            with pytest.raises((ValueError, RuntimeError, TypeError)):
                self.index.search(vector, k)
            return
        found = self.index.search(vector, k)
        ids = [int(i) for i in found.ids if i >= 0]
        assert len(set(ids)) == len(ids) <= k
        assert set(ids) <= set(self.items)

    @rule(item=IDS)
    def look(self, item: int) -> None:
        if item in self.items:
            assert self.index.vectors([item])[0].tolist() == self.items[item]
        else:
            with pytest.raises((ValueError, IndexError)):
                self.index.vectors([item])

    @invariant()
    def same(self) -> None:
        if hasattr(self, "index"):
            assert sorted(int(i) for i in self.index.ids()) == sorted(self.items)
            assert self.index.is_built == self.built


class AnnoyMachine(RuleBasedStateMachine):
    """kith.annoy.Annoy, which keeps Annoy's names and exceptions."""

    @initialize(metric=st.sampled_from(["euclidean", "angular", "manhattan"]))
    def begin(self, metric: str) -> None:
        self.index = Annoy(DIM, metric)
        self.items: dict[int, list[float]] = {}
        self.built = False

    @rule(item=IDS, vector=VECTORS)
    def add(self, item: int, vector: list[float]) -> None:
        if self.built or item < 0 or not good(vector):
            with pytest.raises(Exception):  # Annoy raises plain Exception for some
                self.index.add_item(item, vector)
        else:
            self.index.add_item(item, vector)
            self.items[item] = vector

    @rule(trees=st.integers(-3, 4))
    def build(self, trees: int) -> None:
        if self.built or trees < -1:
            with pytest.raises(Exception):
                self.index.build(trees)
        else:
            self.index.build(trees)
            self.built = True

    @rule()
    def unbuild(self) -> None:
        self.index.unbuild()  # as Annoy's, which does not mind when there is nothing to do
        self.built = False

    @rule(vector=VECTORS, n=st.integers(0, 20))
    def search(self, vector: list[float], n: int) -> None:
        if self.built and not good(vector):
            with pytest.raises((ValueError, IndexError)):
                self.index.get_nns_by_vector(vector, n)
        elif self.built:
            found = self.index.get_nns_by_vector(vector, n)
            assert len(set(found)) == len(found) <= n
            assert set(found) <= set(self.items)

    @rule(item=IDS)
    def look(self, item: int) -> None:
        if item in self.items:
            assert self.index.get_item_vector(item) == self.items[item]
        elif item < 0 or item > max(self.items, default=-1):
            with pytest.raises(IndexError):
                self.index.get_item_vector(item)

    @invariant()
    def same(self) -> None:
        if hasattr(self, "index"):
            assert self.index.get_n_items() == max(self.items, default=-1) + 1
            assert (self.index.get_n_trees() > 0) <= self.built


class DynamicMachine(RuleBasedStateMachine):
    """kith.DynamicIndex, whose buffer is so small that graphs come and go all the time."""

    @initialize(metric=st.sampled_from(["euclidean", "dot", "angular", "manhattan"]))
    def begin(self, metric: str) -> None:
        self.index = kith.DynamicIndex(DIM, metric, buffer=4, threads=1)
        self.items: dict[int, list[float]] = {}
        self.next_id = 0

    @rule(rows=st.lists(VECTORS, max_size=6), ids=st.one_of(st.none(), st.lists(IDS, max_size=6)))
    def add(self, rows: list[list[float]], ids: list[int] | None) -> None:
        if len({len(row) for row in rows}) > 1:
            rows = [row for row in rows if len(row) == DIM]
        vectors = rows or np.empty((0, DIM))
        given = list(range(self.next_id, self.next_id + len(rows))) if ids is None else ids
        usable = len(set(given)) == len(given) == len(rows) and not any(i < 0 or i in self.items for i in given)
        if not usable or not all(map(good, rows)):
            with pytest.raises((ValueError, TypeError)):
                self.index.add(vectors, ids)
            return
        assert self.index.add(vectors, ids).tolist() == given
        self.items.update(zip(given, rows))
        self.next_id = max([self.next_id, *(i + 1 for i in given)])

    @rule(ids=st.lists(IDS, max_size=5))
    def remove(self, ids: list[int]) -> None:
        if len(set(ids)) < len(ids) or not set(ids) <= set(self.items):
            with pytest.raises((ValueError, IndexError)):
                self.index.remove(ids)
            return
        self.index.remove(ids)
        for item in ids:
            del self.items[item]

    @rule()
    def compact(self) -> None:
        self.index.compact()
        assert self.index.n_graphs <= 1 and self.index.buffered == 0

    @rule()
    def write_and_read(self) -> None:
        self.index = kith.DynamicIndex.from_bytes(self.index.to_bytes())

    @rule(vector=VECTORS, k=st.integers(-1, 20))
    def search(self, vector: list[float], k: int) -> None:
        if not good(vector) or k < 0:
            with pytest.raises((ValueError, TypeError)):
                self.index.search(vector, k)
            return
        found = self.index.search(vector, k, ef=100)
        assert len(set(found.ids.tolist())) == len(found.ids) == min(k, len(self.items))
        assert set(found.ids.tolist()) <= set(self.items)
        rows = np.array([self.items[i] for i in found.ids.tolist()], np.float32).reshape(-1, DIM)
        true = true_distances(self.index.metric, np.array(vector, np.float32), rows)
        np.testing.assert_allclose(found.distances, true, atol=1e-3)

    @rule(item=IDS)
    def look(self, item: int) -> None:
        if item in self.items:
            assert self.index.vectors(item).tolist() == self.items[item]
        else:
            with pytest.raises(IndexError):
                self.index.vectors(item)

    @invariant()
    def same(self) -> None:
        if hasattr(self, "index"):
            assert self.index.ids().tolist() == sorted(self.items)
            assert len(self.index) == len(self.items) and self.index.size == self.next_id


LIMITS = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
IndexMachine.TestCase.settings = LIMITS
AnnoyMachine.TestCase.settings = LIMITS
DynamicMachine.TestCase.settings = LIMITS
TestIndex = IndexMachine.TestCase
TestAnnoy = AnnoyMachine.TestCase
TestDynamic = DynamicMachine.TestCase
