"""The clients of the matrix, each with the same verbs; a verb that raises NoCommand is one that the tool does not have.

Each tries everything once, where it can be told to: a second attempt would hide what the first one met.

    make_bucket(bucket)               put(bucket, key, file)        get(bucket, key, file)
    list(bucket, prefix)              range(bucket, key, first, last)
    put_in_parts(bucket, key, file)   copy(bucket, key, target)     delete(bucket, key)
    undelete(bucket, key)             presign(bucket, key)          presign_put(bucket, key)
"""

import base64
import json
import os
import subprocess
import sys

from server import ACCESS_KEY, ROOT, SECRET_KEY, client

MIB = 1024 * 1024


class NoCommand(Exception):
    """The tool has no command for this."""


class Client:
    """What a tool does not have unless its class says otherwise."""

    def put_in_parts(self, bucket, key, file):
        self.put(bucket, key, file)

    def list(self, bucket, prefix):
        raise NoCommand

    def range(self, bucket, key, first, last):
        raise NoCommand

    def copy(self, bucket, key, target):
        raise NoCommand

    def delete(self, bucket, key):
        raise NoCommand

    def undelete(self, bucket, key):
        raise NoCommand

    def presign(self, bucket, key):
        raise NoCommand

    def presign_put(self, bucket, key):
        raise NoCommand

    def close(self):
        pass


class Program(Client):
    """A command line tool."""

    def __init__(self, command, environment):
        self.command = [str(word) for word in command]
        # Nothing of the user's own settings.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_", "S3_"))}
        self.environment = {**clean, **environment}

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


class Boto3(Client):
    def __init__(self, server):
        self.s3 = client(server, signature_version="s3v4")

    def make_bucket(self, bucket):
        self.s3.create_bucket(Bucket=bucket)

    def put(self, bucket, key, file):
        with open(file, "rb") as body:
            self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def put_in_parts(self, bucket, key, file):
        self.s3.upload_file(str(file), bucket, key)

    def get(self, bucket, key, file):
        self.s3.download_file(bucket, key, str(file))

    def list(self, bucket, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def range(self, bucket, key, first, last):
        return self.s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={first}-{last}")["Body"].read()

    def copy(self, bucket, key, target):
        self.s3.copy({"Bucket": bucket, "Key": key}, bucket, target)

    def delete(self, bucket, key):
        self.s3.delete_object(Bucket=bucket, Key=key)

    def undelete(self, bucket, key):
        marker = self.s3.list_object_versions(Bucket=bucket, Prefix=key)["DeleteMarkers"][0]
        self.s3.delete_object(Bucket=bucket, Key=key, VersionId=marker["VersionId"])

    def presign(self, bucket, key):
        return self.s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=60)

    def presign_put(self, bucket, key):
        return self.s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=60)


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
        host = server.s3.removeprefix("http://")
        config = folder / "s3cfg"
        config.write_text(f"[default]\naccess_key = {ACCESS_KEY}\nsecret_key = {SECRET_KEY}\nhost_base = {host}\nhost_bucket = {host}\n"
                          "use_https = False\nbucket_location = us-east-1\nmax_retries = 1\n")
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


class Minio(Client):
    def __init__(self, server):
        import minio
        import urllib3

        self.s3 = minio.Minio(server.s3.removeprefix("http://"), access_key=ACCESS_KEY, secret_key=SECRET_KEY, secure=False,
                              region="us-east-1", http_client=urllib3.PoolManager(retries=urllib3.Retry(0)))

    def make_bucket(self, bucket):
        self.s3.make_bucket(bucket_name=bucket)

    def put(self, bucket, key, file):
        self.s3.fput_object(bucket_name=bucket, object_name=key, file_path=str(file))

    def put_in_parts(self, bucket, key, file):
        self.s3.fput_object(bucket_name=bucket, object_name=key, file_path=str(file), part_size=8 * MIB)

    def get(self, bucket, key, file):
        self.s3.fget_object(bucket_name=bucket, object_name=key, file_path=str(file))

    def list(self, bucket, prefix):
        return [entry.object_name for entry in self.s3.list_objects(bucket_name=bucket, prefix=prefix, recursive=True)]

    def range(self, bucket, key, first, last):
        answer = self.s3.get_object(bucket_name=bucket, object_name=key, offset=first, length=last - first + 1)
        try:
            return answer.read()
        finally:
            answer.close()
            answer.release_conn()

    def copy(self, bucket, key, target):
        from minio.commonconfig import CopySource

        self.s3.copy_object(bucket_name=bucket, object_name=target, source=CopySource(bucket_name=bucket, object_name=key))

    def delete(self, bucket, key):
        self.s3.remove_object(bucket_name=bucket, object_name=key)

    def undelete(self, bucket, key):
        versions = self.s3.list_objects(bucket_name=bucket, prefix=key, include_version=True)
        marker = next(entry for entry in versions if entry.is_delete_marker)
        self.s3.remove_object(bucket_name=bucket, object_name=key, version_id=marker.version_id)

    def presign(self, bucket, key):
        return self.s3.presigned_get_object(bucket_name=bucket, object_name=key)

    def presign_put(self, bucket, key):
        return self.s3.presigned_put_object(bucket_name=bucket, object_name=key)


class Grpcurl(Program):
    """The gRPC interface, which has no presigned URLs."""

    def __init__(self, server, data, command):
        token = subprocess.run([str(ROOT / "skarb"), "token", "--data", str(data), "--ttl", "15m"], check=True, capture_output=True,
                               text=True).stdout.strip()
        super().__init__([command, "-plaintext", "-H", f"authorization: Bearer {token}", "-d", "@", server.grpc], {})

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


class Driver:
    """A program that runs an SDK: a line of tabs in, `ok`, `none` or `fail` and more tabs out."""

    def __init__(self, command, server):
        environment = dict(os.environ, SKARB_S3=server.s3, AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY,
                           AWS_MAX_ATTEMPTS="1", NODE_NO_WARNINGS="1")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)

    def call(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        # Whatever else an SDK prints goes to the standard error.
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError("the driver ended")
        kind, *values = answer.rstrip("\n").split("\t")
        if kind == "none":
            raise NoCommand
        if kind != "ok":
            raise AssertionError(" ".join(values))
        return values

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            print("a driver did not end by itself", file=sys.stderr)


class Driven(Client):
    """One of the clients of a driver."""

    def __init__(self, driver, flavour, folder):
        self.driver = driver
        self.flavour = flavour
        self.folder = folder

    def call(self, verb, *words):
        return self.driver.call(self.flavour, verb, *words)

    def make_bucket(self, bucket):
        self.call("make_bucket", bucket)

    def put(self, bucket, key, file):
        self.call("put", bucket, key, file)

    def put_in_parts(self, bucket, key, file):
        self.call("put_in_parts", bucket, key, file)

    def get(self, bucket, key, file):
        self.call("get", bucket, key, file)

    def list(self, bucket, prefix):
        return self.call("list", bucket, prefix)

    def range(self, bucket, key, first, last):
        file = self.folder / "driver-range"
        file.unlink(missing_ok=True)
        self.call("range", bucket, key, first, last, file)
        return file.read_bytes()

    def copy(self, bucket, key, target):
        self.call("copy", bucket, key, target)

    def delete(self, bucket, key):
        self.call("delete", bucket, key)

    def undelete(self, bucket, key):
        self.call("undelete", bucket, key)

    def presign(self, bucket, key):
        return self.call("presign", bucket, key)[0]

    def presign_put(self, bucket, key):
        return self.call("presign_put", bucket, key)[0]
