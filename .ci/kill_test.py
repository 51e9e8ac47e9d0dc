"""Kills a server again and again under load and checks every answer that it had given.

Eight clients put and delete objects of mixed sizes and keep a ledger: what each key may hold. An operation that was
answered leaves one state; one that was not leaves both, the one before and the one after. After each kill -9 the store is
started again, and every key must hold a state that its ledger allows, byte for byte; the listing must agree.

    kill_test.py [--kills 10] [--seed N]
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

BUCKET = "kills"
CLIENTS = 8
KEYS = 40
SIZES = [0, 1, 100, 4_096, 4_096, 20_000, 40_000, 300_000, 5_000_000]
ABSENT = "absent"


class Ledger:
    """What each key of one client may hold: digests of bodies, or ABSENT."""

    def __init__(self, name):
        self.allowed = {f"{name}/{number:03}": {ABSENT} for number in range(KEYS)}


def work(server, ledger, seed, stop, counts):
    dice = random.Random(seed)
    s3 = client(server)
    while not stop.is_set():
        key = dice.choice(sorted(ledger.allowed))
        before = ledger.allowed[key]
        try:
            if dice.random() < 0.25:
                ledger.allowed[key] = before | {ABSENT}
                s3.delete_object(Bucket=BUCKET, Key=key)
                ledger.allowed[key] = {ABSENT}
                counts["deletes"] += 1
            else:
                body = dice.randbytes(dice.choice(SIZES))
                digest = hashlib.sha256(body).hexdigest()
                ledger.allowed[key] = before | {digest}
                s3.put_object(Bucket=BUCKET, Key=key, Body=body)
                ledger.allowed[key] = {digest}
                counts["puts"] += 1
        except Exception as error:  # the server is gone, or going
            if not stop.is_set():
                counts["unexpected"].append(repr(error))
            return


def check(server, ledgers):
    s3 = client(server)
    listed = set()
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 100}):
        listed |= {entry["Key"] for entry in page.get("Contents", [])}
    wrong = []
    for ledger in ledgers:
        for key, allowed in ledger.allowed.items():
            try:
                body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
                state = hashlib.sha256(body).hexdigest()
            except s3.exceptions.NoSuchKey:
                state = ABSENT
            if state not in allowed:
                wrong.append(f"{key} holds {state[:12]}, allowed {[a[:12] for a in allowed]}")
            if (state != ABSENT) != (key in listed):
                wrong.append(f"{key} is {state[:12]} by GET and {'listed' if key in listed else 'not listed'}")
            ledger.allowed[key] = {state}
    return wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = arguments.parse_args()
    print(f"kill test, --seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    ledgers = [Ledger(f"client-{number}") for number in range(CLIENTS)]
    counts = {"puts": 0, "deletes": 0, "unexpected": []}
    with tempfile.TemporaryDirectory(prefix="skarb-kill") as folder:
        server = Server(folder + "/data")
        client(server).create_bucket(Bucket=BUCKET)
        for kill in range(options.kills):
            stop = threading.Event()
            workers = [
                threading.Thread(target=work, args=(server, ledger, dice.random(), stop, counts)) for ledger in ledgers
            ]
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
            print(f"kill {kill + 1}: {counts['puts']} puts and {counts['deletes']} deletes answered so far, "
                  f"ready again after {ready:.2f} s, {len(wrong)} keys wrong", flush=True)
            if wrong or counts["unexpected"]:
                print("\n".join(wrong + counts["unexpected"]))
                print(f"FAILED: repeat with --seed {options.seed}")
                server.kill()
                sys.exit(1)
        server.stop()
    assert counts["puts"] > 20 * options.kills, "too little load to mean anything"
    print(f"kill test: {options.kills} passed, 0 failed")


main()
