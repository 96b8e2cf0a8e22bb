"""./test [OPTION...] [SUITE...]: builds Kith and runs its tests, all of them or the suites named."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

from . import peers
from .report import Outcome, read_ctest, read_pytest
from .stamps import Stamps, data_listing, key
from .suites import CI, DEFAULT, SUITES, THOROUGH

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "logs"
LEAST_COVERAGE = 92  # percent of the lines of src/
CORES = len(os.sched_getaffinity(0))


def say(text):
    print(text, flush=True)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./test", description="Builds Kith and runs its tests: all of them, or the suites named.",
        epilog="A suite that passed and whose inputs have not changed since does not run again; with --again, or where "
               "the environment variable CI is set, it does. Real data comes from the folder that KITH_DATA_DIR "
               "names, or from ../shared/data. The last line says how many tests passed, failed and were skipped.")
    parser.add_argument("suites", metavar="SUITE", nargs="*", help="see --list")
    parser.add_argument("--list", action="store_true", help="list the suites and stop")
    parser.add_argument("--again", action="store_true", help="run also what has not changed since it last passed")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--thorough", action="store_const", dest="mode", const=THOROUGH, default=DEFAULT,
                       help="everything, and what the sanitizers find")
    modes.add_argument("--ci", action="store_const", dest="mode", const=CI,
                       help="everything, the package as shipped, and what the sanitizers find in an affordable part")
    parser.add_argument("--minutes", type=float, default=float("inf"), metavar="N",
                        help="begin no more builds after so many minutes; their suites count as skipped")
    parser.add_argument("--jobs", "-j", type=int, default=CORES, help="processes at a time (default: one per core)")
    options = parser.parse_args(arguments)
    known = {suite.name: suite for suite in SUITES}
    unknown = [name for name in options.suites if name not in known]
    if unknown:
        parser.error(f"no suite is called {unknown[0]!r}; there are {', '.join(known)}")
    options.chosen = [known[name] for name in options.suites] or [
        suite for suite in SUITES if options.mode in suite.modes]
    return options


def fixed_addresses(preset):
    """A prefix that runs the programs of a sanitizer's preset without address randomisation, where the system allows
    that: sanitizers of older compilers refuse the wide randomisation of newer kernels, or crash at random."""
    if preset not in ("asan", "tsan", "fuzz"):
        return []
    prefix = ["setarch", "-R"]
    try:
        return prefix if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0 else []
    except OSError:
        return []


def logged(name, command, environment=None):
    """Runs `command`, its output going to a log; gives whether it succeeded, and the log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("w") as output:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                              env={**os.environ, **(environment or {})}, check=False)
    return done.returncode == 0, log


def show_end(log, lines):
    text = log.read_text(errors="replace").splitlines()
    say("\n".join(text[-lines:]))
    say(f"(the whole of it is in {log.relative_to(ROOT)})")


def build(preset, targets, jobs):
    """Configures and builds; gives whether that worked, having shown what did not."""
    say(f"Building {preset} ...")
    started = time.monotonic()
    ninja = ROOT / "build" / preset / "build.ninja"
    # From then on the build configures itself anew where it must, except for changed presets.
    if not ninja.exists() or ninja.stat().st_mtime < (ROOT / "CMakePresets.json").stat().st_mtime:
        done, log = logged(f"configure-{preset}", ["cmake", "--preset", preset])
        if not done:
            say(f"configuring {preset} failed:")
            show_end(log, 30)
            return False
    # Building runs each test program once, to list its tests.
    prefix = fixed_addresses(preset)
    done, log = logged(f"build-{preset}", [*prefix, "cmake", "--build", f"build/{preset}", "-j", str(jobs),
                                           "--target", *sorted(set(targets))])
    if not done:
        say(f"building {preset} failed:")
        show_end(log, 60)
        return False
    seconds = time.monotonic() - started
    if seconds > 5:
        say(f"Built {preset} in {seconds:.0f} s")
    return True


def run_ctest(suite, jobs):
    """Runs the tests that carry the suite's labels; gives the outcome and the log."""
    report = LOGS / f"{suite.name}.xml"
    report.unlink(missing_ok=True)
    prefix = fixed_addresses(suite.preset)
    done, log = logged(suite.name, [*prefix, "ctest", "--test-dir", f"build/{suite.preset}", "-L",
                                    "^(" + "|".join(suite.labels) + ")$", "-j", str(jobs), "--output-on-failure",
                                    "--no-tests=error", "--output-junit", str(report)], suite.environment)
    outcome = read_ctest(report) if report.exists() else Outcome()
    if not done and outcome.failed == 0:
        outcome.fail(f"{suite.name}: no tests found, or ctest itself failed")
    return outcome, log


def run_pytest(suite):
    """The parity suite, counted test by test."""
    report = LOGS / f"{suite.name}.xml"
    report.unlink(missing_ok=True)
    build_folder = ROOT / "build" / suite.preset
    done, log = logged(suite.name, [sys.executable, "tests/support/run_pytest.py", "--junitxml", str(report),
                                    "-rs", "tests/parity"],
                       {"KITH_TOOLS_DIR": str(build_folder / "tests/parity"),
                        "KITH_CLI": str(build_folder / "cli/kith")})
    outcome = read_pytest(report) if report.exists() else Outcome()
    if not done and outcome.failed == 0:
        outcome.fail(f"{suite.name}: pytest itself failed")
    return outcome, log


