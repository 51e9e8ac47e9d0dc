package skarb.cli;

import java.util.List;
import skarb.cli.RawS3.Request;

/// Addresses, names and lengths.
class RequestErrorsTest extends ErrorTable {
  private static final String NONE = "";
  private static final long GIB = 1L << 30;

  @Override
  void rows() {
    routing();
    names();
    lengths();
  }

  private void routing() {
    String area = "errors and routing";
    row(area, head("/box/none"), 404, "");
    row(area, head("/none"), 404, "");
    row(area, head("/none/a"), 404, "");
    row(area, head("/box/a").key(KEY, "wrong"), 403, "");
    row(area, head("/box/a").header("range", "bytes=9-"), 416, "", "content-range: bytes */5");
    row(area, head("/box/a").header("if-match", "\"x\""), 412, "");
    row(
        area,
        get("/box/none"),
        404,
        "NoSuchKey",
        "<Error><Code>NoSuchKey</Code>",
        "<Key>none</Key>",
        "<Resource>/box/none</Resource>",
        "<RequestId>",
        "<HostId>",
        "content-type: application/xml");
    row(area, get("/box/none").key(OTHER, OTHER_SECRET), 403, "AccessDenied");
    row(area, get("/box/a").key(OTHER, OTHER_SECRET), 403, "AccessDenied");
    row(area, get("/none").key(OTHER, OTHER_SECRET), 404, "NoSuchBucket");
    row(area, get("/none/a"), 404, "NoSuchBucket", "<BucketName>none</BucketName>");
    row(area, get("/none?policy"), 404, "NoSuchBucket");
    row(area, put("/none/a").body("x"), 404, "NoSuchBucket");
    row(area, get("/none/a").anonymous(), 404, "NoSuchBucket");
    row(area, get("/box/a").anonymous(), 403, "AccessDenied");
    row(area, get("/box").anonymous(), 403, "AccessDenied");
    row(area, get("/").anonymous(), 403, "AccessDenied");
    row(area, put("/box/x").anonymous().body("x"), 403, "AccessDenied");
    row(area, delete("/box/none"), 204, "");
    row(area, delete("/none/a"), 404, "NoSuchBucket");
    row(area, delete("/full"), 409, "BucketNotEmpty", "<BucketName>full</BucketName>");
    row(area, delete("/kept"), 409, "BucketNotEmpty");
    row(area, delete("/half"), 204, "");
    row(area, put("/box"), 200, "", "location: /box");
    row(area, put("/box").key(OTHER, OTHER_SECRET), 409, "BucketAlreadyExists");
    row(area, post("/box/a"), 405, "MethodNotAllowed", "allow: DELETE, GET, HEAD, PUT");
    row(area, s3.request("PATCH", "/box/a"), 405, "MethodNotAllowed");
    row(area, put("/"), 405, "MethodNotAllowed", "allow: GET");
    row(area, delete("/box?location"), 405, "MethodNotAllowed", "allow: GET");
    row(area, put("/box/a?unheard"), 501, "NotImplemented");
    row(area, get("/box?unheard"), 501, "NotImplemented");
    row(area, post("/box").body("form"), 501, "NotImplemented");
    row(area, s3.request("OPTIONS", "/box/a").anonymous(), 403, "AccessForbidden", "CORS");
    row(area, get("/a").header("host", "box.localhost"), 200, "", "hello");
    row(area, get("/a").header("host", "BOX.localhost:9000"), 200, "", "hello");
    row(area, get("/a").header("host", "none.localhost"), 404, "NoSuchBucket");
    row(area, get("/box/a").header("x-amz-expected-bucket-owner", "1"), 403, "AccessDenied");
    row(area, delete("/box/a").header("x-amz-expected-bucket-owner", "1"), 403, "AccessDenied");
    row(area, get("/box").header("x-amz-expected-bucket-owner", "1"), 403, "AccessDenied");
  }

