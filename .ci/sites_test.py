"""Three servers of one realm that all take writes, under kills and broken links: they end equal, and nothing answered is lost.

First some named checks. Then clients at all three sites put, overwrite, copy, upload in parts, delete, remove versions and
settle conflicts, on keys of one site and on keys of all, and keep a ledger (sites_ledger.py). Meanwhile servers are killed and
started again, and the links, which run through proxies (proxy.py), are delayed, stalled one way, reset and cut. Then all is
mended. `skarb replication status` must come to say zero everywhere; then the sites must hold the same, byte for byte, and what
they hold must be what can have become of the ledger. In the end the judge is shown things that are wrong: it must notice each.

    sites_test.py [--seconds 45] [--seed N] [--grpcurl PATH] [--sabotage] [--keep]

The seed repeats the plan of faults and what each client chooses, not the times at which things happen.
"""

import argparse
import copy
import hashlib
import json
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from proxy import Proxy  # noqa: E402
from server import client  # noqa: E402
from sites import Site, behind, commands_say_zero, join, until, wait_until_equal  # noqa: E402
from sites_ledger import ABSENT, Found, Ledger, Observed, judge  # noqa: E402

PLAIN, VERSIONED = "sites", "sites-versioned"
SITES = ["warsaw", "berlin", "oslo"]
CLIENTS = 3  # at each site
SHARED, OWN = 10, 6  # keys of all sites, and of each
SIZES = [0, 1, 100, 4_096, 4_096, 20_000, 40_000, 300_000, 1_500_000]
PART = 5 << 20
STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:6.1f} s  {text}", flush=True)


def digest(body):
    return hashlib.sha256(body).hexdigest()


