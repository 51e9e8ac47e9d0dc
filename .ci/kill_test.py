"""Kills a server again and again under load and checks every answer that it had given.

Eight clients put, copy, upload in parts and delete objects of mixed sizes, half of them in a bucket that keeps versions,
and keep a ledger: what each key may hold. An operation that was answered leaves one state; one that was not leaves both,
the one before and the one after. After each kill -9 the store is started again, and every key must hold a state that its
ledger allows, byte for byte; every version that was answered and not removed must still be there with its bytes, and none
that was removed; uploads that were open go on with the parts that they had; the listings must agree.

    kill_test.py [--kills 20] [--seed N]
"""

import argparse
import hashlib
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from server import Server, client  # noqa: E402

PLAIN = "kills"
VERSIONED = "kills-versioned"
CLIENTS = 8
KEYS = 24
SIZES = [0, 1, 100, 4_096, 4_096, 20_000, 40_000, 300_000, 5_000_000]
PART = 5 << 20
ABSENT = "absent"


def digest(body):
    return hashlib.sha256(body).hexdigest()


class Ledger:
    """What one client was told, and may find."""

    def __init__(self, name, bucket):
        self.bucket = bucket
        # What each key may hold: digests of bodies, or ABSENT.
        self.allowed = {f"{name}/{number:03}": {ABSENT} for number in range(KEYS)}
        # Versions that must be there: (key, version id) to the digest, or ABSENT for a delete marker.
        self.versions = {}
        # Versions whose removal was asked for: answered ones must be gone, others may be.
        self.removed = set()
        self.perhaps_removed = {}
        # Open uploads: (key, upload id) to its parts: number to (etag, body).
        self.uploads = {}
        # Uploads whose completion was asked for and not answered.
        self.perhaps_completed = {}


class Worker:
    """One client: operations at random until the server is gone."""

    def __init__(self, server, ledger, seed, stop, counts):
        self.ledger, self.stop, self.counts = ledger, stop, counts
        self.dice = random.Random(seed)
        self.s3 = client(server)
        self.ways = {self.put: 40, self.delete: 20, self.copy: 12, self.part: 8, self.complete: 10}
        if ledger.bucket == VERSIONED:
            self.ways[self.remove] = 10

    def run(self):
        while not self.stop.is_set():
            way = self.dice.choices(list(self.ways), list(self.ways.values()))[0]
            try:
                way()
            except Exception as error:  # the server is gone, or going
                if not self.stop.is_set():
                    self.counts["unexpected"].append(repr(error))
                return

    def key(self):
        return self.dice.choice(sorted(self.ledger.allowed))

    def wrote(self, key, state, answer, kind):
        self.ledger.allowed[key] = {state}
        if "VersionId" in answer:
            self.ledger.versions[key, answer["VersionId"]] = state
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def put(self):
        key, body = self.key(), self.dice.randbytes(self.dice.choice(SIZES))
        self.ledger.allowed[key] = self.ledger.allowed[key] | {digest(body)}
        self.wrote(key, digest(body), self.s3.put_object(Bucket=self.ledger.bucket, Key=key, Body=body), "puts")

    def delete(self):
        key = self.key()
        self.ledger.allowed[key] = self.ledger.allowed[key] | {ABSENT}
        self.wrote(key, ABSENT, self.s3.delete_object(Bucket=self.ledger.bucket, Key=key), "deletes")

    def copy(self):
        sources = [key for key, states in self.ledger.allowed.items() if len(states) == 1 and ABSENT not in states]
        key = self.key()
        if not sources or key in sources[:1]:
            return
        source = sources[0]
        (state,) = self.ledger.allowed[source]
        self.ledger.allowed[key] = self.ledger.allowed[key] | {state}
        answer = self.s3.copy_object(
            Bucket=self.ledger.bucket, Key=key, CopySource={"Bucket": self.ledger.bucket, "Key": source})
        self.wrote(key, state, answer, "copies")

    def part(self):
        ledger = self.ledger
        if len(ledger.uploads) < 2:
            key = self.key()
            upload = self.s3.create_multipart_upload(Bucket=ledger.bucket, Key=key)["UploadId"]
            ledger.uploads[key, upload] = {}
            return
        (key, upload), parts = self.dice.choice(list(ledger.uploads.items()))
        number = len(parts) + 1
        if number > 3:
            return
        body = self.dice.randbytes(PART)
        answer = self.s3.upload_part(
            Bucket=ledger.bucket, Key=key, UploadId=upload, PartNumber=number, Body=body)
        parts[number] = (answer["ETag"], body)
        self.counts["parts"] = self.counts.get("parts", 0) + 1

    def complete(self):
        ledger = self.ledger
        ready = [each for each in ledger.uploads.items() if each[1]]
        if not ready:
            return
        (key, upload), parts = self.dice.choice(ready)
        del ledger.uploads[key, upload]
        state = digest(b"".join(body for _, body in parts.values()))
        ledger.perhaps_completed[key, upload] = parts
        ledger.allowed[key] = ledger.allowed[key] | {state}
        self.wrote(key, state, complete(self.s3, ledger.bucket, key, upload, parts), "completions")
        del ledger.perhaps_completed[key, upload]

    def remove(self):
        ledger = self.ledger
        if not ledger.versions:
            return
        key, version = self.dice.choice(sorted(ledger.versions))
        ledger.perhaps_removed[key, version] = ledger.versions.pop((key, version))
        # What becomes current is some older version, or nothing.
        ledger.allowed[key] = {ABSENT, *ledger.allowed[key]} | {
            state for (other, _), state in ledger.versions.items() if other == key}
        self.s3.delete_object(Bucket=ledger.bucket, Key=key, VersionId=version)
        del ledger.perhaps_removed[key, version]
        ledger.removed.add((key, version))
        self.counts["removals"] = self.counts.get("removals", 0) + 1


