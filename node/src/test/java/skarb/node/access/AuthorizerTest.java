package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.access.Caller.GatewayCaller;
import skarb.node.access.Caller.KeyCaller;
import skarb.node.access.Caller.OperatorCaller;
import skarb.node.model.NodeException;
import skarb.v1.CallContext;
import skarb.v1.ErrorReason;

class AuthorizerTest {
  private static final String GET = "skarb.v1.Objects/Get";
  private static final String STATUS = "skarb.v1.Admin/GetStatus";
  private static final String NOW = "20250102T030405Z";
  private static final String AUTHORITY = "node.example:9010";

  @TempDir Path directory;
  private AccessWorld world;
  private String operatorToken;

  @BeforeEach
  void makeWorld() throws IOException {
    Path file = directory.resolve(OperatorToken.FILE_NAME);
    world = new AccessWorld(OperatorToken.open(file, new Random(5)));
    operatorToken = Files.readString(file).strip();
  }

  @Test
  void signedCallIsItsKeys() {
    Caller caller = admit(signed("AKUSER", AccessWorld.SECRET, NOW));
    assertThat(caller)
        .isEqualTo(new KeyCaller("AKUSER", world.key("AKUSER").generation(), "user", false));
    assertThat(caller.roles()).containsExactly(Role.USER);
    assertThat(admit(signed("AKADMIN", AccessWorld.SECRET, NOW)).roles())
        .containsExactly(Role.USER, Role.OPERATOR);
  }

  @Test
  void signatureIsGoodForItsMethodAuthorityAndKeyOnly() {
    CallHead head = signed("AKUSER", AccessWorld.SECRET, NOW);
    refuse(
        ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH,
        with(head, "skarb.v1.Objects/Delete", AUTHORITY));
    refuse(ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, with(head, GET, "other:9010"));
    refuse(ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, signed("AKUSER", "another secret", NOW));
    refuse(ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY, signed("AKNONE", "any", NOW));
  }