class Worker:
    """One client of one site: operations at random."""

    def __init__(self, run, site, seed):
        self.run_, self.site, self.dice = run, site, random.Random(seed)
        self.ledger = run.ledger
        self.ways = {self.put: 50, self.delete: 12, self.copy: 8, self.upload: 2, self.remove: 8, self.settle: 4}

    def run(self):
        while not self.run_.stop.is_set():
            if not self.site.up.wait(0.2):
                continue
            way = self.dice.choices(list(self.ways), list(self.ways.values()))[0]
            bucket = self.dice.choice([PLAIN, VERSIONED])
            key = self.key()
            try:
                with self.run_.lock(self.site.name, bucket, key):
                    s3 = self.site.s3
                    way(s3, bucket, key)
                self.run_.count(way.__name__)
            except Exception as error:
                self.failed(s3, way, error)
            time.sleep(self.run_.pause)

    def failed(self, s3, way, error):
        code = (getattr(error, "response", None) or {}).get("Error", {}).get("Code", type(error).__name__)
        self.run_.count(f"{code}")
        killed = s3 is not self.site.s3 or not self.site.up.is_set() or self.site.server.process.poll() is not None
        if not killed and code not in ("503", "ServiceUnavailable", "SlowDown", "NoSuchKey", "NoSuchVersion", "PreconditionFailed"):
            self.run_.unexpected.append(f"{way.__name__} at {self.site.name}: {error!r}")
        if killed:
            time.sleep(0.1)

    def key(self):
        if self.dice.random() < 0.6:
            return f"shared/{self.dice.randrange(SHARED):02}"
        return f"{self.site.name}/{self.dice.randrange(OWN):02}"

    def write(self, s3, bucket, key, state, call, conditional=False):
        """Keeps the ledger around a call that writes. One that can be conditional mostly is: then what it replaces is known."""
        seen, conditions = None, {}
        if conditional and bucket == PLAIN and self.dice.random() < 0.9:
            found = read(s3, bucket, key)
            seen = found.operation
            if found.state != ABSENT:
                conditions = {"IfMatch": found.etag}
            elif state != ABSENT:
                conditions = {"IfNoneMatch": "*"}
        elif bucket == VERSIONED and self.dice.random() < 0.5:
            seen = read(s3, bucket, key).operation  # here it only matters that it was there before
        operation = self.ledger.begin(self.site.name, bucket, key, state, seen, blind=not conditions)
        try:
            answer = call({"Bucket": bucket, "Key": key}, {"op": str(operation.number)}, conditions)
        except s3.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                self.ledger.never_happened(operation)
            raise
        self.ledger.answered(operation, answer.get("VersionId"))

    def body(self):
        return self.dice.randbytes(self.dice.choice(SIZES))

    def put(self, s3, bucket, key):
        body = self.body()
        self.write(s3, bucket, key, digest(body), lambda named, mark, conditions: s3.put_object(
            **named, Metadata=mark, Body=body, **conditions), conditional=True)

    def delete(self, s3, bucket, key):
        self.write(s3, bucket, key, ABSENT, lambda named, _, conditions: s3.delete_object(**named, **conditions), conditional=True)

    def copy(self, s3, bucket, key):
        """From an object that is never overwritten, which need not have come here yet."""
        if self.dice.random() < 0.3 or not self.run_.sources:
            source, body = f"source/{self.site.name}-{self.dice.randrange(1 << 60)}", self.body()
            self.write(s3, PLAIN, source, digest(body), lambda named, mark, _: s3.put_object(**named, Metadata=mark, Body=body))
            self.run_.sources.append((source, digest(body)))
        source, state = self.dice.choice(self.run_.sources)
        self.write(s3, bucket, key, state, lambda named, mark, _: s3.copy_object(
            **named, Metadata=mark, MetadataDirective="REPLACE", CopySource={"Bucket": PLAIN, "Key": source}))

    def upload(self, s3, bucket, key):
        parts = [self.dice.randbytes(PART), self.body() or b"x"]

        def call(named, mark, conditions):
            named = dict(named, UploadId=s3.create_multipart_upload(**named, Metadata=mark)["UploadId"])
            tags = [s3.upload_part(**named, PartNumber=number + 1, Body=part)["ETag"] for number, part in enumerate(parts)]
            return s3.complete_multipart_upload(**named, **conditions, MultipartUpload={
                "Parts": [{"PartNumber": number + 1, "ETag": tag} for number, tag in enumerate(tags)]})

        self.write(s3, bucket, key, digest(b"".join(parts)), call, conditional=True)

    def remove(self, s3, bucket, key):
        """A version of any site, for good."""
        page = s3.list_object_versions(Bucket=VERSIONED, Prefix=key)
        there = page.get("Versions", []) + page.get("DeleteMarkers", [])
        if there:
            version = self.dice.choice(there)["VersionId"]
            place = (VERSIONED, key, version)
            self.ledger.removed.setdefault(place, False)
            s3.delete_object(Bucket=VERSIONED, Key=key, VersionId=version)
            self.ledger.removed[place] = True

    def settle(self, s3, bucket, key):
        """Removes a kept body."""
        page = s3.list_object_versions(Bucket=PLAIN, Prefix="shared/")
        kept = [version for version in page.get("Versions", []) if version["VersionId"] != "null"]
        if kept:
            version = self.dice.choice(kept)
            named = {"Bucket": PLAIN, "Key": version["Key"], "VersionId": version["VersionId"]}
            try:
                number = int(s3.head_object(**named)["Metadata"]["op"])
            except s3.exceptions.ClientError as error:
                if error.response["Error"]["Code"] == "404":
                    return  # somebody else settled it since the listing
                raise
            self.ledger.settled.setdefault(number, False)
            s3.delete_object(**named)
            self.ledger.settled[number] = True


def read(s3, bucket, key, **more):
    """What is served. A body that has not come yet is asked for again by boto3's caller."""
    try:
        answer = s3.get_object(Bucket=bucket, Key=key, **more)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return Found(ABSENT, None)
        raise
    body = answer["Body"].read()
    found = Found(digest(body), int(answer["Metadata"]["op"]) if "op" in answer["Metadata"] else None, answer["ETag"])
    found.conflicts = int(answer["ResponseMetadata"]["HTTPHeaders"].get("x-skarb-conflicts", 0))
    return found


