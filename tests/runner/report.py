"""Adds up what CTest reports in JUnit's format."""

import collections
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """How the tests of one suite ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)
    skip_reasons: collections.Counter = field(default_factory=collections.Counter)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def fail(self, name):
        self.failed += 1
        self.failures.append(name)

    def skip(self, reason):
        self.skipped += 1
        self.skip_reasons[reason] += 1

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def read_ctest(path):
    """CTest calls a test whose program is missing skipped too; here that is a failure."""
    outcome = Outcome()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if skipped is not None and skipped.get("message", "").startswith("SKIP_"):
            outcome.skip(_reason(case.findtext("system-out", "")))
        elif case.get("status") == "run" and case.find("failure") is None:
            outcome.passed += 1
        else:
            outcome.fail(case.get("name"))
    return outcome


def read_pytest(path):
    outcome = Outcome()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if skipped is not None:
            outcome.skip(skipped.get("message", ""))
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.fail(f"{case.get('classname')}::{case.get('name')}")
        else:
            outcome.passed += 1
    return outcome


def _reason(output):
    """The line in which a test says why it skips: ours begin with `skipped:`, GoogleTest's follow `Skipped`."""
    for pattern in (r"^skipped: (.+)$", r": Skipped\n(.+)$"):
        found = re.search(pattern, output, re.MULTILINE)
        if found:
            return found.group(1).strip()
    return "no reason given"
