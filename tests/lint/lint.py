"""lint.py RULE...: checks the tree against rules that no compiler checks, one module of rules/ each.

Each problem is one line, `path:line: what is wrong and what would be right`. Exit code 0 when there is none, 1 when
there are some, 77 when the rule needs a program that this machine does not have."""

import argparse
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77

sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
from tree import Unavailable  # noqa: E402


def rule_names():
    return sorted(path.stem for path in (HERE / "rules").glob("*.py") if path.stem != "__init__")


def check(rule, root, build=None, compiler="c++"):
    """The problems that `rule` finds below `root`."""
    module = importlib.import_module(f"rules.{rule}")
    return module.check(pathlib.Path(root), build and pathlib.Path(build), compiler)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", metavar="RULE", nargs="+", choices=rule_names(), help=", ".join(rule_names()))
    parser.add_argument("--root", type=pathlib.Path, default=HERE.parents[1])
    parser.add_argument("--build", type=pathlib.Path, help="where the tree was built")
    parser.add_argument("--compiler", default="c++")
    options = parser.parse_args()
    problems = []
    for rule in options.rules:
        try:
            problems += check(rule, options.root, options.build, options.compiler)
        except Unavailable as error:
            print(f"skipped: {error}")
            return SKIPPED
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
