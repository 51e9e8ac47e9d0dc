"""Starts and stops a Skarb server for the scripts beside this file."""

import os
import pathlib
import re
import signal
import subprocess
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACCESS_KEY = "ci-access-key"
SECRET_KEY = "ci-secret-key-0123456789"


class Server:
    """One `./skarb server` on free loopback ports, its data in a folder of the caller's."""

    def __init__(self, data, java_opts="", arguments=(), log=None, grpc="127.0.0.1:0"):
        environment = dict(os.environ, SKARB_ACCESS_KEY=ACCESS_KEY, SKARB_SECRET_KEY=SECRET_KEY, SKARB_JAVA_OPTS=java_opts)
        self.process = subprocess.Popen(
            [str(ROOT / "skarb"), "server", "--data", str(data), "--s3-listen", "127.0.0.1:0", "--grpc-listen", grpc,
             *arguments],
            stdout=subprocess.PIPE, stderr=log, env=environment, text=True)
        self.lines = []
        self.s3 = self._line(r"S3\s+(http\S+)")
        self.grpc = self._line(r"gRPC\s+(\S+)")
        threading.Thread(target=self._drain, daemon=True).start()
        with urllib.request.urlopen(self.s3 + "/health/ready", timeout=10) as answer:
            assert answer.status == 200, answer.status

    def _line(self, pattern):
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(pattern, line)
            if found:
                return found.group(1)
        raise AssertionError("the server ended before it served: " + "".join(self.lines))

    def _drain(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """A clean stop: exit code 0."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        assert code == 0, f"exit code {code} after SIGTERM"


def client(server, key=(ACCESS_KEY, SECRET_KEY), **config):
    """A boto3 client that tries everything once."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3", endpoint_url=server.s3, aws_access_key_id=key[0], aws_secret_access_key=key[1], region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, **config))
