package skarb.node.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatTooNewException;
import skarb.node.model.SiteId;

class PeerRegistryTest {
  private static final SiteId SELF = new SiteId(7);
  private static final PeerRecord BERLIN =
      new PeerRecord(new SiteId(0x3c6ef372), "berlin", "berlin.example:9011", false, 0);
  private static final PeerRecord OSLO =
      new PeerRecord(new SiteId(0xa54ff53a), "oslo", "[::1]:9011", true, 1_000_000);

  @TempDir Path directory;

  private PeerRegistry open() throws IOException {
    return PeerRegistry.open(directory, SELF);
  }

  @Test
  void whatWasPutIsThereAfterAnotherStart() throws IOException {
    PeerRegistry registry = open();
    registry.put(OSLO);
    registry.put(BERLIN);

    assertThat(open().all()).containsExactly(BERLIN, OSLO);
    assertThat(open().find("oslo")).contains(OSLO);
    assertThat(open().find("3c6ef372")).contains(BERLIN);
  }

  @Test
  void fileIsAsItsFormatSays() throws IOException {
    PeerRegistry registry = open();
    registry.put(BERLIN);
    registry.put(OSLO);

    assertThat(Files.readString(directory.resolve("peers")))
        .isEqualTo(
            """
            skarb-peers 1
            peer = a54ff53a oslo [::1]:9011 paused 1000000
            peer = 3c6ef372 berlin berlin.example:9011 live 0
            crc32c = %s
            """
                .formatted(checksumLine()));
  }

  private String checksumLine() throws IOException {
    String text = Files.readString(directory.resolve("peers"));
    return text.substring(text.lastIndexOf(" = ") + 3).strip();
  }

  @Test
  void changesAreToldOnceTheyAreKept() throws IOException {
    PeerRegistry registry = open();
    List<List<PeerRecord>> told = new ArrayList<>();
    registry.subscribe(() -> told.add(registry.all()));

    registry.put(BERLIN);
    registry.put(BERLIN);
    registry.setPaused(BERLIN.site(), true);
    registry.remove(BERLIN.site());

    assertThat(told).containsExactly(List.of(BERLIN), List.of(BERLIN.withPaused(true)), List.of());
    assertThat(registry.remove(BERLIN.site())).isFalse();
    assertThat(registry.setPaused(BERLIN.site(), true)).isEmpty();
  }

  @Test
  void whatCannotBeAPeerIsRefused() throws IOException {
    PeerRegistry registry = open();
    registry.put(BERLIN);

    assertThatThrownBy(() -> registry.put(new PeerRecord(SELF, "me", "here:1", false, 0)))
        .hasMessageContaining("this one");
    assertThatThrownBy(
            () -> registry.put(new PeerRecord(new SiteId(9), "berlin", "there:1", false, 0)))
        .hasMessageContaining("another peer has the name");
    for (String address : List.of("", "host", "host:0", "host:65536", "a b:1", "host:1\n", ":1")) {
      assertThatThrownBy(() -> new PeerRecord(new SiteId(9), "x", address, false, 0))
          .as(address)
          .hasMessageContaining("HOST:PORT");
    }
    assertThatThrownBy(() -> new PeerRecord(new SiteId(9), "A", "h:1", false, 0))
        .hasMessageContaining("name");
    assertThat(open().all()).containsExactly(BERLIN);
  }

  @Test
  void damageAndLaterVersionsAreTold() throws IOException {
    open().put(BERLIN);
    Path file = directory.resolve("peers");
    String whole = Files.readString(file);

    Files.writeString(file, whole.replace("berlin.example", "berlin.exanple"));
    assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);
    Files.writeString(file, "");
    assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);
    String later = whole.substring(0, whole.indexOf("crc32c")).replace("peers 1", "peers 2");
    Files.writeString(file, later + "crc32c = " + crc(later) + "\n");
    assertThatThrownBy(this::open).isInstanceOf(FormatTooNewException.class);
  }

  private static String crc(String text) {
    return skarb.node.disk.Checksums.hex(
        skarb.node.disk.Checksums.crc32c(
            java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }
}
