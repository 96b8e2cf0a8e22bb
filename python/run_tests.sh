#!/usr/bin/env bash
# Builds the Python package, installs it in an environment of its own under build/ and runs its tests.
# Arguments go to pytest. PYTHON names the interpreter (default: the system's). A second run takes the time of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

system=/usr/bin/python3
python=${PYTHON:-$([ -x $system ] && echo $system || echo python3)}
tag=$("$python" -c 'import sys; print(f"{sys.implementation.cache_tag}")')
venv=build/python/venv-$tag
wanted=$(sed -n '/^requires = /p; /^dependencies = /p; /^test = /p' pyproject.toml)

if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
    "$python" -m venv --clear "$venv"
    # What pyproject.toml asks for, so that the build itself needs no network.
    tools=$(for tool in cmake ninja; do command -v $tool >/dev/null || echo $tool; done)
    "$venv/bin/python" - $tools <<'LIST' | xargs -d '\n' "$venv/bin/pip" install --quiet --disable-pip-version-check
import pathlib, re, sys
text = pathlib.Path("pyproject.toml").read_text()
for name in ("requires", "dependencies", "test"):
    print("\n".join(re.findall(r'"([^"]+)"', re.search(rf"^{name} = \[(.*?)\]", text, re.M | re.S).group(1))))
print("wheel", *sys.argv[1:], sep="\n")
LIST
    printf '%s\n' "$wanted" > "$venv/wanted"
fi

# Compiled as the preset dev compiles, by the same cmake, and at the same depth below the repository: with ccache the
# library is then compiled once for both. KITH_BUILD_TYPE=Release compiles as shipped.
type=${KITH_BUILD_TYPE:-RelWithDebInfo}
settings=(build-dir="build/python-$tag-$type" cmake.build-type="$type"
          cmake.define.CMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -g1"
          cmake.define.KITH_CCACHE=ON cmake.define.KITH_WARNINGS_AS_ERRORS=ON)
CXX=${CXX:-c++} "$venv/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation --no-deps . \
    "${settings[@]/#/--config-settings=}"
HYPOTHESIS_STORAGE_DIRECTORY=build/hypothesis exec "$venv/bin/python" -m pytest -n 2 --dist loadfile "$@"
