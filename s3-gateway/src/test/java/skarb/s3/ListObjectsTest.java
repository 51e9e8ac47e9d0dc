package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;

class ListObjectsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private void put(String... rawKeys) {
    for (String key : rawKeys) {
      assertThat(s3.ask("PUT /box/" + key + ANN + "Content-Length: 1\n\n1").status())
          .isEqualTo(200);
    }
  }

  private String list(String query) {
    Answer answer = s3.ask("GET /box?" + query + ANN + "\n");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("content-type")).contains("application/xml");
    return answer.body();
  }

  private static List<String> all(String element, String xml) {
    Matcher matcher = Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(xml);
    List<String> texts = new ArrayList<>();
    while (matcher.find()) {
      texts.add(matcher.group(1));
    }
    return texts;
  }

  @Test
  void version2ListsKeysAndPrefixes() {
    put("a/1", "a/2", "b", "c/1");

    assertThat(list("list-type=2&delimiter=/"))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>box</Name>\
            <Prefix></Prefix><Delimiter>/</Delimiter><MaxKeys>1000</MaxKeys>\
            <IsTruncated>false</IsTruncated><KeyCount>3</KeyCount>\
            <Contents><Key>b</Key><LastModified>2026-11-01T12:00:00.000Z</LastModified>\
            <ETag>&quot;c4ca4238a0b923820dcc509a6f75849b&quot;</ETag>\
            <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>\
            <ChecksumType>FULL_OBJECT</ChecksumType><Size>1</Size>\
            <StorageClass>STANDARD</StorageClass></Contents>\
            <CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>\
            <CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes></ListBucketResult>\
            """);
  }

  @Test
  void version2GoesOnFromItsToken() {
    put("a", "b", "c");

    String first = list("list-type=2&max-keys=2&start-after=0");
    assertThat(all("Key", first)).containsExactly("a", "b");
    assertThat(all("IsTruncated", first)).containsExactly("true");
    assertThat(all("StartAfter", first)).containsExactly("0");
    String token = all("NextContinuationToken", first).getFirst();
    String second = list("list-type=2&max-keys=2&start-after=zzz&continuation-token=" + token);
    assertThat(all("Key", second)).containsExactly("c");
    assertThat(all("ContinuationToken", second)).containsExactly(token);
    assertThat(all("IsTruncated", second)).containsExactly("false");
    assertThat(all("KeyCount", second)).containsExactly("1");
  }

  @Test
  void version1NamesTheNextMarkerOnlyWithADelimiter() {
    put("a/1", "b/1", "c");

    String first = list("max-keys=2&delimiter=/");
    assertThat(all("NextMarker", first)).containsExactly("b/");
    assertThat(all("Key", list("delimiter=/&marker=b/"))).containsExactly("c");
    String plain = list("max-keys=1");
    assertThat(all("IsTruncated", plain)).containsExactly("true");
    assertThat(all("NextMarker", plain)).isEmpty();
    assertThat(all("Marker", plain)).containsExactly("");
    assertThat(all("ID", plain)).containsExactly("user-ANN");
  }

  @Test
  void ownersAreShownInVersion2WhenAskedFor() {
    put("a");

    assertThat(all("ID", list("list-type=2"))).isEmpty();
    assertThat(all("ID", list("list-type=2&fetch-owner=true"))).containsExactly("user-ANN");
  }

  @Test
  void maxKeysIsClampedAndEchoed() {
    put("a");

    assertThat(all("MaxKeys", list("max-keys=5000"))).containsExactly("1000");
    String none = list("list-type=2&max-keys=0");
    assertThat(all("MaxKeys", none)).containsExactly("0");
    assertThat(all("IsTruncated", none)).containsExactly("false");
    assertThat(all("Key", none)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-keys=-1",
        "max-keys=x",
        "max-keys=99999999999",
        "encoding-type=base64",
        "list-type=2&continuation-token="
      })
  void badArgumentsAreRefused(String query) {
    assertThat(s3.ask("GET /box?" + query + ANN + "\n").code()).isEqualTo("InvalidArgument");
  }

  @Test
  void keysWithControlCharactersAreReferences() {
    put("a%01%0A%3C%26", "%F0%9F%98%80", "%EF%BF%BE");

    assertThat(all("Key", list("list-type=2")))
        .containsExactly("a&#x1;&#xa;&lt;&amp;", "&#xfffe;", "\u00f0\u009f\u0098\u0080");
  }

  @Test
  void keysCanBeListedEncoded() {
    put("a%01/%20+%C3%BC");

    String xml = list("list-type=2&encoding-type=url&prefix=a&delimiter=%2B&start-after=%20");
    assertThat(all("Prefix", xml)).containsExactly("a", "a%01/%20%2B");
    assertThat(all("Delimiter", xml)).containsExactly("%2B");
    assertThat(all("StartAfter", xml)).containsExactly("%20");
    assertThat(all("EncodingType", xml)).containsExactly("url");
    assertThat(all("Key", list("encoding-type=url"))).containsExactly("a%01/%20%2B%C3%BC");
  }

  @Test
  void missingBucketsAreMissed() {
    Answer answer = s3.ask("GET /none?list-type=2" + ANN + "\n");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("<BucketName>none</BucketName>").doesNotContain("xmlns");
  }
}
