package skarb.node.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFooterTest {
  private static final byte[] BODY = "what the file holds".getBytes(US_ASCII);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("a-file");
  }

  @Test
  void itIsFoundFromTheEndOfTheFile() throws IOException {
    write(closedFile());

    assertThat(read()).contains(ByteBuffer.wrap(BODY));
  }

  @Test
  void aFileThatWasNotClosedHasNone() throws IOException {
    write(new byte[0]);
    assertThat(read()).isEmpty();
    write(new byte[10_000]);
    assertThat(read()).isEmpty();
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    byte[] whole = closedFile();
    int start = whole.length - BODY.length - FileFooter.TRAILER_BYTES;
    for (int bit = start * 8; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      write(damaged);
      if (bit / 8 >= whole.length - 8) {
        assertThat(read()).as("bit " + bit).isEmpty();
      } else {
        assertThatThrownBy(this::read).as("bit " + bit).isInstanceOf(CorruptFileException.class);
      }
    }
  }

  @Test
  void theFooterOfAnotherFileIsRefused() throws IOException {
    write(closedFile());

    assertThatThrownBy(() -> read(8, 1))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("expected the footer of file number 8, found that of 7");
  }

  @Test
  void aLaterVersionIsTooNewAndNotDamage() throws IOException {
    write(closedFile());

    assertThatThrownBy(() -> read(7, 0)).isInstanceOf(FormatTooNewException.class);
  }

  private static byte[] closedFile() {
    ByteBuffer body = ByteBuffer.wrap(BODY);
    ByteBuffer trailer = FileFooter.trailer(FileKind.SEGMENT, 7, 1, body);
    ByteBuffer whole = ByteBuffer.allocate(100 + BODY.length + trailer.remaining());
    Arrays.fill(whole.array(), (byte) 'x');
    return whole.position(100).put(body).put(trailer).array();
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  private Optional<ByteBuffer> read() throws IOException {
    return read(7, 1);
  }

  private Optional<ByteBuffer> read(long number, int newest) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return FileFooter.read(channel, file, FileKind.SEGMENT, number, 0, newest, 1 << 20);
    }
  }
}
