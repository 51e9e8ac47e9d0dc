package skarb.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.xml.DeleteXml.Delete;

class SafeXmlTest {

  private static Delete delete(String xml) {
    return DeleteXml.decode(ByteString.copyFromUtf8(xml));
  }

  @Test
  void documentsComeWithAndWithoutNamespace() {
    String body = "><Object><Key> a&amp;b </Key></Object><Quiet>true</Quiet></Delete>";

    Delete plain = delete("<Delete" + body);
    Delete spaced =
        delete("<?xml version=\"1.0\"?><Delete xmlns=\"" + XmlWriter.NAMESPACE + "\"" + body);
    assertThat(spaced).isEqualTo(plain);
    assertThat(plain.quiet()).isTrue();
    assertThat(plain.items().getFirst().key()).isEqualTo(" a&b ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "<Delete>",
        "<Delete/>",
        "<Other><Object><Key>a</Key></Object></Other>",
        "<Delete><Object/></Delete>",
        "<Delete><Unknown/><Object><Key>a</Key></Object></Delete>",
        "<Delete><Object><Key>a</Key></Object><Quiet>maybe</Quiet></Delete>",
        "<!DOCTYPE Delete><Delete><Object><Key>a</Key></Object></Delete>",
        "<!DOCTYPE Delete [<!ENTITY e \"a\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
        "<!DOCTYPE Delete [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
            + "<Delete><Object><Key>&e;</Key></Object></Delete>",
        "<Delete><Object><Key>&nbsp;</Key></Object></Delete>",
      })
  void whatIsNotSafeOrNotOursIsMalformed(String xml) {
    assertMalformed(xml);
  }

  @Test
  void depthAndSizeAreLimited() {
    assertMalformed("<Delete>" + "<a>".repeat(100) + "</a>".repeat(100) + "</Delete>");
    assertMalformed("<Delete>" + "<a/>".repeat(30_000) + "</Delete>");
    assertMalformed("<Delete>" + "<Object><Key>a</Key></Object>".repeat(1001) + "</Delete>");
    assertThat(
            delete("<Delete>" + "<Object><Key>a</Key></Object>".repeat(1000) + "</Delete>").items())
        .hasSize(1000);
  }

  private static void assertMalformed(String xml) {
    assertThatThrownBy(() -> delete(xml))
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
  }
}
