package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class AddressTest {
  @Test
  void hostPortAndProtectionAreRead() {
    assertThat(parse("grpc://127.0.0.1:9011")).isEqualTo(new Address("127.0.0.1", 9011, false));
    assertThat(parse("grpcs://storage.example"))
        .isEqualTo(new Address("storage.example", 9010, true));
    assertThat(parse("grpc://[::1]:7/")).isEqualTo(new Address("::1", 7, false));
  }

  @Test
  void whatIsNoAddressIsRefused() {
    for (String uri :
        new String[] {
          "http://127.0.0.1:9000", "127.0.0.1", "grpc://h/bucket", "grpc://h?x=1", "grpc:///x"
        }) {
      assertThatThrownBy(() -> parse(uri)).as(uri).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> parse("grpc://key:sesame@h"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("sesame");
    assertThatThrownBy(() -> parse("unix:///run/skarb"))
        .hasMessageContaining("does not listen at a Unix socket");
  }

  @Test
  void plaintextGoesToThisMachineOnlyUnlessAllowed() {
    Credentials credentials = Credentials.token("t");
    assertThatThrownBy(() -> SkarbClient.connect("grpc://storage.example", credentials))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("grpcs://");
    SkarbClient.connect("grpc://localhost", credentials).close();
    SkarbClient.connect(
            URI.create("grpc://storage.example"),
            credentials,
            ClientConfig.builder().plaintextAnywhere().build())
        .close();
  }

  private static Address parse(String uri) {
    return Address.parse(URI.create(uri));
  }
}
