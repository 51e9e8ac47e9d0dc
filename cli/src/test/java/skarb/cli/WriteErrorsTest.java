package skarb.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import skarb.cli.RawS3.Request;

/// Uploads in parts, copies, conditional writes and deletes.
class WriteErrorsTest extends ErrorTable {

  @Override
  void rows() {
    uploads();
    copies();
    writes();
    deletes();
  }

  private void uploads() {
    String area = "uploads";
    row(area, complete("none", part(1, partTag)), 404, "NoSuchUpload");
    row(area, complete(upload, part(2, partTag) + part(1, partTag)), 400, "InvalidPartOrder");
    row(area, complete(upload, part(1, "\"x\"")), 400, "InvalidPart");
    row(area, complete(upload, part(7, partTag)), 400, "InvalidPart");
    row(area, complete(upload, ""), 400, "MalformedXML");
    row(area, complete(upload, "<Part><PartNumber>x</PartNumber></Part>"), 400, "MalformedXML");
    row(area, post("/box/big?uploadId=" + upload).body("nonsense"), 400, "MalformedXML");
    row(
        area,
        complete(upload, part(1, partTag) + part(2, partTag)),
        400,
        "EntityTooSmall",
        "<ProposedSize>5<",
        "<MinSizeAllowed>5242880<",
        "<PartNumber>1<",
        "<ETag>");
    for (String number : List.of("0", "10001", "x", "")) {
      row(
          area,
          put("/box/big?partNumber=" + number + "&uploadId=" + upload).body("x"),
          400,
          "InvalidArgument");
    }
    row(area, put("/box/big?partNumber=1&uploadId=none").body("x"), 404, "NoSuchUpload");
    row(area, get("/box/big?uploadId=none"), 404, "NoSuchUpload");
    row(area, delete("/box/big?uploadId=none"), 404, "NoSuchUpload");
    row(
        area,
        put("/box/sum?partNumber=1&uploadId=" + compositeUpload)
            .header("x-amz-checksum-sha1", "EfatjsUqKYRvOyHf5QE/YZn9E5k=")
            .body("x"),
        400,
        "InvalidRequest",
        "Checksum Type mismatch occurred, expected checksum Type: crc32");
    row(
        area,
        post("/box/sum2?uploads")
            .header("x-amz-checksum-algorithm", "SHA256")
            .header("x-amz-checksum-type", "FULL_OBJECT"),
        400,
        "InvalidRequest");
    row(
        area,
        post("/box/sum2?uploads").header("x-amz-checksum-algorithm", "X"),
        400,
        "InvalidRequest");
    row(area, get("/box/big?max-parts=-1&uploadId=" + upload), 400, "InvalidArgument");
    row(area, get("/box?max-uploads=x&uploads"), 400, "InvalidArgument");
    row(area, head("/box/big"), 404, "");
  }

  private Request complete(String id, String parts) {
    return post("/box/big?uploadId=" + id)
        .body("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>");
  }

  private static String part(int number, String tag) {
    return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + tag + "</ETag></Part>";
  }

