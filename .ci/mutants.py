#!/usr/bin/env python3
"""Plants bugs and looks whether the simulation of sites turns red.

Each patch in node/src/test/mutants is applied to a copy of the files that it touches; these are compiled and put before
the rest, and histories are searched for one that goes wrong. A patch that no longer applies is an error.

    .ci/mutants.py --of-the-day 2      two, chosen by the date
    .ci/mutants.py --all --seeds 1000  all of them, and how many seeds each takes
    .ci/mutants.py hlc-not-merged      one by its name
"""

import argparse
import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATCHES = ROOT / "node/src/test/mutants"
FLAGS = [
    "-Xmx1g",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:hashCode=2",
    "-Djdk.trackAllThreads=false",
]


def java_home():
    out = subprocess.run(
        [ROOT / "mvnw", "--version"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    for line in out.splitlines():
        if "runtime:" in line:
            return pathlib.Path(line.split("runtime:")[1].strip())
    sys.exit("the JDK that Maven runs on cannot be told: " + out)


def class_path(folder):
    """Compiles everything and asks Maven for what the tests of cli stand on."""
    file = folder / "classpath"
    subprocess.run(
        [
            ROOT / "mvnw", "-q", "-B", "-pl", "cli", "-am", "test-compile", "dependency:build-classpath",
            f"-Dmdep.outputFile={file}", "-Dmdep.includeScope=test",
        ],
        cwd=ROOT, check=True,
    )  # fmt: skip
    return f"{ROOT}/cli/target/test-classes:{ROOT}/cli/target/classes:{file.read_text().strip()}"


def touched(patch):
    return [
        line.split()[1].removeprefix("b/")
        for line in patch.read_text().splitlines()
        if line.startswith("+++ ")
    ]


def apply(patch, folder):
    """A copy of the files that a patch touches, changed."""
    tree = folder / patch.stem / "tree"
    for name in touched(patch):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    applied = subprocess.run(
        ["git", "-C", tree, "apply", "--whitespace=nowarn", patch],
        capture_output=True, text=True, check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder)},
    )  # fmt: skip
    if applied.returncode:
        sys.exit(f"{patch.name} does not apply any more: {applied.stderr}")
    return [tree / name for name in touched(patch)]


def plant(patch, java, path, folder):
    """Compiles the files of a patch, changed, into a folder of their own."""
    classes = folder / patch.stem / "classes"
    classes.mkdir(parents=True)
    files = apply(patch, folder)
    subprocess.run(
        [java / "bin/javac", "-nowarn", "-proc:none", "-d", classes, "-cp", path, *files], check=True
    )
    return classes


def search(java, path, first, seeds, seconds):
    began = time.monotonic()
    try:
        run = subprocess.run(
            [java / "bin/java", *FLAGS, "-cp", path, "skarb.simulation.Search", str(first), str(seeds)],
            capture_output=True, text=True, check=False, timeout=seconds,
        )  # fmt: skip
        lines = run.stdout.strip().splitlines() or [run.stderr.strip()[-300:]]
        return run.returncode, lines[-1], time.monotonic() - began
    except subprocess.TimeoutExpired:
        return 0, f"green for {seconds} s", time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--of-the-day", type=int, default=0, metavar="N")
    parser.add_argument("--seeds", type=int, default=300, help="histories to try at most")
    parser.add_argument("--seconds", type=int, default=600, help="time to try at most, each")
    parser.add_argument("--first", type=int, default=None, help="the first seed; else by the date")
    asked = parser.parse_args()
    patches = sorted(PATCHES.glob("*.patch"))
    common = [patch for patch in patches if not patch.read_text().startswith("# Rare")]
    day = datetime.date.today().toordinal()
    if asked.of_the_day:
        chosen = [common[(day * asked.of_the_day + i) % len(common)] for i in range(asked.of_the_day)]
    else:
        chosen = [patch for patch in patches if asked.all or patch.stem in asked.names]
    if not chosen:
        parser.error("name a patch, or --all, or --of-the-day N")
    first = asked.first if asked.first is not None else day * 1_000
    java = java_home()
    missed = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for patch in patches:  # all must apply, whichever are tried
            apply(patch, folder / "all")
        path = os.environ.get("SKARB_TEST_CLASS_PATH") or class_path(folder)
        for patch in chosen:
            classes = plant(patch, java, path, folder)
            code, line, seconds = search(
                java, f"{classes}:{path}", first, asked.seeds, asked.seconds
            )
            print(f"{patch.stem:28} {seconds:4.0f} s  {line[:160]}", flush=True)
            if code != 1:
                missed.append(patch.stem)
    print(f"{len(chosen)} planted bugs of {len(patches)}, {len(chosen) - len(missed)} found")
    if missed:
        sys.exit("not found: " + ", ".join(missed))


if __name__ == "__main__":
    main()
