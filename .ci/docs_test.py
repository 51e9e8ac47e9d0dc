"""Runs the examples of documentation pages against a server, as somebody would who copies them.

    docs_test.py --grpcurl PATH [PAGE...]    docs/cli.md, docs/grpc.md and all of docs/clients unless pages are named

A page is one script: its blocks marked `sh`, `python`, `javascript` and `java`, in their order, in one folder with a home of its own, a
running server's `data`, the files that docs/clients/README.md speaks of, and the key in the environment. A block of another language
that begins with `# file: NAME` or `// file: NAME` is written to that file first, and so may be used by what follows. The addresses of
the examples, 127.0.0.1:9000 and :9010, become the server's. A page fails where its script does.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "clients"))
import tools  # noqa: E402
from clients import MIB  # noqa: E402
from server import ACCESS_KEY, ROOT, SECRET_KEY, Server  # noqa: E402

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"python": ("py", "python"), "javascript": ("mjs", "node"), "java": ("java", "java_source")}


def script(text):
    """The page as one shell script."""
    lines = ["set -euo pipefail"]
    for number, (language, code) in enumerate(BLOCK.findall(text)):
        if language == "sh":
            lines.append(code)
        elif language in LANGUAGES:
            ending, command = LANGUAGES[language]
            named = re.match(r"(?:#|//) file: (\S+)\n", code)
            file = named.group(1) if named else f"example{number}.{ending}"
            lines += [f"cat > '{file}' <<'END_OF_EXAMPLE'", code + "END_OF_EXAMPLE", f"{command} '{file}'"]
    return "\n".join(lines) + "\n"


def furnish(place, grpcurl):
    """What the examples find: files of one's own, the commands, and Skarb's checkout around them."""
    (place / "photo.jpg").write_bytes(os.urandom(300_000))
    (place / "film.mp4").write_bytes(os.urandom(20 * MIB + 1))
    (place / "skarb").write_text(f'#!/bin/sh\nexec "{ROOT}/skarb" "$@"\n')
    (place / "skarb").chmod(0o755)
    (place / "proto").symlink_to(ROOT / "proto")
    commands = place / "bin"
    commands.mkdir()
    if grpcurl:
        (commands / "grpcurl").symlink_to(pathlib.Path(grpcurl).resolve())
    return commands


def libraries(page):
    """Where this page's languages find their packages: gRPC's pages in Skarb's own, the others in the SDKs'."""
    if page.name == "grpc.md":
        return {"JARS": f"{ROOT}/cli/target/skarb/lib/*"}
    if page.name == "java.md":
        return {"JARS": tools.java()[-2]}
    if page.name == "javascript.md":
        return {"MODULES": str(pathlib.Path(tools.javascript()[-1]).parent / "node_modules")}
    return {}


PRELUDE = f"""
if [ -n "${{MODULES:-}}" ]; then ln -s "$MODULES" node_modules; fi
java_source() {{ (. "{ROOT}/.mvn/find-jdk.sh"; exec "$JAVA_HOME/bin/java" -cp "$JARS" "$@"); }}
"""


def run_page(page, server, place, grpcurl):
    commands = furnish(place, grpcurl)
    hosts = {"127.0.0.1:9000": server.s3.removeprefix("http://"), "127.0.0.1:9010": server.grpc}
    text = page.read_text()
    for example, real in hosts.items():
        text = text.replace(example, real)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_", "S3_"))}
    path = os.pathsep.join([str(commands), str(pathlib.Path(sys.executable).parent), clean["PATH"]])
    environment = {**clean, **libraries(page), "HOME": str(place), "PATH": path, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "LC_ALL": "C.UTF-8",
                   "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run(["bash", "-c", PRELUDE + script(text)], cwd=place, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grpcurl", help="the program")
    parser.add_argument("--verbose", action="store_true", help="show what the examples print")
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    pages = options.pages or [ROOT / "docs" / "cli.md", ROOT / "docs" / "grpc.md", *sorted((ROOT / "docs" / "clients").glob("*.md"))]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for page in pages:
        if not re.search(r"^```sh$", page.read_text(), re.MULTILINE) and not any(f"```{name}\n" in page.read_text() for name in LANGUAGES):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="skarb-docs-") as folder:
            server = Server(pathlib.Path(folder) / "data")
            try:
                done = run_page(page, server, pathlib.Path(folder), options.grpcurl)
                outcome = "passed" if done.returncode == 0 else "failed"
                said = done.stdout + done.stderr if options.verbose or done.returncode else ""
            except tools.Missing as missing:
                outcome, said = "skipped", str(missing)
            finally:
                server.stop()
        counts[outcome] += 1
        if outcome == "skipped":
            print(f"SKIPPED  {page.name}: {' '.join(said.split())}", flush=True)
            continue
        print(f"{outcome:8} {page.name} in {time.monotonic() - began:.0f} s", flush=True)
        if said:
            print(said)
    print("pages: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
