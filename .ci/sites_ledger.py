"""What clients of several sites were told, and whether what the sites hold now can be what became of it.

Operations on one key at one site run one after the other, so their order there is known; most have also *seen* an operation,
perhaps of another site: they were made on condition of what had been read. Whatever came later at the same site, or had seen it,
is *above* an operation. Nothing that is below an answered operation may be current again; an answered write that is below nothing
is current, stands as a version, or is kept as a conflict. Other operations are *blind*: what had arrived at their site just before
them nobody knows. What was answered before one of these began may be below it.
"""

import dataclasses
import threading
import time

ABSENT = "absent"


@dataclasses.dataclass
class Operation:
    """A write or delete that was asked for."""

    number: int
    site: str
    bucket: str
    key: str
    state: str  # the body's SHA-256, or ABSENT
    seen: int | None  # the operation whose result it replaced, as was made sure of
    blind: bool  # whether it may have replaced another one
    begun: float
    ended: float | None = None
    answered: bool | None = None  # None: nobody knows whether it happened
    version: str | None = None

    def __str__(self):
        return f"operation {self.number} ({self.state[:8]} to {self.bucket}/{self.key} at {self.site}, answered {self.answered})"


class Ledger:
    """All of it. Thread-safe as to additions."""

    def __init__(self):
        self.operations = []
        self.at_site = {}  # (site, bucket, key) to its operations in order
        self.of_key = {}  # (bucket, key) to its operations
        self.removed = {}  # (bucket, key, version) to whether the removal was answered
        self.settled = {}  # numbers of operations whose kept body was removed, likewise
        self._lock = threading.Lock()

    def begin(self, site, bucket, key, state, seen, blind):
        with self._lock:
            operation = Operation(len(self.operations), site, bucket, key, state, seen, blind, time.monotonic())
            self.operations.append(operation)
            self.at_site.setdefault((site, bucket, key), []).append(operation)
            self.of_key.setdefault((bucket, key), []).append(operation)
            return operation

    def answered(self, operation, version):
        operation.version = version
        operation.answered = True
        operation.ended = time.monotonic()

    def never_happened(self, operation):
        """It was refused for good."""
        operation.answered = False

    def above(self, operation):
        """What was done knowing of it; things that nobody knows whether they happened included."""
        at_site = self.at_site[operation.site, operation.bucket, operation.key]
        later = at_site[at_site.index(operation) + 1:]
        knowing = [o for o in self.of_key[operation.bucket, operation.key] if o.seen == operation.number]
        return [o for o in later + knowing if o.answered is not False]

    def perhaps_above(self, operation):
        """And what may have known of it."""
        return self.above(operation) or any(
            o.blind and o.answered is not False and o.site != operation.site and o.begun > operation.ended
            for o in self.of_key[operation.bucket, operation.key])


@dataclasses.dataclass
class Found:
    """What a site serves of one version: "current" of a key, a version, or a kept body."""

    state: str
    operation: int | None
    etag: str | None = None


@dataclasses.dataclass
class Observed:
    """What one site holds."""

    listing: dict  # (bucket, key) to (etag, size, time)
    versions: dict  # (bucket, key, version) to (kind, latest, etag, size, time)
    current: dict  # (bucket, key) to Found
    bodies: dict  # (bucket, key, version) to Found, delete markers excepted
    conflicts: set  # (bucket, key, version)
    header: dict  # (bucket, key) to the count of conflicts that its answers tell
    digest: str


def judge(ledger, observed, versioned):
    """What is wrong: texts. `observed` is by site; `versioned` names the buckets that keep versions."""
    wrong = list(differences(observed))
    one = next(iter(observed.values()))
    wrong.extend(served(ledger, one))
    for (bucket, key) in ledger.of_key:
        if bucket in versioned:
            wrong.extend(judge_versions(ledger, one, bucket, key))
        else:
            wrong.extend(judge_plain(ledger, one, bucket, key))
    return wrong


def differences(observed):
    """Between sites."""
    (first, one), *others = observed.items()
    for name, other in others:
        for field in dataclasses.fields(Observed):
            mine, its = getattr(one, field.name), getattr(other, field.name)
            if mine == its:
                continue
            if isinstance(mine, dict):
                keys = [key for key in mine.keys() | its.keys() if mine.get(key) != its.get(key)]
                some = "; ".join(f"{key}: {mine.get(key)} and {its.get(key)}" for key in sorted(keys)[:3])
                yield f"{field.name} of {first} and {name} differ at {len(keys)} places: {some}"
            else:
                yield f"{field.name} of {first} and {name} differ: {mine} and {its}"


