"""The package is typed: mypy finds nothing wrong with it, and the stub says what the module has."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

import kith

pytest.importorskip("mypy")


def run(*arguments: str, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MYPY_CACHE_DIR": str(cwd / "cache")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def test_the_package_says_that_it_is_typed():
    folder = pathlib.Path(kith.__file__).parent
    assert (folder / "py.typed").exists()
    assert (folder / "_core.pyi").exists()


def test_the_sources_pass_mypy_strictly(tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\nignore_missing_imports = true\n")
    done = run("mypy", "--config-file", "mypy.ini", "-p", "kith", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stub_and_the_module_agree(tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nignore_missing_imports = true\n")
    # Bound functions carry no signature that inspect could read: their names are compared, their arguments are not.
    done = run("mypy.stubtest", "kith._core", "--mypy-config-file", "mypy.ini", "--ignore-disjoint-bases", cwd=tmp_path)
    if "unrecognized arguments" in done.stderr:
        done = run("mypy.stubtest", "kith._core", "--mypy-config-file", "mypy.ini", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_users_program_is_checked(tmp_path):
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
    good = run("mypy", "--strict", "good.py", cwd=tmp_path)
    assert good.returncode == 0, good.stdout
    bad = run("mypy", "--strict", "bad.py", cwd=tmp_path)
    assert bad.stdout.count("error:") == 2, bad.stdout
