"""The server as a newcomer meets it: started by README's command, used by boto3, awscli and grpcurl, stopped by SIGTERM.

Each named check runs in order; the last line counts them.

    smoke.py --aws PATH --grpcurl PATH
"""

import argparse
import base64
import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "clients"))
import tools  # noqa: E402
from server import ACCESS_KEY, ROOT, SECRET_KEY, Server, client  # noqa: E402

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Place:
    """What the checks share."""

    def __init__(self, folder, options):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.options = options
        self.server = Server(self.data)
        self.s3 = client(self.server)

    def aws(self, *arguments, expect=0):
        environment = dict(os.environ, AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY,
                           AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE="/dev/null")
        done = subprocess.run([self.options.aws, "--endpoint-url", self.server.s3, *arguments], env=environment,
                              capture_output=True, text=True)
        assert done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def skarb(self, *arguments, expect=0, given=""):
        done = subprocess.run([str(ROOT / "skarb"), *arguments], input=given, capture_output=True, text=True)
        assert done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
        return (done.stdout if expect == 0 else done.stderr).strip()

    def grpcurl(self, method, request=None, token=None, expect=0):
        command = [self.options.grpcurl, "-plaintext"]
        if token:
            command += ["-H", f"authorization: Bearer {token}"]
        if request is not None:
            command += ["-d", json.dumps(request)]
        done = subprocess.run([*command, self.server.grpc, method], capture_output=True, text=True)
        assert (done.returncode == 0) == (expect == 0), (method, done.returncode, done.stdout, done.stderr)
        return done.stdout if expect == 0 else done.stderr