class Run:
    """The load, the faults and what is known of both."""

    def __init__(self, sites, proxies, seed):
        self.sites, self.proxies, self.dice = sites, proxies, random.Random(seed)
        self.ledger = Ledger()
        self.stop = threading.Event()
        self.counts, self.unexpected, self.sources = {}, [], []
        self.pause = 0.02
        self._locks, self._guard = {}, threading.Lock()

    def lock(self, *place):
        with self._guard:
            return self._locks.setdefault(place, threading.Lock())

    def count(self, what):
        with self._guard:
            self.counts[what] = self.counts.get(what, 0) + 1

    def load(self, seconds):
        workers = [threading.Thread(target=Worker(self, site, self.dice.random()).run)
                   for site in self.sites for _ in range(CLIENTS)]
        for worker in workers:
            worker.start()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.unexpected:
            time.sleep(self.dice.uniform(0.3, 2.5))
            self.fault()
        self.stop.set()
        for worker in workers:
            worker.join()

    def fault(self):
        proxy = self.dice.choice(self.proxies)
        kind = self.dice.choices(["kill", "cut", "stall", "reset", "delay", "mend"], [22, 16, 14, 18, 12, 22])[0]
        if kind == "kill":
            site = self.dice.choice(self.sites)
            site.kill()
            time.sleep(self.dice.choice([0, 0, 0.5, 3]))
            site.start()
        elif kind == "cut":
            proxy.sever()
        elif kind == "stall":
            proxy.stall(self.dice.choice(["in", "out"]))
        elif kind == "reset":
            proxy.reset()
        elif kind == "delay":
            proxy.delay = self.dice.choice([0.005, 0.03, 0.2])
        else:
            proxy.heal()
        self.count(f"fault: {kind}")

    def observe(self):
        """What each site holds."""
        found, threads = {}, []
        for site in self.sites:
            def look(site=site):
                try:
                    found[site.name] = observe(site, self.ledger)
                except Exception as error:
                    self.unexpected.append(f"reading all of {site.name}: {error!r}")

            threads.append(threading.Thread(target=look))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return found


def observe(site, ledger):
    s3 = site.s3
    listing, versions, bodies, current, header = {}, {}, {}, {}, {}
    for bucket in (PLAIN, VERSIONED):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 100}):
            for entry in page.get("Contents", []):
                listing[bucket, entry["Key"]] = entry["ETag"], entry["Size"], entry["LastModified"]
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 100}):
            for kind in ("Versions", "DeleteMarkers"):
                for entry in page.get(kind, []):
                    place = (bucket, entry["Key"], entry["VersionId"])
                    versions[place] = kind, entry["IsLatest"], entry.get("ETag"), entry.get("Size"), entry["LastModified"]
                    if kind == "Versions":
                        bodies[place] = read(s3, *place[:2], VersionId=place[2])
    for place in ledger.of_key.keys() | listing.keys():
        current[place] = read(s3, *place)
        if getattr(current[place], "conflicts", 0):
            header[place] = current[place].conflicts
    told = json.loads(site.skarb("conflicts", "list", "--json", "--limit", "100000"))["conflicts"]
    conflicts = {(each["bucket"], each["key"], each["versionId"]) for each in told}
    for place in conflicts - bodies.keys():
        bodies[place] = read(s3, *place[:2], VersionId=place[2])
    return Observed(listing, versions, current, bodies, conflicts, header,
                    site.call("skarb.v1.Admin/GetStatus", '{"with_live_digest": true}')["liveDigest"])


# Checks by name, before the load.

