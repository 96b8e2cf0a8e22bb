"""The Python environment that has the libraries which the parity tests compare with."""

import os
import subprocess
import sys


def prepare(root):
    """The interpreter to use, or None, having said why. KITH_PEERS_PYTHON names one that is there already."""
    given = os.environ.get("KITH_PEERS_PYTHON")
    if given:
        return given
    folder = root / ".cache" / "peers"
    wanted = (root / "tests" / "parity" / "requirements.txt").read_text()
    mark = folder / "installed.txt"
    python = folder / "bin" / "python"
    if mark.exists() and mark.read_text() == wanted and python.exists():
        return str(python)
    print("Installing Annoy and gensim into .cache/peers, for the parity tests ...", flush=True)
    maker = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable
    for command in ([maker, "-m", "venv", "--clear", str(folder)],
                    [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "-r", str(root / "tests" / "parity" / "requirements.txt")]):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode != 0:
            print("\n".join(done.stdout.splitlines()[-8:]))
            print("That did not work: the parity tests will be skipped.", flush=True)
            return None
    mark.write_text(wanted)
    return str(python)
