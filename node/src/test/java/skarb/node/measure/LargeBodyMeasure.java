package skarb.node.measure;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import skarb.node.content.BodyWriter;
import skarb.node.content.Crc64Nvme;
import skarb.v1.Checksums;

/// How fast large bodies are taken in, one at a time and eight at once: MD5, SHA-256 of each chunk,
/// CRC64NVME, CRCs of frames and blocks, written and forced. And what the same machine does of each
/// alone.
class LargeBodyMeasure {
  private static final int FRAME_BYTES = 256 << 10;
  private static final int BODY_MIB = 256;
  private static final int ROUNDS = 3;

  private final AtomicLong numbers = new AtomicLong();
  private final byte[] random = new byte[FRAME_BYTES];

  @Test
  void megabytesASecond() throws Exception {
    new Random(1).nextBytes(random);
    intake(1, 64);
    intake(8, 32);
    for (int round = 0; round < ROUNDS; round++) {
      System.out.printf(
          "1 upload %4.0f MB/s, 8 uploads %4.0f MB/s;"
              + " MD5 %4.0f, SHA-256 %4.0f, CRC64NVME %4.0f, CRC-32C %5.0f, write and force %4.0f%n",
          intake(1, BODY_MIB),
          intake(8, BODY_MIB / 4),
          digest("MD5"),
          digest("SHA-256"),
          crc64Nvme(),
          crc32c(),
          disk());
    }
  }

  private double intake(int uploads, int mib) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "measure");
    try (MeasuredStore store = new MeasuredStore(directory);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < uploads; i++) {
        all.add(callers.submit(() -> upload(store, (long) mib << 20)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return rate(((long) uploads * mib) << 20, begun);
    } finally {
      SmallBodyMeasure.delete(directory);
    }
  }

  private Void upload(MeasuredStore store, long bytes) throws InterruptedException {
    try (BodyWriter writer = store.writer(0)) {
      for (long at = 0; at < bytes; at += FRAME_BYTES) {
        byte[] frame = random.clone();
        ByteBuffer.wrap(frame).putLong(numbers.incrementAndGet()); // nothing is found
        writer.write(UnsafeByteOperations.unsafeWrap(frame), crc(frame));
      }
      store.commit("key-" + numbers.get(), writer.finish(Checksums.getDefaultInstance()));
    }
    return null;
  }

  private static int crc(byte[] frame) {
    CRC32C crc = new CRC32C(); // what a gateway does
    crc.update(frame);
    return (int) crc.getValue();
  }

  private double digest(String name) throws Exception {
    MessageDigest digest = MessageDigest.getInstance(name);
    long begun = System.nanoTime();
    for (int i = 0; i < 1024; i++) {
      digest.update(random);
    }
    sink(digest.digest());
    return rate(1024L * FRAME_BYTES, begun);
  }

  private double crc64Nvme() {
    Crc64Nvme crc = new Crc64Nvme();
    long begun = System.nanoTime();
    for (int i = 0; i < 2048; i++) {
      crc.update(random, 0, random.length);
    }
    sink(ByteString.copyFromUtf8("" + crc.getValue()).toByteArray());
    return rate(2048L * FRAME_BYTES, begun);
  }

  private double crc32c() {
    CRC32C crc = new CRC32C();
    long begun = System.nanoTime();
    for (int i = 0; i < 8192; i++) {
      crc.update(random);
    }
    sink(ByteString.copyFromUtf8("" + crc.getValue()).toByteArray());
    return rate(8192L * FRAME_BYTES, begun);
  }

  private double disk() throws IOException {
    Path file = Files.createTempFile(Path.of("target"), "measure", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer[] chunk = new ByteBuffer[16];
      long begun = System.nanoTime();
      for (int i = 0; i < BODY_MIB / 4; i++) {
        Arrays.setAll(chunk, n -> ByteBuffer.wrap(random));
        while (chunk[15].hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(false);
      return rate((long) BODY_MIB << 20, begun);
    } finally {
      Files.delete(file);
    }
  }

  private void sink(byte[] value) {
    random[random.length - 1] ^= value[0]; // or it might not be computed at all
  }

  private static double rate(long bytes, long begun) {
    return bytes * 1e3 / (System.nanoTime() - begun);
  }
}
