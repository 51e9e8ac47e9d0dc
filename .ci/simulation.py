#!/usr/bin/env python3
"""Plays histories of whole sites, simulated, from given seeds on: the same ones each time.

    .ci/simulation.py                                    200 that heal, 200 hostile, 100 with a disk put back
    .ci/simulation.py --minutes 10 --least 400           what CI plays: these; on a slow machine what is begun within that time
    .ci/simulation.py --first 700000 --healing 5000 …    others, new ones, for a night

Compiles the tests of cli first, unless SKARB_TEST_CLASS_PATH says where they are. docs/testing.md says what is played.
"""

import argparse
import concurrent.futures
import itertools
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = [
    "-Xmx1g",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:hashCode=2",
    "-Djdk.trackAllThreads=false",
]
HOSTILE = 500_000  # further on
PIECE = 100  # by one JVM, whose compiler takes as much of the machine as the first dozen histories do


def java_home():
    out = subprocess.run(
        [ROOT / "mvnw", "--version"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    for line in out.splitlines():
        if "runtime:" in line:
            return pathlib.Path(line.split("runtime:")[1].strip())
    sys.exit("the JDK that Maven runs on cannot be told: " + out)


def class_path(folder):
    """Where the simulation and all that it stands on are compiled."""
    given = os.environ.get("SKARB_TEST_CLASS_PATH")
    if given:
        return given
    file = folder / "classpath"
    subprocess.run(
        [
            ROOT / "mvnw", "-q", "-B", "-pl", "cli", "-am", "test-compile", "dependency:build-classpath",
            f"-Dmdep.outputFile={file}", "-Dmdep.includeScope=test", "-Dspotless.check.skip=true",
        ],
        cwd=ROOT, check=True,
    )  # fmt: skip
    return f"{ROOT}/cli/target/test-classes:{ROOT}/cli/target/classes:{file.read_text().strip()}"


def search(java, path, first, seeds, mode="healing", seconds=None, begin_within=None):
    """Plays histories until one goes wrong: the exit code of the search, and what it printed."""
    within = [] if begin_within is None else [str(math.ceil(begin_within))]
    try:
        run = subprocess.run(
            [java / "bin/java", *FLAGS, "-cp", path, "skarb.simulation.Search", str(first), str(seeds), mode, *within],
            capture_output=True, text=True, check=False, timeout=seconds,
        )  # fmt: skip
        return run.returncode, run.stdout.strip() or run.stderr.strip()[-2000:]
    except subprocess.TimeoutExpired:
        return 0, f"green for {seconds} s"


def pieces(first, counts, jobs):
    """Each kind's seeds in pieces, the kinds in turns, so that all jobs end together. One that heals and a hostile one begin
    alike, so they get other seeds."""
    kinds = []
    for mode, count in counts.items():
        size = max(1, min(PIECE, -(-count // jobs)))
        begin = first + (HOSTILE if mode == "hostile" else 0)
        kinds.append([(mode, begin + at, min(size, count - at)) for at in range(0, count, size)])
    return [piece for turn in itertools.zip_longest(*kinds) for piece in turn if piece]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1_000, help="the first seed of each kind")
    parser.add_argument("--healing", type=int, default=200)
    parser.add_argument("--hostile", type=int, default=200)
    parser.add_argument("--put-back", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no more after that")
    parser.add_argument("--least", type=int, default=0, help="fail where fewer were played")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    counts = {"healing": asked.healing, "hostile": asked.hostile, "putBack": asked.put_back}
    java = java_home()
    began = time.monotonic()
    played = dict.fromkeys(counts, 0)
    wrong = []
    with (
        tempfile.TemporaryDirectory() as name,
        concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool,
    ):
        path = class_path(pathlib.Path(name))
        ends = time.monotonic() + 60 * asked.minutes

        def play(*piece):
            left = ends - time.monotonic()
            if left <= 0:
                return None
            return search(java, path, *piece, begin_within=None if math.isinf(left) else left)

        runs = {
            pool.submit(play, first, seeds, mode): mode
            for mode, first, seeds in pieces(asked.first, counts, asked.jobs)
        }
        for run in concurrent.futures.as_completed(runs):
            mode = runs[run]
            if run.result() is None:
                continue
            code, text = run.result()
            print(f"{mode:8} {text[:4000]}", flush=True)
            green = re.match(r"green after (\d+) seeds", text)
            if code == 0 and green:
                played[mode] += int(green[1])
            else:
                wrong.append(text.splitlines()[0] if text else "nothing was printed")
    told = ", ".join(f"{count} {mode}" for mode, count in played.items())
    if sum(played.values()) < asked.least:
        wrong.append(f"too few histories: {told}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"histories in {time.monotonic() - began:.0f} s: {told}, {sum(played.values())} passed")


if __name__ == "__main__":
    main()
