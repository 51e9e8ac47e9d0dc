"""The clients of the matrix that are command line tools, with the verbs of clients.py."""

import base64
import json
import os
import subprocess

from clients import MIB, Client
from server import ACCESS_KEY, ROOT, SECRET_KEY


class Program(Client):
    """A command line tool."""

    def __init__(self, command, environment):
        self.command = [str(word) for word in command]
        # Nothing of the user's own settings.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_", "S3_"))}
        trust = {name: clean["SSL_CERT_FILE"] for name in ("AWS_CA_BUNDLE", "RCLONE_CA_CERT") if "SSL_CERT_FILE" in clean}
        self.environment = {**clean, **trust, **environment}

    def run(self, *arguments, text=True, stdin=None):
        done = subprocess.run([*self.command, *map(str, arguments)], env=self.environment, capture_output=True, input=stdin or b"",
                              timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode}: {(done.stderr or done.stdout).decode(errors='replace').strip()[-400:]}")
        return done.stdout.decode() if text else done.stdout


def aws_environment(folder):
    """Settings that docs/clients/awscli.md gives."""
    config = folder / "aws-config"
    config.write_text("[default]\nregion = us-east-1\ns3 =\n  signature_version = s3v4\n")
    return dict(AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY, AWS_CONFIG_FILE=str(config),
                AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="", AWS_MAX_ATTEMPTS="1")


class AwsCli(Program):
    def __init__(self, server, folder, command, environment):
        super().__init__([*command, "--endpoint-url", server.s3], {**aws_environment(folder), **environment})
        self.folder = folder

    def make_bucket(self, bucket):
        self.run("s3", "mb", f"s3://{bucket}")

    def put(self, bucket, key, file):
        self.run("s3", "cp", "--only-show-errors", file, f"s3://{bucket}/{key}")

    def get(self, bucket, key, file):
        self.run("s3", "cp", "--only-show-errors", f"s3://{bucket}/{key}", file)

    def list(self, bucket, prefix):
        lines = self.run("s3", "ls", "--recursive", f"s3://{bucket}/{prefix}").splitlines()
        return [line[31:] for line in lines]

    def range(self, bucket, key, first, last):
        file = self.folder / "range"
        self.run("s3api", "get-object", "--bucket", bucket, "--key", key, "--range", f"bytes={first}-{last}", file)
        return file.read_bytes()

    def copy(self, bucket, key, target):
        self.run("s3", "cp", "--only-show-errors", f"s3://{bucket}/{key}", f"s3://{bucket}/{target}")

    def delete(self, bucket, key):
        self.run("s3", "rm", f"s3://{bucket}/{key}")

    def undelete(self, bucket, key):
        marker = self.run("s3api", "list-object-versions", "--bucket", bucket, "--prefix", key, "--query", "DeleteMarkers[0].VersionId",
                          "--output", "text").strip()
        self.run("s3api", "delete-object", "--bucket", bucket, "--key", key, "--version-id", marker)

    def presign(self, bucket, key):
        return self.run("s3", "presign", "--expires-in", "60", f"s3://{bucket}/{key}").strip()


class S3cmd(Program):
    def __init__(self, server, folder, command):
        scheme, host = server.s3.split("://")
        trust = f"ca_certs_file = {os.environ['SSL_CERT_FILE']}\n" if scheme == "https" else ""
        config = folder / "s3cfg"
        config.write_text(f"[default]\naccess_key = {ACCESS_KEY}\nsecret_key = {SECRET_KEY}\nhost_base = {host}\nhost_bucket = {host}\n"
                          f"use_https = {scheme == 'https'}\n{trust}bucket_location = us-east-1\nmax_retries = 1\n")
        super().__init__([command, "--config", config, "--no-progress"], {"LC_ALL": "C.UTF-8"})
        self.folder = folder

    def make_bucket(self, bucket):
        self.run("mb", f"s3://{bucket}")

    def put(self, bucket, key, file):
        self.run("put", file, f"s3://{bucket}/{key}")

    def get(self, bucket, key, file):
        self.run("get", "--force", f"s3://{bucket}/{key}", file)

    def list(self, bucket, prefix):
        lines = self.run("ls", "--recursive", f"s3://{bucket}/{prefix}").splitlines()
        return [line.split(f"s3://{bucket}/", 1)[1] for line in lines]

    def range(self, bucket, key, first, last):
        """It asks for ranges where it goes on with a file that is there in part."""
        file = self.folder / "range"
        file.write_bytes(b"\0" * first)
        self.run("get", "--continue", f"s3://{bucket}/{key}", file)
        return file.read_bytes()[first:last + 1]

    def copy(self, bucket, key, target):
        self.run("cp", f"s3://{bucket}/{key}", f"s3://{bucket}/{target}")

    def delete(self, bucket, key):
        self.run("del", f"s3://{bucket}/{key}")

    def presign(self, bucket, key):
        return self.run("signurl", f"s3://{bucket}/{key}", "+60").strip()


