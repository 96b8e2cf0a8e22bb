"""The runner counts what CTest and pytest report, and forgets a success as soon as an input changes."""

import contextlib
import dataclasses
import io
import pathlib
import tempfile
import unittest

from .__main__ import main
from .report import Outcome, read_ctest, read_pytest
from .stamps import Stamps, data_listing, key
from .suites import CI, DEFAULT, SUITES, THOROUGH, Suite

CTEST = """<testsuite tests="5">
<testcase name="a" status="run"/>
<testcase name="b" status="fail"><failure message="Failed"/></testcase>
<testcase name="c" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
  <system-out>skipped: needs nm</system-out></testcase>
<testcase name="d" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
  <system-out>x_test.cpp:3: Skipped
needs glove.txt in the folder</system-out></testcase>
<testcase name="e" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>"""

PYTEST = """<testsuites><testsuite>
<testcase classname="t" name="a"/>
<testcase classname="t" name="b"><failure message="no"/></testcase>
<testcase classname="t" name="c"><error message="no"/></testcase>
<testcase classname="t" name="d"><skipped message="needs text8"/></testcase>
</testsuite></testsuites>"""


class Reports(unittest.TestCase):
    def read(self, reader, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "report.xml"
            path.write_text(text)
            return reader(path)

    def test_ctest(self):
        outcome = self.read(read_ctest, CTEST)
        self.assertEqual(str(outcome), "1 passed, 2 failed, 2 skipped")
        self.assertEqual(outcome.failures, ["b", "e"])
        self.assertEqual(set(outcome.skip_reasons), {"needs nm", "needs glove.txt in the folder"})

    def test_pytest(self):
        outcome = self.read(read_pytest, PYTEST)
        self.assertEqual(str(outcome), "1 passed, 2 failed, 1 skipped")
        self.assertEqual(outcome.failures, ["t::b", "t::c"])

    def test_outcomes_add_up(self):
        total = Outcome(passed=1, failed=1)
        total.add(Outcome(passed=2, failed=3, skipped=4))
        self.assertEqual(str(total), "3 passed, 4 failed, 4 skipped")


class Memory(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.suite = Suite("x", "about", labels=("x",), sources=("tests/x",), built=("tests/x_test",))
        for name in ("tests/x/a_test.cpp", "tests/y/b_test.cpp", "build/dev/tests/x_test", "data/set"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text("1")

    def key(self):
        return key(self.root, self.suite, [data_listing(self.root / "data")])

    def test_the_key_changes_with_a_source_a_program_the_data_and_nothing_else(self):
        first = self.key()
        (self.root / "tests/y/b_test.cpp").write_text("2")
        self.assertEqual(self.key(), first)
        for name in ("tests/x/a_test.cpp", "build/dev/tests/x_test", "data/set"):
            (self.root / name).write_text("22")
            changed = self.key()
            self.assertNotEqual(changed, first, name)
            first = changed

    def test_a_success_is_known_only_under_its_own_key(self):
        stamps = Stamps(self.root)
        self.assertIsNone(stamps.get(self.suite, "k"))
        stamps.put(self.suite, "k", Outcome(passed=3, skipped=1))
        self.assertEqual(str(stamps.get(self.suite, "k")), "3 passed, 0 failed, 1 skipped")
        self.assertIsNone(stamps.get(self.suite, "other"))
        stamps.drop(self.suite)
        self.assertIsNone(stamps.get(self.suite, "k"))


class Table(unittest.TestCase):
    def test_names_are_unique_and_every_suite_says_what_it_is_about(self):
        self.assertEqual(len({suite.name for suite in SUITES}), len(SUITES))
        for suite in SUITES:
            self.assertTrue(suite.about, suite.name)
            self.assertTrue(suite.sources or suite.built, dataclasses.asdict(suite))

    def run_by(self, mode):
        return {suite.name for suite in SUITES if mode in suite.modes}

    def test_every_call_without_names_runs_what_the_plain_one_runs(self):
        self.assertLess(self.run_by(DEFAULT), self.run_by(THOROUGH))
        self.assertLess(self.run_by(DEFAULT) - {"python"} | {"release"}, self.run_by(CI))

    def test_continuous_integration_sanitizes_fuzzes_and_counts_what_is_reached(self):
        self.assertLess({"asan-reading", "tsan", "release", "fuzz", "coverage"}, self.run_by(CI))
        known = {suite.name: suite for suite in SUITES}
        self.assertLess(set(known["asan-reading"].labels), set(known["asan"].labels))

    def test_a_suite_says_which_calls_run_it(self):
        self.assertEqual(Suite("x", "about").when(), "")
        self.assertEqual(Suite("x", "about", modes=(THOROUGH, CI)).when(), " (only with --thorough or --ci, or when named)")
        self.assertEqual(Suite("x", "about", modes=()).when(), " (only when named)")


class Time(unittest.TestCase):
    def test_builds_that_would_begin_too_late_are_skipped_and_said(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = main(["--minutes", "0", "lint", "tsan"])
        self.assertEqual(code, 0)
        self.assertIn("tsan         0 passed, 0 failed, 1 skipped   not begun", output.getvalue())
        self.assertTrue(output.getvalue().endswith("0 passed, 0 failed, 2 skipped\n"))


if __name__ == "__main__":
    unittest.main()
