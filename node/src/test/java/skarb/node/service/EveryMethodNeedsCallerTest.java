package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteStreams;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.access.MethodRoles;
import skarb.node.access.Role;
import skarb.v1.AccessGrpc;
import skarb.v1.AdminGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CallContext;
import skarb.v1.CertificatesGrpc;
import skarb.v1.ChunksGrpc;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.OplogGrpc;
import skarb.v1.PeersGrpc;
import skarb.v1.ReplicationGrpc;

/// Walks every method of every service that is bound, with every kind of caller.
class EveryMethodNeedsCallerTest {
  @TempDir Path directory;
  private ServerFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture =
        new ServerFixture(
            directory,
            CallLimits.usual(),
            new ObjectsGrpc.ObjectsImplBase() {},
            new MultipartGrpc.MultipartImplBase() {},
            new BucketsGrpc.BucketsImplBase() {},
            new AccessGrpc.AccessImplBase() {},
            new OplogGrpc.OplogImplBase() {},
            new ChunksGrpc.ChunksImplBase() {},
            new PeersGrpc.PeersImplBase() {},
            new CertificatesGrpc.CertificatesImplBase() {},
            new ReplicationGrpc.ReplicationImplBase() {},
            new AdminGrpc.AdminImplBase() {});
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void everyMethodThatIsBoundStandsInTheTableAndTheOtherWayRound() {
    Set<String> bound = new TreeSet<>();
    methods(fixture.network.getServices()).forEach(method -> bound.add(name(method)));
    Set<String> table = new TreeSet<>(openOnTheNetwork());
    assertThat(bound).isEqualTo(table);
  }

  @Test
  void servicesOfAWholeNodeAreThoseThatAreWalkedHere(@TempDir Path store) throws IOException {
    try (NodeFixture node = new NodeFixture(store)) {
      assertThat(methods(node.network.getServices()))
          .extracting(EveryMethodNeedsCallerTest::name)
          .containsExactlyInAnyOrderElementsOf(openOnTheNetwork());
    }
  }

  /// What is joining is on the peers' listener alone: PeerListenerTest walks it.
  private static Set<String> openOnTheNetwork() {
    Set<String> methods = new TreeSet<>(MethodRoles.all().keySet());
    methods.remove("skarb.v1.Joining/Join");
    return methods;
  }

  @Test
  void rolesOpenWhatTheTableSaysAndNothingElse() throws Exception {
    Map<Channel, Set<Role>> callers = new LinkedHashMap<>();
    Channel plain = fixture.networkChannel();
    callers.put(bearer(plain, fixture.access.tokenFor("AKUSER")), EnumSet.of(Role.USER));
    callers.put(
        bearer(plain, fixture.access.tokenFor("AKADMIN")), EnumSet.of(Role.USER, Role.OPERATOR));
    callers.put(bearer(plain, fixture.operatorToken), EnumSet.of(Role.OPERATOR));
    callers.put(fixture.operator(), EnumSet.of(Role.OPERATOR));
    callers.put(fixture.gateway(), EnumSet.of(Role.GATEWAY));
    for (Map.Entry<Channel, Set<Role>> caller : callers.entrySet()) {
      boolean network = caller.getKey() != null && isNetwork(callers, caller.getKey());
      for (ServerMethodDefinition<?, ?> method : methods(services(network))) {
        MethodRoles.Rule rule = MethodRoles.find(name(method)).orElseThrow();
        boolean open =
            rule.without() == MethodRoles.Without.EVERYBODY
                || caller.getValue().stream().anyMatch(rule.roles()::contains);
        assertThat(call(caller.getKey(), method))
            .as("%s as %s", name(method), caller.getValue())
            .isEqualTo(open ? "in" : "ROLE_DENIED");
      }
    }
  }

  private static boolean isNetwork(Map<Channel, Set<Role>> callers, Channel channel) {
    return List.copyOf(callers.keySet()).indexOf(channel) < 3;
  }

  @Test
  void withoutCredentialsOnlyWhatIsOpenIsOpen() throws Exception {
    Channel nobody = fixture.networkChannel();
    for (ServerMethodDefinition<?, ?> method : methods(fixture.network.getServices())) {
      MethodRoles.Rule rule = MethodRoles.find(name(method)).orElseThrow();
      assertThat(call(nobody, method))
          .as(name(method))
          .isEqualTo(rule.without() == MethodRoles.Without.NOBODY ? "CREDENTIALS_MISSING" : "in");
    }
  }

