"""No object file of one instruction set defines a weak symbol. The linker keeps one of several weak definitions, of a
template of the standard library say; if it kept one compiled for AVX-512, the program would stop on a lesser CPU."""

import shutil
import subprocess

from tree import Unavailable


def check(root, build, compiler):
    sources = sorted((root / "src" / "kernel").glob("isa_*.cpp"))
    if not sources:
        return ["src/kernel:1: has no isa_*.cpp"]
    if build is None or shutil.which("nm") is None:
        raise Unavailable("needs a built tree and nm")
    problems = []
    objects = sorted(build.glob("src/**/isa_*.o"))
    if not objects:
        problems.append("src/kernel:1: no object file of an isa_*.cpp was built")
    for path in objects:
        listed = subprocess.run(["nm", "--defined-only", "--demangle", path], capture_output=True, text=True,
                                check=True).stdout
        for line in listed.splitlines():
            kind, _, symbol = line[17:].partition(" ")
            if kind in "VWuvw" and kind:
                problems.append(f"src/kernel/{path.name.removesuffix('.o')}:1: exports the weak symbol {symbol}")
    return problems
