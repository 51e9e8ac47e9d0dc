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
    assertThat(isLoopback("127.0.0.1")).isTrue();
    assertThat(isLoopback("127.1.2.3")).isTrue();
    assertThat(isLoopback("::1")).isTrue();
    assertThat(isLoopback("192.0.2.1")).isFalse();
    assertThat(isLoopback("0.0.0.0")).isFalse();
    assertThat(isLoopback("2001:db8::1")).isFalse();
    assertThat(head(null, new Metadata()).loopback()).isFalse();
    assertThat(head(InetSocketAddress.createUnresolved("localhost", 1), new Metadata()).loopback())
        .isFalse();
  }

  private static boolean isLoopback(String address) throws Exception {
    return head(new InetSocketAddress(InetAddress.getByName(address), 1), new Metadata())
        .loopback();
  }

  @Test
  void credentialsThatAreThereTwiceAreRefused() {
    for (Metadata.Key<String> key : List.of(CallKeys.AUTHORIZATION, CallKeys.AMZ_DATE)) {
      Metadata headers = new Metadata();
      headers.put(key, "one");
      assertThat(head(null, headers)).isNotNull();
      headers.put(key, "two");
      assertThatThrownBy(() -> head(null, headers)).isInstanceOf(NodeException.class);
    }
  }

  @Test
  void contextThatCannotBeReadIsRefused() {
    Metadata headers = new Metadata();
    headers.put(CallKeys.CONTEXT, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> head(null, headers)).isInstanceOf(NodeException.class);
  }

  private static CallHead head(@Nullable SocketAddress address, Metadata headers) {
    return CallHeads.of(new Call(address), headers, TransportIdentity.NETWORK);
  }

  /// A call that comes from somewhere.
  private static final class Call extends ServerCall<GetStatusRequest, GetStatusResponse> {
    private final @Nullable SocketAddress address;

    Call(@Nullable SocketAddress address) {
      this.address = address;
    }

    @Override
    public Attributes getAttributes() {
      return address == null
          ? Attributes.EMPTY
          : Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, address).build();
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
