package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import io.grpc.Channel;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.v1.AccessGrpc;
import skarb.v1.AccessKey;
import skarb.v1.AdminGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateKeyResponse;
import skarb.v1.CreateTokenRequest;
import skarb.v1.CreateTokenResponse;
import skarb.v1.DeleteKeyRequest;
import skarb.v1.DeleteKeyResponse;
import skarb.v1.GetCapabilitiesRequest;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;
import skarb.v1.ListKeysRequest;
import skarb.v1.ListKeysResponse;
import skarb.v1.SealedSecret;
import skarb.v1.SetKeyEnabledRequest;
import skarb.v1.UserValue;
import skarb.v1.VerifySignatureRequest;
import skarb.v1.VerifySignatureResponse;

/// Keys, signatures and tokens on a whole node.
class AccessServiceTest {
  @TempDir Path directory;
  private NodeFixture node;
  private AccessGrpc.AccessBlockingStub access;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    access = AccessGrpc.newBlockingStub(node.operator());
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void whatIsLeftOutOfANewKeyIsMadeUp() {
    CreateKeyResponse made = access.createKey(CreateKeyRequest.getDefaultInstance());
    KeyInfo key = made.getKey();
    assertThat(key.getAccessKeyId()).matches("[A-Z2-7]{20}");
    assertThat(made.getSecretKey()).matches("[A-Za-z0-9_-]{40}");
    assertThat(key.getUser().getUserId()).isEqualTo(key.getAccessKeyId());
    assertThat(key.getUser().getDisplayName()).isEqualTo(key.getAccessKeyId());
    assertThat(key.getEnabled()).isTrue();
    assertThat(key.getGeneration()).isPositive();
    assertThat(key.getRole()).isEqualTo(KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(key.getCreated().getSeconds()).isPositive();
  }

  @Test
  void keyIsEnsuredWithTheSameSecretAndRefusedWithAnother() {
    CreateKeyRequest request =
        CreateKeyRequest.newBuilder()
            .setAccessKeyId("AK1")
            .setSecretKey("12345678")
            .setUserId("somebody")
            .setDisplayName("Some Body")
            .setEmail("some@body.example")
            .setIfAbsent(true)
            .build();
    KeyInfo first = access.createKey(request).getKey();
    assertThat(access.createKey(request).getKey()).isEqualTo(first);
    assertThat(first.getUser().getEmail()).isEqualTo("some@body.example");
    for (CreateKeyRequest other :
        List.of(
            request.toBuilder().setSecretKey("87654321").build(),
            request.toBuilder().setUserId("another").build(),
            request.toBuilder().setIfAbsent(false).build())) {
      ErrorInfo info =
          Failures.infoOf(() -> {
            CreateKeyResponse _ = access.createKey(other);
          });
      assertThat(info.getReason()).isEqualTo("ACCESS_KEY_ALREADY_EXISTS");
      assertThat(info.getMetadataMap()).containsEntry("access_key_id", "AK1");
    }
  }

  @Test
  void fieldsOutsideTheirLimitsAreRefusedWithoutRepeatingSecrets() {
    for (CreateKeyRequest bad :
        List.of(
            CreateKeyRequest.newBuilder().setAccessKeyId("a/b").build(),
            CreateKeyRequest.newBuilder().setAccessKeyId("ab").build(),
            CreateKeyRequest.newBuilder().setSecretKey("short").build(),
            CreateKeyRequest.newBuilder().setSecretKey("hush\u0001hush").build(),
            CreateKeyRequest.newBuilder().setUserId("").build(),
            CreateKeyRequest.newBuilder().setDisplayName("a\nb").build())) {
      var failure =
          Failures.failure(() -> {
            CreateKeyResponse _ = access.createKey(bad);
          });
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(failure.toString()).doesNotContain("hush").doesNotContain("short");
    }
  }

  @Test
  void secretThatDoesNotOpenIsAnotherOneAndStopsNobody() {
    Committed _ =
        node.commits.commit(
            Submission.of(
                new Mutation.CreateKey(
                    "AKALIEN",
                    AccessKey.newBuilder()
                        .setUserId("u")
                        .setEnabled(true)
                        .setSecret(SealedSecret.newBuilder().setRealmKey(99))
                        .build(),
                    Optional.of(UserValue.getDefaultInstance()),
                    existing -> false),
                Optional.empty()));
    assertThat(
            Failures.reasonOf(() -> {
              KeyInfo _ = node.createKey("AKALIEN", KeyRole.KEY_ROLE_UNSPECIFIED);
            }))
        .isEqualTo("ACCESS_KEY_ALREADY_EXISTS");
    assertThat(node.createKey("AK1", KeyRole.KEY_ROLE_UNSPECIFIED).getEnabled()).isTrue();
  }

  @Test
  void pagesOfKeysJoinUp() {
    for (int i = 0; i < 5; i++) {
      assertThat(node.createKey("AK" + i, KeyRole.KEY_ROLE_UNSPECIFIED).getEnabled()).isTrue();
    }
    List<String> ids = new ArrayList<>();
    ListKeysRequest.Builder request = ListKeysRequest.newBuilder().setPageSize(2);
    ListKeysResponse page;
    do {
      page = access.listKeys(request.build());
      page.getKeysList().forEach(key -> ids.add(key.getAccessKeyId()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertThat(ids).containsExactly("AK0", "AK1", "AK2", "AK3", "AK4");
  }

  @Test
  void signatureIsVerifiedForGatewaysAndGivesTheSigningKey() {
    access.createKey(
        CreateKeyRequest.newBuilder()
            .setAccessKeyId("AKIAIOSFODNN7EXAMPLE")
            .setSecretKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            .setUserId("u")
            .build());
    VerifySignatureRequest request =
        VerifySignatureRequest.newBuilder()
            .setAccessKeyId("AKIAIOSFODNN7EXAMPLE")
            .setDate("20130524")
            .setRegion("us-east-1")
            .setService("s3")
            .setStringToSign(
                "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
                    + "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972")
            .setSignature("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
            .build();
    VerifySignatureResponse response =
        AccessGrpc.newBlockingStub(node.gateway()).verifySignature(request);
    assertThat(response.getUser().getUserId()).isEqualTo("u");
    assertThat(response.getSigningKey().size()).isEqualTo(32);
    assertThat(response.getKeyGeneration()).isPositive();
    assertThat(
            Failures.reasonOf(() -> {
              VerifySignatureResponse _ = access.verifySignature(request);
            }))
        .isEqualTo("ROLE_DENIED");
  }

  @Test
  void disabledKeyStopsAtOnceByTokenBySignatureAndByGateway() {
    KeyInfo key = node.createKey("AK1", KeyRole.KEY_ROLE_UNSPECIFIED);
    Channel byToken = ServerFixture.withBearer(node.networkChannel(), node.tokenFor("AK1"));
    Channel byGateway = node.gatewayFor(key);
    assertThat(listBuckets(byToken)).isEqualTo("AK1");
    assertThat(listBuckets(byGateway)).isEqualTo("AK1");
    assertThat(
            access
                .setKeyEnabled(SetKeyEnabledRequest.newBuilder().setAccessKeyId("AK1").build())
                .getKey()
                .getEnabled())
        .isFalse();
    assertThat(Failures.reasonOf(() -> listBuckets(byToken))).isEqualTo("KEY_CHANGED");
    assertThat(Failures.reasonOf(() -> listBuckets(byGateway))).isEqualTo("KEY_CHANGED");
    KeyInfo enabled =
        access
            .setKeyEnabled(
                SetKeyEnabledRequest.newBuilder().setAccessKeyId("AK1").setEnabled(true).build())
            .getKey();
    assertThat(enabled.getGeneration()).isGreaterThan(key.getGeneration());
    assertThat(Failures.reasonOf(() -> listBuckets(byToken))).isEqualTo("KEY_CHANGED");
    assertThat(listBuckets(node.gatewayFor(enabled))).isEqualTo("AK1");
    DeleteKeyResponse _ =
        access.deleteKey(DeleteKeyRequest.newBuilder().setAccessKeyId("AK1").build());
    assertThat(Failures.reasonOf(() -> listBuckets(node.gatewayFor(enabled))))
        .isEqualTo("KEY_CHANGED");
    assertThat(
            Failures.reasonOf(() -> {
              DeleteKeyResponse _ =
                  access.deleteKey(DeleteKeyRequest.newBuilder().setAccessKeyId("AK1").build());
            }))
        .isEqualTo("NO_SUCH_ACCESS_KEY");
  }

  @Test
  void tokenStandsForTheFirstKeyWhereNoneIsNamedAndSaysForWhich() {
    assertThat(
            Failures.reasonOf(() -> {
              CreateTokenResponse _ = access.createToken(CreateTokenRequest.getDefaultInstance());
            }))
        .isEqualTo("NO_SUCH_ACCESS_KEY");
    KeyInfo first = node.createKey("ZZFIRST", KeyRole.KEY_ROLE_OPERATOR);
    KeyInfo second = node.createKey("AASECOND", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(first.getGeneration()).isLessThan(second.getGeneration());
    CreateTokenResponse token = access.createToken(CreateTokenRequest.getDefaultInstance());
    Channel byToken = ServerFixture.withBearer(node.networkChannel(), token.getToken());
    assertThat(token.getExpires().getSeconds()).isPositive();
    assertThat(token.getAccessKeyId()).isEqualTo("ZZFIRST");
    assertThat(
            access
                .createToken(CreateTokenRequest.newBuilder().setAccessKeyId("AASECOND").build())
                .getAccessKeyId())
        .isEqualTo("AASECOND");
    assertThat(
            AdminGrpc.newBlockingStub(byToken)
                .getCapabilities(GetCapabilitiesRequest.getDefaultInstance())
                .getServicesList())
        .contains("skarb.v1.Objects");
    for (Duration ttl :
        List.of(
            Duration.getDefaultInstance(),
            Duration.newBuilder().setSeconds(7 * 86_400 + 1).build(),
            Duration.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(Integer.MAX_VALUE).build())) {
      assertThat(
              Failures.reasonOf(() -> {
                CreateTokenResponse _ =
                    access.createToken(CreateTokenRequest.newBuilder().setTtl(ttl).build());
              }))
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void operatorTokenOpensAdministrationOnLoopback() {
    Channel byOperatorToken = ServerFixture.withBearer(node.networkChannel(), node.operatorToken);
    assertThat(
            AccessGrpc.newBlockingStub(byOperatorToken)
                .listKeys(ListKeysRequest.getDefaultInstance())
                .getKeysCount())
        .isZero();
    assertThat(Failures.reasonOf(() -> listBuckets(byOperatorToken))).isEqualTo("ACCESS_DENIED");
  }

  private static String listBuckets(Channel channel) {
    ListBucketsResponse response =
        BucketsGrpc.newBlockingStub(channel).list(ListBucketsRequest.getDefaultInstance());
    return response.getOwnerId();
  }
}
