"""Fetches the clients that are no Python packages, pinned, into the tools' folder; nothing goes into the system.

Each function gives what the client is started with, or raises Missing with the reason why it cannot be had on this machine.
"""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0"


class Missing(Exception):
    """A client that this machine cannot have."""


def folder():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("SKARB_CI_TOOLS") or cache / "skarb-ci")


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise Missing(f"{command[0]} {command[1]}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def once(name, pins, make):
    """The folder `name` of the tools; made by `make` unless it is there whole and was made of the same pins."""
    place = folder() / name
    mark = place / ".made-of"
    if not (mark.is_file() and mark.read_text() == pins):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        make(place)
        mark.write_text(pins)
    return place


def debian_awscli():
    """Debian's own awscli, a version 2, unpacked with what it needs and the machine lacks. apt's lists are kept apart."""
    python = pathlib.Path("/usr/bin/python3")
    if not shutil.which("apt-get") or not python.exists():
        raise Missing("no Debian")

    def make(place):
        apt = place / "apt"
        for name in ("lists/partial", "archives/partial"):
            (apt / name).mkdir(parents=True)
        options = ["-qq", "-o", f"Dir::State::lists={apt}/lists", "-o", f"Dir::Cache={apt}", "-o", "Debug::NoLocking=1",
                   "-o", "APT::Sandbox::User="]
        run(["apt-get", "update", *options])
        run(["apt-get", "install", *options, "--yes", "--download-only", "--no-install-recommends", "awscli"])
        packages = sorted((apt / "archives").glob("*.deb"))
        if not any(package.name.startswith("awscli_") for package in packages):
            raise Missing("apt has no awscli, or it is installed already")
        for package in packages:
            run(["dpkg-deb", "-x", package, place])
        shutil.rmtree(apt)

    place = once("debian-awscli", "awscli", make)
    environment = dict(PYTHONPATH=str(place / "usr/lib/python3/dist-packages"))
    return [str(python), "-s", str(place / "usr/bin/aws")], environment


def javascript():
    if not shutil.which("node") or not shutil.which("npm"):
        raise Missing("no Node.js")
    lock = HERE / "package-lock.json"

    def make(place):
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, place)
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=place)

    place = once("aws-javascript", lock.read_text(), make)
    # Modules are looked up beside the file that imports them.
    shutil.copy(HERE / "driver.mjs", place)
    return ["node", str(place / "driver.mjs")]


def java():
    pom = HERE / "pom.xml"

    def make(place):
        run([ROOT / "mvnw", "-q", "-B", "-f", pom, f"{DEPENDENCY_PLUGIN}:copy-dependencies", "-DincludeScope=runtime",
             f"-DoutputDirectory={place}"])

    place = once("aws-java", pom.read_text(), make)
    find = f'. "{ROOT}/.mvn/find-jdk.sh"; exec "$JAVA_HOME/bin/java" "$@"'
    quiet = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    return ["sh", "-c", find, "java", "-XX:TieredStopAtLevel=1", *quiet, "-cp",
            f"{place}/*", str(HERE / "AwsSdkDriver.java")]