def complete(s3, bucket, key, upload, parts):
    return s3.complete_multipart_upload(
        Bucket=bucket, Key=key, UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": number, "ETag": tag} for number, (tag, _) in sorted(parts.items())]})


def read(s3, bucket, key, **more):
    try:
        return digest(s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read())
    except s3.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("NoSuchKey", "NoSuchVersion", "MethodNotAllowed"):
            return ABSENT if code != "NoSuchVersion" else "no such version"
        raise


def pages(s3, operation, **request):
    for page in s3.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100}, **request):
        yield page


def check_uploads(s3, ledger):
    """What was open goes on; what was perhaps completed either is, or can be."""
    for (key, upload), parts in list(ledger.uploads.items()):
        listed = s3.list_parts(Bucket=ledger.bucket, Key=key, UploadId=upload).get("Parts", [])
        there = {part["PartNumber"]: part["ETag"] for part in listed}
        for number, (tag, _) in parts.items():
            if there.get(number) != tag:
                yield f"part {number} of {key} is {there.get(number)}, was answered as {tag}"
    for (key, upload), parts in list(ledger.perhaps_completed.items()):
        state = digest(b"".join(body for _, body in parts.values()))
        was = read(s3, ledger.bucket, key)
        complete(s3, ledger.bucket, key, upload, parts)  # the same again: it answers, whichever it was
        ledger.allowed[key] = ledger.allowed[key] | {state}
        now = read(s3, ledger.bucket, key)
        if now not in (was, state):
            yield f"{key} became {now[:12]} by completing an upload of {state[:12]}"
    ledger.perhaps_completed.clear()


def adopt(s3, ledger, listed):
    """Versions that are there and whose writing, or removal, was never answered: from now on they must stay."""
    for key, version in listed - ledger.versions.keys() - ledger.removed:
        found = read(s3, VERSIONED, key, VersionId=version)
        if found not in ledger.allowed[key] and found != ledger.perhaps_removed.get((key, version)):
            yield f"version {version} of {key} is {found[:12]}, which nobody wrote"
        ledger.versions[key, version] = found
    ledger.perhaps_removed.clear()


def check(server, ledgers):
    s3 = client(server)
    wrong = []
    for ledger in ledgers:
        wrong.extend(check_uploads(s3, ledger))
    listed = {
        (bucket, entry["Key"]) for bucket in (PLAIN, VERSIONED)
        for page in pages(s3, "list_objects_v2", Bucket=bucket) for entry in page.get("Contents", [])}
    versions = {
        (entry["Key"], entry["VersionId"]) for page in pages(s3, "list_object_versions", Bucket=VERSIONED)
        for entry in page.get("Versions", []) + page.get("DeleteMarkers", [])}
    for ledger in ledgers:
        wrong.extend(adopt(s3, ledger, {pair for pair in versions if pair[0] in ledger.allowed}))
        for key, allowed in ledger.allowed.items():
            state = read(s3, ledger.bucket, key)
            if state not in allowed:
                wrong.append(f"{key} holds {state[:12]}, allowed {[a[:12] for a in allowed]}")
            if (state != ABSENT) != ((ledger.bucket, key) in listed):
                wrong.append(f"{key} is {state[:12]} by GET and listed otherwise")
            ledger.allowed[key] = {state}
        for (key, version), state in ledger.versions.items():
            if (key, version) not in versions:
                wrong.append(f"version {version} of {key} is not listed")
            found = read(s3, VERSIONED, key, VersionId=version)
            if found != state:
                wrong.append(f"version {version} of {key} is {found[:12]}, was {state[:12]}")
        wrong.extend(f"version {version} of {key} is back" for key, version in ledger.removed & versions)
    return wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = arguments.parse_args()
    print(f"kill test, --seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    ledgers = [Ledger(f"client-{number}", (PLAIN, VERSIONED)[number % 2]) for number in range(CLIENTS)]
    counts = {"unexpected": []}
    with tempfile.TemporaryDirectory(prefix="skarb-kill") as folder:
        server = Server(folder + "/data")
        for bucket in (PLAIN, VERSIONED):
            client(server).create_bucket(Bucket=bucket)
        client(server).put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
        for kill in range(options.kills):
            stop = threading.Event()
            workers = [
                threading.Thread(target=Worker(server, ledger, dice.random(), stop, counts).run) for ledger in ledgers]
            for worker in workers:
                worker.start()
            time.sleep(dice.uniform(0.3, 3))
            stop.set()
            server.kill()
            for worker in workers:
                worker.join()
            began = time.monotonic()
            server = Server(folder + "/data")
            ready = time.monotonic() - began
            wrong = check(server, ledgers)
            answered = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()) if kind != "unexpected")
            print(f"kill {kill + 1}: answered so far {answered}; ready again after {ready:.2f} s, {len(wrong)} wrong",
                  flush=True)
            if wrong or counts["unexpected"]:
                print("\n".join(wrong + counts["unexpected"]))
                print(f"FAILED: repeat with --seed {options.seed}")
                server.kill()
                sys.exit(1)
        server.stop()
    assert counts["puts"] > 10 * options.kills, "too little load to mean anything"
    assert min(counts.get(kind, 0) for kind in ("deletes", "copies", "parts", "completions", "removals")) > options.kills / 2
    print(f"kill test: {options.kills} passed, 0 failed")


main()
