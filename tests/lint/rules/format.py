"""The C++ is formatted as .clang-format says, by the clang-format that Debian 12 has."""

import re
import shutil
import subprocess

from tree import CPP, Unavailable, code

MAJOR = 14


def check(root, build, compiler):
    program = shutil.which(f"clang-format-{MAJOR}") or shutil.which("clang-format")
    if program is None:
        raise Unavailable("clang-format is not installed")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if f"version {MAJOR}." not in said:
        raise Unavailable(f"clang-format {MAJOR} is needed, this is {said.strip()}")
    files = [str(path) for path in code(root, CPP)]
    if not files:
        return []
    done = subprocess.run([program, "--dry-run", "--Werror", "--style=file", *files], capture_output=True, text=True,
                          check=False)
    unformatted = sorted(set(re.findall(r"^(.+?):\d+:\d+: error: code should be", done.stderr, re.MULTILINE)))
    if done.returncode != 0 and not unformatted:
        return [f".clang-format:1: {done.stderr.strip()[:500]}"]
    return [f"{name.removeprefix(str(root) + '/')}:1: is not formatted; run clang-format -i" for name in unformatted]