class Rclone(Program):
    """Two remotes of one store: `skarb`, and `old`, which shows versions and takes no writes."""

    def __init__(self, server, command):
        settings = dict(TYPE="s3", PROVIDER="Other", ENDPOINT=server.s3, ACCESS_KEY_ID=ACCESS_KEY, SECRET_ACCESS_KEY=SECRET_KEY,
                        REGION="us-east-1", UPLOAD_CUTOFF="16Mi", CHUNK_SIZE="8Mi")
        environment = {f"RCLONE_CONFIG_{remote}_{name}": value for remote in ("SKARB", "OLD") for name, value in settings.items()}
        super().__init__([command, "--retries", "1", "--low-level-retries", "1"], {**environment, "RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_OLD_VERSIONS": "true"})

    def make_bucket(self, bucket):
        self.run("mkdir", f"skarb:{bucket}")

    def put(self, bucket, key, file):
        self.run("copyto", file, f"skarb:{bucket}/{key}")

    def get(self, bucket, key, file):
        self.run("copyto", f"skarb:{bucket}/{key}", file)

    def list(self, bucket, prefix):
        return sorted(prefix + name for name in self.run("lsf", "-R", "--files-only", f"skarb:{bucket}/{prefix}").splitlines())

    def range(self, bucket, key, first, last):
        return self.run("cat", "--offset", first, "--count", last - first + 1, f"skarb:{bucket}/{key}", text=False)

    def copy(self, bucket, key, target):
        self.run("copyto", f"skarb:{bucket}/{key}", f"skarb:{bucket}/{target}")

    def delete(self, bucket, key):
        self.run("deletefile", f"skarb:{bucket}/{key}")

    def undelete(self, bucket, key):
        """It cannot take a marker away; it copies the newest version there is over it."""
        parent, _, name = key.rpartition("/")
        stem = name.rpartition(".")[0]
        versions = [found for found in self.run("lsf", f"old:{bucket}/{parent}").splitlines() if found.startswith(f"{stem}-v")]
        self.run("copyto", f"old:{bucket}/{parent}/{max(versions)}", f"skarb:{bucket}/{key}")

    def presign(self, bucket, key):
        return self.run("link", "--expire", "1m", f"skarb:{bucket}/{key}").strip()


class S5cmd(Program):
    def __init__(self, server, folder, command):
        super().__init__([command, "--endpoint-url", server.s3, "--retry-count", "1"], aws_environment(folder))

    def make_bucket(self, bucket):
        self.run("mb", f"s3://{bucket}")

    def put(self, bucket, key, file):
        self.run("cp", "--raw", file, f"s3://{bucket}/{key}")

    def put_in_parts(self, bucket, key, file):
        self.run("cp", "--part-size", "8", file, f"s3://{bucket}/{key}")

    def get(self, bucket, key, file):
        self.run("cp", "--raw", "--part-size", "8", f"s3://{bucket}/{key}", file)

    def list(self, bucket, prefix):
        lines = self.run("--json", "ls", f"s3://{bucket}/{prefix}*").splitlines()
        return [json.loads(line)["key"].removeprefix(f"s3://{bucket}/") for line in lines]

    def copy(self, bucket, key, target):
        self.run("cp", "--raw", f"s3://{bucket}/{key}", f"s3://{bucket}/{target}")

    def delete(self, bucket, key):
        self.run("rm", "--raw", f"s3://{bucket}/{key}")

    def undelete(self, bucket, key):
        """Only its plain listing tells ids of versions; it shows a marker as a version of no bytes."""
        lines = [line.split() for line in self.run("ls", "--all-versions", f"s3://{bucket}/{key}").splitlines()]
        marker = next(fields[-1] for fields in lines if fields[2] == "0")
        self.run("rm", "--version-id", marker, f"s3://{bucket}/{key}")

    def presign(self, bucket, key):
        return self.run("presign", "--expire", "1m", f"s3://{bucket}/{key}").strip()


