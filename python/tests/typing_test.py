"""The package is typed: mypy finds nothing wrong with it, and the stub says what the module has."""

from __future__ import annotations

import ast
import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest

import kith
from kith import _core

pytest.importorskip("mypy")


@pytest.fixture
def run(tmp_path, request):
    """Runs a module of Python in a temporary folder; what mypy found out about the libraries is kept."""
    environment = {**os.environ, "MYPY_CACHE_DIR": str(request.config.cache.mkdir(request.node.name))}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
        )

    return call


def test_the_package_says_that_it_is_typed():
    folder = pathlib.Path(kith.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_core.pyi").exists()


def test_the_sources_pass_mypy_strictly(run, tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\nignore_missing_imports = true\n")
    done = run("mypy", "--config-file", "mypy.ini", "-p", "kith")
    assert done.returncode == 0, done.stdout + done.stderr


# What stubtest says of every function and class that nanobind makes: they carry no signature that it could read.
NANOBIND = ("metaclass differs", "is not a function", "but runtime is not", "__init__ is inconsistent",
            "disjoint base", "english_connector_words is inconsistent")


def test_the_stub_and_the_module_agree(run, tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nignore_missing_imports = true\n")
    done = run("mypy.stubtest", "kith._core", "--concise", "--mypy-config-file", "mypy.ini")
    problems = [line for line in done.stdout.splitlines() if line.startswith("kith.")]
    assert problems or done.returncode == 0, done.stdout + done.stderr
    assert [line for line in problems if not any(phrase in line for phrase in NANOBIND)] == []


def test_the_stub_names_the_arguments_that_the_module_takes():
    """nanobind's own signatures against those of the stub."""
    stub = ast.parse((pathlib.Path(kith.__file__).parent / "_core.pyi").read_text())
    compared = 0
    for owner in stub.body:
        if not isinstance(owner, ast.ClassDef) or not hasattr(_core, owner.name):
            continue
        for method in owner.body:
            if not isinstance(method, ast.FunctionDef) or method.decorator_list:
                continue
            bound = getattr(getattr(_core, owner.name), method.name)
            if not hasattr(bound, "__nb_signature__"):
                continue
            given = method.args
            wanted = [a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]]
            text = bound.__nb_signature__[0][0]
            found = [a.arg for a in _arguments(text)]
            assert found == wanted, f"{owner.name}.{method.name}: {text}"
            compared += 1
    assert compared > 40


def _arguments(signature):
    text = re.sub(r"\\\d+", "...", signature)
    (function,) = ast.parse(text + ": ...").body
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def test_a_users_program_is_checked(run, tmp_path):
    (tmp_path / "good.py").write_text(
        textwrap.dedent("""
            import numpy as np
            import kith
            from kith.annoy import AnnoyIndex

            index = kith.Index(3, "angular").build()
            near: kith.Neighbors = index.search(np.zeros(3), 2)
            annoy = AnnoyIndex(3, "dot")
            ids: list[int] = annoy.get_nns_by_item(0, 3)
            both: tuple[list[int], list[float]] = annoy.get_nns_by_item(0, 3, include_distances=True)
        """)
    )
    (tmp_path / "bad.py").write_text(
        textwrap.dedent("""
            from kith.annoy import AnnoyIndex

            AnnoyIndex(3, "banana")
            ids: list[int] = AnnoyIndex(3, "dot").get_nns_by_item(0, 3, include_distances=True)
        """)
    )
    good = run("mypy", "--strict", "good.py")
    assert good.returncode == 0, good.stdout
    bad = run("mypy", "--strict", "bad.py")
    assert bad.stdout.count("error:") == 2, bad.stdout
