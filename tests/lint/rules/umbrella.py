"""<kith/kith.hpp> includes every public header."""

from tree import includes


def check(root, build, compiler):
    folder = root / "include" / "kith"
    public = {f"kith/{path.name.removesuffix('.in')}" for path in folder.glob("*.hpp*")} - {"kith/kith.hpp"}
    included = {name for _, name, _ in includes(folder / "kith.hpp")}
    return [f"include/kith/kith.hpp:1: does not include <{name}>" for name in sorted(public - included)]
