"""Small objects through S3: requests a second and latencies, by wrk (Debian's package of that name) with presigned URLs.

Every PUT is forced to disk before it is answered. Each connection overwrites keys of its own.

    small.py [--connections 32] [--seconds 10] [--bytes 4096]
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from server import Server, client  # noqa: E402

KEYS = 256
SCRIPT = """
local targets = {}
for line in io.lines("%(targets)s") do targets[#targets + 1] = line end
local body = string.rep("x", %(bytes)d)
local at = 0
local started = 0
function setup(thread) thread:set("offset", started * 97); started = started + 1 end
function request()
  at = at + 1
  local target = targets[(at + offset) %% #targets + 1]
  if "%(method)s" == "PUT" then return wrk.format("PUT", target, nil, body) end
  return wrk.format("GET", target)
end
"""


def run(server, s3, folder, method, options):
    operation = "put_object" if method == "PUT" else "get_object"
    targets = folder / f"{method}.txt"
    with targets.open("w") as out:
        for key in range(KEYS):
            url = urllib.parse.urlsplit(
                s3.generate_presigned_url(operation, Params={"Bucket": "small", "Key": f"key-{key}"}, ExpiresIn=3600))
            out.write(f"{url.path}?{url.query}\n")
    script = folder / f"{method}.lua"
    script.write_text(SCRIPT % {"targets": targets, "bytes": options.bytes, "method": method})
    command = ["wrk", "-t2", f"-c{options.connections}", f"-d{options.seconds}s", "--latency", "-s", str(script), server.s3]
    subprocess.run(command, capture_output=True, check=True)  # warms up
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed).group(1)
    half, most = (re.search(rf"^\s+{percent}%\s+(\S+)", printed, re.M).group(1) for percent in (50, 99))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    print(f"{method} {options.bytes} bytes, {options.connections} connections: {float(rate):.0f}/s, p50 {half}, p99 {most}, "
          f"{wrong.group(1) if wrong else 0} failed", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--connections", type=int, default=32)
    arguments.add_argument("--seconds", type=int, default=10)
    arguments.add_argument("--bytes", type=int, default=4096)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="skarb-small") as folder:
        server = Server(folder + "/data")
        s3 = client(server, signature_version="s3v4")
        s3.create_bucket(Bucket="small")
        for method in ("PUT", "GET"):
            run(server, s3, pathlib.Path(folder), method, options)
        server.stop()


main()
