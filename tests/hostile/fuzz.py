"""Fuzzes every format, or those named, with the program kith_fuzz (preset `fuzz`).

    python3 tests/hostile/fuzz.py build/fuzz/tests/kith_fuzz --seconds 1800 [--jobs N] [--keep] [SUBJECT ...]

Starts from valid files and from those in corpus.tar.gz. With --keep, what was found to reach new code is minimised and
put into that archive, from where ./test replays it. Ends with 1 at the first crash, hang or excess of memory, and says
which file does it. The last line counts subjects as a test run counts tests.
"""

import argparse
import concurrent.futures
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

CORPUS = pathlib.Path(__file__).parent / "corpus.tar.gz"
LIMITS = ["-timeout=20", "-rss_limit_mb=3000", "-malloc_limit_mb=1024", "-max_len=20000", "-print_final_stats=1"]


def run(program, subject, arguments):
    environment = {**os.environ, "KITH_SUBJECT": subject, "ASAN_OPTIONS": "allocator_may_return_null=0"}
    return subprocess.run([program, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)


def unpack(folder):
    if CORPUS.exists():
        with tarfile.open(CORPUS) as archive:
            archive.extractall(folder)


def pack(folder):
    """The same files give the same archive."""
    def plain(entry):
        entry.mtime = entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o755 if entry.isdir() else 0o644
        return entry

    with open(CORPUS, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, path.relative_to(folder), recursive=False, filter=plain)


def keep(program, subject, found, folder):
    """The smallest set of files in `found` that reaches as much code, as the folder's new content."""
    with tempfile.TemporaryDirectory() as minimal:
        run(program, subject, ["-merge=1", minimal, str(found), *LIMITS])
        own = folder / subject
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        for file in sorted(pathlib.Path(minimal).iterdir(), key=lambda f: (f.stat().st_size, f.name))[:200]:
            shutil.copy(file, own / file.name[:16])


def fuzz(program, subject, seeds, corpus, options):
    with tempfile.TemporaryDirectory() as work:
        found = pathlib.Path(work) / "found"
        found.mkdir()
        folders = [found, seeds / subject] + ([corpus / subject] if (corpus / subject).is_dir() else [])
        crashes = pathlib.Path.cwd() / f"fuzz-{subject}-"
        done = run(program, subject, [*map(str, folders), *LIMITS, f"-max_total_time={options.seconds}",
                                      f"-artifact_prefix={crashes}"])
        tried = re.search(r"number_of_executed_units: (\d+)", done.stdout)
        covered = re.findall(r"cov: (\d+)", done.stdout)
        print(f"{subject:<18} {'ok' if done.returncode == 0 else 'FAILED':<7} "
              f"{tried[1] if tried else '?':>9} inputs, {covered[-1] if covered else '?':>6} edges", flush=True)
        if done.returncode != 0:
            print(done.stdout[-6000:])
            return False
        if options.keep:
            for source in folders[1:]:
                for file in source.iterdir():
                    shutil.copy(file, found / file.name)
            keep(program, subject, found, corpus)
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("subjects", nargs="*")
    parser.add_argument("--seconds", type=int, default=5, help="for each subject (default: 5)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="subjects at a time (default: one per core)")
    parser.add_argument("--keep", action="store_true", help="minimise what was found into corpus.tar.gz")
    options = parser.parse_intermixed_args()
    program = str(options.program.resolve())
    with tempfile.TemporaryDirectory() as folder:
        seeds, corpus = pathlib.Path(folder) / "seeds", pathlib.Path(folder) / "corpus"
        unpack(corpus)
        subprocess.run([program], env={**os.environ, "KITH_SEEDS": str(seeds)}, check=True)
        names = options.subjects or sorted(path.name for path in seeds.iterdir())
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            passed = sum(pool.map(lambda name: fuzz(program, name, seeds, corpus, options), names))
        if options.keep:
            pack(corpus)
    print(f"{passed} passed, {len(names) - passed} failed")
    return 0 if passed == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
