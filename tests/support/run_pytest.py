"""Runs pytest in the environment that has the peers: the interpreter that KITH_PEERS_PYTHON names, else the one
that ./test made. Exit code 77, which CTest takes as `skipped`, when there is none."""

import os
import pathlib
import sys

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]


def main(arguments):
    python = os.environ.get("KITH_PEERS_PYTHON") or str(ROOT / ".cache" / "peers" / "bin" / "python")
    if not os.access(python, os.X_OK):
        print(f"skipped: no Python with the peers at {python} (./test makes one; KITH_PEERS_PYTHON names another)")
        return SKIPPED
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    settings = str(ROOT / "tests" / "pytest.ini")
    os.execv(python, [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", settings, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
