package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.FakeStore;
import skarb.v1.Checksums;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ListedVersion;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;

class ListObjectVersionsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();
  private final List<ListVersionsRequest> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer list(String query) {
    return s3.ask("GET /box?versions" + query + ANN + "\n");
  }

  private void answer(ListVersionsResponse page) {
    s3.node.script(
        ObjectsGrpc.getListVersionsMethod(),
        request -> {
          asked.add(request);
          return page;
        });
  }

  private static ObjectInfo.Builder info(String key) {
    return ObjectInfo.newBuilder()
        .setKey(key)
        .setLastModified(Timestamp.newBuilder().setSeconds(FakeStore.WRITTEN.getEpochSecond()))
        .setOwnerId("user-ANN")
        .setOwnerDisplayName("Ann");
  }

  private static ListedVersion version(ObjectInfo.Builder info, boolean latest) {
    return ListedVersion.newBuilder().setInfo(info).setIsLatest(latest).build();
  }

  @Test
  void versionsAndMarkersStandInOneOrder() {
    ByteString crc = ByteString.copyFromUtf8("12345678");
    answer(
        ListVersionsResponse.newBuilder()
            .addVersions(
                version(
                    info("a")
                        .setVersionId("v2")
                        .setEtag("e")
                        .setSize(3)
                        .setChecksums(Checksums.newBuilder().setCrc64Nvme(crc)),
                    true))
            .addVersions(version(info("a").setVersionId("v1").setDeleteMarker(true), false))
            .addVersions(version(info("b").setEtag("f"), true))
            .addCommonPrefixes("c/")
            .build());

    assertThat(list("&delimiter=/&prefix=").body())
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>box</Name>\
            <Prefix></Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker>\
            <MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>\
            <Version><Key>a</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest>\
            <LastModified>2026-11-01T12:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>\
            <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>\
            <ChecksumType>FULL_OBJECT</ChecksumType><Size>3</Size>\
            <StorageClass>STANDARD</StorageClass><Owner><ID>user-ANN</ID>\
            <DisplayName>Ann</DisplayName></Owner></Version>\
            <DeleteMarker><Key>a</Key><VersionId>v1</VersionId><IsLatest>false</IsLatest>\
            <LastModified>2026-11-01T12:00:00.000Z</LastModified><Owner><ID>user-ANN</ID>\
            <DisplayName>Ann</DisplayName></Owner></DeleteMarker>\
            <Version><Key>b</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>\
            <LastModified>2026-11-01T12:00:00.000Z</LastModified><ETag>&quot;f&quot;</ETag>\
            <Size>0</Size><StorageClass>STANDARD</StorageClass><Owner><ID>user-ANN</ID>\
            <DisplayName>Ann</DisplayName></Owner></Version>\
            <CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes></ListVersionsResult>\
            """);
    assertThat(asked.getFirst().getDelimiter()).isEqualTo("/");
    assertThat(asked.getFirst().getPageSize()).isEqualTo(1000);
  }

  @Test
  void pagesGoOnFromTheirMarkersWithKeysEncodedAndIdsNot() {
    answer(
        ListVersionsResponse.newBuilder()
            .addVersions(version(info("a b").setVersionId("v+1"), true))
            .setTruncated(true)
            .setNextKeyMarker("a b")
            .setNextVersionIdMarker("v+1")
            .build());

    String body =
        list("&key-marker=a%20a&version-id-marker=v%2B0&max-keys=1&encoding-type=url&prefix=a")
            .body();
    assertThat(body)
        .contains("<KeyMarker>a%20a</KeyMarker><VersionIdMarker>v+0</VersionIdMarker>")
        .contains("<NextKeyMarker>a%20b</NextKeyMarker>")
        .contains("<NextVersionIdMarker>v+1</NextVersionIdMarker>")
        .contains("<MaxKeys>1</MaxKeys><EncodingType>url</EncodingType>")
        .contains("<IsTruncated>true</IsTruncated>")
        .contains("<Key>a%20b</Key>");
    assertThat(asked.getFirst())
        .isEqualTo(
            ListVersionsRequest.newBuilder()
                .setBucket("box")
                .setPrefix("a")
                .setKeyMarker("a a")
                .setVersionIdMarker("v+0")
                .setPageSize(1)
                .build());
  }

  @Test
  void afterACommonPrefixNoVersionIsNamed() {
    answer(
        ListVersionsResponse.newBuilder()
            .addCommonPrefixes("c/")
            .setTruncated(true)
            .setNextKeyMarker("c/")
            .build());

    assertThat(list("&delimiter=/&max-keys=1&key-marker=&version-id-marker=").body())
        .contains("<NextKeyMarker>c/</NextKeyMarker>")
        .doesNotContain("NextVersionIdMarker");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&version-id-marker=v",
        "&key-marker=a&version-id-marker=",
        "&max-keys=-1",
        "&max-keys=x",
        "&encoding-type=base64"
      })
  void badArgumentsAreRefused(String query) {
    answer(ListVersionsResponse.getDefaultInstance());

    assertThat(list(query).code()).isEqualTo("InvalidArgument");
    assertThat(asked).isEmpty();
  }
}
