"""Real clients against a server that this script starts: what each of them can do, as one table.

    client_matrix.py --grpcurl PATH    exits 1 when a cell fails that client-gaps.txt does not name, or one works that it names
    client_matrix.py --update          writes the table in docs/compatibility.md as well
    client_matrix.py --tls             the same over TLS, where SDKs sign in other ways
    client_matrix.py --clients s3cmd   only these clients, named as in the table, with semicolons between them

A cell is what the client did and what boto3 then finds: the very bytes, by their hash, and the listing. Cells are `ok`, `fails`, or
`–` where the tool has no such command. Clients that this machine cannot have are counted and named.
"""

import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "clients"))
import tools  # noqa: E402
from clients import MIB, Boto3, Driven, Driver, Minio, NoCommand  # noqa: E402
from programs import AwsCli, Grpcurl, Rclone, S3cmd, S5cmd  # noqa: E402
from server import ROOT, Server, client  # noqa: E402

GAPS = ROOT / ".ci" / "client-gaps.txt"
TABLE = ROOT / "docs" / "compatibility.md"
MANY = 1_100  # more than a page
CELLS = []


def cell(function):
    CELLS.append((function.__name__.replace("_", " ").strip(), function))
    return function


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Judge:
    """What the clients did, as boto3 sees it."""

    def __init__(self, server, folder):
        self.s3 = client(server, max_pool_connections=16)
        self.folder = folder
        self.small, self.large = folder / "small.bin", folder / "large.bin"
        self.small.write_bytes(os.urandom(100_003))
        self.large.write_bytes(os.urandom(64 * MIB + 12_345))
        self.many = [f"many/{number % 11:02}/{number:05}" for number in range(MANY)]
        self.s3.create_bucket(Bucket="many-keys")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: self.s3.put_object(Bucket="many-keys", Key=key, Body=b"x"), self.many))

    def put(self, bucket, key, content):
        self.s3.put_object(Bucket=bucket, Key=key, Body=content)

    def holds(self, bucket, key, file, version=None):
        """The object has a file's very bytes."""
        named = {"VersionId": version} if version else {}
        digest = hashlib.sha256()
        for chunk in self.s3.get_object(Bucket=bucket, Key=key, **named)["Body"].iter_chunks(MIB):
            digest.update(chunk)
        assert digest.hexdigest() == sha256(file), f"{key} has other bytes"

    def lists(self, bucket, prefix, *keys):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        found = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        assert found == sorted(keys), f"{prefix} lists {found}"

    def versions(self, bucket, key):
        """The ids of its versions and of its delete markers, newest first."""
        answer = self.s3.list_object_versions(Bucket=bucket, Prefix=key)
        return tuple([entry["VersionId"] for entry in answer.get(kind, [])] for kind in ("Versions", "DeleteMarkers"))


class Trial:
    """One client with its buckets; `kept` is one with versions."""

    def __init__(self, name, subject, judge, number):
        self.name, self.client, self.judge = name, subject, judge
        self.bucket, self.kept = f"matrix-{number}", f"matrix-{number}-versions"
        self.back = judge.folder / f"back-{number}.bin"

    def prepare(self):
        for bucket in (self.bucket, self.kept):
            self.client.make_bucket(bucket)
        self.judge.s3.put_bucket_versioning(Bucket=self.kept, VersioningConfiguration={"Status": "Enabled"})


@cell
def put(t):
    keys = ["put/plain.bin", "put/odd +ü & =~@(1).bin"]
    for key in keys:
        t.client.put(t.bucket, key, t.judge.small)
        t.judge.holds(t.bucket, key, t.judge.small)
    t.judge.lists(t.bucket, "put/", *keys)


@cell
def get(t):
    for key in ["get/plain.bin", "get/odd +ü & =~@(1).bin"]:
        t.judge.put(t.bucket, key, t.judge.small.read_bytes())
        t.back.unlink(missing_ok=True)
        t.client.get(t.bucket, key, t.back)
        assert sha256(t.back) == sha256(t.judge.small), f"{key} came back with other bytes"


@cell
def list_(t):
    keys = sorted(["list/a b", "list/a+b", "list/a/b", "list/ä&ö", "list/z"])
    for key in keys:
        t.judge.put(t.bucket, key, b"x")
    found = t.client.list(t.bucket, "list/")
    assert sorted(found) == keys, f"lists {found}"
    found = t.client.list("many-keys", "many/")
    assert sorted(found) == sorted(t.judge.many), f"lists {len(found)} of {MANY}"


@cell
def range_(t):
    content = t.judge.small.read_bytes()
    t.judge.put(t.bucket, "range/k.bin", content)
    for first, last in ((0, 0), (50_000, 65_600)):
        found = t.client.range(t.bucket, "range/k.bin", first, last)
        assert found == content[first:last + 1], f"{len(found)} other bytes for {first}-{last}"


