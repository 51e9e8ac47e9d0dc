package skarb.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import skarb.node.content.Crc64Nvme;

/// CRC64NVME, which is Skarb's own code, beside the JDK's CRC-32C and SHA-256 for scale.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChecksumBenchmark {
  /// Bytes that are summed up: 64 KiB and 1 MiB.
  @Param({"65536", "1048576"})
  public int bytes;

  private byte[] content = {};

  /// Makes the bytes.
  @Setup
  public void prepare() {
    content = new byte[bytes];
    new SplittableRandom(1).nextBytes(content);
  }

  /// Skarb's.
  @Benchmark
  public long crc64nvme() {
    Crc64Nvme crc = new Crc64Nvme();
    crc.update(content, 0, content.length);
    return crc.getValue();
  }

  /// The JDK's, by the processor's own instruction.
  @Benchmark
  public long crc32c() {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    return crc.getValue();
  }

  /// The JDK's, likewise where the processor has one.
  @Benchmark
  public byte[] sha256() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(content);
  }
}
