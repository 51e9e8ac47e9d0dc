package skarb.cli;

import java.time.Instant;
import java.util.List;
import skarb.cli.RawS3.Request;

/// Signatures, payloads and checksums.
class SignatureErrorsTest extends ErrorTable {
  private static final String NONE = "";

  @Override
  void rows() {
    signatures();
    presigned();
    payloads();
    checksums();
  }

  private void signatures() {
    String area = "signatures";
    Instant now = Instant.now();
    row(
        area,
        get("/box/a").at(now.minusSeconds(1000)),
        403,
        "RequestTimeTooSkewed",
        "<MaxAllowedSkewMilliseconds>900000<");
    row(area, get("/box/a").at(now.plusSeconds(1000)), 403, "RequestTimeTooSkewed");
    row(area, get("/box/a").at(now.minusSeconds(800)), 200, "");
    row(
        area,
        get("/box/a").key("no-such-key", "x"),
        403,
        "InvalidAccessKeyId",
        "<AWSAccessKeyId>no-such-key<");
    row(
        area,
        get("/box/a").key(KEY, "wrong"),
        403,
        "SignatureDoesNotMatch",
        "<StringToSign>AWS4-HMAC-SHA256",
        "<CanonicalRequest>GET");
    row(area, get("/box/a").region("eu-west-3"), 200, "");
    row(
        area,
        get("/box/a").unsigned("x-amz-acl: private"),
        403,
        "AccessDenied",
        "There were headers present in the request which were not signed",
        "<HeadersNotSigned>x-amz-acl<");
    row(area, get("/box/a").header("x-amz-security-token", "t"), 400, "InvalidToken");
    row(
        area,
        get("/box/a").anonymous().unsigned("Authorization: AWS " + KEY + ":abc="),
        400,
        "InvalidRequest",
        "Please use AWS4-HMAC-SHA256");
    row(
        area,
        get("/box/a").anonymous().unsigned("Authorization: Bearer abc"),
        400,
        "InvalidArgument",
        "Unsupported Authorization Type");
    row(
        area,
        get("/box/a")
            .anonymous()
            .unsigned(
                "Authorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0"),
        400,
        "AuthorizationHeaderMalformed");
    row(
        area,
        get("/box/a?X-Amz-Algorithm=AWS4-HMAC-SHA256"),
        400,
        "InvalidArgument",
        "Only one auth mechanism allowed");
    row(area, get("/box/a?response-expires=0").anonymous(), 400, "InvalidRequest");
    row(
        area,
        get("/box/a?response-content-type=a%2Fb&response-expires=0"),
        200,
        "",
        "content-type: a/b",
        "expires: 0");
  }

  private void presigned() {
    String area = "presigned";
    Instant now = Instant.now();
    row(area, get("/box/a").presigned("604800").at(now.minusSeconds(604_700)), 200, "");
    row(
        area,
        get("/box/a").presigned("604800").at(now.minusSeconds(604_900)),
        403,
        "AccessDenied",
        "Request has expired",
        "<Expires>",
        "<ServerTime>");
    row(area, get("/box/a").presigned("60").at(now.plusSeconds(1000)), 403, "AccessDenied");
    for (String expires : List.of("604801", "-1", "x", "99999999999999999999")) {
      row(
          area,
          get("/box/a").presigned(expires),
          400,
          "AuthorizationQueryParametersError",
          "X-Amz-Expires");
    }
    row(area, get("/box/a").presigned("60").key(KEY, "wrong"), 403, "SignatureDoesNotMatch");
    row(
        area,
        get("/box/a").presigned("60").unsigned("x-amz-meta-a: b"),
        403,
        "AccessDenied",
        "not signed");
    row(area, get("/box/a?X-Amz-Security-Token=t").presigned("60"), 400, "InvalidToken");
    row(
        area,
        get("/box/a?AWSAccessKeyId=a&Expires=1&Signature=b").anonymous(),
        400,
        "InvalidRequest");
  }