@cell
def multipart(t):
    t.client.put_in_parts(t.bucket, "multipart/k.bin", t.judge.large)
    etag = t.judge.s3.head_object(Bucket=t.bucket, Key="multipart/k.bin")["ETag"]
    assert "-" in etag, f"it went in one piece: {etag}"
    t.judge.holds(t.bucket, "multipart/k.bin", t.judge.large)
    t.judge.lists(t.bucket, "multipart/", "multipart/k.bin")
    assert "Uploads" not in t.judge.s3.list_multipart_uploads(Bucket=t.bucket), "an upload is still open"
    t.back.unlink(missing_ok=True)
    t.client.get(t.bucket, "multipart/k.bin", t.back)
    assert sha256(t.back) == sha256(t.judge.large), "it came back with other bytes"


@cell
def copy(t):
    source, target = "copy/from +ü.bin", "copy/to +ü.bin"
    t.judge.put(t.bucket, source, t.judge.small.read_bytes())
    t.client.copy(t.bucket, source, target)
    t.judge.holds(t.bucket, target, t.judge.small)
    t.judge.lists(t.bucket, "copy/", source, target)


@cell
def delete(t):
    gone, stays = "delete/gone +ü.bin", "delete/stays.bin"
    for key in (gone, stays):
        t.judge.put(t.bucket, key, t.judge.small.read_bytes())
    t.client.delete(t.bucket, gone)
    t.judge.lists(t.bucket, "delete/", stays)


def hide(t, key):
    """Two versions under a marker that the client made: gives the versions."""
    old = t.judge.folder / "old.bin"
    old.write_bytes(b"the version before")
    t.client.put(t.kept, key, old)
    t.client.put(t.kept, key, t.judge.small)
    t.client.delete(t.kept, key)
    versions, markers = t.judge.versions(t.kept, key)
    assert len(versions) == 2 and len(markers) == 1, f"{versions} and {markers}"
    t.judge.lists(t.kept, key)
    t.judge.holds(t.kept, key, t.judge.small, versions[0])
    t.judge.holds(t.kept, key, old, versions[1])
    return versions


@cell
def versioned_delete(t):
    hide(t, "hidden/k.bin")


@cell
def undelete(t):
    versions = hide(t, "back/k.bin")
    t.client.undelete(t.kept, "back/k.bin")
    t.judge.holds(t.kept, "back/k.bin", t.judge.small)
    t.judge.lists(t.kept, "back/", "back/k.bin")
    assert set(versions) <= set(t.judge.versions(t.kept, "back/k.bin")[0]), "a version is lost"


@cell
def presigned(t):
    key = "presigned/k +ü.bin"
    t.judge.put(t.bucket, key, t.judge.small.read_bytes())
    url = t.client.presign(t.bucket, key)
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.read() == t.judge.small.read_bytes(), "the URL gives other bytes"
        url = t.client.presign_put(t.bucket, "presigned/put")
        urllib.request.urlopen(urllib.request.Request(url, data=b"by url", method="PUT"), timeout=30).close()
        assert t.judge.s3.get_object(Bucket=t.bucket, Key="presigned/put")["Body"].read() == b"by url"
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code}: {error.read().decode(errors='replace')[:300]}") from error
    except NoCommand:
        pass  # reads only


NAMES = [name for name, _ in CELLS]


def clients(server, data, folder, grpcurl):
    """Each client's name with what makes it."""
    scripts = pathlib.Path(sys.executable).parent
    drivers = {}

    def driven(language, flavour):
        if language not in drivers:
            drivers[language] = Driver(getattr(tools, language)(), server)
        return Driven(drivers[language], flavour, folder)

    def debian():
        command, environment = tools.debian_awscli()
        return AwsCli(server, folder, command, environment)

    def with_grpcurl():
        if not shutil.which(grpcurl):
            raise tools.Missing(f"no {grpcurl}")
        return Grpcurl(server, data, grpcurl)

    makers = {
        "boto3": lambda: Boto3(server),
        "awscli (PyPI)": lambda: AwsCli(server, folder, [scripts / "aws"], {}),
        "awscli (Debian)": debian,
        "s3cmd": lambda: S3cmd(server, folder, scripts / "s3cmd"),
        "rclone": lambda: Rclone(server, scripts / "rclone"),
        "s5cmd": lambda: S5cmd(server, folder, scripts / "s5cmd"),
        "minio-py": lambda: Minio(server),
        "JavaScript": lambda: driven("javascript", "client-s3"),
        "Java, blocking": lambda: driven("java", "sync"),
        "Java, asynchronous": lambda: driven("java", "async"),
        "Java, CRT": lambda: driven("java", "crt"),
        "Java, transfer manager": lambda: driven("java", "transfer"),
        "grpcurl": with_grpcurl,
    }
    return makers, drivers


