package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skarb.s3.HttpClientSocket.Answer;
import skarb.v1.BucketInfo;
import skarb.v1.BucketsGrpc;
import skarb.v1.GetBucketResponse;
import skarb.v1.SetVersioningRequest;
import skarb.v1.SetVersioningResponse;
import skarb.v1.Versioning;

class BucketVersioningTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();
  private final List<SetVersioningRequest> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void takeVersioning() {
    s3.node.script(
        BucketsGrpc.getSetVersioningMethod(),
        request -> {
          asked.add(request);
          return SetVersioningResponse.getDefaultInstance();
        });
  }

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer put(String children) {
    String body =
        "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + children
            + "</VersioningConfiguration>";
    return putRaw(body);
  }

  private Answer putRaw(String body) {
    return s3.ask("PUT /box?versioning" + ANN + "Content-Length: " + body.length() + "\n\n" + body);
  }

  @Test
  void versioningIsEnabledAndSuspended() {
    assertThat(put("<Status>Enabled</Status>").status()).isEqualTo(200);
    assertThat(put("<MfaDelete>Disabled</MfaDelete><Status>Suspended</Status>").status())
        .isEqualTo(200);
    assertThat(
            putRaw("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
                .status())
        .isEqualTo(200);

    assertThat(asked)
        .extracting(SetVersioningRequest::getVersioning)
        .containsExactly(
            Versioning.VERSIONING_ENABLED,
            Versioning.VERSIONING_SUSPENDED,
            Versioning.VERSIONING_ENABLED);
    assertThat(asked).extracting(SetVersioningRequest::getName).containsOnly("box");
  }

  @ParameterizedTest
  @CsvSource({
    "'', IllegalVersioningConfigurationException",
    "<MfaDelete>Disabled</MfaDelete>, IllegalVersioningConfigurationException",
    "<Status>enabled</Status>, MalformedXML",
    "<Status/>, MalformedXML",
    "<Status>Disabled</Status>, MalformedXML",
    "<State>Enabled</State>, MalformedXML",
    "<Status>Enabled</Status><MfaDelete>on</MfaDelete>, MalformedXML",
    "<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>, NotImplemented",
  })
  void anythingElseIsRefused(String children, String code) {
    assertThat(put(children).code()).isEqualTo(code);
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "VERSIONING_UNSPECIFIED, ''",
    "VERSIONING_ENABLED, <Status>Enabled</Status>",
    "VERSIONING_SUSPENDED, <Status>Suspended</Status>",
  })
  void whatIsSetIsTold(Versioning versioning, String children) {
    s3.node.script(
        BucketsGrpc.getGetMethod(),
        request ->
            GetBucketResponse.newBuilder()
                .setBucket(BucketInfo.newBuilder().setVersioning(versioning))
                .build());

    assertThat(s3.ask("GET /box?versioning" + ANN + "\n").body())
        .endsWith("2006-03-01/\">" + children + "</VersioningConfiguration>");
  }
}
