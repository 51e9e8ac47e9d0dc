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

from simulation import ROOT, class_path, java_home, search

PATCHES = ROOT / "node/src/test/mutants"


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--of-the-day", type=int, default=0, metavar="N")
    parser.add_argument("--seeds", type=int, default=300, help="histories to try at most")
    parser.add_argument("--seconds", type=int, default=600, help="time to try at most, each")
    parser.add_argument("--first", type=int, default=5_000, help="the first seed")
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
    java = java_home()
    missed = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for patch in patches:  # all must apply, whichever are tried
            apply(patch, folder / "all")
        path = class_path(folder)
        for patch in chosen:
            classes = plant(patch, java, path, folder)
            began = time.monotonic()
            code, text = search(
                java, f"{classes}:{path}", asked.first, asked.seeds, seconds=asked.seconds
            )
            line = text.splitlines()[0][:160] if text else "nothing was printed"
            print(f"{patch.stem:28} {time.monotonic() - began:4.0f} s  {line}", flush=True)
            if code != 1 or not text.startswith("red after"):
                missed.append(patch.stem)
    if missed:
        sys.exit("not found: " + ", ".join(missed))
    print(f"planted bugs: {len(chosen)} of {len(patches)} tried and found, {len(chosen)} passed")


if __name__ == "__main__":
    main()