def try_client(trial, options):
    """One row: each cell's outcome, with the reason where it fails."""
    row = {}
    try:
        trial.prepare()
    except Exception as error:
        return {name: ("fails", f"its buckets: {error}") for name, _ in CELLS}
    for name, function in CELLS:
        began = time.monotonic()
        try:
            function(trial)
            row[name] = ("ok", "")
        except NoCommand:
            row[name] = ("–", "")
        except Exception as error:
            row[name] = ("fails", " ".join(f"{type(error).__name__}: {error}".split())[:600])
        if options.times:
            print(f"{trial.name} {name}: {time.monotonic() - began:.1f} s", flush=True)
    return row


def known_gaps():
    lines = [line for line in GAPS.read_text().splitlines() if line and not line.startswith("#")]
    return {tuple(field.strip() for field in line.split("|")[:2]): line.split("|")[2].strip() for line in lines}


def committed():
    """The outcomes in the documentation's table, by client and cell."""
    lines = [line.strip("| \n").split(" | ") for line in TABLE.read_text().split("<!-- clients -->")[1].split("<!-- /clients -->")[0].splitlines()
             if line.startswith("| ")]
    return {(row[0], kind): outcome for row in lines[2:] for kind, outcome in zip(lines[0][1:], row[1:], strict=True)}


def table(rows, skipped):
    lines = ["| client | " + " | ".join(NAMES) + " |", "| --- |" + " --- |" * len(NAMES)]
    lines += [f"| {name} | " + " | ".join(row[kind][0] for kind in NAMES) + " |" for name, row in rows.items()]
    lines += [f"| {name} |" + " skipped |" * len(NAMES) for name in skipped]
    return "\n".join(lines)


def judge_rows(rows, gaps, before):
    """Prints what is not as it should be; gives how many cells are wrong, and how many known gaps there are.

    A cell without a command is wrong where the documentation's table (`before`) says otherwise, and the other way round.
    """
    wrong = known_ones = 0
    for name, row in rows.items():
        for kind, (outcome, reason) in row.items():
            known = gaps.get((name, kind))
            if outcome == "fails":
                wrong += not known
                known_ones += bool(known)
                print(f"{'known gap' if known else 'FAIL'}  {name}, {kind}: {known or reason}")
            elif known:
                wrong += 1
                print(f"FAIL  {name}, {kind}: {outcome} now: take it out of {GAPS.name}")
            elif (outcome == "–") != (before.get((name, kind), outcome) == "–"):
                wrong += 1
                print(f"FAIL  {name}, {kind}: {outcome} now, {before[name, kind]} in docs/{TABLE.name}: --update writes it")
    return wrong, known_ones


def run(options, folder):
    data = folder / "data"
    server = Server(data, arguments=tools.certificate(folder) if options.tls else ())
    rows, skipped, drivers = {}, {}, {}
    try:
        assert server.s3.startswith("https:" if options.tls else "http:"), server.s3
        judge = Judge(server, folder)
        makers, drivers = clients(server, data, folder, options.grpcurl)
        unknown = [f"{name}, {kind}" for name, kind in known_gaps() if name not in makers or kind not in NAMES]
        assert not unknown, f"{GAPS.name} names what is no cell: {unknown}"
        for number, (name, make) in enumerate(makers.items()):
            if options.clients and name not in options.clients:
                continue
            began = time.monotonic()
            try:
                rows[name] = try_client(Trial(name, make(), judge, number), options)
                print(f"tried {name} in {time.monotonic() - began:.0f} s", flush=True)
            except tools.Missing as missing:
                skipped[name] = str(missing)
    finally:
        for driver in drivers.values():
            driver.close()
        server.stop()
    return rows, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grpcurl", default="grpcurl")
    parser.add_argument("--update", action="store_true", help="write the table in docs/compatibility.md")
    parser.add_argument("--clients", type=lambda text: [name.strip() for name in text.split(";")], help="only these; with semicolons")
    parser.add_argument("--tls", action="store_true", help="the same over TLS, where SDKs sign in other ways")
    parser.add_argument("--times", action="store_true", help="say how long each cell took")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skarb-clients-") as folder:
        rows, skipped = run(options, pathlib.Path(folder))
    print(table(rows, skipped))
    updates = options.update and not options.clients and not options.tls
    wrong, known = judge_rows(rows, known_gaps(), {} if updates else committed())
    for name, reason in skipped.items():
        print(f"SKIPPED  {name}: {' '.join(reason.split())}")
    if updates:
        begin, end = "<!-- clients -->\n", "<!-- /clients -->\n"
        before, rest = TABLE.read_text().split(begin)
        gaps = "".join(f"\n- {name}, {kind}: {reason}" for (name, kind), reason in known_gaps().items())
        TABLE.write_text(f"{before}{begin}{table(rows, skipped)}\n{gaps}\n{end}{rest.split(end)[1]}")
    found = [outcome for row in rows.values() for outcome, _ in row.values()]
    print(f"clients: {len(rows)} tried, {len(skipped)} skipped; {found.count('–')} cells without such a command, {known} known gaps")
    print(f"cells: {found.count('ok')} passed, {wrong} failed, {found.count('–') + known} skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
