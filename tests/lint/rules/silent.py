"""The library prints nothing and never ends the process; its headers are guarded and it defines no macros."""

import re

from tree import CPP, code, lines

FORBIDDEN = (
    (re.compile(r"std::(cout|cerr|clog)\b|(?<![\w.>])(std::)?(f|v|vf)?printf\s*\(|fmt::print\b|(?<!\w)f?puts\s*\("),
     "the library prints nothing"),
    (re.compile(r"(?<![\w.>])(std::)?(exit|_exit|quick_exit|abort|terminate)\s*\("), "the library ends no process"),
    (re.compile(r"^\s*#\s*define\b"), "no macros: use a constant, a template or a function"),
)


def check(root, build, compiler):
    problems = []
    for path in code(root, CPP, ("src", "include")):
        text = lines(path)
        if path.suffix != ".cpp" and not any(line.strip() == "#pragma once" for _, line in text):
            problems.append(f"{path.relative_to(root)}:1: has no #pragma once")
        for number, line in text:
            bare = line.split("//")[0]
            problems += [f"{path.relative_to(root)}:{number}: {reason}" for pattern, reason in FORBIDDEN
                         if pattern.search(bare)]
    return problems
