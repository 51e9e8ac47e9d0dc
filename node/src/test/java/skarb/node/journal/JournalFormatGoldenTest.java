package skarb.node.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.journal.JournalFormat.EncodedFrame;
import skarb.node.journal.JournalFormat.Frame;
import skarb.node.model.ChunkPlace;

/// The golden files were made by another program, from the format's description.
class JournalFormatGoldenTest {
  private static final List<ByteString> BATCH_1 =
      List.of(
          ByteString.copyFromUtf8("one"),
          ByteString.EMPTY,
          ByteString.copyFromUtf8("x".repeat(5000)));
  private static final List<ByteString> BATCH_2 = List.of(ByteString.copyFromUtf8("two"));
  private static final List<ByteString> BATCH_3 = List.of(ByteString.copyFromUtf8("three"));
  private static final EncodedChunk FIRST = JournalFixture.chunk("first body ".repeat(40));
  private static final EncodedChunk SECOND = JournalFixture.chunk("second".repeat(100));
  private static final JournalConfig CONFIG = new JournalConfig(24 << 10, true);

  @Test
  void version1IsDecodedForEver() throws IOException {
    JournalFixture fixture = new JournalFixture(CONFIG);
    fixture.write(1, golden(1));
    fixture.write(2, golden(2));

    try (FileJournal journal = fixture.open()) {
      assertThat(journal.recovery().sealed()).isTrue();
      assertThat(JournalFixture.replayed(journal, 1))
          .isEqualTo(Map.of(1L, BATCH_1, 2L, BATCH_2, 3L, BATCH_3));
      assertThat(fixture.bodies)
          .containsOnlyKeys(FIRST.id(), SECOND.id())
          .containsEntry(FIRST.id(), new ChunkPlace(ChunkPlace.Home.JOURNAL, 2, 4216, 440))
          .containsEntry(SECOND.id(), new ChunkPlace(ChunkPlace.Home.JOURNAL, 1, 12952, 600));
      assertThat(read(journal.fileOf(1), 12952)).isEqualTo("second".repeat(100));
    }
    assertThat(fixture.bytes(1)).isEqualTo(golden(1));
    assertThat(fixture.bytes(2)).isEqualTo(golden(2));
  }

  @Test
  void theSameBatchesMakeTheSameFiles() throws IOException {
    JournalFixture fixture = new JournalFixture(CONFIG);
    try (FileJournal journal = fixture.open()) {
      journal.append(1, BATCH_1, List.of());
      journal.append(2, BATCH_2, List.of(FIRST, SECOND));
    }
    try (FileJournal journal = fixture.open()) {
      journal.append(3, BATCH_3, List.of(FIRST));
    }

    assertThat(fixture.bytes(1)).isEqualTo(golden(1));
    assertThat(fixture.bytes(2)).isEqualTo(golden(2));
  }

  @Test
  void theWorkedExampleIsWhatIsWritten() throws IOException {
    EncodedFrame frame =
        JournalFormat.encode(3, 1, 0, false, List.of(ByteString.copyFromUtf8("hi")), List.of());
    ByteBuffer bytes = ByteBuffer.allocate(frame.frameBytes());
    frame.buffers().forEach(buffer -> bytes.put(buffer.duplicate()));

    assertThat(HexFormat.of().formatHex(bytes.array(), 0, 70))
        .isEqualTo(
            "536b4a660001004000000000000010000000000000000003"
                + "000000000000000100000000000000010000000600000000"
                + "0000000000000000cf39be6807cc73f9"
                + "000000026869");
    Path file = Path.of("file");
    Frame decoded =
        JournalFormat.decodeContents(
            JournalFormat.decodeHeader(bytes.flip(), file, 0), bytes.limit(70), file, 0);
    assertThat(decoded.records()).containsExactly(ByteString.copyFromUtf8("hi"));
  }

  private static byte[] golden(int number) throws IOException {
    String name = "/formats/journal-v1/%010d.journal".formatted(number);
    try (InputStream stream = JournalFormatGoldenTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream).readAllBytes();
    }
  }

  private static String read(Path file, long position) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ChunkRecord record = ChunkRecordFormat.read(channel, file, position);
      ByteBuffer bytes = ByteBuffer.allocate(record.blockLength(0));
      record.readBlock(channel, 0, bytes);
      return US_ASCII.decode(bytes).toString();
    }
  }
}