class Grpcurl(Program):
    """The gRPC interface, which has no presigned URLs."""

    def __init__(self, server, data, command):
        token = subprocess.run([str(ROOT / "skarb"), "token", "--data", str(data), "--ttl", "15m"], check=True, capture_output=True,
                               text=True).stdout.strip()
        how = ["-cacert", os.environ["SSL_CERT_FILE"]] if server.s3.startswith("https") else ["-plaintext"]
        super().__init__([command, *how, "-H", f"authorization: Bearer {token}", "-d", "@", server.grpc], {})

    def call(self, method, *requests):
        text = self.run(f"skarb.v1.{method}", stdin=b"\n".join(json.dumps(request).encode() for request in requests))
        decoder, found, at = json.JSONDecoder(), [], 0
        text = text.strip()
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            found.append(document)
            while at < len(text) and text[at].isspace():
                at += 1
        return found

    @staticmethod
    def frames(content):
        for at in range(0, len(content), 256 * 1024):
            yield {"frame": {"content": base64.b64encode(content[at:at + 256 * 1024]).decode()}}

    def make_bucket(self, bucket):
        self.call("Buckets/Create", {"name": bucket})

    def put(self, bucket, key, file):
        self.call("Objects/Put", {"header": {"bucket": bucket, "key": key}, "content": base64.b64encode(file.read_bytes()).decode()})

    def put_in_parts(self, bucket, key, file):
        named = {"bucket": bucket, "key": key}
        named["upload_id"] = self.call("Multipart/Create", named)[0]["upload_id"]
        parts = []
        with open(file, "rb") as body:
            while part := body.read(8 * MIB):
                number = len(parts) + 1
                answers = self.call("Multipart/UploadPart", {"header": {**named, "part_number": number}}, *self.frames(part), {"trailer": {}})
                parts.append({"number": number, "etag": answers[-1]["result"]["etag"]})
        self.call("Multipart/Complete", {**named, "parts": parts})

    def get(self, bucket, key, file):
        with open(file, "wb") as body:
            for answer in self.call("Objects/Get", {"bucket": bucket, "key": key}):
                body.write(base64.b64decode(answer.get("frame", {}).get("content", "")))

    def list(self, bucket, prefix):
        pages = self.call("Objects/ListAll", {"first": {"bucket": bucket, "prefix": prefix}})
        return [entry["key"] for page in pages for entry in page["page"].get("objects", [])]

    def range(self, bucket, key, first, last):
        answers = self.call("Objects/Get", {"bucket": bucket, "key": key, "range": {"first": first, "last": last}})
        return b"".join(base64.b64decode(answer.get("frame", {}).get("content", "")) for answer in answers)

    def copy(self, bucket, key, target):
        self.call("Objects/Copy", {"source": {"bucket": bucket, "key": key}, "bucket": bucket, "key": target})

    def delete(self, bucket, key):
        self.call("Objects/Delete", {"bucket": bucket, "key": key})

    def undelete(self, bucket, key):
        versions = self.call("Objects/ListVersions", {"bucket": bucket, "prefix": key})[0]["versions"]
        marker = next(version["info"] for version in versions if version["info"].get("delete_marker"))
        self.call("Objects/Delete", {"bucket": bucket, "key": key, "version_id": marker["version_id"]})
