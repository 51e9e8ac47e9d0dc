"""Servers of one realm, for the scripts beside this file."""

import json
import pathlib
import socket
import subprocess
import threading
import time

from server import ROOT, Server, client


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, seconds, function):
    """Asks again until it is true; what it answers last, when it is not, is told."""
    ends = time.monotonic() + seconds
    while True:
        answer = function()
        if answer is True:
            return
        assert time.monotonic() < ends, f"{what}: not within {seconds} s: {answer}"
        time.sleep(0.2)


class Site:
    """A server that may be killed and started again, and a client to it."""

    grpcurl = "grpcurl"
    making = threading.Lock()  # boto3 makes one client at a time

    def __init__(self, name, folder, java_opts="-Xmx384m"):
        self.name, self.data, self.port, self.java_opts = name, pathlib.Path(folder) / name, free_port(), java_opts
        self.log = open(pathlib.Path(folder) / f"{name}.log", "ab")
        self.up = threading.Event()
        self.start()

    def start(self):
        self.server = Server(self.data, java_opts=self.java_opts, log=self.log, arguments=[
            "--site", self.name, "--peer-listen", f"127.0.0.1:{self.port}"])
        with Site.making:
            self.s3 = client(self.server)
        self.up.set()

    def kill(self):
        self.up.clear()
        self.server.kill()

    def stop(self):
        self.up.clear()
        self.server.stop()

    def skarb(self, *arguments):
        done = subprocess.run([str(ROOT / "skarb"), *arguments, "--data", str(self.data)], capture_output=True, text=True)
        assert done.returncode == 0, (self.name, arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout.strip()

    def call(self, method, request="{}"):
        """By grpcurl, which starts faster than the command; it need not ask the server what there is."""
        token = (self.data / "operator-token").read_text().strip()
        done = subprocess.run(
            [Site.grpcurl, "-plaintext", "-protoset", str(ROOT / "proto/image.binpb"), "-H", "authorization: Bearer " + token,
             "-d", request, self.server.grpc, method], capture_output=True, text=True)
        assert done.returncode == 0, (self.name, method, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def peers(self):
        """What this site says of each peer that it is linked with: state, and how far behind in four figures."""
        status = self.call("skarb.v1.Replication/GetStatus")
        said = {peer["name"]: [peer["state"].removeprefix("PEER_STATE_").lower(), *(
            int(peer.get(field, -1)) for field in ("entriesBehind", "bytesBehind", "secondsBehind", "pending"))]
            for peer in status["peers"] if "address" in peer or peer["state"] == "PEER_STATE_LIVE"}
        return said, [int(status[field].get("count", 0)) for field in ("pending", "wantedBodies")]


def behind(site):
    """True if this site says zero for each peer that it is linked with, else what it says."""
    said, here = site.peers()
    return True if said and all(peer == ["live", 0, 0, 0, 0] for peer in said.values()) and here == [0, 0] else (said, here)


def wait_until_equal(sites, seconds):
    """All say zero, one after the other with nothing written in between; twice, since on a chain news takes two steps."""
    for _ in range(2):
        for site in sites:
            until(f"zero at {site.name}", seconds, lambda: behind(site))


def commands_say_zero(sites):
    """The same by the command that operators have."""
    for site in sites:
        status = json.loads(site.skarb("replication", "status", "--json"))
        for peer in status["peers"]:
            figures = [peer[field] for field in ("entriesBehind", "bytesBehind", "secondsBehind", "pending")]
            assert figures == [0, 0, 0, 0] or not peer["address"] and figures[0] is None, (site.name, peer)
        assert status["pending"]["count"] == status["wantedBodies"]["count"] == 0, (site.name, status)


def join(inviter, joiner, port):
    """The two commands that make two sites one realm; the one that invites is reached at a port."""
    line = inviter.skarb("peers", "invite", "--address", f"127.0.0.1:{port}")
    return joiner.skarb("peers", "join", line)