  private void copies() {
    String area = "copies";
    row(area, copy("/box/to", "box/none"), 404, "NoSuchKey");
    row(area, copy("/box/to", "none/a"), 404, "NoSuchBucket");
    row(area, copy("/box/to", "box"), 400, "InvalidArgument");
    row(area, copy("/box/to", "box/%zz"), 400, "InvalidArgument");
    row(area, copy("/box/to", "box/a?versionId="), 400, "InvalidArgument");
    row(
        area,
        copy("/box/a", "box/a"),
        400,
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself");
    row(
        area,
        copy("/box/to", "box/a").header("x-amz-metadata-directive", "KEEP"),
        400,
        "InvalidArgument");
    row(
        area,
        copy("/box/to", "box/a").header("x-amz-copy-source-if-match", "\"x\""),
        412,
        "PreconditionFailed");
    row(
        area,
        copy("/box/to", "box/a")
            .header("x-amz-copy-source-if-none-match", "5d41402abc4b2a76b9719d911017c592"),
        412,
        "PreconditionFailed");
    row(area, copy("/box/to", "kept/a"), 404, "NoSuchKey");
    row(area, copy("/box/to", "kept/a?versionId=" + marker), 400, "InvalidRequest");
    row(
        area,
        copy("/box/big?partNumber=3&uploadId=" + upload, "box/a")
            .header("x-amz-copy-source-range", "bytes=0-9"),
        400,
        "InvalidArgument");
    row(
        area,
        copy("/box/big?partNumber=3&uploadId=" + upload, "box/a")
            .header("x-amz-copy-source-range", "0-1"),
        400,
        "InvalidArgument");
    row(area, head("/box/to"), 404, "");
    row(area, copy("/box/to", "box/odd/a%2Bb"), 200, "", "<CopyObjectResult");
    row(area, copy("/box/to", "/box/odd/a%3Fb"), 200, "", "<CopyObjectResult");
  }

  private void writes() {
    String area = "conditional writes";
    row(
        area,
        put("/box/a").header("if-none-match", "*").body("x"),
        412,
        "PreconditionFailed",
        "<Condition>If-None-Match<");
    row(area, put("/box/a").header("if-none-match", "\"x\"").body("x"), 501, "NotImplemented");
    row(
        area,
        put("/box/a").header("if-match", "\"x\"").body("x"),
        412,
        "PreconditionFailed",
        "<Condition>If-Match<");
    row(area, put("/box/none").header("if-match", "\"x\"").body("x"), 404, "NoSuchKey");
    row(
        area,
        put("/box/a").header("if-match", "*").header("if-none-match", "*").body("x"),
        501,
        "NotImplemented");
    row(area, put("/kept/a").header("if-none-match", "*").body("x"), 200, "");
    row(area, get("/box/a"), 200, "", "hello");
    row(area, delete("/box/a").header("if-match", "\"x\""), 412, "PreconditionFailed");
    row(area, delete("/box/a").header("x-amz-if-match-size", "5"), 501, "NotImplemented");
    row(area, get("/box/a"), 200, "", "hello");
  }

  private void deletes() {
    String area = "batches";
    String one = "<Delete><Object><Key>none</Key></Object></Delete>";
    row(
        area,
        post("/box?delete").body(one),
        400,
        "InvalidRequest",
        "Missing required header for this request: Content-MD5");
    row(area, deleteObjects(one), 200, "", "<Deleted><Key>none</Key></Deleted>");
    row(
        area,
        post("/box?delete")
            .body(one)
            .header(
                "x-amz-checksum-sha256",
                base64(RawS3.digest("SHA-256", one.getBytes(StandardCharsets.UTF_8)))),
        200,
        "",
        "<Deleted>");
    row(area, post("/box?delete").body(one).header("content-md5", md5("")), 400, "BadDigest");
    row(area, deleteObjects("<Delete></Delete>"), 400, "MalformedXML");
    row(area, deleteObjects("nonsense"), 400, "MalformedXML");
    row(area, deleteObjects(""), 400, "MalformedXML");
    row(area, deleteObjects("<Delete><Object></Object></Delete>"), 400, "MalformedXML");
    row(area, deleteObjects("<Delete><Object><Key></Key></Object></Delete>"), 400, "MalformedXML");
    row(
        area,
        deleteObjects("<Delete>" + "<Object><Key>none</Key></Object>".repeat(1001) + "</Delete>"),
        400,
        "MalformedXML");
    row(
        area,
        deleteObjects("<Delete>" + "<Object><Key>none</Key></Object>".repeat(1000) + "</Delete>"),
        200,
        "");
    row(
        area,
        deleteObjects(
            "<Delete><Quiet>true</Quiet><Object><Key>none</Key></Object><Object><Key>a</Key>"
                + "<ETag>\"x\"</ETag></Object></Delete>"),
        200,
        "PreconditionFailed",
        "2006-03-01/\"><Error><Key>a</Key>");
    row(
        area,
        deleteObjects("<Delete><Object><Key>" + "k".repeat(1025) + "</Key></Object></Delete>"),
        200,
        "KeyTooLongError");
    row(
        area,
        deleteObjects(
            "<Delete><Object><Key>a</Key><VersionId>no such id</VersionId></Object></Delete>"),
        200,
        "InvalidArgument",
        "Invalid version id specified");
    row(area, get("/box/a"), 200, "", "hello");
  }
}
