"""The suites that ./test knows: what each builds, which tests it runs, and what its outcome depends on."""

from dataclasses import dataclass, field

LAYERS = ("base", "kernel", "storage", "index", "keyed", "embed")

SANITIZED = (*LAYERS, "format", "hostile", "cli")

# What reads bytes that may be damaged: the part of the sanitizers' work that continuous integration has time for.
READING = ("storage", "format", "hostile")

# The calls that name no suite: `./test`, `./test --thorough`, and `./test --ci`, which is to stay below 75 minutes on two
# slow cores with an empty compiler cache.
DEFAULT, THOROUGH, CI = "default", "thorough", "ci"

# Everything that decides what a build makes.
PRODUCT = ("CMakeLists.txt", "CMakePresets.json", "cmake", "include", "src", "cli")
PACKAGE = (*PRODUCT, "pyproject.toml", "python", "docs", "examples/python")


@dataclass(frozen=True)
class Suite:
    """One suite: tests of build/PRESET that carry one of LABELS, once TARGETS are built."""

    name: str
    about: str
    preset: str = "dev"
    targets: tuple = ()
    labels: tuple = ()
    # What the outcome depends on, besides the runner itself: paths in the repository, and built files as patterns
    # below build/PRESET. Unchanged means that the suite need not run again.
    sources: tuple = ()
    built: tuple = ()
    # The tests compare with Annoy and gensim, from a Python environment of their own.
    needs_peers: bool = False
    # A script that runs these tests with the arguments of pytest, instead of CTest.
    script: str = ""
    # Percent of the lines of src/ that the tests have to reach; 0 where that is not counted.
    least_coverage: int = 0
    # Which calls without names run it.
    modes: tuple = (DEFAULT, THOROUGH, CI)
    environment: dict = field(default_factory=dict)

    def when(self):
        """Which calls run it, told of a suite that `./test` alone does not run."""
        calls = [f"--{mode}" for mode in self.modes]
        return "" if DEFAULT in self.modes else f" (only {'with ' + ' or '.join(calls) + ', or ' if calls else ''}when named)"


def _unit(name, about):
    return Suite(name, about, targets=(f"{name}_test",), labels=(name,), sources=(f"tests/{name}",),
                 built=(f"tests/{name}_test",))


def _sanitized(name, about, labels, modes):
    return Suite(name, about, preset="asan", targets=tuple(f"{label}_test" for label in labels), labels=labels,
                 sources=("tests",), built=tuple(f"tests/{label}_test" for label in labels), modes=modes,
                 environment={"UBSAN_OPTIONS": "print_stacktrace=1", "KITH_MUTATIONS": "500"})


SUITES = (
    Suite("lint", "rules that no compiler checks: layers, sizes, mirrored tests, one version, format",
          targets=("kith",), labels=("lint",), sources=("",)),
    _unit("base", "ids, metrics, errors, threads"),
    _unit("kernel", "distances, on every instruction set of this machine"),
    _unit("storage", "mapped files, the .kith container, atomic writing"),
    _unit("index", "flat and forest"),
    _unit("keyed", "keys and vectors, file formats, evaluation"),
    _unit("embed", "corpora, vocabularies, Word2Vec"),
    _unit("format", "files of every format version, kept for good"),
    _unit("hostile", "damaged files of every format: a typed error or a sane answer"),
    Suite("cli", "the kith command", targets=("cli_test", "kith_cli"), labels=("cli",), sources=("tests/cli",),
          built=("tests/cli_test", "cli/kith")),
    Suite("faults", "killed, short of space, interrupted: the old file or the new one", targets=("faults_test", "kith_cli"),
          labels=("faults",), sources=("tests/faults", "tests/cli"), built=("tests/faults_test", "cli/kith")),
    _unit("concurrency", "building and searching from many threads"),
    Suite("examples", "every program in examples/", targets=("all",), labels=("examples",), sources=("examples",),
          built=("examples/cpp/*",)),
    Suite("install", "a project that uses an installed Kith, static and shared", targets=("all",),
          labels=("install",), sources=(*PRODUCT, "tests/install")),
    Suite("parity", "the same answers as Annoy and gensim", targets=("all",), labels=("parity",),
          sources=("tests/parity",), built=("tests/parity/*_tool", "cli/kith"), needs_peers=True),
    Suite("python", "the Python package, built and installed in an environment of its own",
          sources=PACKAGE, script="python/run_tests.sh", modes=(DEFAULT, THOROUGH)),
    Suite("release", "the Python package and its tests, built as shipped", sources=PACKAGE,
          script="python/run_tests.sh", environment={"KITH_BUILD_TYPE": "Release"}, modes=(CI,)),
    Suite("neon", "the ARM kernels, cross-compiled and emulated", targets=("all",), labels=("neon",),
          sources=(*PRODUCT, "tests/base", "tests/kernel", "tests/neon")),
    _sanitized("asan", "the unit tests under the address and undefined-behaviour sanitizers", SANITIZED, (THOROUGH,)),
    _sanitized("asan-reading", "those of the unit tests that read damaged files, under the same sanitizers", READING, (CI,)),
    Suite("tsan", "the concurrency tests under the thread sanitizer", preset="tsan", targets=("concurrency_test",),
          labels=("concurrency",), sources=("tests/concurrency",), built=("tests/concurrency_test",),
          modes=(THOROUGH, CI)),
    Suite("fuzz", "a few seconds of libFuzzer on each format", preset="fuzz", targets=("kith_fuzz",), labels=("fuzz",),
          sources=("tests/hostile",), built=("tests/kith_fuzz",), modes=(CI,)),
    Suite("coverage", "the unit tests again, counting the lines and branches of src/ they reach", preset="coverage",
          targets=tuple(f"{name}_test" for name in SANITIZED), labels=SANITIZED, sources=("tests",),
          built=("tests/*_test",), least_coverage=92, modes=(CI,), environment={"KITH_MUTATIONS": "500"}),
    # Building is the whole test.
    Suite("tidy", "clang-tidy over the library, the command and the examples", preset="tidy", targets=("all",),
          sources=("",), modes=()),
)
