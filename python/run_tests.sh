#!/usr/bin/env bash
# Builds the Python package, installs it in an environment of its own under build/ and runs its tests.
# Arguments go to pytest. PYTHON names the interpreter (default: the system's). A second run takes the time of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

system=/usr/bin/python3
python=${PYTHON:-$([ -x $system ] && echo $system || echo python3)}
tag=$("$python" -c 'import sys; print(f"{sys.implementation.cache_tag}")')
venv=build/python/venv-$tag
wanted=$(sed -n '/^requires = /p; /^test = /p' pyproject.toml)

if [ "$(cat "$venv/wanted" 2>/dev/null)" != "$wanted" ]; then
    "$python" -m venv --clear "$venv"
    # What pyproject.toml asks for, so that the build itself needs no network.
    "$venv/bin/python" - <<'EOF' | xargs -d '\n' "$venv/bin/pip" install --quiet --disable-pip-version-check
import pathlib, re
text = pathlib.Path("pyproject.toml").read_text()
for name in ("requires", "dependencies", "test"):
    print("\n".join(re.findall(r'"([^"]+)"', re.search(rf"^{name} = \[(.*?)\]", text, re.M | re.S).group(1))))
print("cmake>=3.21\nninja\npip\nwheel")
EOF
    printf '%s\n' "$wanted" > "$venv/wanted"
fi

if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation --no-deps .
exec "$venv/bin/python" -m pytest "$@"
