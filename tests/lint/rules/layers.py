"""Includes follow the one table of layers, cmake/layers.json, which the build links by too."""

import json

from tree import CPP, code, includes


def check(root, build, compiler):
    table = json.loads((root / "cmake" / "layers.json").read_text())
    owner = {header: layer for layer, row in table.items() for header in row["headers"]}
    problems = [*_table(root, owner), *_public(root, table, owner), *_front_ends(root)]
    for layer in table:
        for path in code(root, CPP, (f"src/{layer}",)):
            for line, name, angled in includes(path):
                wrong = _wrong(root, table, owner, layer, name, angled)
                if wrong:
                    problems.append(f"{path.relative_to(root)}:{line}: {wrong}")
    for path in code(root, CPP, ("src",)):
        if path.relative_to(root / "src").parts[0] not in table:
            problems.append(f"{path.relative_to(root)}:1: belongs to no layer of cmake/layers.json")
    return problems


def _table(root, owner):
    """Every public header stands in the table once, and the table names no other."""
    folder = root / "include" / "kith"
    there = {path.name.removesuffix(".in") for path in folder.glob("*.hpp*")} - {"kith.hpp"}
    for header in sorted(there - set(owner)):
        yield f"include/kith/{header}:1: is in no layer's list of headers in cmake/layers.json"
    for header in sorted(set(owner) - there):
        yield f"cmake/layers.json:1: names include/kith/{header}, which does not exist"


def _public(root, table, owner):
    """A public header includes public headers of its own layer and of those it may use, and the standard library."""
    for path in code(root, CPP, ("include",)):
        layer = owner.get(path.name)
        for line, name, angled in includes(path):
            where = f"{path.relative_to(root)}:{line}"
            if not angled or ("." in name and not name.startswith("kith/")):
                yield f"{where}: a public header includes only <kith/...> and the standard library, not {name}"
            elif layer and name.startswith("kith/"):
                wrong = _wrong(root, table, owner, layer, name, angled)
                if wrong:
                    yield f"{where}: {wrong}"


def _front_ends(root):
    """The front ends and the examples see public headers only, and files of their own."""
    for front in ("cli", "python", "examples"):
        for path in code(root, CPP, (front,)):
            for line, name, angled in includes(path):
                own = any((folder / name).exists() for folder in (path.parent, root / front))
                if not angled and not own:
                    yield (f"{path.relative_to(root)}:{line}: {front} includes public headers, as <kith/...>, and its "
                           f"own files, not \"{name}\"")


def _wrong(root, table, owner, layer, name, angled):
    """What is wrong with a file of `layer` including `name`; None when nothing is."""
    if angled:
        if not name.startswith("kith/"):
            return None
        used = owner.get(name.removeprefix("kith/"))
        if used is None:
            return f"<{name}> is no public header of a layer (cmake/layers.json)"
        if used != layer and used not in table[layer]["public"]:
            return f"{layer} may not use <{name}>, a header of {used}; it may use {_list(table[layer]['public'])}"
        return None
    used = name.split("/")[0]
    if not (root / "src" / name).exists():
        return f"\"{name}\" is not a file below src/; internals are included as \"layer/file.hpp\""
    if used != layer and used not in table[layer]["internal"]:
        return f"{layer} may not use \"{name}\", which is internal to {used}; it may use {_list(table[layer]['internal'])}"
    return None


def _list(names):
    return ", ".join(names) or "no other layer"
