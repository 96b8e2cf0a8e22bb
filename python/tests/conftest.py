"""What the tests share."""

from __future__ import annotations

import os
import pathlib

import numpy as np
import pytest

# Otherwise scikit-learn leaves one of its checks of estimators out.
os.environ.setdefault("SCIPY_ARRAY_API", "1")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240607)


@pytest.fixture
def in_tmp(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A temporary folder that is also the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def data_dir() -> pathlib.Path:
    folder = os.environ.get("KITH_DATA_DIR", "")
    if not folder:
        pytest.skip("KITH_DATA_DIR names no folder")
    return pathlib.Path(folder)
