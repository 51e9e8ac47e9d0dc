package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;
import skarb.v1.AbortUploadRequest;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CopyPartRequest;
import skarb.v1.CreateUploadRequest;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListUploadsRequest;
import skarb.v1.PartHeader;

class MultipartTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";

  /// Of `hello`, with quotes.
  private static final String HELLO_ETAG = "\"5d41402abc4b2a76b9719d911017c592\"";

  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer create(String headers) {
    return s3.ask("POST /box/a?uploads" + ANN + headers + "Content-Length: 0\n\n");
  }

  private Answer part(String query, String headers, String body) {
    return s3.ask(
        "PUT /box/a?" + query + ANN + headers + "Content-Length: " + body.length() + "\n\n" + body);
  }

  private Answer copy(String headers) {
    return s3.ask("PUT /box/a?partNumber=1&uploadId=up1" + ANN + headers + "\n");
  }

  private Answer complete(String headers, String document) {
    return s3.ask(
        "POST /box/a?uploadId=up1"
            + ANN
            + headers
            + "Content-Length: "
            + document.length()
            + "\n\n"
            + document);
  }

  private Answer get(String target) {
    return s3.ask("GET /box" + target + ANN + "\n");
  }

  private static String listed(String... parts) {
    return "<CompleteMultipartUpload>" + String.join("", parts) + "</CompleteMultipartUpload>";
  }

  private static String listed(int number, String etag) {
    return "<Part><ETag>" + etag + "</ETag><PartNumber>" + number + "</PartNumber></Part>";
  }

  @Test
  void partsBecomeAnObject() {
    Answer created = create("");
    assertThat(created.status()).isEqualTo(200);
    assertThat(created.body())
        .contains("<Bucket>box</Bucket><Key>a</Key><UploadId>up1</UploadId>")
        .contains("<InitiateMultipartUploadResult xmlns=");
    assertThat(created.header("x-amz-checksum-algorithm")).isEmpty();

    Answer one = part("partNumber=1&uploadId=up1", "", "hello");
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.header("etag")).contains(HELLO_ETAG);
    assertThat(one.header("content-length")).contains("0");
    part("partNumber=7&uploadId=up1", "", " world");

    Answer completed =
        complete(
            "",
            listed(
                listed(1, HELLO_ETAG.replace("\"", "&quot;")),
                listed(7, "e0d25c1e6f1f4f9d1ea5db4a5a5b5b9b")));
    assertThat(completed.code()).as("another part than was sent").isEqualTo("InvalidPart");

    completed = complete("", listed(listed(1, HELLO_ETAG)));
    assertThat(completed.status()).isEqualTo(200);
    assertThat(completed.body())
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <Location>http://s3/box/a</Location><Bucket>box</Bucket><Key>a</Key>\
            <ETag>&quot;e-1&quot;</ETag><ChecksumCRC64NVME>AAECAwQFBgc=</ChecksumCRC64NVME>\
            <ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>\
            """);
    assertThat(get("/a").body()).isEqualTo("hello");
    assertThat(s3.node.multipart().lastAsked(CompleteUploadRequest.class).getIdempotencyToken())
        .isEmpty();
  }

  @Test
  void whatIsSaidAboutTheObjectIsSaidAtTheStart() {
    create("Content-Type: text/plain\nx-amz-meta-color: blue\nContent-Encoding: gzip\n");

    CreateUploadRequest asked = s3.node.multipart().lastAsked(CreateUploadRequest.class);
    assertThat(asked.getAttributes().getHeaders().getContentType()).isEqualTo("text/plain");
    assertThat(asked.getAttributes().getHeaders().getContentEncoding()).isEqualTo("gzip");
    assertThat(asked.getAttributes().getUserMetadata(0).getValue()).isEqualTo("blue");
    assertThat(asked.getChecksumAlgorithm())
        .isEqualTo(ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
    assertThat(create("x-amz-tagging: a=b\n").status()).isEqualTo(501);
  }

  @Test
  void checksumsAreAskedForByNameAndType() {
    Answer composite = create("x-amz-checksum-algorithm: CRC32\n");
    assertThat(composite.header("x-amz-checksum-algorithm")).contains("CRC32");
    assertThat(composite.header("x-amz-checksum-type")).contains("COMPOSITE");

    Answer full = create("x-amz-checksum-algorithm: CRC32C\nx-amz-checksum-type: FULL_OBJECT\n");
    assertThat(full.header("x-amz-checksum-type")).contains("FULL_OBJECT");
    assertThat(s3.node.multipart().lastAsked(CreateUploadRequest.class).getChecksumType())
        .isEqualTo(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT);

    assertThat(create("x-amz-checksum-algorithm: CRC16\n").code()).isEqualTo("InvalidRequest");
    assertThat(create("x-amz-checksum-algorithm: CRC32\nx-amz-checksum-type: HALF\n").code())
        .isEqualTo("InvalidRequest");
    assertThat(create("x-amz-checksum-type: COMPOSITE\n").body())
        .contains("x-amz-checksum-type header can only be used with");
  }

  @Test
  void partsAreStreamedWithTheirChecksums() {
    create("x-amz-checksum-algorithm: CRC32\n");
    String big = "x".repeat(600_000);

    Answer answer = part("partNumber=2&uploadId=up1", "x-amz-checksum-crc32: NhCmhg==\n", big);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-amz-checksum-crc32")).contains("NhCmhg==");
    assertThat(answer.header("x-amz-checksum-type")).isEmpty();
    PartHeader header = s3.node.multipart().lastAsked(PartHeader.class);
    assertThat(header.getPartNumber()).isEqualTo(2);
    assertThat(header.getContentLength()).isEqualTo(600_000);
    assertThat(header.getChecksumAlgorithm()).isEqualTo(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32);
    assertThat(
            part("partNumber=2&uploadId=up1", "Content-MD5: XUFAKrxLKna5cZ2REBfFkg==\n", "hi")
                .code())
        .isEqualTo("BadDigest");
    assertThat(part("partNumber=2&uploadId=up1", "Content-MD5: XUF\n", "hi").code())
        .isEqualTo("InvalidDigest");
  }

  @Test
  void checksumsInTrailersAreOfThePart() {
    create("x-amz-checksum-algorithm: CRC32\n");

    Answer answer =
        s3.ask(
            "PUT /box/a?partNumber=1&uploadId=up1"
                + ANN
                + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
                + "x-amz-decoded-content-length: 5\nx-amz-trailer: x-amz-checksum-crc32\n"
                + "Content-Encoding: aws-chunked\nContent-Length: 47\n\n"
                + "5\nhello\n0\nx-amz-checksum-crc32: NhCmhg==\n\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("etag")).contains(HELLO_ETAG);
    assertThat(answer.header("x-amz-checksum-crc32")).contains("NhCmhg==");
  }

  @Test
  void theNodeJudgesThePartBeforeItsBytesAreSent() {
    create("");
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(
          "PUT /box/a?partNumber=1&uploadId=other"
              + ANN
              + "Expect: 100-continue\nContent-Length: 5\n\n");
      assertThat(socket.answer().code()).isEqualTo("NoSuchUpload");
    }
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(
          "PUT /box/a?partNumber=1&uploadId=up1"
              + ANN
              + "Expect: 100-continue\nContent-Length: 5\n\n");
      assertThat(socket.answer().status()).isEqualTo(100);
      assertThat(socket.send("hello").answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "10001", "-1", "x", "", "99999999999"})
  void numbersOfPartsAreOneToTenThousand(String number) {
    create("");

    Answer answer = part("partNumber=" + number + "&uploadId=up1", "", "hello");
    assertThat(answer.code()).isEqualTo("InvalidArgument");
    assertThat(answer.body())
        .contains("Part number must be an integer between 1 and 10000, inclusive")
        .contains("<ArgumentName>partNumber</ArgumentName>");
  }

  @Test
  void partsOverFiveGibibytesAreTooLarge() {
    create("");
    try (HttpClientSocket socket = s3.connect()) {
      socket.send("PUT /box/a?partNumber=1&uploadId=up1" + ANN + "Content-Length: 5368709121\n\n");
      Answer answer = socket.answer();
      assertThat(answer.code()).isEqualTo("EntityTooLarge");
      assertThat(answer.body()).contains("<ProposedSize>5368709121</ProposedSize>");
    }
  }

  @Test
  void partsAreCopiedFromObjects() {
    assertThat(s3.ask("PUT /box/src" + ANN + "Content-Length: 5\n\nhello").status()).isEqualTo(200);
    create("");

    Answer whole =
        copy("x-amz-copy-source: box/src?versionId=v%31\nx-amz-copy-source-if-match: \"x\"\n");
    assertThat(whole.status()).as(whole.body()).isEqualTo(200);
    assertThat(whole.header("x-amz-copy-source-version-id")).contains("v1");
    assertThat(whole.body())
        .contains("<CopyPartResult xmlns=")
        .contains("<LastModified>2026-11-01T12:00:00.000Z</LastModified>")
        .contains("<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>")
        .contains("<ChecksumCRC64NVME>AAECAwQFBgc=</ChecksumCRC64NVME>");
    CopyPartRequest asked = s3.node.multipart().lastAsked(CopyPartRequest.class);
    assertThat(asked.getSource().getVersionId()).isEqualTo("v1");
    assertThat(asked.getSource().getConditions().getIfMatch().getEtagsList()).containsExactly("x");
    assertThat(asked.hasRange()).isFalse();

    copy("x-amz-copy-source: /box/src\nx-amz-copy-source-range: bytes=1-3\n");
    CopyPartRequest ranged = s3.node.multipart().lastAsked(CopyPartRequest.class);
    assertThat(ranged.getRange().getFirst()).isEqualTo(1);
    assertThat(ranged.getRange().getLast()).isEqualTo(3);

    Answer beyond = copy("x-amz-copy-source: /box/src\nx-amz-copy-source-range: bytes=0-5\n");
    assertThat(beyond.code()).isEqualTo("InvalidArgument");
    assertThat(beyond.body()).contains("size: 5");
    assertThat(copy("x-amz-copy-source: /box/none\n").code()).isEqualTo("NoSuchKey");
    assertThat(
            copy("x-amz-copy-source: /box/src\nx-amz-source-expected-bucket-owner: user-BOB\n")
                .code())
        .isEqualTo("AccessDenied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0-2",
        "bytes=0",
        "bytes=hello-world",
        "bytes=0-bar",
        "bytes=hello-",
        "bytes=0-2,3-5",
        "bytes=-3",
        "bytes=1-",
        "bytes=3-1",
        "Bytes=0-1",
        ""
      })
  void rangesOfCopiesHaveTwoEnds(String range) {
    create("");

    assertThat(copy("x-amz-copy-source: /box/src\nx-amz-copy-source-range: " + range + "\n").code())
        .isEqualTo("InvalidArgument");
  }

  @Test
  void partsAreListedPageByPage() {
    create("x-amz-checksum-algorithm: CRC32\n");
    part("partNumber=3&uploadId=up1", "x-amz-checksum-crc32: NhCmhg==\n", "hello");
    part("partNumber=5&uploadId=up1", "x-amz-checksum-crc32: NhCmhg==\n", "hello");

    assertThat(get("/a?uploadId=up1&max-parts=1&part-number-marker=2").body())
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>box</Bucket>\
            <Key>a</Key><UploadId>up1</UploadId>\
            <Initiator><ID>user-ANN</ID><DisplayName>Ann</DisplayName></Initiator>\
            <Owner><ID>user-ANN</ID><DisplayName>Ann</DisplayName></Owner>\
            <StorageClass>STANDARD</StorageClass><PartNumberMarker>2</PartNumberMarker>\
            <NextPartNumberMarker>3</NextPartNumberMarker><MaxParts>1</MaxParts>\
            <IsTruncated>true</IsTruncated><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>\
            <ChecksumType>COMPOSITE</ChecksumType><Part><PartNumber>3</PartNumber>\
            <LastModified>2026-11-01T12:00:00.000Z</LastModified>\
            <ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag><Size>5</Size>\
            <ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part></ListPartsResult>\
            """);
    assertThat(get("/a?uploadId=up1&part-number-marker=5").body())
        .contains("<IsTruncated>false</IsTruncated>")
        .contains("<MaxParts>1000</MaxParts>")
        .doesNotContain("<Part>");
    get("/a?uploadId=up1&max-parts=5000");
    assertThat(s3.node.multipart().lastAsked(ListPartsRequest.class).getPageSize()).isEqualTo(1000);
    assertThat(get("/a?uploadId=up1&max-parts=-1").code()).isEqualTo("InvalidArgument");
    assertThat(get("/a?uploadId=up1&part-number-marker=x").code()).isEqualTo("InvalidArgument");
    assertThat(get("/a?uploadId=").code()).isEqualTo("NoSuchUpload");
  }

  @Test
  void compositeChecksumsNameTheNumberOfTheirParts() {
    create("x-amz-checksum-algorithm: CRC32\n");
    part("partNumber=1&uploadId=up1", "", "hello");

    Answer completed =
        complete(
            """
            x-amz-checksum-crc32: NhCmhg==-1
            x-amz-checksum-type: COMPOSITE
            x-amz-mp-object-size: 5
            If-None-Match: *
            """,
            listed(
                "<Part><PartNumber>1</PartNumber><ETag>"
                    + HELLO_ETAG
                    + "</ETag><ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part>"));
    assertThat(completed.body())
        .contains("<ChecksumCRC64NVME>AAECAwQFBgc=-1</ChecksumCRC64NVME>")
        .contains("<ChecksumType>COMPOSITE</ChecksumType>");
    CompleteUploadRequest asked = s3.node.multipart().lastAsked(CompleteUploadRequest.class);
    assertThat(asked.getExpected().getCrc32().size()).isEqualTo(4);
    assertThat(asked.getChecksumType()).isEqualTo(ChecksumType.CHECKSUM_TYPE_COMPOSITE);
    assertThat(asked.getObjectSize()).isEqualTo(5);
    assertThat(asked.getConditions().getIfNoneMatch().getAny()).isTrue();
    assertThat(asked.getParts(0).getChecksums().getCrc32().size()).isEqualTo(4);

    assertThat(complete("If-None-Match: *\n", listed(listed(1, HELLO_ETAG))).status())
        .isEqualTo(412);
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-checksum-crc32: NhCmhg==-2",
    "x-amz-checksum-crc32: NhCm",
    "x-amz-checksum-type: WHOLE",
    "x-amz-mp-object-size: -1",
    "x-amz-mp-object-size: five",
  })
  void badExpectationsOfTheObjectAreRefused(String header) {
    create("");

    assertThat(complete(header + "\n", listed(listed(1, HELLO_ETAG))).code())
        .isEqualTo("InvalidRequest");
  }

  @Test
  void versionsOfWhatWasCompletedAreShown() {
    s3.node.store().version();
    create("");
    part("partNumber=1&uploadId=up1", "", "hello");

    assertThat(complete("", listed(listed(1, HELLO_ETAG))).header("x-amz-version-id"))
        .contains("v1");
  }

  @Test
  void whatIsNoListOfPartsIsMalformed() {
    create("");
    for (String document :
        new String[] {
          "",
          "<Complete",
          listed(),
          "<Parts></Parts>",
          listed("<Part><PartNumber>1</PartNumber></Part>"),
          listed("<Part><ETag>e</ETag></Part>"),
          listed("<Part><PartNumber>x</PartNumber><ETag>e</ETag></Part>"),
          listed("<Part><PartNumber>1</PartNumber><ETag>e</ETag><Color>blue</Color></Part>"),
          listed("<Object/>"),
          listed(listed(1, "e").repeat(10_001)),
          "<!DOCTYPE x [<!ENTITY e \"e\">]>" + listed(listed(1, "&e;")),
        }) {
      assertThat(complete("", document).code()).as(document).isEqualTo("MalformedXML");
    }
    assertThat(complete("", listed(listed(0, "e"))).code()).isEqualTo("InvalidArgument");
    assertThat(complete("", listed(listed(1, "e").repeat(10_000))).code())
        .as("as many as there can be")
        .isEqualTo("InvalidPart");
  }

  @Test
  void uploadsAreAborted() {
    create("");

    assertThat(s3.ask("DELETE /box/a?uploadId=up1" + ANN + "\n").status()).isEqualTo(204);
    assertThat(s3.node.multipart().lastAsked(AbortUploadRequest.class).getKey()).isEqualTo("a");
    Answer again = s3.ask("DELETE /box/a?uploadId=up1" + ANN + "\n");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.code()).isEqualTo("NoSuchUpload");
    assertThat(Objects.requireNonNull(again.body())).contains("<UploadId>up1</UploadId>");
  }

  @Test
  void uploadsAreListed() {
    create("x-amz-checksum-algorithm: SHA256\n");
    create("");

    assertThat(
            get("?uploads&max-uploads=1&prefix=a%20&delimiter=%2F&key-marker=k&upload-id-marker=u"
                    + "&encoding-type=url")
                .body())
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <Bucket>box</Bucket><KeyMarker>k</KeyMarker><UploadIdMarker>u</UploadIdMarker>\
            <NextKeyMarker>a</NextKeyMarker><NextUploadIdMarker>up1</NextUploadIdMarker>\
            <Prefix>a%20</Prefix><Delimiter>/</Delimiter><EncodingType>url</EncodingType>\
            <MaxUploads>1</MaxUploads><IsTruncated>true</IsTruncated>\
            <Upload><Key>a</Key><UploadId>up1</UploadId>\
            <Initiator><ID>user-ANN</ID><DisplayName>Ann</DisplayName></Initiator>\
            <Owner><ID>user-ANN</ID><DisplayName>Ann</DisplayName></Owner>\
            <StorageClass>STANDARD</StorageClass><Initiated>2026-11-01T12:00:00.000Z</Initiated>\
            <ChecksumAlgorithm>SHA256</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>\
            </Upload><CommonPrefixes><Prefix>dir/%20%01</Prefix></CommonPrefixes>\
            </ListMultipartUploadsResult>\
            """);
    ListUploadsRequest asked = s3.node.multipart().lastAsked(ListUploadsRequest.class);
    assertThat(asked.getPrefix()).isEqualTo("a ");
    assertThat(asked.getUploadIdMarker()).isEqualTo("u");

    assertThat(get("?uploads&upload-id-marker=u").body())
        .doesNotContain("NextKeyMarker")
        .contains("<Prefix>dir/ &#x1;</Prefix>");
    assertThat(s3.node.multipart().lastAsked(ListUploadsRequest.class).getUploadIdMarker())
        .as("goes with key-marker only")
        .isEmpty();
    assertThat(get("?uploads&max-uploads=x").code()).isEqualTo("InvalidArgument");
    assertThat(get("?uploads&encoding-type=base64").code()).isEqualTo("InvalidArgument");
  }
}
