"""What was left out, box by box of .ci/run, against what may be: .ci/skips.txt.

    skips.py tests [--since FILE]   all reports of the unit tests: prints their number and each skipped one with its reason
    skips.py box NAME LOG           what a box printed

A line `SKIPPED  WHAT: REASON` says that something was left out, in every box. Exits 1 where what is left out is not exactly what
skips.txt names for the box on a machine like this one, where a reason is missing, and where reports are: none at all, none of a test
class, fewer tests than skips.txt says, or older ones than FILE.
"""

import argparse
import os
import pathlib
import re
import shutil
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "clients"))
import tools  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXPECTED = ROOT / ".ci" / "skips.txt"
TESTS = "build and unit tests"
SKIPPED = "SKIPPED  "


# What a machine may lack, by the names that skips.txt uses.
HAS = {
    "a JDK 17 in SKARB_JDK17": lambda: "SKARB_JDK17" in os.environ,
    "the suite's folder": lambda: (pathlib.Path(os.environ.get("S3_TESTS_DIR") or ROOT.parent / "shared" / "s3-tests") / "run").is_file(),
    "Node.js": lambda: bool(shutil.which("node") and shutil.which("npm")),
    "Debian": tools.is_debian,
}


def expectations(text):
    """The least number of tests, and what is left out: by box, each name with why. What does not hold on this machine is not there."""
    least, named = 0, {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("tests at least:"):
            least = int(line.split(":")[1])
            continue
        box, name, when, why = (field.strip() for field in line.split("|"))
        word, thing = when.split(" ", 1)
        assert word in ("with", "without") and thing in HAS, f"{EXPECTED.name}: not known: {when}"
        if HAS[thing]() == (word == "with"):
            named.setdefault(box, {})[name] = why
    return least, named


def judge(box, found, named):
    """What is wrong with the skips of a box: pairs of a name and a reason."""
    wrong = [f"skipped without a reason: {name}" for name, reason in found if not reason]
    names = [name for name, _ in found]
    expected = named.get(box, {})
    wrong += [f"skipped, and {EXPECTED.name} does not name it for this machine: {name}" for name in sorted(set(names) - set(expected))]
    wrong += [f"no longer skipped: take it out of {EXPECTED.name}, or see why it did not run: {name}"
              for name in sorted(set(expected) - set(names))]
    wrong += [f"skipped more than once: {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    return wrong


def skips_in(text):
    lines = [line.removeprefix(SKIPPED) for line in text.splitlines() if line.startswith(SKIPPED)]
    return [tuple(field.strip() for field in (line + ": ").split(": ", 1)) for line in lines]


# What JUnit and AssertJ say by themselves: no reason.
NO_REASON = re.compile(r"(Assumption failed: )?(assumption is not (true|false)|assumption was not met due to:(?! \[).*|.* is @Disabled)?")


def reason_of(skipped):
    """A skipped element's reason on one line: its message, or what its text says above the stack; empty where that is nobody's own words."""
    above = (skipped.text or "").split("\n\tat ")[0].removeprefix(f"{skipped.get('type')}:")
    reason = " ".join((skipped.get("message") or above).split())
    return "" if NO_REASON.fullmatch(reason) else reason


class Reports:
    """All reports of surefire's below a folder."""

    def __init__(self, root, since=0.0):
        self.tests = self.failed = self.histories = 0
        self.skipped, self.classes, self.old = [], set(), []
        for report in sorted(root.glob("**/target/surefire-reports/TEST-*.xml")):
            if report.stat().st_mtime < since:
                self.old.append(report.name)
            else:
                self.read(report)

    def read(self, report):
        suite = xml.etree.ElementTree.parse(report).getroot()
        self.classes.add(report.name.removeprefix("TEST-").removesuffix(".xml").split("$")[0])
        for case in suite.iter("testcase"):
            self.tests += 1
            self.classes.add(case.get("classname").split("$")[0])
            self.failed += case.find("failure") is not None or case.find("error") is not None
            skipped = case.find("skipped")
            if skipped is not None:
                name = f"{case.get('classname')}.{case.get('name')}".replace(": ", " ")
                self.skipped.append((name, reason_of(skipped)))
        for output in suite.iter("system-out"):
            self.histories += sum(int(count) for count in re.findall(r"^(\d+) histories,", output.text or "", re.MULTILINE))

    def missing(self, root):
        """Test classes without a report: what a build runs by its name and that has a test."""
        for source in sorted(root.glob("**/src/test/java/**/*Test.java")):
            name = ".".join(source.relative_to(root).with_suffix("").parts).split("src.test.java.")[1]
            text = source.read_text()
            is_abstract = re.search(rf"^(public )?abstract class {source.stem}\b", text, re.MULTILINE)
            if name not in self.classes and not is_abstract:
                yield name


def tests(since, named, least):
    began = since.stat().st_mtime if since else 0.0
    reports = Reports(ROOT, began)
    wrong = []
    if not reports.tests:
        wrong.append("no report of any test: run ./mvnw verify first")
    else:
        wrong += [f"no report of {name}" for name in reports.missing(ROOT)]
        if reports.tests < least:
            wrong.append(f"{reports.tests} tests: {EXPECTED.name} says at least {least}")
        wrong += judge(TESTS, reports.skipped, named)
    for name, reason in reports.skipped:
        print(f"{SKIPPED}{name}: {reason}")
    passed = reports.tests - reports.failed - len(reports.skipped)
    seeds = f"; {reports.histories} histories of whole sites" if reports.histories else ""
    print(f"tests: {passed} passed, {reports.failed} failed, {len(reports.skipped)} skipped{seeds}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_tests = commands.add_parser("tests")
    of_tests.add_argument("--since", type=pathlib.Path, help="older reports than this file do not count")
    of_box = commands.add_parser("box")
    of_box.add_argument("name")
    of_box.add_argument("log", type=pathlib.Path)
    options = parser.parse_args()
    least, named = expectations(EXPECTED.read_text())
    if options.command == "tests":
        wrong = tests(options.since, named, least)
    else:
        wrong = judge(options.name, skips_in(options.log.read_text(errors="replace")), named)
    for line in wrong:
        print(f"FAIL  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
