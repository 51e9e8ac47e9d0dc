package skarb.node.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.model.ChunkId;

class ChunkRecordFormatTest {
  private static final Path FILE = Path.of("a-file");

  @TempDir Path directory;

  @Test
  void theWorkedExampleIsWhatIsWritten() {
    EncodedChunk chunk = encode("skarb".getBytes(US_ASCII));

    assertThat(HexFormat.of().formatHex(bytes(chunk)))
        .isEqualTo(
            "536b436b00010040"
                + "00000000"
                + "000000050000000500000001"
                + sha256("skarb".getBytes(US_ASCII))
                + "ddfe3717"
                + "a80548d6"
                + "736b617262");
  }

  @Test
  void version1IsDecodedForEver() throws IOException {
    byte[] golden;
    try (InputStream stream = getClass().getResourceAsStream("/formats/chunk-record-v1.bin")) {
      golden = Objects.requireNonNull(stream).readAllBytes();
    }
    byte[] data = new byte[300_000];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i / 1000);
    }

    assertThat(decodeWhole(golden)).isEqualTo(data);
    assertThat(bytes(encode(data))).isEqualTo(golden);
  }

  @Test
  void blocksAreReadAndVerifiedByThemselves() throws IOException {
    byte[] data = random(2 * ChunkRecordFormat.BLOCK_BYTES + 77, 2);
    byte[] record = bytes(encode(data));
    record[record.length - 1] ^= 1; // damage in the last block is not seen by the others
    Path file = Files.write(directory.resolve("chunk"), concat(new byte[100], record));

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ChunkRecord header = ChunkRecordFormat.read(channel, file, 100);
      assertThat(header.blockCount()).isEqualTo(3);
      assertThat(header.blockOf(ChunkRecordFormat.BLOCK_BYTES)).isEqualTo(1);
      assertThat(header.blockLength(2)).isEqualTo(77);
      assertThat(header.end()).isEqualTo(100 + record.length);
      ByteBuffer block = ByteBuffer.allocate(ChunkRecordFormat.BLOCK_BYTES);
      header.readBlock(channel, 1, block);
      assertThat(block)
          .isEqualTo(
              ByteBuffer.wrap(data, ChunkRecordFormat.BLOCK_BYTES, ChunkRecordFormat.BLOCK_BYTES));
      assertThatThrownBy(() -> header.readBlock(channel, 2, block.clear()))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(file + " at " + header.blockPosition(2) + ": expected block 2");
      assertThatThrownBy(() -> header.verifyData(channel)).isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void anyFlippedBitIsFound() {
    byte[] record = bytes(encode(random(300, 3)));
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] damaged = record.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> decodeWhole(damaged))
          .as("bit " + bit)
          .isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void anyCutIsFound() {
    byte[] record = bytes(encode(random(300, 4)));
    for (int length = 0; length < record.length; length++) {
      byte[] cut = Arrays.copyOf(record, length);
      assertThatThrownBy(() -> decodeWhole(cut))
          .as("cut at " + length)
          .isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void dataIsTakenFromManyBuffersWithoutACopy() throws IOException {
    byte[] data = random(ChunkRecordFormat.MAX_CHUNK_BYTES, 5);
    List<ByteBuffer> parts = new ArrayList<>();
    Random random = new Random(6);
    for (int at = 0; at < data.length; ) {
      int step = Math.min(data.length - at, random.nextInt(200_000));
      parts.add(ByteBuffer.wrap(data, at, step));
      at += step;
    }

    EncodedChunk chunk = ChunkRecordFormat.encode(name(data), parts);

    assertThat(chunk.recordLength()).isEqualTo(ChunkRecordFormat.recordLength(data.length));
    assertThat(chunk.buffers().get(1).array()).isSameAs(data);
    assertThat(bytes(chunk)).isEqualTo(bytes(encode(data)));
    assertThat(parts.get(0).position()).isZero();
  }

  @Test
  void emptyAndTooLongChunksAreRefused() {
    assertThatThrownBy(() -> encode(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encode(new byte[ChunkRecordFormat.MAX_CHUNK_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLaterVersionIsTooNewAndNotDamage() {
    byte[] record = bytes(encode(random(10, 7)));
    ByteBuffer header = ByteBuffer.wrap(record);
    header.putShort(4, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, 60));
    header.putInt(60, (int) crc.getValue());

    assertThatThrownBy(() -> ChunkRecordFormat.decode(header, FILE, 0))
        .isInstanceOf(FormatTooNewException.class)
        .hasMessageContaining("format version 2");
  }

  private static byte[] decodeWhole(byte[] record) throws IOException {
    ChunkRecord header = ChunkRecordFormat.decode(ByteBuffer.wrap(record), FILE, 0);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int block = 0; block < header.blockCount(); block++) {
      int from = (int) header.blockPosition(block);
      int length = Math.clamp(record.length - from, 0, header.blockLength(block));
      header.verifyBlock(block, ByteBuffer.wrap(record, Math.min(from, record.length), length));
      data.write(record, from, length);
    }
    return data.toByteArray();
  }

  private static EncodedChunk encode(byte[] data) {
    return ChunkRecordFormat.encode(name(data), List.of(ByteBuffer.wrap(data)));
  }

  private static byte[] bytes(EncodedChunk chunk) {
    ByteBuffer all = ByteBuffer.allocate(chunk.recordLength());
    chunk.buffers().forEach(buffer -> all.put(buffer.duplicate()));
    assertThat(all.hasRemaining()).isFalse();
    return all.array();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static ChunkId name(byte[] data) {
    return ChunkId.of(HexFormat.of().parseHex(sha256(data)));
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
