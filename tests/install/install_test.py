"""Installs Kith into a folder of its own, moves that folder, and builds a consumer against it, once by CMake's
find_package and once by pkg-config. What is promised: exactly the public headers arrive, the tree can be moved, the
package asks for no more than it needs, and a version that would not fit is refused."""

import argparse
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def run(*command, cwd=None, env=None, fails=False):
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if (done.returncode != 0) != fails:
        sys.exit(f"$ {shlex.join(map(str, command))}\n{done.stdout}\nexit code {done.returncode}")
    return done.stdout


def expect(condition, message):
    if not condition:
        sys.exit(message)


def install(options, folder):
    if options.kind == "shared":
        # The flags of the static build, so that the compiler cache has every object already.
        run("cmake", "-S", options.source, "-B", options.build, "-G", "Ninja", "-DBUILD_SHARED_LIBS=ON",
            "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_FLAGS_RELEASE={options.flags}", "-DKITH_CCACHE=ON",
            f"-DCMAKE_CXX_COMPILER={options.compiler}", "-DKITH_WARNINGS_AS_ERRORS=ON", "-DKITH_BUILD_CLI=OFF")
        run("cmake", "--build", options.build)
    run("cmake", "--install", options.build, "--prefix", folder)


def check_headers(options, prefix):
    public = {path.name for path in (options.source / "include" / "kith").glob("*.hpp")} | {"version.hpp"}
    installed = {path.name for path in (prefix / "include" / "kith").iterdir()}
    expect(public == installed, f"installed headers differ from the public ones: {sorted(public ^ installed)}")
    others = sorted(path.name for path in (prefix / "include").iterdir() if path.name != "kith")
    expect(not others, f"installed beside include/kith: {others}")


def check_library(options, prefix):
    names = sorted(path.name for path in (prefix / "lib").glob("libkith*"))
    wanted = "libkith.so" if options.kind == "shared" else "libkith.a"
    expect(wanted in names, f"{wanted} is not among the installed {names}")


def check_find_package(options, prefix, folder):
    configure = ["cmake", "-S", HERE / "consumer", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
                 f"-DCMAKE_CXX_COMPILER={options.compiler}"]
    run(*configure, "-B", folder / "cmake", f"-DWANTED={options.version}")
    run("cmake", "--build", folder / "cmake")
    answer = run(folder / "cmake" / "consumer").strip()
    expect(answer == options.version, f"the consumer says version {answer}, the project {options.version}")

    major, minor, _ = map(int, options.version.split("."))
    for unfit in (f"{major + 1}.0", f"{major}.{minor + 1}"):
        text = run(*configure, "-B", folder / "unfit", f"-DWANTED={unfit}", fails=True)
        expect("compatible" in text, f"asked for {unfit}, find_package failed for another reason:\n{text}")


def check_pkg_config(options, prefix, folder):
    env = dict(os.environ, PKG_CONFIG_PATH=str(prefix / "lib" / "pkgconfig"))
    version = run("pkg-config", "--modversion", "kith", env=env).strip()
    expect(version == options.version, f"pkg-config says {version}, the project {options.version}")
    flags = shlex.split(run("pkg-config", "--cflags", "--libs", "kith", env=env))
    program = folder / "by_pkg_config"
    run(options.compiler, "-std=c++20", HERE / "consumer" / "main.cpp", "-o", program, *flags,
        f"-Wl,-rpath,{prefix / 'lib'}")
    expect(run(program).strip() == options.version, "the program built by pkg-config says another version")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["static", "shared"])
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True,
                        help="static: a built tree to install from; shared: the folder to build one in, kept")
    parser.add_argument("--version", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", required=True, help="what the library is compiled with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kith-install-") as name:
        folder = pathlib.Path(name)
        install(options, folder / "first")
        prefix = folder / "moved"
        shutil.move(folder / "first", prefix)
        check_headers(options, prefix)
        check_library(options, prefix)
        check_find_package(options, prefix, folder)
        check_pkg_config(options, prefix, folder)


if __name__ == "__main__":
    main()
