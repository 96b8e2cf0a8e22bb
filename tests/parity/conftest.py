"""What every parity test needs: the programs under test, and real data."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "dev"


@pytest.fixture(scope="session")
def tool():
    """tool(NAME, ARGS...) runs the program built from NAME.cpp and gives its standard output."""
    folder = pathlib.Path(os.environ.get("KITH_TOOLS_DIR", BUILD / "tests" / "parity"))

    def run(name, *args, stdin=None):
        done = subprocess.run([folder / name, *map(str, args)], input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, f"{name} {args}: exit code {done.returncode}: {done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def kith():
    """kith(ARGS...) runs the command and gives its standard output."""
    program = os.environ.get("KITH_CLI", BUILD / "cli" / "kith")

    def run(*args, stdin=None):
        done = subprocess.run([program, *map(str, args)], input=stdin, capture_output=True, text=True)
        assert done.returncode == 0, f"kith {args}: exit code {done.returncode}: {done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def data():
    """data(NAME) is the path of a real data set; the test skips where KITH_DATA_DIR has none."""

    def find(name):
        folder = os.environ.get("KITH_DATA_DIR")
        if not folder or not (pathlib.Path(folder) / name).exists():
            pytest.skip(f"needs {name} in the folder that KITH_DATA_DIR names")
        return pathlib.Path(folder) / name

    return find
