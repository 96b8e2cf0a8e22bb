"""Every src/x/y.cpp has its tests in tests/x/y_test.cpp."""

from tree import code


def check(root, build, compiler):
    problems = []
    for path in code(root, (".cpp",), ("src",)):
        test = root / "tests" / path.relative_to(root / "src").with_name(f"{path.stem}_test.cpp")
        if not test.exists():
            problems.append(f"{path.relative_to(root)}:1: has no {test.relative_to(root)}")
    return problems
