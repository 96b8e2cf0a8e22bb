"""The files that the rules look at."""

import os
import re
import subprocess

CODE_FOLDERS = ("include", "src", "cli", "python", "tests", "bench", "examples", "fuzz")
CPP = (".cpp", ".hpp", ".h")
_INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')


class Unavailable(Exception):
    """The rule needs something that this machine does not have; the text says what."""


def code(root, suffixes, folders=CODE_FOLDERS):
    """The files below the folders that end in one of the suffixes, in order."""
    found = (path for folder in folders for path in (root / folder).rglob("*"))
    return sorted(path for path in found if path.name.endswith(suffixes) and path.is_file())


def everything(root):
    """All files of the project: what git tracks or would; without git, all but what is built."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                                capture_output=True, check=True)
        paths = [root / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        paths = [path for path in root.rglob("*") if not {"build", ".cache"} & set(path.relative_to(root).parts)]
    return sorted(path for path in paths if path.is_file())


def lines(path):
    """Pairs of line number and text; nothing for a file that is not text."""
    try:
        return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    except UnicodeDecodeError:
        return []


def includes(path):
    """Triples of line number, name and whether it stands in <>."""
    found = []
    for number, text in lines(path):
        match = _INCLUDE.match(text)
        if match:
            found.append((number, match.group(1) or match.group(2), match.group(1) is not None))
    return found
