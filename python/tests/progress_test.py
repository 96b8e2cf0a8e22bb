"""progress=True: a bar of tqdm's where it is installed, else a line on standard error."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

import kith
from kith._progress import reporter


def grow(progress):
    index = kith.Index(20)
    index.add(np.random.default_rng(0).normal(size=(20000, 20)).astype(np.float32))
    return index.build(40, progress=progress)


def test_without_tqdm_a_line_is_rewritten_and_ended(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    grow(True)
    text = capsys.readouterr().err
    assert text.startswith("\rbuilding") and text.endswith("\n")
    assert "100%" in text


def test_with_tqdm_there_is_a_bar(monkeypatch, capsys):
    bars = []

    class Bar:
        def __init__(self, total, desc, unit_scale):
            self.total, self.stage, self.n, self.closed = total, desc, 0, False
            bars.append(self)

        def set_postfix_str(self, text, refresh):
            assert isinstance(text, str)

        def update(self, more):
            assert more >= 0
            self.n += more

        def close(self):
            self.closed = True

    monkeypatch.setitem(sys.modules, "tqdm", types.ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=Bar))
    grow(True)
    assert bars and all(bar.closed for bar in bars)
    assert (bars[0].stage, bars[0].n) == ("building", bars[0].total)
    assert capsys.readouterr().err == ""


def test_the_real_tqdm_takes_it(capsys):
    pytest.importorskip("tqdm")
    grow(True)
    assert "building" in capsys.readouterr().err


@pytest.mark.parametrize("option", [False, None])
def test_silence(option, capsys):
    grow(option)
    with reporter(option) as callback:
        assert callback is None
    assert capsys.readouterr() == ("", "")