def a_store_that_holds_data_and_keys_joins(sites, proxies):
    warsaw, berlin, oslo = sites
    user = json.loads(oslo.skarb("keys", "create", "--user-id", "ala", "--json"))
    oslo.s3.create_bucket(Bucket="from-oslo")
    oslo.s3.put_object(Bucket="from-oslo", Key="small", Body=b"north")
    oslo.s3.put_object(Bucket="from-oslo", Key="large", Body=b"fjord" * 1_000_000)
    warsaw.s3.create_bucket(Bucket="from-warsaw")
    warsaw.s3.put_object(Bucket="from-warsaw", Key="k", Body=b"river")
    for site in (warsaw, oslo):  # the same name at both: one bucket afterwards
        site.s3.create_bucket(Bucket="by-both")
        site.s3.put_object(Bucket="by-both", Key=site.name, Body=site.name.encode())
    say(join(warsaw, berlin, proxies[0].port))
    say(join(warsaw, oslo, proxies[1].port))
    wait_until_equal([warsaw, berlin, oslo], 60)
    for site in sites:
        assert read(site.s3, "from-oslo", "small").state == digest(b"north"), site.name
        assert read(site.s3, "from-oslo", "large").state == digest(b"fjord" * 1_000_000), site.name
        assert read(site.s3, "from-warsaw", "k").state == digest(b"river"), site.name
        keys = [entry["Key"] for entry in site.s3.list_objects_v2(Bucket="by-both")["Contents"]]
        assert keys == ["oslo", "warsaw"], (site.name, keys)
        with Site.making:
            ala = client(site.server, key=(user["access_key"], user["secret_key"]))
        ala.create_bucket(Bucket=f"ala-{site.name}")
        ala.put_object(Bucket=f"ala-{site.name}", Key="k", Body=b"hers")


def deletes_made_while_a_peer_is_down_arrive(sites, proxies):
    warsaw, berlin, _ = sites
    s3 = warsaw.s3
    s3.create_bucket(Bucket="deletes")
    s3.create_bucket(Bucket="delete-versions")
    s3.put_bucket_versioning(Bucket="delete-versions", VersioningConfiguration={"Status": "Enabled"})
    ids = {}
    for number in range(20):
        s3.put_object(Bucket="deletes", Key=f"k{number:02}", Body=b"x" * number * 3_000)
        ids[number] = s3.put_object(Bucket="delete-versions", Key=f"k{number:02}", Body=b"y" * number * 3_000)["VersionId"]
    wait_until_equal(sites, 60)
    assert len(berlin.s3.list_objects_v2(Bucket="deletes")["Contents"]) == 20
    berlin.kill()
    s3.delete_objects(Bucket="deletes", Delete={"Objects": [{"Key": f"k{number:02}"} for number in range(15)]})
    for number in range(10):
        s3.delete_object(Bucket="delete-versions", Key=f"k{number:02}", VersionId=ids[number])
    marker = s3.delete_object(Bucket="delete-versions", Key="k19")["VersionId"]
    warsaw.kill()  # nor does it matter that the one that deleted is started again meanwhile
    warsaw.start()
    berlin.start()
    wait_until_equal(sites, 60)
    for site in sites:
        keys = [entry["Key"] for entry in site.s3.list_objects_v2(Bucket="deletes")["Contents"]]
        assert keys == [f"k{number}" for number in range(15, 20)], (site.name, keys)
        page = site.s3.list_object_versions(Bucket="delete-versions")
        assert [v["VersionId"] for v in page["Versions"]] == [ids[number] for number in range(10, 20)], (site.name, page)
        assert [v["VersionId"] for v in page["DeleteMarkers"]] == [marker], (site.name, page)


