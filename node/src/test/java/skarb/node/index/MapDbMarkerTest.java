package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import skarb.node.disk.CorruptFileException;
import skarb.node.model.StoreId;

class MapDbMarkerTest {
  private static final MapDbMarker MARKER =
      new MapDbMarker(
          new StoreId(1, 2), new IndexState(3, 4, new StateDigest(5, 6, 7, 8)), 9, 10, 0x0b0c0d0e);

  private final Path file = Path.of("a.marker");

  @Test
  void aMarkerReadsBack() throws IOException {
    assertThat(MapDbMarker.decode(MARKER.encode(), file)).isEqualTo(MARKER);
    assertThat(MARKER.encode().remaining()).isEqualTo(MapDbMarker.BYTES);
  }

  @Test
  void markersOfVersion1AreReadForEver() throws IOException {
    assertThat(MapDbMarker.decode(golden("index-marker-v1-layout-2.bin"), file)).isEqualTo(MARKER);
  }

  /// The index is made anew then.
  @Test
  void rowsInAnotherLayoutAreNotTaken() throws IOException {
    ByteBuffer bytes = golden("index-marker-v1.bin");
    assertThatThrownBy(() -> MapDbMarker.decode(bytes, file))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("layout 1");
  }

  private static ByteBuffer golden(String name) throws IOException {
    try (InputStream golden = MapDbMarkerTest.class.getResourceAsStream("/formats/" + name)) {
      assertThat(golden).isNotNull();
      return ByteBuffer.wrap(golden.readAllBytes());
    }
  }

  @Test
  void anyChangedBitAndAnyCutIsNoticed() {
    byte[] whole = MARKER.encode().array();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> MapDbMarker.decode(ByteBuffer.wrap(changed), file))
          .isInstanceOf(CorruptFileException.class);
    }
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();
      assertThatThrownBy(() -> MapDbMarker.decode(cut, file))
          .isInstanceOf(CorruptFileException.class);
    }
  }
}
