"""The S3 conformance suite against a server that this script starts, and what came of it by feature.

    s3_tests.py            runs what the suite does not mark as failing on AWS itself; exits 1 when one of the committed
                           passing list (s3-tests-passing.txt) fails
    s3_tests.py --update   writes that list anew, and the table in docs/compatibility.md

The suite's folder comes from S3_TESTS_DIR (default: ../shared/s3-tests beside the repository); without it the script says so
and exits 0.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from server import ROOT, Server  # noqa: E402

PASSING = ROOT / ".ci" / "s3-tests-passing.txt"
TABLE = ROOT / "docs" / "compatibility.md"
TEST_FILE = "test_s3.py"

# A test belongs to the first feature that has a prefix of its name (without `test_`).
FEATURES = [
    ("attributes", ["get_object_attributes", "get_versioned_object_attr", "get_single_multipart_object_attr", "get_multipart_checksum"]),
    ("bucket logging", ["bucket_logging", "put_bucket_logging"]),
    ("lifecycle", ["lifecycle", "delete_marker_expiration", "restore"]),
    ("object lock", ["object_lock"]),
    ("encryption", [
        "encrypt", "sse_", "get_sse", "copy_enc", "copy_part_enc", "non_multipart_sse", "put_obj_enc", "bucket_policy_put_obj_s3_",
        "bucket_policy_put_obj_kms_", "put_bucket_encryption", "get_bucket_encryption", "delete_bucket_encryption"]),
    ("policies", [
        "bucket_policy", "bucketv2_policy", "get_bucket_policy", "get_publicpolicy", "get_nonpublicpolicy", "get_public_acl_bucket_policy",
        "get_authpublic"]),
    ("public access block", ["block_public", "ignore_public", "get_public_block"]),
    ("tagging", ["put_obj_with_tags", "put_max", "put_excess", "put_modify_tags", "put_delete_tags", "set_bucket_tagging",
                 "set_multipart_tagging", "get_tags"]),
    ("forms", ["post_object"]),
    ("CORS", ["cors"]),
    ("access control lists", [
        "bucket_acl", "object_acl", "access_bucket", "bucket_header_acl", "bucket_recreate", "versioned_object_acl",
        "object_raw_get_bucket_acl", "object_raw_get_object_acl", "object_copy_canned_acl", "bucket_create_exists_nonowner"]),
    ("ownership controls", ["create_bucket_bucket_owner", "create_bucket_no_ownership", "put_bucket_ownership", "bucket_create_delete_"]),
    ("versions", ["version", "bucket_list_return_data_versioning", "object_copy_versioned", "delete_marker", "get_versioned"]),
    ("multipart", ["multipart", "abort_multipart", "list_multipart", "upload_part", "get_multipart", "atomic_multipart"]),
    ("copies", ["object_copy", "copy_object"]),
    ("checksums", ["object_checksum"]),
    ("conditions", [
        "get_object_if", "put_object_if", "put_object_current_if", "put_current_object_if", "delete_object_if", "delete_objects_if",
        "delete_object_current_if", "delete_objects_current_if", "delete_object_version_if", "delete_objects_version_if"]),
    ("listings", ["bucket_list", "bucketv2", "bucket_notexist", "list_buckets"]),
    ("presigned and anonymous", ["object_raw", "object_presigned", "object_anon"]),
    ("atomicity and ranges", ["atomic", "ranged", "100_continue"]),
    ("buckets", ["bucket", "expected_bucket"]),
    ("objects", ["object", "put_object", "get_object", "delete_object", "multi_object"]),
    ("others", [""]),
]

# Tests that want to be the only one: they look at all of a user's buckets.
ALONE = ["test_list_buckets_paginated"]

# The suite's users. Ids, names and addresses are what its tests compare with; the keys are the sample's own.
USERS = {
    "s3 main": dict(display_name="M. Tester", user_id="testid", email="tester@example.com", access_key="0555b35654ad1656d804",
                    secret_key="conformance-main-secret-0123456789"),
    "s3 alt": dict(display_name="john.doe", user_id="56789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234",
                   email="john.doe@example.com", access_key="NOPQRSTUVWXYZABCDEFG", secret_key="conformance-alt-secret-0123456789"),
    "s3 tenant": dict(display_name="testx$tenanteduser",
                      user_id="testx$9876543210abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                      email="tenanteduser@example.com", access_key="HIJKLMNOPQRSTUVWXYZA",
                      secret_key="conformance-tenant-secret-0123456789"),
    "iam": dict(display_name="iam", user_id="iam", email="iam@example.com", access_key="ABCDEFGHIJKLMNOPQRST",
                secret_key="conformance-iam-secret-0123456789"),
}

# Sections that must be there, for tests outside the scope.
MORE = {
    "s3 main": {"api_name": "default"},
    "s3 tenant": {"tenant": "testx"},
    "iam root": {"access_key": "none", "secret_key": "none-none", "user_id": "none", "email": "none@example.com"},
    "iam alt root": {"access_key": "none", "secret_key": "none-none", "user_id": "none", "email": "none@example.com"},
}


def feature(name):
    bare = name.removeprefix("test_")
    return next(title for title, prefixes in FEATURES if any(bare.startswith(prefix) for prefix in prefixes))


def make_users(data):
    for user in USERS.values():
        subprocess.run(
            [str(ROOT / "skarb"), "keys", "create", "--data", str(data), "--access-key", user["access_key"],
             "--secret-key-file", "-", "--user-id", user["user_id"], "--display-name", user["display_name"], "--email", user["email"]],
            check=True, stdout=subprocess.DEVNULL, input=user["secret_key"], text=True)


def configuration(server):
    address = urllib.parse.urlsplit(server.s3)
    sections = {
        "DEFAULT": {"host": address.hostname, "port": address.port, "is_secure": "False", "ssl_verify": "False"},
        "fixtures": {"bucket prefix": "conformance-{random}-", "iam name prefix": "s3-tests-", "iam path prefix": "/s3-tests/"},
    }
    for name in [*USERS, *MORE]:
        sections[name] = {**USERS.get(name, {}), **MORE.get(name, {})}
    # No interpolation is written: a `$` stands for itself.
    return "\n".join(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in section.items()) for name, section in sections.items())


def run_suite(suite, folder, options):
    """Starts a server and runs the suite against it; gives each test its outcome, and why it was skipped where it was."""
    data = folder / "data"
    server = Server(data)
    try:
        make_users(data)
        conf = folder / "s3tests.conf"
        conf.write_text(configuration(server))
        found, reasons = {}, {}
        many = [argument for name in ALONE for argument in ("--deselect", f"s3tests/functional/{TEST_FILE}::{name}")]
        report = options.report or folder / "report.xml"
        run(suite, conf, TEST_FILE, ["-n", "2", *many], report, options)
        found.update(outcomes(report))
        reasons.update(skips(report))
        report = folder / "alone.xml"
        run(suite, conf, " ".join(f"{TEST_FILE}::{name}" for name in ALONE), [], report, options)
        found.update(outcomes(report))
        reasons.update(skips(report))
        return found, reasons
    finally:
        server.stop()


def run(suite, conf, files, arguments, report, options):
    environment = dict(os.environ, S3TESTS_FILES=files, S3TESTS_REPORT=str(report), S3TESTS_VENV=str(tools() / "s3-tests-venv"))
    if options.names:
        arguments = [*arguments, "-k", options.names]
    began = time.monotonic()
    done = subprocess.run([str(suite / "run"), str(conf), *arguments], env=environment,
                          stdout=None if options.verbose else subprocess.DEVNULL)
    print(f"pytest took {time.monotonic() - began:.0f} s")
    # 0: all passed, 1: some failed, 5: no test has such a name.
    if done.returncode not in ((0, 1, 5) if options.names else (0, 1)):
        raise SystemExit(f"the suite did not run: exit code {done.returncode}")


def tools():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("SKARB_CI_TOOLS") or cache / "skarb-ci")


def outcomes(report):
    found = {}
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        # A test that passes and whose clean-up fails is there twice.
        if found.get(case.get("name")) != "failed":
            found[case.get("name")] = outcome
    return found


def skips(report):
    cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
    return {case.get("name"): case.find("skipped").get("message") for case in cases if case.find("skipped") is not None}


def table(results):
    counts = collections.defaultdict(collections.Counter)
    for name, outcome in results.items():
        counts[feature(name)][outcome] += 1
    lines = ["| feature | passed | failed | skipped |", "| --- | ---: | ---: | ---: |"]
    for title, _ in FEATURES:
        if title in counts:
            lines.append(f"| {title} | " + " | ".join(str(counts[title][kind]) for kind in ("passed", "failed", "skipped")) + " |")
    total = collections.Counter(results.values())
    lines.append(f"| all {len(results)} | " + " | ".join(str(total[kind]) for kind in ("passed", "failed", "skipped")) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the passing list")
    parser.add_argument("--names", help="only tests with such names, as pytest's -k")
    parser.add_argument("--list", action="store_true", help="name the tests with their outcomes")
    parser.add_argument("--report", type=pathlib.Path, help="keep the JUnit report here")
    parser.add_argument("--verbose", action="store_true", help="show pytest's own output")
    options = parser.parse_args()
    if options.update and options.names:
        parser.error("--update wants all tests")
    suite = pathlib.Path(os.environ.get("S3_TESTS_DIR") or ROOT.parent / "shared" / "s3-tests")
    if not (suite / "run").is_file():
        print(f"SKIPPED  the suite: there is none at {suite} (S3_TESTS_DIR)")
        print("conformance: 0 passed, 0 failed")
        return 0
    passing = PASSING.read_text().split("\n")[:-1] if PASSING.is_file() else []
    with tempfile.TemporaryDirectory(prefix="skarb-s3-tests-") as folder:
        results, reasons = run_suite(suite.resolve(), pathlib.Path(folder), options)
    print(table(results))
    for name, reason in sorted(reasons.items()):
        print(f"SKIPPED  {name}: {reason}")
    if options.list:
        for name in sorted(results):
            print(f"{results[name]:8} {feature(name):32} {name}")
    if options.update:
        PASSING.write_text("".join(f"{name}\n" for name in sorted(results) if results[name] == "passed"))
        begin, end = "<!-- conformance -->\n", "<!-- /conformance -->\n"
        before, rest = TABLE.read_text().split(begin)
        TABLE.write_text(before + begin + table(results) + "\n" + end + rest.split(end)[1])
        return 0
    missing = "passed" if options.names else "failed"
    broken = [name for name in passing if results.get(name, missing) != "passed"]
    for name in broken:
        print(f"passed before: {name}")
    total = collections.Counter(results.values())
    may = sum(outcome == "failed" and name not in passing for name, outcome in results.items())
    print(f"conformance: {total['passed']} passed, {len(broken)} did not that must; {may} fail and may, {total['skipped']} skipped")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
