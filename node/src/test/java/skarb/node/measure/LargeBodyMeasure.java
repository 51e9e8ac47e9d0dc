package skarb.node.measure;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
/// alone. The clock is that of a machine that may be busy; the CPU time is the program's own.
class LargeBodyMeasure {
  private static final int FRAME_BYTES = 256 << 10;
  private static final int BODY_MIB = 256;
  private static final long BODY_BYTES = 256L << 20;
  private static final int ROUNDS = 3;

  /// Bytes for a digest alone.
  private static final long FRAMES = 512L << 20;

  private final AtomicLong numbers = new AtomicLong();
  private final byte[] random = new byte[FRAME_BYTES];

  @Test
  void megabytesASecond() throws Exception {
    new Random(1).nextBytes(random);
    intake(1, 64);
    intake(8, 32);
    for (int round = 0; round < ROUNDS; round++) {
      show("1 upload", BODY_BYTES, () -> intake(1, BODY_MIB));
      show("8 uploads", 2 * BODY_BYTES, () -> intake(8, BODY_MIB / 4));
      show("MD5", FRAMES, () -> digest("MD5"));
      show("SHA-256", FRAMES, () -> digest("SHA-256"));
      show("CRC64NVME", FRAMES, this::crc64Nvme);
      show("CRC-32C", FRAMES, this::crc32c);
      show("write and force", BODY_BYTES, this::disk);
    }
  }

  /// CPU time says on a busy machine what the clock does not.
  private static void show(String what, long bytes, Step step) throws Exception {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = process.getProcessCpuTime();
    long begun = System.nanoTime();
    step.run();
    long nanos = System.nanoTime() - begun;
    System.out.printf(
        "%-16s %6.0f MB/s %6.2f ns of CPU a byte%n",
        what, bytes * 1e3 / nanos, (double) (process.getProcessCpuTime() - cpu) / bytes);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private void intake(int uploads, int mib) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "measure");
    try (MeasuredStore store = new MeasuredStore(directory);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < uploads; i++) {
        all.add(callers.submit(() -> upload(store, (long) mib << 20)));
      }
      for (Future<?> one : all) {
        one.get();
      }
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

  private void digest(String name) throws Exception {
    MessageDigest digest = MessageDigest.getInstance(name);
    for (int i = 0; i < FRAMES / FRAME_BYTES; i++) {
      digest.update(random);
    }
    sink(digest.digest());
  }

  private void crc64Nvme() {
    Crc64Nvme crc = new Crc64Nvme();
    for (int i = 0; i < FRAMES / FRAME_BYTES; i++) {
      crc.update(random, 0, random.length);
    }
    sink(ByteString.copyFromUtf8("" + crc.getValue()).toByteArray());
  }

  private void crc32c() {
    CRC32C crc = new CRC32C();
    for (int i = 0; i < FRAMES / FRAME_BYTES; i++) {
      crc.update(random);
    }
    sink(ByteString.copyFromUtf8("" + crc.getValue()).toByteArray());
  }

  private void disk() throws IOException {
    Path file = Files.createTempFile(Path.of("target"), "measure", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer[] chunk = new ByteBuffer[16];
      for (int i = 0; i < BODY_MIB / 4; i++) {
        Arrays.setAll(chunk, n -> ByteBuffer.wrap(random));
        while (chunk[15].hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(false);
    } finally {
      Files.delete(file);
    }
  }

  private void sink(byte[] value) {
    random[random.length - 1] ^= value[0]; // or it might not be computed at all
  }
}
