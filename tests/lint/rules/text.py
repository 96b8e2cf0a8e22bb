"""What is written stands on its own: no notes to be done later, no paths of one machine, no stray blanks."""

import re

from tree import everything, lines

# Put together from pieces, so that this file may pass.
NOTES = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.}])/(" + "|".join(("wo" + "rk/", "ro" + "ot/", "ho" + "me/", "op" + "t/", "tmp/k\\b"))
                     + ")")
PROSE_OR_CODE = (".cpp", ".hpp", ".in", ".h", ".py", ".md", ".txt", ".cmake", ".json", ".sh", ".yml", ".toml", "")


def check(root, build, compiler):
    problems = []
    for path in everything(root):
        if path.suffix not in PROSE_OR_CODE or path.name == "LICENSE":
            continue
        where = path.relative_to(root)
        found = lines(path)
        for number, line in found:
            if NOTES.search(line):
                problems.append(f"{where}:{number}: a note of work to do; do it or leave it out")
            if MACHINE.search(line):
                problems.append(f"{where}:{number}: a path of one machine: {MACHINE.search(line).group(0)}")
            if line != line.rstrip() and path.suffix != ".txt":
                problems.append(f"{where}:{number}: blanks at the end of the line")
        if found and not path.read_bytes().endswith(b"\n"):
            problems.append(f"{where}:{len(found)}: no line end at the end of the file")
    return problems
