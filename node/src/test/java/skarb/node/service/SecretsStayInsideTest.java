package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import skarb.node.access.CallHead;
import skarb.node.access.SignatureVerifier;
import skarb.node.access.TransportIdentity;
import skarb.v1.AccessGrpc;
import skarb.v1.AdminGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateKeyResponse;
import skarb.v1.CreateTokenRequest;
import skarb.v1.CreateTokenResponse;
import skarb.v1.GetStatusRequest;
import skarb.v1.ListBucketsRequest;

/// Secrets pass through the node and leave no trace in its log or in the text of its objects.
class SecretsStayInsideTest {
  private static final String SECRET = "hushhushhush/secret+key";

  @TempDir Path directory;

  @Test
  void logAtItsFinestHoldsNoSecret() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger("skarb");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    Level before = root.getLevel();
    root.addAppender(events);
    root.setLevel(Level.TRACE);
    List<String> secrets = new ArrayList<>(List.of(SECRET));
    try (NodeFixture node = new NodeFixture(directory)) {
      secrets.add(node.operatorToken);
      AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(node.operator());
      CreateKeyRequest request =
          CreateKeyRequest.newBuilder()
              .setAccessKeyId("AK1")
              .setSecretKey(SECRET)
              .setIfAbsent(true)
              .build();
      assertThat(access.createKey(request).getSecretKey()).isEqualTo(SECRET);
      assertThat(
              Failures.failure(
                      () -> {
                        CreateKeyResponse _ =
                            access.createKey(request.toBuilder().setUserId("other").build());
                      })
                  .toString())
          .doesNotContain(SECRET);
      CreateTokenResponse token = access.createToken(CreateTokenRequest.getDefaultInstance());
      secrets.add(token.getToken());
      var byToken = ServerFixture.withBearer(node.networkChannel(), token.getToken());
      assertThat(
              BucketsGrpc.newBlockingStub(byToken)
                  .list(ListBucketsRequest.getDefaultInstance())
                  .getBucketsCount())
          .isZero();
      assertThat(
              Failures.failure(
                      () -> {
                        var _ =
                            AdminGrpc.newBlockingStub(byToken)
                                .getStatus(GetStatusRequest.getDefaultInstance());
                      })
                  .toString())
          .doesNotContain(token.getToken());
    } finally {
      root.setLevel(before);
      root.detachAppender(events);
    }
    for (ILoggingEvent event : List.copyOf(events.list)) {
      for (String secret : secrets) {
        assertThat(event.getFormattedMessage()).doesNotContain(secret);
      }
    }
  }

  @Test
  void textOfWhatHoldsSecretsHidesThem() {
    CallHead head =
        new CallHead(
            "m",
            TransportIdentity.NETWORK,
            true,
            "host",
            Optional.of("Bearer " + SECRET),
            Optional.empty(),
            Optional.empty());
    assertThat(head.toString()).doesNotContain(SECRET);
    SignatureVerifier.Claim claim =
        new SignatureVerifier.Claim("AK1", "d", "r", "s", SECRET, SECRET);
    assertThat(claim.toString()).doesNotContain(SECRET);
  }
}