def run_script(suite):
    """A suite that brings its own way to build; what it runs reports as pytest does."""
    report = LOGS / f"{suite.name}.xml"
    report.unlink(missing_ok=True)
    done, log = logged(suite.name, [str(ROOT / suite.script), "--junitxml", str(report), "-rs"], suite.environment)
    outcome = read_pytest(report) if report.exists() else Outcome()
    if not done and outcome.failed == 0:
        outcome.fail(f"{suite.name}: {suite.script} itself failed")
    return outcome, log


def check_coverage(suite, outcome):
    """Tells how many lines and branches the tests have reached; too few lines are a failure."""
    done, log = logged("coverage-report", ["gcovr", "--root", ".", "--filter", "src/", "--exclude-throw-branches",
                                           "--print-summary", "--gcov-ignore-parse-errors", "build/coverage"])
    figures = dict(re.findall(r"^(lines|branches): ([0-9.]+)%", log.read_text(errors="replace"), re.MULTILINE))
    if not done or "lines" not in figures:
        outcome.fail(f"{suite.name}: gcovr failed")
        show_end(log, 20)
        return
    say(f"{'':12}   reached {figures['lines']}% of the lines and {figures.get('branches', '?')}% of the branches of src/")
    if float(figures["lines"]) < suite.least_coverage:
        outcome.fail(f"{suite.name}: {figures['lines']}% of the lines of src/, where {suite.least_coverage}% are wanted")


def run_suite(suite, options):
    if suite.script:
        outcome, log = run_script(suite)
    elif suite.needs_peers and not os.environ.get("KITH_PEERS_PYTHON"):
        outcome, log = Outcome(), None
        for _ in (ROOT / "tests/parity").glob("*_test.py"):
            outcome.skip("no Python environment with Annoy and gensim")
    elif suite.needs_peers:
        outcome, log = run_pytest(suite)
    elif not suite.labels:
        outcome, log = Outcome(passed=1), None  # it was built
    else:
        outcome, log = run_ctest(suite, options.jobs)
    if suite.least_coverage:
        check_coverage(suite, outcome)
    if outcome.failed and log:
        show_end(log, 200)
    return outcome


def run_or_recall(suite, options, stamps, context):
    """The outcome of one suite, told in one line: from a run, or from the record where nothing has changed."""
    digest = key(ROOT, suite, context)
    known = None if options.again or os.environ.get("CI") else stamps.get(suite, digest)
    if known:
        say(f"{suite.name:12} {known}   unchanged since it last passed")
        return known
    stamps.drop(suite)
    started = time.monotonic()
    outcome = run_suite(suite, options)
    say(f"{suite.name:12} {outcome}   {time.monotonic() - started:.1f} s")
    for reason, count in sorted(outcome.skip_reasons.items()):
        say(f"{'':12}   {count} skipped: {reason}")
    for name in outcome.failures:
        say(f"{'':12}   FAILED {name}")
    if not outcome.failed:
        stamps.put(suite, digest, outcome)
    return outcome


def leave_out(suite, minutes):
    outcome = Outcome()
    outcome.skip(f"{minutes:g} minutes were over")
    say(f"{suite.name:12} {outcome}   not begun: {minutes:g} minutes were over")
    return outcome


def main(arguments):
    started = time.monotonic()
    options = parse(arguments)
    if options.list:
        for suite in SUITES:
            say(f"{suite.name:12} {suite.about}{suite.when()}")
        return 0
    shared = ROOT.parent / "shared" / "data"
    if "KITH_DATA_DIR" not in os.environ and shared.is_dir():
        os.environ["KITH_DATA_DIR"] = str(shared)
    if any(suite.needs_peers for suite in options.chosen):
        python = peers.prepare(ROOT)
        if python:
            os.environ["KITH_PEERS_PYTHON"] = python
    data = os.environ.get("KITH_DATA_DIR", "")
    if not data:
        say("Tests on real data will be skipped: KITH_DATA_DIR names no folder.")
    context = [data_listing(data), os.environ.get("KITH_PEERS_PYTHON", ""), os.environ.get("KITH_ISA", "")]

    total = Outcome()
    stamps = Stamps(ROOT)
    for preset in dict.fromkeys(suite.preset for suite in options.chosen):
        suites = [suite for suite in options.chosen if suite.preset == preset]
        if time.monotonic() - started > options.minutes * 60:
            for suite in suites:
                total.add(leave_out(suite, options.minutes))
            continue
        targets = [target for suite in suites for target in suite.targets]
        if targets and not build(preset, ["all"] if "all" in targets else targets, options.jobs):
            total.fail(f"build of {preset}")
            continue
        for suite in suites:
            total.add(run_or_recall(suite, options, stamps, context))
    say(str(total))
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
