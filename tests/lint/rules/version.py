"""One source of the version, CMake's project(): whatever else shows a version shows that one."""

import re
import subprocess

SHOWN = re.compile(r"\d+\.\d+\.\d+")


def check(root, build, compiler):
    version = _find(root / "CMakeLists.txt", r"project\(kith VERSION (\d+\.\d+\.\d+)")
    if version is None:
        return ["CMakeLists.txt:1: project(kith VERSION ...) states no version"]
    shown = {"CHANGELOG.md": _find(root / "CHANGELOG.md", r"^## (\d+\.\d+\.\d+)")}
    for path in (root / "pyproject.toml", root / "python" / "pyproject.toml"):
        if path.exists() and _find(path, r"^version *= *\"([^\"]+)\""):
            shown[str(path.relative_to(root))] = _find(path, r"^version *= *\"([^\"]+)\"")
    if build:
        shown["version.hpp"] = _find(build / "include" / "kith" / "version.hpp", r"#define KITH_VERSION \"([^\"]+)\"")
        command = build / "cli" / "kith"
        if command.exists():
            said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
            shown["kith --version"] = (SHOWN.search(said) or [None])[0]
    problems = [f"{name}:1: shows version {found}; the project is {version}" for name, found in shown.items()
                if found != version]
    template = root / "include" / "kith" / "version.hpp.in"
    if template.exists() and SHOWN.search(template.read_text()):
        problems.append("include/kith/version.hpp.in:1: states a version of its own")
    return problems


def _find(path, pattern):
    """What the first match in the file says; None without a file or a match."""
    if not path.exists():
        return None
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    return found and found.group(1)
