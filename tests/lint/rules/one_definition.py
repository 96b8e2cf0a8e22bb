"""No type of a namespace that other files see is defined twice: the linker would mix the two without a word."""

import re

from tree import CPP, code

_TOKEN = re.compile(r"\bnamespace\s*(?P<space>[\w:]*)\s*\{"
                    r"|\b(?:struct|class|enum)\s+(?:class\s+)?(?P<type>[\w:]+)[^;{}()=<>]*\{"
                    r"|[{}]")
_NO_CODE = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"')


def definitions(path):
    """Pairs of line number and qualified name, but for those of unnamed namespaces."""
    text = _NO_CODE.sub("", path.read_text(encoding="utf-8"))
    around = []  # the namespaces; None for any other block
    for token in _TOKEN.finditer(text):
        if token[0] == "}":
            if around:
                around.pop()
        elif token["space"] is not None:
            around.append(token["space"])
        else:
            if token["type"] and all(around):
                yield text.count("\n", 0, token.start()) + 1, "::".join([*around, token["type"]])
            around.append(None)


def check(root, build, compiler):
    first = {}
    problems = []
    for path in code(root, CPP, ("include", "src")):
        for line, name in definitions(path):
            where = f"{path.relative_to(root)}:{line}"
            if name in first:
                problems.append(f"{where}: {name} is defined in {first[name]} too; give one of them another name or an "
                                "unnamed namespace")
            first.setdefault(name, where)
    return problems