def served(ledger, one):
    """Whatever is served was written by somebody, and is what they wrote; listings say what is served."""
    for place, found in [*one.current.items(), *one.bodies.items()]:
        if found.operation is None:
            if found.state != ABSENT:
                yield f"{place} is {found.state[:8]}, which nobody wrote"
            continue
        operation = ledger.operations[found.operation]
        if (operation.bucket, operation.key, operation.state) != (*place[:2], found.state):
            yield f"{place} is {found.state[:8]}, written as {operation}"
        if operation.answered is False:
            yield f"{place} is {operation}, which was refused"
    for place, found in one.current.items():
        if (found.state != ABSENT) != (place in one.listing):
            yield f"{place} is {found.state[:8]} by GET and listed otherwise"
        elif found.state != ABSENT and one.listing[place][0] != found.etag:
            yield f"{place} is listed as {one.listing[place][0]} and read as {found.etag}"
    latest = {}
    for (bucket, key, version), (kind, is_latest, *_) in one.versions.items():
        if is_latest:
            if (bucket, key) in latest:
                yield f"two versions of {bucket}/{key} are the latest"
            latest[bucket, key] = kind, version
    for place, found in one.current.items():
        kind, version = latest.get(place, ("DeleteMarkers", None))
        if (kind == "Versions") != (found.state != ABSENT):
            yield f"{place} is {found.state[:8]} by GET, and its latest version is of {kind}"
        elif found.state != ABSENT and one.bodies[*place, version].operation != found.operation:
            yield f"{place} is operation {found.operation} by GET, and its latest version another"


def judge_plain(ledger, one, bucket, key):
    """A key without versions."""
    current = one.current[bucket, key]
    kept = {one.bodies[place].operation for place in one.conflicts if place[:2] == (bucket, key)}
    operations = ledger.of_key[bucket, key]
    visible = kept | {current.operation}
    # What somebody saw, or sees now, happened, whether it was answered or not.
    happened = visible | {o.number for o in operations if o.answered} | {o.seen for o in operations}
    for operation in operations:
        above = ledger.above(operation)
        if current.operation == operation.number and (surely := [o for o in above if o.number in happened]):
            yield f"{operation} is current again, though {surely[0]} came after it"
        if operation.number in visible and ledger.settled.get(operation.number):
            yield f"{operation} is back, though its kept body was removed"
        if operation.answered and operation.state != ABSENT and not (
                ledger.perhaps_above(operation) or operation.number in visible or operation.number in ledger.settled):
            yield f"{operation} is lost: {current} is current, kept are {kept}"
    if len({o.site for o in operations}) == 1 and kept:
        yield f"{bucket}/{key} was written at one site alone and has conflicts"
    if len(kept) != one.header.get((bucket, key), 0) and current.state != ABSENT:
        yield f"{bucket}/{key} has {len(kept)} conflicts and its answers tell {one.header.get((bucket, key))}"


def judge_versions(ledger, one, bucket, key):
    """A key whose bucket keeps versions."""
    there = {place[2]: what for place, what in one.versions.items() if place[:2] == (bucket, key)}
    for (removed_bucket, removed_key, version), answered in ledger.removed.items():
        if (removed_bucket, removed_key) == (bucket, key) and answered and version in there:
            yield f"version {version} of {bucket}/{key} is back"
    operations = ledger.of_key[bucket, key]
    for operation in operations:
        if not operation.answered:
            continue
        place = (bucket, key, operation.version)
        if place not in ledger.removed:
            if operation.version not in there:
                yield f"{operation} is lost: its version {operation.version} is gone"
            elif operation.state != ABSENT and one.bodies[place].operation != operation.number:
                yield f"version {operation.version} of {bucket}/{key} is {one.bodies[place]}, was {operation}"
        # The later a version, the lower its id as text.
        for above in ledger.above(operation):
            if above.answered and above.version >= operation.version:
                yield f"{above} came after {operation} and is older"
    known = {operation.version for operation in operations}
    markers = [version for version, what in there.items() if what[0] == "DeleteMarkers" and version not in known]
    unknown = [o for o in operations if o.answered is None and o.state == ABSENT]
    if len(markers) > len(unknown):
        yield f"{bucket}/{key} has delete markers that nobody asked for: {markers}"
    bodies = [one.bodies[bucket, key, version].operation for version, what in there.items() if what[0] == "Versions"]
    if len(bodies) != len(set(bodies)):
        yield f"a write to {bucket}/{key} stands as two versions: {bodies}"