  @Test
  void wrongAndExpiredTokensAndKeysThatChangedOpenNothing() throws Exception {
    Channel plain = fixture.networkChannel();
    String expired = fixture.access.tokenFor("AKADMIN");
    fixture.access.now = fixture.access.now.plus(Duration.ofHours(2));
    String changed = fixture.access.tokenFor("AKADMIN");
    fixture.access.keys.setEnabled("AKADMIN", false);
    Map<Channel, String> callers = new LinkedHashMap<>();
    callers.put(bearer(plain, "skt1_AAAA"), "CREDENTIALS_MALFORMED");
    callers.put(bearer(plain, "0".repeat(64)), "CREDENTIALS_MALFORMED");
    callers.put(bearer(plain, expired), "TOKEN_EXPIRED");
    callers.put(bearer(plain, changed), "KEY_CHANGED");
    for (Map.Entry<Channel, String> caller : callers.entrySet()) {
      for (ServerMethodDefinition<?, ?> method : methods(fixture.network.getServices())) {
        MethodRoles.Rule rule = MethodRoles.find(name(method)).orElseThrow();
        assertThat(call(caller.getKey(), method))
            .as(name(method))
            .isEqualTo(rule.without() == MethodRoles.Without.EVERYBODY ? "in" : caller.getValue());
      }
    }
  }

  @Test
  void principalIsBelievedFromTheGatewaysDoorOnly() throws Exception {
    CallContext context = fixture.access.contextFor("AKADMIN");
    Channel pretender =
        ServerFixture.withContext(
            bearer(fixture.networkChannel(), fixture.access.tokenFor("AKUSER")), context);
    Channel gateway = ServerFixture.withContext(fixture.gateway(), context);
    for (ServerMethodDefinition<?, ?> method :
        methods(fixture.gatewayDoor.server().getServices())) {
      assertThat(call(pretender, method)).as(name(method)).isEqualTo("ROLE_DENIED");
      boolean onBehalf = MethodRoles.find(name(method)).orElseThrow().onBehalf();
      assertThat(call(gateway, method)).as(name(method)).isEqualTo(onBehalf ? "in" : "ROLE_DENIED");
    }
    fixture.access.keys.setEnabled("AKADMIN", false);
    assertThat(call(gateway, method("skarb.v1.Objects/Get"))).isEqualTo("KEY_CHANGED");
  }

  private List<ServerServiceDefinition> services(boolean network) {
    return network ? fixture.network.getServices() : fixture.gatewayDoor.server().getServices();
  }

  private ServerMethodDefinition<?, ?> method(String name) {
    return methods(fixture.network.getServices()).stream()
        .filter(method -> name(method).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<ServerMethodDefinition<?, ?>> methods(
      List<ServerServiceDefinition> services) {
    return services.stream()
        .<ServerMethodDefinition<?, ?>>flatMap(service -> service.getMethods().stream())
        .toList();
  }

  private static String name(ServerMethodDefinition<?, ?> method) {
    return method.getMethodDescriptor().getFullMethodName();
  }

  private static Channel bearer(Channel channel, String token) {
    return ServerFixture.withBearer(channel, token);
  }

  /// Calls a method with an empty message.
  ///
  /// @return `in`, or the reason of the refusal
  private static String call(Channel channel, ServerMethodDefinition<?, ?> method)
      throws Exception {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Raw(), new Raw())
            .setFullMethodName(name(method))
            .setType(method.getMethodDescriptor().getType())
            .build();
    ClientCall<byte[], byte[]> call = channel.newCall(raw, CallOptions.DEFAULT);
    CompletableFuture<String> result = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            result.complete("in");
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            result.complete(verdict(status, trailers));
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(new byte[0]);
    call.halfClose();
    String verdict = result.get(20, TimeUnit.SECONDS);
    call.cancel("done", null);
    return verdict;
  }

  private static String verdict(Status status, Metadata trailers) {
    boolean refused =
        status.getCode() == Status.Code.UNAUTHENTICATED
            || status.getCode() == Status.Code.PERMISSION_DENIED;
    if (!refused) {
      return "in";
    }
    ErrorInfo info = Failures.info(new StatusRuntimeException(status, trailers));
    return info.getReason();
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