  private void payloads() {
    String area = "payloads";
    row(
        area,
        put("/box/p").payload(NONE).body("x"),
        400,
        "InvalidRequest",
        "Missing required header for this request: x-amz-content-sha256");
    row(area, put("/box/p").payload("abc").body("x"), 400, "InvalidArgument");
    row(
        area,
        put("/box/p").payload(RawS3.EMPTY_SHA256).body("x"),
        400,
        "XAmzContentSHA256Mismatch");
    row(
        area,
        put("/box/big?partNumber=3&uploadId=" + upload).payload(RawS3.EMPTY_SHA256).body("x"),
        400,
        "XAmzContentSHA256Mismatch");
    row(
        area,
        put("/made-of-one").payload(RawS3.EMPTY_SHA256).body(location("eu")),
        400,
        "XAmzContentSHA256Mismatch");
    row(
        area,
        streamed(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            1,
            "1;chunk-signature=" + "0".repeat(64) + "\r\nx\r\n"),
        403,
        "SignatureDoesNotMatch");
    row(
        area,
        streamed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 1, "1\r\nx\r\n0\r\n\r\n"),
        400,
        "IncompleteBody");
    row(
        area,
        streamed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 1, "1\r\nx\r\n0\r\n\r\n"),
        400,
        "MalformedTrailerError");
    row(
        area,
        streamed("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 2, "1\r\nx\r\n1\r\ny\r\n0\r\n\r\n"),
        403,
        "InvalidChunkSizeError");
    row(area, trailing("x-amz-checksum-crc32", "0\r\n\r\n"), 400, "MalformedTrailerError");
    row(
        area,
        trailing("x-amz-checksum-crc32", "0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n"),
        400,
        "MalformedTrailerError");
    row(
        area,
        trailing("x-amz-checksum-crc32", "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"),
        400,
        "BadDigest",
        "The CRC32 you specified did not match the calculated checksum");
    row(
        area,
        trailing("x-amz-checksum-crc32", "0\r\nx-amz-checksum-crc32:nonsense\r\n\r\n"),
        400,
        "InvalidRequest");
    row(area, trailing("x-amz-meta-a", "0\r\nx-amz-meta-a:b\r\n\r\n"), 400, "InvalidRequest");
    row(area, head("/box/l"), 404, "");
    row(area, head("/box/p"), 404, "");
  }

  private Request trailing(String name, String end) {
    return streamed("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 1, "1\r\nx\r\n" + end)
        .header("x-amz-trailer", name);
  }

  private void checksums() {
    String area = "checksums";
    String crc32OfX = "jc2Mww==";
    row(area, put("/box/c").header("content-md5", "abc").body("x"), 400, "InvalidDigest");
    row(area, put("/box/c").header("content-md5", "YWJj").body("x"), 400, "InvalidDigest");
    row(area, put("/box/c").header("content-md5", md5("y")).body("x"), 400, "BadDigest");
    row(
        area,
        put("/box/c").header("x-amz-checksum-crc32", "AAAAAA==").body("x"),
        400,
        "BadDigest",
        "The CRC32 you specified did not match the calculated checksum");
    row(
        area,
        put("/box/c").header("x-amz-checksum-crc32", "abc").body("x"),
        400,
        "InvalidRequest",
        "Value for x-amz-checksum-crc32 header is invalid.");
    row(
        area,
        put("/box/c")
            .header("x-amz-checksum-crc32", crc32OfX)
            .header("x-amz-checksum-sha1", "AAAA")
            .body("x"),
        400,
        "InvalidRequest",
        "Expecting a single x-amz-checksum- header");
    row(
        area,
        put("/box/c").header("x-amz-sdk-checksum-algorithm", "CRC32").body("x"),
        400,
        "InvalidRequest");
    row(
        area,
        put("/box/c").header("x-amz-checksum-sha512", "AAAA").body("x"),
        400,
        "InvalidRequest");
    row(area, head("/box/c"), 404, "");
    row(
        area,
        put("/box/sums").body("x"),
        200,
        "",
        "x-amz-checksum-crc64nvme: ",
        "x-amz-checksum-type: FULL_OBJECT",
        "etag: \"9dd4e461268c8034f5c8564e155c67a6\"");
    row(
        area,
        get("/box/sums").header("x-amz-checksum-mode", "ENABLED"),
        200,
        "",
        "x-amz-checksum-crc64nvme: ");
  }
}
