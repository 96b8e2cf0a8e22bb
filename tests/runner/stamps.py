"""Remembers which suites passed, and with which inputs, so that a run without a change takes seconds."""

import hashlib
import json
import os
import pathlib
import subprocess

from .report import Outcome


def key(root, suite, context):
    """A digest of everything that the outcome of `suite` depends on. `context`: strings from the environment."""
    digest = hashlib.blake2b(json.dumps([suite.name, suite.labels, context]).encode(), digest_size=16)
    for path in sorted(set(_sources(root, ("tests/runner", "tests/support", "tests/CMakeLists.txt",
                                           *suite.sources)))):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    build = root / "build" / suite.preset
    for path in sorted({path for pattern in suite.built for path in build.glob(pattern) if path.is_file()}):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def data_listing(folder):
    """Names, sizes and times of the data files: enough to see that one was exchanged."""
    if not folder:
        return []
    files = (path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    return sorted([str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files)


class Stamps:
    """The outcomes on record, one file per suite. Only full successes are recorded."""

    def __init__(self, root):
        self._folder = root / "build" / "passed"

    def get(self, suite, digest):
        try:
            record = json.loads((self._folder / f"{suite.name}.json").read_text())
        except (OSError, ValueError):
            return None
        if record["key"] != digest:
            return None
        return Outcome(passed=record["passed"], skipped=record["skipped"])

    def put(self, suite, digest, outcome):
        self._folder.mkdir(parents=True, exist_ok=True)
        record = {"key": digest, "passed": outcome.passed, "skipped": outcome.skipped}
        (self._folder / f"{suite.name}.json").write_text(json.dumps(record))

    def drop(self, suite):
        (self._folder / f"{suite.name}.json").unlink(missing_ok=True)


def _sources(root, names):
    """The files of the repository below `names`, new ones included, ignored ones not."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
                             *(name or "." for name in names)], cwd=root, capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [root / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        # Not a git checkout: a release archive.
        paths = [path for name in names for path in [root / name, *(root / name).rglob("*")]
                 if not {"build", ".cache", "__pycache__"} & set(path.relative_to(root).parts)]
    return [path for path in paths if path.is_file()]
