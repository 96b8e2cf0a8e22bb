"""No file of code is longer than 600 lines."""

from tree import CPP, code, lines

LIMIT = 600


def check(root, build, compiler):
    problems = []
    for path in code(root, (*CPP, ".py", ".in")):
        count = len(lines(path))
        if count > LIMIT:
            problems.append(f"{path.relative_to(root)}:{LIMIT + 1}: {count} lines; split it below {LIMIT}")
    return problems