  private void names() {
    String area = "names";
    for (String name :
        List.of(
            "ab",
            "a".repeat(64),
            "Upper",
            "under_score",
            "a..b",
            "a.-b",
            "a-.b",
            "-ab",
            "ab-",
            "192.168.1.1",
            "xn--ab",
            "sthree-ab",
            "ab-s3alias",
            "ab--ol-s3",
            "a%20b")) {
      row(area, put("/" + name), 400, "InvalidBucketName");
    }
    row(area, get("//a"), 400, "InvalidBucketName");
    row(area, put("/box/" + "k".repeat(1024)).body("x"), 200, "");
    row(area, put("/box/" + "k".repeat(1025)).body("x"), 400, "KeyTooLongError");
    row(area, put("/box/" + "%C3%A9".repeat(513)).body("x"), 400, "KeyTooLongError");
    row(area, get("/box/%zz"), 400, "InvalidURI", "Couldn't parse the specified URI.");
    row(area, get("/box/a%"), 400, "InvalidURI");
    row(area, get("/box/a%8"), 400, "InvalidURI");
    row(area, get("/box/%FF"), 400, "InvalidURI");
    row(area, put("/box/%C3%28").body("x"), 400, "InvalidURI");
    row(area, get("/box?prefix=%C3%28"), 400, "InvalidURI");
    for (String key :
        List.of(
            "a//b",
            "a/../b",
            "..",
            "./a",
            "/lead",
            "trail/",
            "back%5Cslash",
            "a%2Bb",
            "a%20b",
            "%00",
            "%01",
            "%C3%A9",
            "e%CC%81",
            "%F0%9F%98%80",
            "%25",
            "%25zz",
            "a%3Fb",
            "a%23b")) {
      row(area, put("/box/strange/" + key).body("x"), 200, "");
      row(area, head("/box/strange/" + key), 200, "", "content-length: 1");
    }
    row(area, get("/box/strange/b"), 404, "NoSuchKey");
    row(area, get("/box/strange/a%20b"), 200, "");
    row(
        area,
        put("/box/m").header("x-amz-meta-a", "v".repeat(2048)).body("x"),
        400,
        "MetadataTooLarge",
        "<MaxSizeAllowed>2048</MaxSizeAllowed>");
    row(
        area,
        put("/box/m").unsigned("X-Filler: " + "v".repeat(17_000)).body("x"),
        400,
        "RequestHeaderSectionTooLarge");
    row(area, get("/box/" + "k".repeat(17_000)), 414, "RequestURITooLong");
    row(area, put("/made-of-one").body(location("us-east-1")), 400, "InvalidLocationConstraint");
    row(area, put("/made-of-one").body(location("no_region")), 400, "InvalidLocationConstraint");
    row(area, put("/made-of-one").body("<Create"), 400, "MalformedXML");
    row(area, put("/made-of-one").body("<Other/>"), 400, "MalformedXML");
    row(
        area,
        put("/made-of-one").body("<!DOCTYPE a [<!ENTITY b \"c\">]>" + location("&b;")),
        400,
        "MalformedXML");
    row(area, head("/made-of-one"), 404, "");
    row(area, get("/box?location"), 200, "", "2006-03-01/\"></LocationConstraint>");
  }

  private void lengths() {
    String area = "lengths";
    row(area, put("/box/l").length(NONE), 411, "MissingContentLength");
    row(
        area,
        put("/box/big?partNumber=3&uploadId=" + upload).length(NONE),
        411,
        "MissingContentLength");
    row(
        area,
        put("/box/l")
            .unsigned("Transfer-Encoding: chunked")
            .length(NONE)
            .payload("UNSIGNED-PAYLOAD")
            .body("1\r\nx\r\n0\r\n\r\n"),
        411,
        "MissingContentLength");
    row(
        area,
        put("/box/l").payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER").body("0\r\n\r\n"),
        411,
        "MissingContentLength");
    row(
        area,
        put("/box/l").payload("UNSIGNED-PAYLOAD").length(Long.toString(5 * GIB + 1)),
        400,
        "EntityTooLarge",
        "<ProposedSize>5368709121</ProposedSize>",
        "<MaxSizeAllowed>5368709120</MaxSizeAllowed>");
    // No 100 comes first where the head is enough to say no.
    row(area, expecting(put("/box/l").key(KEY, "wrong")), 403, "SignatureDoesNotMatch");
    row(area, expecting(put("/none/l")), 404, "NoSuchBucket");
    row(area, expecting(put("/box/a").header("if-none-match", "*")), 412, "PreconditionFailed");
    row(area, expecting(put("/box/l").header("content-md5", "x")), 400, "InvalidDigest");
    row(area, put("/box/l").length("x"), 400, "BadRequest");
    row(area, put("/box/l").length("-1"), 400, "BadRequest");
    row(
        area,
        streamed("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 5, "3\r\nabc\r\n0\r\n\r\n"),
        400,
        "IncompleteBody");
    row(
        area,
        streamed("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 2, "3\r\nabc\r\n0\r\n\r\n"),
        400,
        "IncompleteBody");
    row(area, head("/box/l"), 404, "");
  }

  private static Request expecting(Request request) {
    return request.payload("UNSIGNED-PAYLOAD").length("5").unsigned("Expect: 100-continue");
  }
}