def a_target_is_killed_with_entries_in_flight(sites, proxies):
    warsaw, berlin, _ = sites
    warsaw.s3.create_bucket(Bucket="in-flight")
    proxies[0].sever()
    bodies = {f"k{number:03}": random.Random(number).randbytes(SIZES[number % 8] + number) for number in range(250)}
    for key, body in bodies.items():
        warsaw.s3.put_object(Bucket="in-flight", Key=key, Body=body)
    proxies[0].heal()
    proxies[0].delay = 0.01
    caught = 0
    for pause in (0.15, 0.3, 0.6, 0.9):
        until("the peers are heard", 30, lambda: berlin.peers()[0]["warsaw"][0] == "live")
        time.sleep(pause)
        caught += behind(berlin) is not True
        berlin.kill()
        berlin.start()
    proxies[0].heal()
    wait_until_equal(sites, 60)
    for key, body in bodies.items():
        assert read(berlin.s3, "in-flight", key).state == digest(body), key
    say(f"killed 4 times, {caught} times while entries or bodies were on their way")


CHECKS = [a_store_that_holds_data_and_keys_joins, deletes_made_while_a_peer_is_down_arrive,
          a_target_is_killed_with_entries_in_flight]


# Things that are wrong, for the judge: each takes what was found at each site, and changes it.

def everywhere(function):
    def change(observed, ledger):
        done = [function(one, ledger) for one in observed.values()]
        return any(done)

    change.__name__ = function.__name__
    return change


def a_byte_differs_at_one_site(observed, ledger):
    one = next(iter(observed.values()))
    place = max(place for place in one.bodies if place[0] == VERSIONED)
    one.bodies[place].state = digest(b"something else")
    return True


def the_digest_of_one_site_differs(observed, ledger):
    next(iter(observed.values())).digest += "x"
    return True


@everywhere
def an_answered_version_is_lost(one, ledger):
    place = next((place for place in sorted(one.versions) if place[0] == VERSIONED and not one.versions[place][1]
                  and place not in ledger.removed and any(o.version == place[2] and o.answered for o in ledger.operations)), None)
    if place:
        del one.versions[place]
        one.bodies.pop(place, None)
    return place


@everywhere
def an_answered_object_is_lost(one, ledger):
    for place, found in sorted(one.current.items()):
        if place[0] == PLAIN and found.state != ABSENT and ledger.operations[found.operation].answered and not (
                ledger.perhaps_above(ledger.operations[found.operation])):
            one.current[place] = Found(ABSENT, None)
            del one.listing[place]
            del one.versions[(*place, "null")], one.bodies[(*place, "null")]
            one.header.pop(place, None)
            return True


@everywhere
def something_overwritten_or_deleted_is_back(one, ledger):
    for operation in ledger.operations:
        if operation.bucket == PLAIN and operation.answered and operation.state != ABSENT and any(
                above.answered for above in ledger.above(operation)):
            place = (PLAIN, operation.key)
            found = Found(operation.state, operation.number, "etag")
            one.current[place] = one.bodies[(*place, "null")] = found
            one.listing[place] = ("etag", 1, None)
            one.versions[(*place, "null")] = ("Versions", True, "etag", 1, None)
            return True


@everywhere
def a_removed_version_is_back(one, ledger):
    for (bucket, key, version), answered in ledger.removed.items():
        if answered:
            one.versions[bucket, key, version] = ("DeleteMarkers", False, None, None, None)
            return True


@everywhere
def a_kept_body_is_lost(one, ledger):
    for place in sorted(one.conflicts):
        lost = ledger.operations[one.bodies[place].operation]
        if lost.answered and not ledger.perhaps_above(lost):
            one.conflicts.remove(place)
            one.versions.pop(place, None)
            del one.bodies[place]
            one.header.pop(place[:2], None)
            return True


WRONG = [a_byte_differs_at_one_site, the_digest_of_one_site_differs, an_answered_version_is_lost, an_answered_object_is_lost,
         something_overwritten_or_deleted_is_back, a_removed_version_is_back, a_kept_body_is_lost]


