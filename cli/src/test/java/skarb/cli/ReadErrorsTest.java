package skarb.cli;

import java.util.List;

/// Reads of objects, versions, settings and listings.
class ReadErrorsTest extends ErrorTable {

  @Override
  void rows() {
    reads();
    versions();
    settings();
    listings();
  }

  private void reads() {
    String area = "reads";
    String tag = "\"5d41402abc4b2a76b9719d911017c592\"";
    String before = "Sun, 06 Nov 1994 08:49:37 GMT";
    String after = "Fri, 06 Nov 2099 08:49:37 GMT";
    row(
        area,
        get("/box/a"),
        200,
        "",
        "accept-ranges: bytes",
        "content-type: binary/octet-stream",
        "etag: " + tag);
    row(area, get("/box/a").header("if-match", tag).header("if-unmodified-since", before), 200, "");
    row(
        area,
        get("/box/a").header("if-none-match", tag).header("if-modified-since", before),
        304,
        "",
        "etag: " + tag,
        "last-modified: ");
    row(area, get("/box/a").header("if-none-match", tag.replace("\"", "")), 304, "");
    row(area, get("/box/a").header("if-none-match", "W/" + tag), 304, "");
    row(area, get("/box/a").header("if-modified-since", after), 200, "");
    row(area, get("/box/a").header("if-match", "\"x\""), 412, "PreconditionFailed");
    row(area, get("/box/a").header("if-unmodified-since", before), 412, "PreconditionFailed");
    row(
        area,
        get("/box/a").header("range", "bytes=5-"),
        416,
        "InvalidRange",
        "<ActualObjectSize>5<",
        "<RangeRequested>bytes=5-<",
        "content-range: bytes */5");
    row(area, get("/box/a").header("range", "bytes=-0"), 416, "InvalidRange");
    row(area, get("/box/a").header("range", "bytes=-9"), 206, "", "content-range: bytes 0-4/5");
    row(area, get("/box/a").header("range", "bytes=4-9"), 206, "", "content-range: bytes 4-4/5");
    row(area, get("/box/a").header("range", "bytes=3-1"), 200, "");
    row(area, get("/box/a").header("range", "bytes=0-0,2-2"), 200, "");
    row(area, get("/box/a").header("range", "lines=0-0"), 200, "");
    row(area, get("/box/none-sense").header("range", "bytes=0-"), 416, "InvalidRange");
    row(area, get("/box/a?partNumber=1"), 206, "", "content-range: bytes 0-4/5");
    row(area, get("/box/a?partNumber=2"), 416, "InvalidPartNumber");
    row(area, get("/box/a?partNumber=0"), 400, "InvalidArgument");
    row(area, get("/box/a?partNumber=x"), 400, "InvalidArgument");
    row(
        area,
        get("/box/a?partNumber=1").header("range", "bytes=0-0"),
        400,
        "InvalidRequest",
        "Cannot specify both Range header and partNumber query parameter");
  }

  private void versions() {
    String area = "versions";
    String unknown = version.substring(0, version.length() - 1) + "0";
    row(
        area,
        get("/kept/a"),
        404,
        "NoSuchKey",
        "x-amz-delete-marker: true",
        "x-amz-version-id: " + marker);
    row(area, head("/kept/a"), 404, "", "x-amz-delete-marker: true");
    row(
        area,
        get("/kept/a?versionId=" + marker),
        405,
        "MethodNotAllowed",
        "allow: DELETE",
        "last-modified: ",
        "x-amz-delete-marker: true");
    row(area, head("/kept/a?versionId=" + marker), 405, "", "allow: DELETE");
    row(area, get("/kept/a?versionId=" + version), 200, "", "x-amz-version-id: " + version);
    row(
        area,
        get("/kept/a?versionId=no%20such%20id"),
        400,
        "InvalidArgument",
        "Invalid version id specified");
    row(area, get("/kept/a?versionId="), 400, "InvalidArgument");
    row(area, get("/kept/a?versionId=null"), 404, "NoSuchVersion");
    row(area, get("/box/a?versionId=null"), 200, "");
    if (!unknown.equals(version)) {
      row(area, delete("/kept/a?versionId=" + unknown), 204, "", "x-amz-version-id: " + unknown);
    }
    row(
        area,
        get("/kept?versions&version-id-marker=" + version),
        400,
        "InvalidArgument",
        "A version-id marker cannot be specified without a key marker.");
    row(
        area,
        put("/kept?versioning").body("<VersioningConfiguration/>"),
        400,
        "IllegalVersioningConfigurationException");
    row(
        area,
        put("/kept?versioning")
            .body("<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>"),
        400,
        "MalformedXML");
  }

  private void settings() {
    String area = "settings";
    row(area, get("/box?policy"), 404, "NoSuchBucketPolicy");
    row(area, get("/box?lifecycle"), 404, "NoSuchLifecycleConfiguration");
    row(area, get("/box?tagging"), 404, "NoSuchTagSet");
    row(area, get("/box?cors"), 404, "NoSuchCORSConfiguration");
    row(area, get("/box?encryption"), 404, "ServerSideEncryptionConfigurationNotFoundError");
    row(area, get("/box/a?tagging"), 200, "", "<TagSet></TagSet>");
    row(area, get("/box/none?tagging"), 404, "NoSuchKey");
    row(area, get("/box/a?acl"), 200, "", "<Permission>FULL_CONTROL<");
    row(area, get("/box?acl"), 200, "", "<Permission>FULL_CONTROL<");
    row(area, get("/box?acl").key(OTHER, OTHER_SECRET), 403, "AccessDenied");
    row(
        area,
        get("/box/a").header("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        501,
        "NotImplemented");
    row(area, get("/box/a?retention"), 400, "InvalidRequest");
    row(area, put("/box?policy").body("{}"), 501, "NotImplemented");
    row(area, put("/box/a?tagging").body("<Tagging/>"), 501, "NotImplemented");
    row(
        area,
        put("/box/s").header("x-amz-tagging", "a=b").body("x"),
        501,
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        "<Header>x-amz-tagging<");
    row(area, put("/box/s").header("x-amz-object-lock-mode", "COMPLIANCE"), 501, "NotImplemented");
    row(area, head("/box/s"), 404, "");
  }

  private void listings() {
    String area = "listings";
    for (String value : List.of("-1", "x", "1.5", "2147483648")) {
      row(area, get("/box?max-keys=" + value), 400, "InvalidArgument");
    }
    row(area, get("/box?max-keys=5000"), 200, "", "<MaxKeys>1000<");
    row(area, get("/box?max-keys=0"), 200, "", "<MaxKeys>0<", "<IsTruncated>false<");
    row(area, get("/box?encoding-type=base64"), 400, "InvalidArgument");
    row(
        area,
        get("/box?continuation-token=&list-type=2"),
        400,
        "InvalidArgument",
        "The continuation token provided is incorrect");
    row(area, get("/box?continuation-token=nonsense&list-type=2"), 400, "InvalidArgument");
    row(
        area,
        get("/box?list-type=2&prefix=a"),
        200,
        "",
        "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;<");
    row(area, get("/box?prefix=odd%2F%01"), 200, "", "&#x1;");
    row(area, get("/?max-buckets=0"), 400, "InvalidArgument");
    row(area, get("/none?list-type=2"), 404, "NoSuchBucket");
  }
}
