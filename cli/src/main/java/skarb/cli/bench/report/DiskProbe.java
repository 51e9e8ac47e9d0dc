package skarb.cli.bench.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/// What the disk can do by itself, so that figures of writes can stand beside it: how long one
/// forced write takes, and how fast a long one is.
///
/// @param forceMillis the median of 4 KiB written over a file that is there already, and forced
/// @param writeBytesPerSecond of 256 MiB written and then forced
public record DiskProbe(double forceMillis, double writeBytesPerSecond) {
  private static final int FORCES = 50;
  private static final int SMALL = 4096;
  private static final int LARGE = 1 << 20;
  private static final int LARGE_COUNT = 256;

  /// Measures the disk behind a folder, with a file that is gone afterwards.
  public static DiskProbe of(Path folder) throws IOException {
    Path file = folder.resolve("disk-probe");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(LARGE);
      new SplittableRandom(1).ints(LARGE / 4).forEach(block::putInt);
      long start = System.nanoTime();
      for (int i = 0; i < LARGE_COUNT; i++) {
        write(channel, block.clear(), (long) i * LARGE);
      }
      channel.force(true);
      double rate = (double) LARGE * LARGE_COUNT * 1e9 / (System.nanoTime() - start);
      long[] forces = new long[FORCES];
      for (int i = 0; i < FORCES; i++) {
        long begin = System.nanoTime();
        write(channel, block.clear().limit(SMALL), (long) i * SMALL);
        channel.force(false);
        forces[i] = System.nanoTime() - begin;
      }
      Arrays.sort(forces);
      return new DiskProbe(forces[FORCES / 2] / 1e6, rate);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void write(FileChannel channel, ByteBuffer from, long at) throws IOException {
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }
}