def judge_the_judge(ledger, observed):
    """How many wrong things it noticed. What the run gave no occasion for is told."""
    noticed = 0
    for change in WRONG:
        changed = copy.deepcopy(observed)
        if not change(changed, ledger):
            say(f"no occasion to show that {change.__name__}")
            continue
        found = judge(ledger, changed, {VERSIONED})
        assert found, f"the judge does not notice that {change.__name__}"
        noticed += 1
    return noticed


def load_and_judge(run, options):
    warsaw = run.sites[0]
    for bucket in (PLAIN, VERSIONED):
        warsaw.s3.create_bucket(Bucket=bucket)
    warsaw.s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
    wait_until_equal(run.sites, 30)
    run.load(options.seconds)
    done = ", ".join(f"{count} {what}" for what, count in sorted(run.counts.items()))
    say(f"load ends: {done}; {sum(o.answered is None for o in run.ledger.operations)} without an answer")
    for proxy in run.proxies:
        proxy.heal()
    if options.sabotage:  # an answered write goes, and the ledger is not told
        place = next((o.bucket, o.key) for o in reversed(run.ledger.operations) if o.bucket == PLAIN and o.answered
                     and o.state != ABSENT and o.key.startswith("source/"))
        warsaw.s3.delete_object(Bucket=place[0], Key=place[1])
    began = time.monotonic()
    wait_until_equal(run.sites, options.heal)
    say(f"zero everywhere {time.monotonic() - began:.1f} s after mending")
    commands_say_zero(run.sites)
    observed = run.observe()
    wrong = run.unexpected or judge(run.ledger, observed, {VERSIONED})
    if not wrong:
        one = observed["warsaw"]
        say(f"{len(one.listing)} objects, {len(one.versions)} versions, {len(one.conflicts)} conflicts at each site, "
            f"{len(run.ledger.removed)} versions removed, {len(run.ledger.settled)} conflicts settled; 0 wrong")
        say(f"the judge noticed {judge_the_judge(run.ledger, observed)} of {len(WRONG)} planted wrongs")
    return wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, default=45)
    arguments.add_argument("--heal", type=int, default=90, help="the most to wait for the sites to be equal")
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments.add_argument("--grpcurl", default="grpcurl")
    arguments.add_argument("--sabotage", action="store_true", help="loses a write on purpose: the test must fail")
    arguments.add_argument("--keep", action="store_true", help="keeps the folder when the test fails")
    options = arguments.parse_args()
    Site.grpcurl = options.grpcurl
    say(f"sites test, --seed {options.seed}")
    folder = tempfile.mkdtemp(prefix="skarb-sites")
    sites, passed = [], False
    try:
        sites.extend(Site(name, folder) for name in SITES)
        proxies = [Proxy(sites[0].port), Proxy(sites[0].port)]
        dice = random.Random(options.seed)
        for check in CHECKS:
            check(sites, proxies)
            say(f"passed: {check.__name__}")
        if dice.random() < 0.5:  # a triangle: oslo dials berlin too
            proxies.append(Proxy(sites[1].port))
            sites[2].skarb("peers", "add", "berlin", f"127.0.0.1:{proxies[2].port}", "--site-id", sites[1].call("skarb.v1.Admin/GetStatus")["siteId"])
        say("a triangle of links" if len(proxies) > 2 else "a chain of links")
        run = Run(sites, proxies, dice.random())
        wrong = load_and_judge(run, options)
        for line in wrong:
            print(line)
        passed = not wrong
    finally:
        for site in sites:
            site.server.stop() if passed else site.server.kill()
        if passed or not options.keep:
            shutil.rmtree(folder)
        if not passed:
            print(f"FAILED: repeat with --seed {options.seed}" + (f"; {folder}" if options.keep else ""))
    if passed:
        faults = sum(count for what, count in run.counts.items() if what.startswith("fault: "))
        print(f"sites test: 1 passed, 0 failed; {len(run.ledger.operations)} operations, {faults} faults")
    else:
        print("sites test: failed")
    sys.exit(0 if passed else 1)


main()
