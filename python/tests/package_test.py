"""What `import kith` brings, and how long it takes to have it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kith


def python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["annoy", "datasets", "models", "plot", "similarities", "utils"])
def test_submodules_are_there_without_being_imported(name):
    assert python(f"import kith; print(kith.{name}.__name__)") == f"kith.{name}"
    assert name in dir(kith)


def test_the_import_needs_numpy_and_nothing_else():
    optional = "matplotlib", "pandas", "scipy", "sklearn", "tqdm", "yaml"
    loaded = python(f"import sys, kith, kith.annoy, kith.plot, kith.datasets, kith.models, kith.similarities; print([m for m in {optional} if m in sys.modules])")
    assert loaded == "[]"


def test_names_that_are_not_there_are_attribute_errors():
    with pytest.raises(AttributeError, match="module 'kith' has no attribute 'banana'"):
        kith.banana  # noqa: B018
    assert all(hasattr(kith, name) for name in kith.__all__)
    assert kith.__version__.count(".") == 2
