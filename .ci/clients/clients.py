"""The clients of the matrix, each with the same verbs; a verb that raises NoCommand is one that the tool does not have.

Each tries everything once, where it can be told to: a second attempt would hide what the first one met.

    make_bucket(bucket)               put(bucket, key, file)        get(bucket, key, file)
    list(bucket, prefix)              range(bucket, key, first, last)
    put_in_parts(bucket, key, file)   copy(bucket, key, target)     delete(bucket, key)
    undelete(bucket, key)             presign(bucket, key)          presign_put(bucket, key)
"""

import os
import subprocess
import sys

from server import ACCESS_KEY, SECRET_KEY, client

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


class Minio(Client):
    def __init__(self, server):
        import minio
        import urllib3

        scheme, host = server.s3.split("://")
        self.s3 = minio.Minio(host, access_key=ACCESS_KEY, secret_key=SECRET_KEY, secure=scheme == "https", region="us-east-1",
                              http_client=urllib3.PoolManager(retries=urllib3.Retry(0), ca_certs=os.environ.get("SSL_CERT_FILE")))

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
