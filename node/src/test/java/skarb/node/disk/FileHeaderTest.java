package skarb.node.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import skarb.node.model.StoreId;

class FileHeaderTest {
  private static final Path FILE = Path.of("0000000001.journal");
  private static final StoreId STORE = new StoreId(0, 1);
  private static final FileHeader HEADER = new FileHeader(FileKind.JOURNAL, 1, 1, STORE, 2, 3);

  @Test
  void theWorkedExampleIsWhatIsWritten() {
    assertThat(HexFormat.of().formatHex(HEADER.encode(64).array()))
        .isEqualTo(
            "536b6172624a726e0001004000000000"
                + "0000000000000001"
                + "00000000000000000000000000000001"
                + "0000000000000002"
                + "0000000000000003"
                + "000000000ffc66cf");
  }

  @Test
  void whatWasEncodedIsDecoded() throws IOException {
    ByteBuffer padded = HEADER.encode(4096);

    assertThat(padded.remaining()).isEqualTo(4096);
    assertThat(FileHeader.decode(padded, FILE, FileKind.JOURNAL, 1, 1)).isEqualTo(HEADER);
  }

  @Test
  void anyFlippedBitIsDamage() {
    for (int bit = 0; bit < 64 * 8; bit++) {
      ByteBuffer damaged = HEADER.encode(64);
      damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> FileHeader.decode(damaged, FILE, FileKind.JOURNAL, 1, 1))
          .as("bit " + bit)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageStartingWith("0000000001.journal at ");
    }
  }

  @Test
  void otherKindsAreRefused() {
    assertThatThrownBy(() -> FileHeader.decode(HEADER.encode(64), FILE, FileKind.SEGMENT, 1, 1))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("SEGMENT");
  }

  @Test
  void olderAndNewerVersionsHaveErrorsOfTheirOwn() {
    assertThatThrownBy(() -> FileHeader.decode(HEADER.encode(64), FILE, FileKind.JOURNAL, 2, 3))
        .isInstanceOf(FormatTooOldException.class);
    FileHeader newer = new FileHeader(FileKind.JOURNAL, 9, 1, STORE, 2, 3);
    assertThatThrownBy(() -> FileHeader.decode(newer.encode(64), FILE, FileKind.JOURNAL, 1, 1))
        .isInstanceOf(FormatTooNewException.class);
  }

  @Test
  void filesThatStrayedInAreToldApart() {
    assertThatThrownBy(() -> HEADER.mustBe(FILE, 1, new StoreId(0, 2)))
        .hasMessageContaining("a file of this store");
    assertThatThrownBy(() -> HEADER.mustBe(FILE, 2, STORE))
        .hasMessageContaining("file number 2 as its name says, found number 1");
  }
}