def documents(text):
    """The JSON documents that grpcurl prints one after another for a stream."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


@check
def boto3_puts_gets_ranges_lists_and_deletes(place):
    s3 = place.s3
    s3.create_bucket(Bucket="smoke")
    small, large = b"hello, treasure", os.urandom(11 * 1024 * 1024 + 7)
    put = s3.put_object(Bucket="smoke", Key="a/small", Body=small, ContentType="text/plain", Metadata={"color": "amber"})
    s3.put_object(Bucket="smoke", Key="a/large", Body=large)
    s3.put_object(Bucket="smoke", Key="b//odd key+ü%2F..", Body=b"")
    got = s3.get_object(Bucket="smoke", Key="a/small")
    assert got["Body"].read() == small and got["ETag"] == put["ETag"] and got["ContentType"] == "text/plain"
    assert got["Metadata"] == {"color": "amber"}
    assert s3.get_object(Bucket="smoke", Key="a/large")["Body"].read() == large
    part = s3.get_object(Bucket="smoke", Key="a/large", Range="bytes=5000000-5000099")
    assert part["Body"].read() == large[5000000:5000100] and part["ContentRange"] == f"bytes 5000000-5000099/{len(large)}"
    assert s3.get_object(Bucket="smoke", Key="b//odd key+ü%2F..")["Body"].read() == b""
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="smoke")["Contents"]]
    assert keys == ["a/large", "a/small", "b//odd key+ü%2F.."], keys
    page = s3.list_objects_v2(Bucket="smoke", Delimiter="/", MaxKeys=1)
    assert page["CommonPrefixes"] == [{"Prefix": "a/"}] and page["IsTruncated"]
    page = s3.list_objects_v2(Bucket="smoke", Delimiter="/", MaxKeys=1, ContinuationToken=page["NextContinuationToken"])
    assert page["CommonPrefixes"] == [{"Prefix": "b/"}] and not page["IsTruncated"]
    done = s3.delete_objects(Bucket="smoke", Delete={"Objects": [{"Key": key} for key in keys[1:]]})
    assert len(done["Deleted"]) == 2 and "Errors" not in done
    try:
        s3.delete_bucket(Bucket="smoke")
        raise AssertionError("a bucket with an object was deleted")
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "BucketNotEmpty"
    s3.delete_object(Bucket="smoke", Key="a/large")
    s3.delete_bucket(Bucket="smoke")


@check
def boto3_presigns_and_conditions(place):
    s3 = place.s3
    s3.create_bucket(Bucket="presigned")
    sigv4 = client(place.server, signature_version="s3v4")
    url = sigv4.generate_presigned_url("put_object", Params={"Bucket": "presigned", "Key": "k"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(url, data=b"by url", method="PUT"), timeout=10)
    url = sigv4.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "k"}, ExpiresIn=60)
    assert urllib.request.urlopen(url, timeout=10).read() == b"by url"
    try:
        urllib.request.urlopen(url.replace("presigned/k", "presigned/l"), timeout=10)
        raise AssertionError("a signature for another key was taken")
    except urllib.error.HTTPError as error:
        assert error.code == 403 and b"<Code>SignatureDoesNotMatch</Code>" in error.read()
    try:
        s3.put_object(Bucket="presigned", Key="k", Body=b"again", IfNoneMatch="*")
        raise AssertionError("If-None-Match did not hold")
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "PreconditionFailed"


@check
def boto3_uploads_in_parts(place):
    s3 = place.s3
    s3.create_bucket(Bucket="in-parts")
    source, back = place.folder / "parts.bin", place.folder / "parts-back.bin"
    source.write_bytes(os.urandom(20 * 1024 * 1024 + 1))
    s3.upload_file(str(source), "in-parts", "k", ExtraArgs={"Metadata": {"color": "amber"}})
    head = s3.head_object(Bucket="in-parts", Key="k")
    assert head["ETag"].endswith('-3"') and head["ContentLength"] == source.stat().st_size and head["Metadata"] == {"color": "amber"}
    s3.download_file("in-parts", "k", str(back))
    assert back.read_bytes() == source.read_bytes()

    upload = s3.create_multipart_upload(Bucket="in-parts", Key="open/k", ChecksumAlgorithm="CRC32")["UploadId"]
    named = {"Bucket": "in-parts", "Key": "open/k", "UploadId": upload}
    for number in (7, 2):
        s3.upload_part(**named, PartNumber=number, Body=b"part %d" % number)
    parts = s3.list_parts(**named, MaxParts=1)
    assert parts["IsTruncated"] and [part["PartNumber"] for part in parts["Parts"]] == [2] and parts["Parts"][0]["ChecksumCRC32"]
    parts = s3.list_parts(**named, PartNumberMarker=parts["NextPartNumberMarker"])
    assert [part["PartNumber"] for part in parts["Parts"]] == [7] and not parts["IsTruncated"]
    assert [found["UploadId"] for found in s3.list_multipart_uploads(Bucket="in-parts")["Uploads"]] == [upload]
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="in-parts")["Contents"]] == ["k"]
    s3.abort_multipart_upload(**named)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="in-parts")
    try:
        s3.list_parts(**named)
        raise AssertionError("an upload that was aborted has parts")
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchUpload"


@check
def awscli_copies_up_lists_and_down(place):
    source = place.folder / "up.bin"
    source.write_bytes(os.urandom(20 * 1024 * 1024))
    place.aws("s3", "mb", "s3://by-aws")
    place.aws("s3", "cp", str(source), "s3://by-aws/dir/up.bin")
    assert "up.bin" in place.aws("s3", "ls", "s3://by-aws/dir/")
    place.aws("s3", "cp", "s3://by-aws/dir/up.bin", str(place.folder / "down.bin"))
    assert (place.folder / "down.bin").read_bytes() == source.read_bytes()
    place.aws("s3api", "get-object", "--bucket", "by-aws", "--key", "dir/up.bin", "--range", "bytes=10-19",
              str(place.folder / "part.bin"))
    assert (place.folder / "part.bin").read_bytes() == source.read_bytes()[10:20]
    place.aws("s3", "rm", "s3://by-aws/dir/up.bin")
    place.aws("s3", "rb", "s3://by-aws")


@check
def boto3_keeps_versions(place):
    s3 = place.s3
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket="versions")["Status"] == "Enabled"
    ids = [s3.put_object(Bucket="versions", Key="k", Body=body)["VersionId"] for body in (b"one", b"two")]
    assert s3.get_object(Bucket="versions", Key="k", VersionId=ids[0])["Body"].read() == b"one"
    marker = s3.delete_object(Bucket="versions", Key="k")
    assert marker["DeleteMarker"]
    try:
        s3.get_object(Bucket="versions", Key="k")
        raise AssertionError("a delete marker was read")
    except s3.exceptions.NoSuchKey as error:
        assert error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket="versions", PaginationConfig={"PageSize": 1}))
    assert [v["VersionId"] for page in pages for v in page.get("Versions", [])] == ids[::-1]
    assert [v["VersionId"] for page in pages for v in page.get("DeleteMarkers", [])] == [marker["VersionId"]]
    gone = [{"Key": "k", "VersionId": version} for version in [marker["VersionId"], *ids]]
    done = s3.delete_objects(Bucket="versions", Delete={"Objects": gone})
    assert len(done["Deleted"]) == 3 and done["Deleted"][0]["DeleteMarkerVersionId"] == marker["VersionId"], done
    s3.delete_bucket(Bucket="versions")


@check
def boto3_and_awscli_copy(place):
    s3 = place.s3
    s3.create_bucket(Bucket="copies")
    key = "odd key+ü%2F?.bin"
    s3.put_object(Bucket="copies", Key=key, Body=b"treasure", Metadata={"color": "amber"})
    copied = s3.copy_object(Bucket="copies", Key="copy", CopySource={"Bucket": "copies", "Key": key})
    got = s3.get_object(Bucket="copies", Key="copy")
    assert got["Body"].read() == b"treasure" and got["Metadata"] == {"color": "amber"}
    assert got["ETag"] == copied["CopyObjectResult"]["ETag"]
    place.aws("s3", "mv", "s3://copies/copy", "s3://copies/dir/moved")
    assert s3.get_object(Bucket="copies", Key="dir/moved")["Body"].read() == b"treasure"
    attributes = s3.get_object_attributes(Bucket="copies", Key=key, ObjectAttributes=["ETag", "ObjectSize"])
    assert attributes["ObjectSize"] == 8 and attributes["ETag"] == got["ETag"].strip('"'), attributes
    place.aws("s3", "rm", "--recursive", "s3://copies")
    s3.delete_bucket(Bucket="copies")


@check
def grpcurl_puts_gets_lists_and_deletes(place):
    token = place.skarb("token", "--data", str(place.data), "--ttl", "5m")
    assert "skarb.v1.Objects" in place.grpcurl("list", token=token)
    place.grpcurl("skarb.v1.Buckets/Create", {"name": "by-grpc"}, token)
    body = base64.b64encode(b"through the front door").decode()
    put = json.loads(place.grpcurl("skarb.v1.Objects/Put", {"header": {"bucket": "by-grpc", "key": "k"}, "content": body}, token))
    assert put["result"]["size"] == "22", put
    got = documents(place.grpcurl("skarb.v1.Objects/Get", {"bucket": "by-grpc", "key": "k", "range": {"first": 8, "last": 10}}, token))
    assert base64.b64decode(got[0]["frame"]["content"]) == b"the" and got[0]["info"]["size"] == "22"
    assert place.s3.get_object(Bucket="by-grpc", Key="k")["Body"].read() == b"through the front door"
    listed = json.loads(place.grpcurl("skarb.v1.Objects/List", {"bucket": "by-grpc"}, token))
    assert [entry["key"] for entry in listed["objects"]] == ["k"]
    place.grpcurl("skarb.v1.Objects/Delete", {"bucket": "by-grpc", "key": "k"}, token)
    place.grpcurl("skarb.v1.Buckets/Delete", {"name": "by-grpc"}, token)
    refused = place.grpcurl("skarb.v1.Buckets/Get", {"name": "by-grpc"}, token, expect=1)
    info = re.search('"@value": "([^"]+)"', refused)  # a google.rpc.ErrorInfo, which grpcurl does not know
    assert "NotFound" in refused and b"NO_SUCH_BUCKET" in base64.b64decode(info.group(1)), refused


@check
def grpcurl_without_a_token_gets_nothing_but_health(place):
    assert "SERVING" in place.grpcurl("grpc.health.v1.Health/Check")
    assert "Unauthenticated" in place.grpcurl("skarb.v1.Buckets/List", {}, expect=1)
    assert "Unauthenticated" in place.grpcurl("skarb.v1.Admin/GetStatus", {}, "not-a-token", expect=1)


@check
def keys_are_made_on_the_live_server(place):
    made = json.loads(place.skarb("keys", "create", "--data", str(place.data), "--access-key", "second-key", "--secret-key-file", "-",
                                  "--user-id", "second", "--display-name", "Second", "--email", "second@example.test", "--json",
                                  given="second-secret-key\n"))
    assert made["access_key"] == "second-key" and made["user_id"] == "second" and made["schema_version"] == 1
    import boto3
    other = boto3.client("s3", endpoint_url=place.server.s3, aws_access_key_id="second-key",
                         aws_secret_access_key="second-secret-key", region_name="us-east-1")
    assert other.list_buckets()["Buckets"] == []
    try:
        other.list_objects_v2(Bucket="presigned")
        raise AssertionError("somebody else's bucket was listed")
    except other.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied"
    place.skarb("keys", "disable", "--data", str(place.data), "second-key")
    try:
        other.list_buckets()
        raise AssertionError("a disabled key was let in")
    except other.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in ("InvalidAccessKeyId", "AccessDenied"), error
    status = json.loads(place.skarb("status", "--data", str(place.data), "--json"))
    assert status["accepts_writes"] is True and len(status["state_digest"]) == 64


@check
def commands_copy_list_and_delete(place):
    data = ("--data", str(place.data))
    source, back = place.folder / "film.bin", place.folder / "film-back.bin"
    source.write_bytes(os.urandom(20 * 1024 * 1024 + 3))
    place.skarb("buckets", "create", "commands", *data)
    place.skarb("cp", str(source), "s3://commands/films/", *data)
    assert place.s3.get_object(Bucket="commands", Key="films/film.bin")["Body"].read() == source.read_bytes()
    place.skarb("cp", "s3://commands/films/film.bin", str(back), *data)
    assert back.read_bytes() == source.read_bytes()
    rows = [json.loads(line) for line in place.skarb("ls", "--recursive", "s3://commands", "--json", *data).splitlines()]
    assert [(row["key"], row["size"]) for row in rows] == [("films/film.bin", source.stat().st_size)], rows
    begin = subprocess.run([str(ROOT / "skarb"), "cat", "commands/films/film.bin", "--range", "0-9", *data], capture_output=True, check=True)
    assert begin.stdout == source.read_bytes()[:10]
    assert "NO_SUCH_KEY" in place.skarb("cat", "commands/none", *data, expect=1)
    place.skarb("rm", "--recursive", "s3://commands", *data)
    place.skarb("buckets", "delete", "commands", *data)


def ready(url):
    try:
        return urllib.request.urlopen(url + "/health/ready", timeout=10).status == 200
    except urllib.error.HTTPError:
        return False


@check
def aws_goes_through_a_gateway_in_a_process_of_its_own(place):
    """Over TLS on both ways, and the node goes away and comes back."""
    tls = tools.certificate(place.folder)
    data = place.folder / "far"
    node = Server(data, arguments=tls)
    made = json.loads(place.skarb("keys", "create", "--role", "gateway", "--data", str(data), "--json"))
    environment = dict(os.environ, SKARB_ACCESS_KEY=made["access_key"], SKARB_SECRET_KEY=made["secret_key"])
    gateway = subprocess.Popen([str(ROOT / "skarb"), "gateway", "--node", node.grpc, "--node-tls-ca", str(place.folder / "cert.pem"), "--s3-listen", "127.0.0.1:0", *tls],
                               stdout=subprocess.PIPE, text=True, env=environment)
    try:
        url = next(found.group(1) for found in (re.search(r"S3\s+(https\S+)", line) for line in gateway.stdout) if found)

        def aws(*arguments, expect=0):
            keys = dict(os.environ, AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY, AWS_DEFAULT_REGION="us-east-1",
                        AWS_CONFIG_FILE="/dev/null", AWS_MAX_ATTEMPTS="1")
            done = subprocess.run([place.options.aws, "--endpoint-url", url, *arguments], env=keys, capture_output=True, text=True)
            assert (done.returncode == 0) == (expect == 0), (arguments, done.returncode, done.stdout, done.stderr)
            return done.stdout + done.stderr

        source, back = place.folder / "through", place.folder / "through-back"
        source.write_bytes(os.urandom(12 * 1024 * 1024 + 1))
        aws("s3", "mb", "s3://far")
        aws("s3", "cp", str(source), "s3://far/k")
        aws("s3", "cp", "s3://far/k", str(back))
        assert back.read_bytes() == source.read_bytes()
        node.stop()
        assert "503" in (said := aws("s3api", "list-buckets", expect=1)) or "reduce your request rate" in said, said
        node = Server(data, arguments=tls, grpc=node.grpc)
        deadline = time.monotonic() + 20
        while not ready(url):
            assert time.monotonic() < deadline, "the gateway did not find its node again"
            time.sleep(0.2)
        assert "far" in aws("s3", "ls")
    finally:
        gateway.terminate()
        code = gateway.wait(timeout=60)
        node.stop()
    assert code == 0, f"exit code {code} of the gateway after SIGTERM"


@check
def a_second_server_is_refused(place):
    said = place.skarb("server", "--data", str(place.data), "--s3-listen", "127.0.0.1:0", "--grpc-listen", "127.0.0.1:0",
                       expect=1)
    assert said.startswith("skarb: ") and "held by another process" in said and len(said.splitlines()) == 1, said


@check
def nothing_is_lost_over_a_restart_and_a_deleted_index(place):
    place.s3.put_object(Bucket="presigned", Key="kept", Body=b"still here")
    before = json.loads(place.skarb("status", "--data", str(place.data), "--json"))["state_digest"]
    place.server.stop()
    # No server holds the folder now: the same command works on the folder itself.
    assert json.loads(place.skarb("keys", "list", "--data", str(place.data), "--json"))["keys"]
    for file in (place.data / "index").iterdir():
        file.unlink()
    place.server = Server(place.data)
    place.s3 = client(place.server)
    after = json.loads(place.skarb("status", "--data", str(place.data), "--json"))["state_digest"]
    assert before == after, (before, after)
    assert place.s3.get_object(Bucket="presigned", Key="kept")["Body"].read() == b"still here"


@check
def secrets_are_their_owners_alone(place):
    for name in ("node.key", "realm-keys", "operator-token"):
        mode = stat.S_IMODE((place.data / name).stat().st_mode)
        assert mode == 0o600, (name, oct(mode))
    for file in place.data.rglob("*"):
        if file.is_file():
            assert SECRET_KEY.encode() not in file.read_bytes(), file


@check
def sigterm_stops_it_with_exit_code_zero(place):
    place.server.stop()
    assert not (place.data / "address").exists()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--aws", default="aws")
    arguments.add_argument("--grpcurl", default="grpcurl")
    options = arguments.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="skarb-smoke") as folder:
        place = Place(folder, options)
        for function in CHECKS:
            try:
                function(place)
                print(f"ok    {function.__name__}", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAIL  {function.__name__}: {type(error).__name__}: {error}", flush=True)
        if place.server.process.poll() is None:
            place.server.kill()
    print(f"smoke: {len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
