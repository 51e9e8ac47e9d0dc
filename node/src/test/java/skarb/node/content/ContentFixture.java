package skarb.node.content;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.ChunkStoreConfig;
import skarb.node.segment.SegmentFixture;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.Manifest;

/// Bodies in a chunk store on a simulated disk, cut into small chunks.
final class ContentFixture implements AutoCloseable {
  static final ContentConfig SMALL_CHUNKS = new ContentConfig(1000, 100, 2000, 10 << 20);

  final SegmentFixture segments =
      new SegmentFixture(new ChunkStoreConfig(2, 64 << 20, 60_000, Duration.ofHours(1), 4));
  final Seams seams = segments.seams();
  final ContentConfig config;
  final BodyBudget budget;
  final ChunkStore chunks = segments.open(seams);

  ContentFixture() throws IOException {
    this(SMALL_CHUNKS, new BodyBudget(1 << 20));
  }

  ContentFixture(ContentConfig config, BodyBudget budget) throws IOException {
    this.config = config;
    this.budget = budget;
  }

  static byte[] content(int number, int length) {
    return SegmentFixture.content(number, length);
  }

  BodyWriter writer(BodyPromise promise) {
    return new BodyWriter(seams, config, chunks, budget, promise);
  }

  StoredBody store(byte[] content) throws InterruptedException {
    return store(content, BodyPromise.none(), Checksums.getDefaultInstance());
  }

  /// Writes in frames of all sizes.
  StoredBody store(byte[] content, BodyPromise promise, Checksums atEnd)
      throws InterruptedException {
    try (BodyWriter writer = writer(promise)) {
      Random random = new Random(content.length);
      for (int at = 0; at < content.length; ) {
        int limit = random.nextInt(3) == 0 ? 100 : 10_000;
        int step = Math.min(1 + random.nextInt(limit), content.length - at);
        writer.write(ByteString.copyFrom(content, at, step), crc32c(content, at, step));
        at += step;
      }
      return writer.finish(atEnd);
    }
  }

  byte[] read(Manifest manifest) {
    return read(manifest, 0, manifest.getSize());
  }

  byte[] read(Manifest manifest, long first, long length) {
    List<ByteString> frames = new ArrayList<>();
    new BodyReader(chunks)
        .read(
            manifest,
            first,
            length,
            (frame, crc) -> {
              byte[] bytes = frame.toByteArray();
              if (bytes.length == 0 || crc32c(bytes, 0, bytes.length) != crc) {
                throw new AssertionError("a frame of " + bytes.length + " bytes with a wrong CRC");
              }
              frames.add(frame);
            });
    return ByteString.copyFrom(frames).toByteArray();
  }

  static BodyPromise asking(ChecksumAlgorithm algorithm) {
    return new BodyPromise(OptionalLong.empty(), Checksums.getDefaultInstance(), false, algorithm);
  }

  static BodyPromise expecting(Checksums expected) {
    return new BodyPromise(
        OptionalLong.empty(), expected, false, ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
  }

  /// All checksums, by the JDK where it has them.
  static Map<BodyChecksum, ByteString> checksumsOf(byte[] content) {
    Map<BodyChecksum, ByteString> all = new EnumMap<>(BodyChecksum.class);
    all.put(BodyChecksum.MD5, digest("MD5", content));
    all.put(BodyChecksum.SHA1, digest("SHA-1", content));
    all.put(BodyChecksum.SHA256, digest("SHA-256", content));
    all.put(BodyChecksum.CRC32, crc(new CRC32(), content, 4));
    all.put(BodyChecksum.CRC32C, crc(new CRC32C(), content, 4));
    all.put(BodyChecksum.CRC64NVME, crc(new Crc64Nvme(), content, 8));
    return all;
  }

  static Checksums only(BodyChecksum kind, ByteString value) {
    return kind.set(Checksums.newBuilder(), value).build();
  }

  static int crc32c(byte[] bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  private static ByteString digest(String name, byte[] content) {
    try {
      return ByteString.copyFrom(MessageDigest.getInstance(name).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteString crc(Checksum crc, byte[] content, int bytes) {
    crc.update(content, 0, content.length);
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (crc.getValue() >>> (8 * (bytes - 1 - i)));
    }
    return ByteString.copyFrom(value);
  }

  @Override
  public void close() throws IOException {
    chunks.close();
  }
}
