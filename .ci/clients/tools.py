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


def is_debian():
    release = pathlib.Path("/etc/os-release")
    return release.is_file() and "ID=debian" in release.read_text().splitlines() and bool(shutil.which("apt-get"))


def debian_awscli():
    """Debian's own awscli, a version 2, unpacked with what it needs and the machine lacks. apt's lists are kept apart."""
    python = pathlib.Path("/usr/bin/python3")
    if not is_debian():
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
    trust = os.environ.get("SKARB_TRUST_STORE")
    trusted = [f"-Djavax.net.ssl.trustStore={trust}", "-Djavax.net.ssl.trustStorePassword=changeit"] if trust else []
    return ["sh", "-c", find, "java", "-XX:TieredStopAtLevel=1", *quiet, *trusted, "-cp", f"{place}/*", str(HERE / "AwsSdkDriver.java")]


def certificate(place):
    """A certificate for the loopback address and its key, by the JDK's own tool; clients are told to trust it by the environment."""
    store, key, cert = place / "trust.p12", place / "key.pem", place / "cert.pem"
    tool = ["sh", "-c", f'. "{ROOT}/.mvn/find-jdk.sh"; exec "$JAVA_HOME/bin/keytool" "$@"', "keytool"]
    named = ["-alias", "skarb", "-keystore", place / "own.p12", "-storepass", "changeit"]
    run([*tool, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "2", *named])
    run([*tool, "-exportcert", "-rfc", "-file", cert, *named])
    run([*tool, "-importcert", "-noprompt", "-file", cert, "-alias", "skarb", "-keystore", store, "-storepass", "changeit"])
    run(["openssl", "pkcs12", "-in", place / "own.p12", "-nodes", "-nocerts", "-passin", "pass:changeit", "-out", key])
    os.environ.update(SSL_CERT_FILE=str(cert), AWS_CA_BUNDLE=str(cert), NODE_EXTRA_CA_CERTS=str(cert), SKARB_TRUST_STORE=str(store))
    return ["--tls-cert", str(cert), "--tls-key", str(key)]
