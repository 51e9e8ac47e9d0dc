package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import skarb.node.access.CallHead;
import skarb.node.access.TransportIdentity;
import skarb.node.model.NodeException;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;

class CallHeadsTest {
  @Test
  void loopbackIsJudgedByTheAddressAlone() throws Exception {
    for (String local : List.of("127.0.0.1", "192.0.2.7", "2001:db8::7")) {
      assertThat(isLocal("127.0.0.1", local)).isTrue();
      assertThat(isLocal("127.1.2.3", local)).isTrue();
      assertThat(isLocal("::1", local)).isTrue();
      assertThat(isLocal("192.0.2.1", local)).isFalse();
      assertThat(isLocal("0.0.0.0", local)).isFalse();
      assertThat(isLocal("2001:db8::1", local)).isFalse();
    }
  }

  @Test
  void callFromTheVeryAddressThatItCameToIsFromThisMachine() throws Exception {
    assertThat(isLocal("192.0.2.7", "192.0.2.7")).isTrue();
    assertThat(isLocal("2001:db8::7", "2001:db8::7")).isTrue();
    assertThat(isLocal("192.0.2.7", "192.0.2.8")).isFalse();
    assertThat(isLocal("192.0.2.7", "127.0.0.1")).isFalse();
    assertThat(isLocal("2001:db8::7", "192.0.2.7")).isFalse();
  }

  @Test
  void addressThatIsNotKnownIsNotThisMachines() throws Exception {
    SocketAddress unresolved = InetSocketAddress.createUnresolved("localhost", 1);
    SocketAddress resolved = address("192.0.2.7", 9010);
    assertThat(head(null, null, new Metadata()).local()).isFalse();
    assertThat(head(null, resolved, new Metadata()).local()).isFalse();
    assertThat(head(resolved, null, new Metadata()).local()).isFalse();
    assertThat(head(unresolved, unresolved, new Metadata()).local()).isFalse();
  }

  private static boolean isLocal(String remote, String local) throws Exception {
    return head(address(remote, 40_000), address(local, 9010), new Metadata()).local();
  }

  private static SocketAddress address(String host, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @Test
  void credentialsThatAreThereTwiceAreRefused() {
    for (Metadata.Key<String> key : List.of(CallKeys.AUTHORIZATION, CallKeys.AMZ_DATE)) {
      Metadata headers = new Metadata();
      headers.put(key, "one");
      assertThat(head(null, null, headers)).isNotNull();
      headers.put(key, "two");
      assertThatThrownBy(() -> head(null, null, headers)).isInstanceOf(NodeException.class);
    }
  }

  @Test
  void contextThatCannotBeReadIsRefused() {
    Metadata headers = new Metadata();
    headers.put(CallKeys.CONTEXT, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> head(null, null, headers)).isInstanceOf(NodeException.class);
  }

  private static CallHead head(
      @Nullable SocketAddress remote, @Nullable SocketAddress local, Metadata headers) {
    return CallHeads.of(new Call(remote, local), headers, TransportIdentity.NETWORK);
  }

  /// A call that comes from somewhere to somewhere.
  private static final class Call extends ServerCall<GetStatusRequest, GetStatusResponse> {
    private final @Nullable SocketAddress remote;
    private final @Nullable SocketAddress local;

    Call(@Nullable SocketAddress remote, @Nullable SocketAddress local) {
      this.remote = remote;
      this.local = local;
    }

    @Override
    public Attributes getAttributes() {
      Attributes.Builder attributes = Attributes.newBuilder();
      if (remote != null) {
        attributes.set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, remote);
      }
      if (local != null) {
        attributes.set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, local);
      }
      return attributes.build();
    }

    @Override
    public MethodDescriptor<GetStatusRequest, GetStatusResponse> getMethodDescriptor() {
      return skarb.v1.AdminGrpc.getGetStatusMethod();
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(GetStatusResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }
}