  @Test
  void signatureIsGoodForFifteenMinutesAroundTheClock() {
    assertThat(admit(signed("AKUSER", AccessWorld.SECRET, "20250102T024905Z"))).isNotNull();
    assertThat(admit(signed("AKUSER", AccessWorld.SECRET, "20250102T031905Z"))).isNotNull();
    for (String date : new String[] {"20250102T024904Z", "20250102T031906Z"}) {
      assertThatThrownBy(() -> admit(signed("AKUSER", AccessWorld.SECRET, date)))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_REQUEST_TIME_SKEWED);
                assertThat(e.metadata()).containsKeys("request_millis", "server_millis");
              });
    }
  }

  @Test
  void malformedCredentialsAreSaidToBeSo() {
    CallHead head = signed("AKUSER", AccessWorld.SECRET, NOW);
    String good = head.authorization().orElseThrow();
    for (String bad :
        new String[] {
          "",
          "Basic dXNlcjpwYXNz",
          "Bearer",
          "Bearer ",
          "Bearer x",
          "AWS4-HMAC-SHA256",
          good.replace("/skarb/", "/s3/"),
          good.replace("host;x-amz-date", "x-amz-date"),
          good.replace("/20250102/", "/20250103/"),
          good + "0",
          good + " ".repeat(2000)
        }) {
      refuse(
          ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
          new CallHead(
              GET,
              TransportIdentity.NETWORK,
              false,
              AUTHORITY,
              Optional.of(bad),
              head.amzDate(),
              Optional.empty()));
    }
    refuse(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
        AccessWorld.remote(GET, head.authorization()));
    refuse(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
        signed("AKUSER", AccessWorld.SECRET, "20251302T030405Z"));
  }

  @Test
  void tokenStandsForItsKeyUntilThatChanges() {
    String token = "Bearer " + world.tokenFor("AKUSER");
    assertThat(admit(AccessWorld.remote(GET, Optional.of(token)))).isInstanceOf(KeyCaller.class);
    world.keys.setEnabled("AKUSER", false);
    refuse(ErrorReason.ERROR_REASON_KEY_CHANGED, AccessWorld.remote(GET, Optional.of(token)));
    world.keys.setEnabled("AKUSER", true);
    refuse(ErrorReason.ERROR_REASON_KEY_CHANGED, AccessWorld.remote(GET, Optional.of(token)));
    String next = "Bearer " + world.tokenFor("AKUSER");
    world.keys.delete("AKUSER");
    refuse(ErrorReason.ERROR_REASON_KEY_CHANGED, AccessWorld.remote(GET, Optional.of(next)));
  }

  @Test
  void expiredTokenIsRefused() {
    String token = "Bearer " + world.tokenFor("AKUSER");
    world.now = world.now.plus(Duration.ofHours(2));
    refuse(ErrorReason.ERROR_REASON_TOKEN_EXPIRED, AccessWorld.remote(GET, Optional.of(token)));
  }

  @Test
  void operatorTokenWorksOnThisMachineOnly() {
    Optional<String> token = Optional.of("Bearer " + operatorToken);
    assertThat(admit(AccessWorld.loopback(STATUS, token))).isEqualTo(new OperatorCaller());
    refuse(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, AccessWorld.remote(STATUS, token));
    refuse(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
        AccessWorld.loopback(STATUS, Optional.of("Bearer " + "0".repeat(64))));
  }

  @Test
  void operatorAdministersAndOwnsNothing() {
    Caller operator = admit(AccessWorld.loopback(GET, Optional.of("Bearer " + operatorToken)));
    assertThatThrownBy(() -> Authorizer.requirePrincipal(operator))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED));
  }

  @Test
  void bucketIsReachedByItsOwnersKeysAlone() {
    KeyCaller caller = new KeyCaller("AK", 1, "owner", true);
    Authorizer.requireOwner(caller, "owner");
    assertThatThrownBy(() -> Authorizer.requireOwner(caller, "other"))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED));
  }

  @Test
  void gatewaySpeaksForAKeyWhileThatIsUnchanged() {
    CallContext context = world.contextFor("AKUSER");
    CallHead head = AccessWorld.inProcess(GET, TransportIdentity.GATEWAY, Optional.of(context));
    KeyCaller principal = Authorizer.requirePrincipal(admit(head));
    assertThat(principal.userId()).isEqualTo("user");
    world.keys.setEnabled("AKUSER", false);
    refuse(ErrorReason.ERROR_REASON_KEY_CHANGED, head);
  }

  @Test
  void gatewayWithoutAKeySpeaksForNobody() {
    Caller anonymous =
        admit(
            AccessWorld.inProcess(
                GET,
                TransportIdentity.GATEWAY,
                Optional.of(CallContext.newBuilder().setRequestId("r").build())));
    assertThat(anonymous).isEqualTo(new GatewayCaller(Optional.empty()));
    assertThatThrownBy(() -> Authorizer.requirePrincipal(anonymous))
        .isInstanceOf(NodeException.class);
  }

  @Test
  void gatewayNeverSpeaksForAnybodyOnAccessOrAdmin() {
    Optional<CallContext> admin = Optional.of(world.contextFor("AKADMIN"));
    for (String method :
        new String[] {
          STATUS,
          "skarb.v1.Admin/GetCapabilities",
          "skarb.v1.Access/VerifySignature",
          "skarb.v1.Access/CreateKey"
        }) {
      refuse(
          ErrorReason.ERROR_REASON_ROLE_DENIED,
          AccessWorld.inProcess(method, TransportIdentity.GATEWAY, admin));
    }
  }

  @Test
  void keyOfAGatewaySpeaksForOthersAndOwnsNothing() {
    world.addGatewayKey("AKGATEWAY");
    CallHead itself = signed("AKGATEWAY", AccessWorld.SECRET, NOW);
    assertThat(admit(itself)).isEqualTo(new GatewayCaller(Optional.empty()));
    Caller forUser = admit(passingOn("AKGATEWAY", world.contextFor("AKUSER")));
    assertThat(forUser).isInstanceOf(GatewayCaller.class);
    assertThat(Authorizer.requirePrincipal(forUser).userId()).isEqualTo("user");
    refuse(
        ErrorReason.ERROR_REASON_ACCESS_DENIED,
        passingOn("AKGATEWAY", world.contextFor("AKGATEWAY")));
    world.keys.setEnabled("AKGATEWAY", false);
    refuse(
        ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
        passingOn("AKGATEWAY", world.contextFor("AKUSER")));
  }

  @Test
  void refusalTellsWhoseCredentialsItIsAbout() {
    assertThatThrownBy(() -> admit(signed("AKNOBODY", AccessWorld.SECRET, NOW)))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.metadata()).containsEntry("credentials", "call"));
    world.addGatewayKey("AKGATEWAY");
    CallContext user = world.contextFor("AKUSER");
    world.keys.setEnabled("AKUSER", false);
    assertThatThrownBy(() -> admit(passingOn("AKGATEWAY", user)))
        .isInstanceOfSatisfying(
            NodeException.class, e -> assertThat(e.metadata()).doesNotContainKey("credentials"));
  }

  private static CallHead passingOn(String accessKeyId, CallContext context) {
    return AccessWorld.signed(
        GET, AUTHORITY, accessKeyId, AccessWorld.SECRET, NOW, Optional.of(context));
  }

  @Test
  void gatewaysSignatureIsGoodForNoOtherUser() {
    world.addGatewayKey("AKGATEWAY");
    CallContext user = world.contextFor("AKUSER");
    CallContext admin = world.contextFor("AKADMIN");
    CallHead call = passingOn("AKGATEWAY", user);
    assertThat(admit(call)).isInstanceOf(Caller.GatewayCaller.class);
    refuse(ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, with(call, Optional.of(admin)));
    refuse(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, with(call, Optional.empty()));
    refuse(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
        with(signed("AKGATEWAY", AccessWorld.SECRET, NOW), Optional.of(user)));
  }

  @Test
  void passedOnPrincipalIsBelievedFromGatewaysOnly() {
    CallContext context = world.contextFor("AKADMIN");
    refuse(ErrorReason.ERROR_REASON_ROLE_DENIED, passingOn("AKUSER", context));
    refuse(
        ErrorReason.ERROR_REASON_ROLE_DENIED,
        AccessWorld.inProcess(GET, TransportIdentity.OPERATOR, Optional.of(context)));
  }

  @Test
  void reflectionIsOpenOnThisMachineAndWantsACallerElsewhere() {
    String reflection = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    assertThat(world.authorizer.admit(AccessWorld.loopback(reflection, Optional.empty())))
        .isEmpty();
    refuse(
        ErrorReason.ERROR_REASON_CREDENTIALS_MISSING,
        AccessWorld.remote(reflection, Optional.empty()));
    assertThat(
            world.authorizer.admit(
                AccessWorld.remote(reflection, Optional.of("Bearer " + world.tokenFor("AKUSER")))))
        .isPresent();
  }

  @Test
  void methodThatIsNotInTheTableIsClosedToEverybody() {
    for (TransportIdentity transport : TransportIdentity.values()) {
      refuse(
          ErrorReason.ERROR_REASON_ROLE_DENIED,
          AccessWorld.inProcess("skarb.v1.Objects/Burn", transport, Optional.empty()));
    }
  }

  @Test
  void nothingSecretIsInTheirText() {
    CallHead head = AccessWorld.loopback(STATUS, Optional.of("Bearer " + operatorToken));
    assertThat(head.toString()).doesNotContain(operatorToken);
    assertThat(world.key("AKUSER").toString()).doesNotContain("ciphertext");
  }

  private Caller admit(CallHead head) {
    return world.authorizer.admit(head).orElseThrow();
  }

  private void refuse(ErrorReason reason, CallHead head) {
    assertThatThrownBy(() -> world.authorizer.admit(head))
        .isInstanceOfSatisfying(NodeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static CallHead signed(String accessKeyId, String secret, String amzDate) {
    return AccessWorld.signed(GET, AUTHORITY, accessKeyId, secret, amzDate);
  }

  private static CallHead with(CallHead head, Optional<CallContext> context) {
    return new CallHead(
        head.method(),
        head.transport(),
        head.local(),
        head.authority(),
        head.authorization(),
        head.amzDate(),
        context);
  }

  private static CallHead with(CallHead head, String method, String authority) {
    return new CallHead(
        method,
        head.transport(),
        head.local(),
        authority,
        head.authorization(),
        head.amzDate(),
        head.context());
  }
}
