"""A forest built in a file under a memory limit of a quarter of the index, beside the same build in memory.

    python bench/forest_memory_limit.py [--tool build/release/tests/parity/annoy_tool] [--trees 50] [--share 0.25]

Needs KITH_DATA_DIR (GloVe 6B 50d) and, for the limit, a memory cgroup (v2 or v1) that may be written to: as root, or in a
delegated one named by --cgroup. The limit holds for everything: the process, its code, and the pages of files it reads and
writes. The vectors are read from a file block by block. Both builds must give the same bytes. Prints seconds, the limit, and
the most memory that the group used.
"""

import argparse
import hashlib
import os
import pathlib
import subprocess
import tempfile

from sets import glove


class Group:
    """A memory cgroup of its own, v2 or v1."""

    def __init__(self, parent, limit):
        self.folder = pathlib.Path(parent) / f"kith-bench-{os.getpid()}"
        self.folder.mkdir()
        self.v2 = (self.folder / "memory.max").exists()
        (self.folder / ("memory.max" if self.v2 else "memory.limit_in_bytes")).write_text(str(limit))
        if self.v2:
            (self.folder / "memory.swap.max").write_text("0")

    def enter(self):
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self):
        return int((self.folder / ("memory.peak" if self.v2 else "memory.max_usage_in_bytes")).read_text())

    def close(self):
        self.folder.rmdir()


def parent_group():
    for folder in ("/sys/fs/cgroup/memory", "/sys/fs/cgroup"):
        if pathlib.Path(folder, "cgroup.procs").exists():
            return folder
    raise SystemExit("there is no memory cgroup; name one with --cgroup")


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default="build/release/tests/parity/annoy_tool")
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cgroup")
    parser.add_argument("--folder", help="on the disk to build on")
    args = parser.parse_args()
    metric, items, _ = glove(pathlib.Path(os.environ["KITH_DATA_DIR"]))
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = pathlib.Path(name)
        items.tofile(folder / "items")

        def build(command, out, group=None):
            done = subprocess.run(
                [args.tool, command, metric, str(items.shape[1]), folder / "items", str(args.trees), folder / out,
                 str(args.threads)],
                capture_output=True, text=True, check=False, preexec_fn=group.enter if group else None,
            )  # fmt: skip
            if done.returncode != 0:
                raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr}")
            return list(map(float, done.stdout.split()))

        for _ in range(args.rounds):
            adding, building = build("disk_build", "memory.ann")
            size = (folder / "memory.ann").stat().st_size
            (folder / "memory.ann").unlink()
            in_memory = build("time_build", "memory.ann")
            limit = int(size * args.share)
            group = Group(args.cgroup or parent_group(), limit)
            limited = build("disk_build", "limited.ann", group)
            peak = group.peak()
            group.close()
            if digest(folder / "memory.ann") != digest(folder / "limited.ann"):
                raise SystemExit("the two files differ")
            print(
                f"{args.trees} trees, {size / 1e6:.1f} MB, {args.threads} threads: in memory adds in {in_memory[0]:.2f} s, "
                f"builds in {in_memory[1]:.2f} s; in a file adds in {adding:.2f} s, builds and makes durable in "
                f"{building:.2f} s; in a file with {limit / 1e6:.1f} MB, adds in {limited[0]:.2f} s, builds and makes "
                f"durable in {limited[1]:.2f} s, uses at most {peak / 1e6:.1f} MB: the same bytes",
                flush=True,
            )


if __name__ == "__main__":
    main()
