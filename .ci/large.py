"""Large bodies at once under a small heap: memory per request must not grow with the object.

Starts a server with -Xmx256m, puts N objects in parallel, reads them back in parallel, compares every byte, and asks the
system how much memory the server ever had. All bytes differ, so that nothing is stored once for many.

    large.py [--objects 8] [--mib 1024] [--heap 256m]
"""

import argparse
import http.client
import itertools
import multiprocessing
import pathlib
import random
import sys
import tempfile
import time
import urllib.parse
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from server import Server, client  # noqa: E402

BLOCK = 1 << 20


def blocks(number, mib):
    """The body of an object, block by block: random bytes, each block marked."""
    base = random.Random(number).randbytes(BLOCK - 16)
    for index in range(mib):
        yield number.to_bytes(8, "big") + index.to_bytes(8, "big") + base


def put(number, mib, url):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=300)
    connection.request("PUT", f"{parts.path}?{parts.query}", body=blocks(number, mib),
                       headers={"Content-Length": str(mib * BLOCK)})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (answer.status, text)


def get(number, mib, url):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=300)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    assert answer.status == 200, (answer.status, answer.read())
    for index, block in enumerate(itertools.chain(blocks(number, mib), [b""])):
        got = answer.read(BLOCK)
        assert zlib.crc32(got) == zlib.crc32(block) and len(got) == len(block), (number, index, len(got))


def together(function, urls, mib):
    began = time.monotonic()
    processes = [multiprocessing.Process(target=function, args=(number, mib, url)) for number, url in enumerate(urls)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = sum(process.exitcode != 0 for process in processes)
    return failed, time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--objects", type=int, default=8)
    arguments.add_argument("--mib", type=int, default=1024)
    arguments.add_argument("--heap", default="256m")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="skarb-large") as folder:
        server = Server(folder + "/data", java_opts=f"-Xmx{options.heap}")
        s3 = client(server, signature_version="s3v4")
        s3.create_bucket(Bucket="large")
        sign = lambda operation: [  # noqa: E731
            s3.generate_presigned_url(operation, Params={"Bucket": "large", "Key": f"object-{number}"}, ExpiresIn=3600)
            for number in range(options.objects)]
        megabytes = options.objects * options.mib * BLOCK / 1e6
        failed = 0
        for function, operation in ((put, "put_object"), (get, "get_object")):
            wrong, seconds = together(function, sign(operation), options.mib)
            failed += wrong
            print(f"{options.objects} x {options.mib} MiB {operation}: {seconds:.1f} s, {megabytes / seconds:.0f} MB/s in all, "
                  f"{wrong} failed", flush=True)
        status = pathlib.Path(f"/proc/{server.process.pid}/status")
        if status.exists():
            memory = {line.split(":")[0]: line.split(":")[1].strip() for line in status.read_text().splitlines()}
            print(f"resident at most {memory['VmHWM']}, now {memory['VmRSS']}, under -Xmx{options.heap}")
        server.stop()
    print(f"large: {2 * options.objects - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
