package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.FakeStore;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ContentRange;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadResponse;
import skarb.v1.ListObjectPartsRequest;
import skarb.v1.ListObjectPartsResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectPart;
import skarb.v1.ObjectsGrpc;

/// An object that was uploaded as parts 1 and 3, of 6 and 4 bytes: its parts, and its attributes.
class ObjectPartsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final ObjectInfo INFO =
      ObjectInfo.newBuilder()
          .setKey("a")
          .setVersionId("v1")
          .setSize(10)
          .setEtag("e-2")
          .setPartsCount(2)
          .setLastModified(Timestamp.newBuilder().setSeconds(FakeStore.WRITTEN.getEpochSecond()))
          .setChecksums(Checksums.newBuilder().setCrc32(ByteString.copyFromUtf8("both")))
          .setChecksumType(ChecksumType.CHECKSUM_TYPE_COMPOSITE)
          .build();
  private final TestGateway s3 = new TestGateway();
  private final List<ListObjectPartsRequest> listed = new CopyOnWriteArrayList<>();
  private final List<GetRequest> got = new CopyOnWriteArrayList<>();

  @BeforeEach
  void store() {
    s3.node.script(
        ObjectsGrpc.getListObjectPartsMethod(),
        request -> {
          listed.add(request);
          return parts(request);
        });
    s3.node.script(
        ObjectsGrpc.getGetMethod(),
        request -> {
          got.add(request);
          return GetResponse.newBuilder()
              .setInfo(INFO)
              .setRange(ContentRange.newBuilder().setFirst(6).setLength(4))
              .setFrame(Frame.newBuilder().setContent(ByteString.copyFromUtf8("part")))
              .build();
        });
    s3.node.script(
        ObjectsGrpc.getHeadMethod(),
        request ->
            HeadResponse.newBuilder()
                .setInfo(INFO)
                .setRange(ContentRange.newBuilder().setLength(10))
                .build());
  }

  private static ListObjectPartsResponse parts(ListObjectPartsRequest request) {
    ListObjectPartsResponse.Builder page = ListObjectPartsResponse.newBuilder().setInfo(INFO);
    for (int number : new int[] {1, 3}) {
      if (number > request.getAfterPartNumber()) {
        if (page.getPartsCount() == request.getPageSize()) {
          return page.setTruncated(true).build();
        }
        page.addParts(
            ObjectPart.newBuilder()
                .setNumber(number)
                .setSize(number == 1 ? 6 : 4)
                .setChecksums(
                    Checksums.newBuilder().setCrc32(ByteString.copyFromUtf8("crc" + number))));
      }
    }
    return page.build();
  }

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer attributes(String target, String headers) {
    return s3.ask("GET /box/" + target + "attributes" + ANN + headers + "\n\n");
  }

  @Test
  void aPartIsReadWithItsOwnChecksum() {
    Answer part = s3.ask("GET /box/a?partNumber=3" + ANN + "x-amz-checksum-mode: ENABLED\n\n");

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("part");
    assertThat(part.header("content-range")).contains("bytes 6-9/10");
    assertThat(part.header("x-amz-mp-parts-count")).contains("2");
    assertThat(part.header("x-amz-checksum-crc32")).contains("Y3JjMw==");
    assertThat(part.header("x-amz-checksum-type")).contains("COMPOSITE");
    assertThat(got.getFirst().getPartNumber()).isEqualTo(3);
    assertThat(listed.getFirst())
        .isEqualTo(
            ListObjectPartsRequest.newBuilder()
                .setBucket("box")
                .setKey("a")
                .setVersionId("v1")
                .setAfterPartNumber(2)
                .setPageSize(1)
                .build());
  }

  @Test
  void checksumsOfPartsAreLookedUpOnlyWhereTheyAreAskedFor() {
    Answer part = s3.ask("GET /box/a?partNumber=3" + ANN + "\n");

    assertThat(part.header("x-amz-checksum-crc32")).isEmpty();
    assertThat(listed).isEmpty();
  }

  @Test
  void theWholeHasTheCompositeChecksumWithTheNumberOfParts() {
    try (HttpClientSocket socket = s3.connect()) {
      Answer whole =
          socket.send("HEAD /box/a" + ANN + "x-amz-checksum-mode: ENABLED\n\n").answerToHead();
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.header("x-amz-mp-parts-count")).isEmpty();
      assertThat(whole.header("x-amz-checksum-crc32")).contains("Ym90aA==-2");
    }
  }

  @Test
  void attributesAreToldAsFarAsTheyAreAskedFor() {
    Answer all =
        attributes(
            "a?",
            "x-amz-object-attributes: ETag, Checksum,ObjectParts\n"
                + "x-amz-object-attributes: StorageClass,ObjectSize");

    assertThat(all.header("last-modified")).contains("Sun, 01 Nov 2026 12:00:00 GMT");
    assertThat(all.header("x-amz-version-id")).contains("v1");
    assertThat(all.body())
        .endsWith(
            "2006-03-01/\"><ETag>e-2</ETag><Checksum><ChecksumCRC32>Ym90aA==-2</ChecksumCRC32>"
                + "<ChecksumType>COMPOSITE</ChecksumType></Checksum>"
                + "<ObjectParts><PartsCount>2</PartsCount><PartNumberMarker>0</PartNumberMarker>"
                + "<NextPartNumberMarker>3</NextPartNumberMarker><MaxParts>1000</MaxParts>"
                + "<IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><Size>6</Size>"
                + "<ChecksumCRC32>Y3JjMQ==</ChecksumCRC32></Part><Part><PartNumber>3</PartNumber>"
                + "<Size>4</Size><ChecksumCRC32>Y3JjMw==</ChecksumCRC32></Part></ObjectParts>"
                + "<StorageClass>STANDARD</StorageClass><ObjectSize>10</ObjectSize>"
                + "</GetObjectAttributesResponse>");
    assertThat(attributes("a?versionId=v1&", "x-amz-object-attributes: ObjectSize").body())
        .endsWith("2006-03-01/\"><ObjectSize>10</ObjectSize></GetObjectAttributesResponse>");
    assertThat(s3.node.calls()).containsExactly("ListObjectParts", "Head");
  }

  @Test
  void partsArePaged() {
    String parts = "x-amz-object-attributes: ObjectParts\nx-amz-max-parts: 1\n";

    assertThat(attributes("a?", parts).body())
        .contains("<NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1</MaxParts>")
        .contains("<IsTruncated>true</IsTruncated><Part><PartNumber>1</PartNumber>");
    assertThat(attributes("a?", parts + "x-amz-part-number-marker: 1").body())
        .contains("<PartNumberMarker>1</PartNumberMarker>")
        .contains("<IsTruncated>false</IsTruncated><Part><PartNumber>3</PartNumber>");
  }

  @Test
  void attributesMustBeNamed() {
    assertThat(attributes("a?", "x-a: b").code()).isEqualTo("InvalidRequest");
    assertThat(attributes("a?", "x-amz-object-attributes: ").code()).isEqualTo("InvalidRequest");
    assertThat(attributes("a?", "x-amz-object-attributes: Colour").code())
        .isEqualTo("InvalidArgument");
    assertThat(attributes("a?", "x-amz-object-attributes: ObjectParts\nx-amz-max-parts: -1").code())
        .isEqualTo("InvalidArgument");
    assertThat(attributes("a?versionId=&", "x-amz-object-attributes: ETag").code())
        .isEqualTo("InvalidArgument");
  }
}
