"""What the documents link to, within the repository, is there."""

import re

from tree import everything, lines

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def check(root, build, compiler):
    problems = []
    for path in everything(root):
        if path.suffix != ".md":
            continue
        for number, line in lines(path):
            for target in LINK.findall(line):
                file = target.split("#")[0]
                if file and "://" not in target and not (path.parent / file).exists():
                    problems.append(f"{path.relative_to(root)}:{number}: links to {file}, which does not exist")
    return problems
