package skarb.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.client.ClientConfig;

/// Where a command goes without TLS.
class NodeAddressTest {
  private static NodeAddress to(String host, boolean insecure) {
    return new NodeAddress(HostPort.parse(host), null, insecure);
  }

  private static String scheme(NodeAddress address) {
    return address.uri(ClientConfig.builder()).getScheme();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:9010", "LocalHost:9010", "127.0.0.1:1", "127.3.2.1:1", "[::1]:9010"})
  void loopbackByItsVeryNameNeedsNoTls(String address) {
    assertThat(scheme(to(address, false))).isEqualTo("grpc");
    assertThat(to(address, true).isOpenToOthers()).isFalse();
  }

  /// The first two mean loopback to whoever looks them up, now.
  @ParameterizedTest
  @CsvSource({
    "127.1:9010",
    "2130706433:9010",
    "localhost.example:9010",
    "127.0.0.1.example:9010",
    "127.0.0.256:9010",
    "10.0.0.1:9010",
    "[2001:db8::1]:9010"
  })
  void anyOtherNameNeedsTlsWhateverItMeansNow(String address) {
    assertThat(scheme(to(address, false))).isEqualTo("grpcs");
    assertThat(to(address, false).isOpenToOthers()).isFalse();
  }

  @Test
  void whoInsistsGoesWithoutAndIsOpenToOthers() {
    assertThat(scheme(to("10.0.0.1:9010", true))).isEqualTo("grpc");
    assertThat(to("10.0.0.1:9010", true).isOpenToOthers()).isTrue();
    NodeAddress trusting =
        new NodeAddress(HostPort.parse("10.0.0.1:9010"), Path.of("ca.pem"), true);
    assertThat(trusting.isOpenToOthers()).isFalse();
  }
}
