package skarb.node.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.journal.JournalFormat.EncodedFrame;
import skarb.node.journal.JournalFormat.Frame;
import skarb.node.journal.JournalFormat.FrameHeader;
import skarb.node.model.ChunkId;

/// A frame of the journal as a batch of 16 PUTs of 4 KiB makes it, in memory: without write and
/// force. In this package since frames are hidden here.
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JournalFrameBenchmark {
  private static final int RECORDS = 16;
  private static final int RECORD_BYTES = 300;
  private static final int BODY_BYTES = 4096;
  private static final Path FILE = Path.of("0000000001.journal");

  /// How many of the batch's bodies ride in the frame: none or all.
  @Param({"0", "16"})
  public int bodies;

  private final List<ByteString> records = new ArrayList<>();
  private final List<ChunkId> ids = new ArrayList<>();
  private final List<ByteBuffer> contents = new ArrayList<>();
  private ByteBuffer frame = ByteBuffer.allocate(0);

  /// Makes the batch, and a frame of it.
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < RECORDS; i++) {
      records.add(ByteString.copyFrom(bytes(random, RECORD_BYTES)));
    }
    for (int i = 0; i < bodies; i++) {
      ByteBuffer content = ByteBuffer.wrap(bytes(random, BODY_BYTES));
      contents.add(content);
      ids.add(ChunkId.ofContent(List.of(content.duplicate())));
    }
    EncodedFrame encoded = encode();
    frame = ByteBuffer.allocate(encoded.frameBytes());
    encoded.buffers().forEach(buffer -> frame.put(buffer.duplicate()));
    frame.flip();
  }

  private static byte[] bytes(SplittableRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Lays the frame out, with the checksums of the bodies' blocks. Their SHA-256 is known before.
  @Benchmark
  public EncodedFrame encode() {
    List<EncodedChunk> chunks = new ArrayList<>(bodies);
    for (int i = 0; i < bodies; i++) {
      chunks.add(ChunkRecordFormat.encode(ids.get(i), List.of(contents.get(i).duplicate())));
    }
    return JournalFormat.encode(3, 7, 11, false, records, chunks);
  }

  /// Decodes it and checks all that its checksums cover, the bodies' blocks included.
  @Benchmark
  public void decodeAndCheck(Blackhole consumed) throws IOException {
    FrameHeader header = JournalFormat.decodeHeader(frame, FILE, 0);
    Frame decoded =
        JournalFormat.decodeContents(header, frame.slice(0, header.headBytes()), FILE, 0);
    for (Frame.Body body : decoded.bodies()) {
      int start = (int) body.position();
      ChunkRecord record =
          ChunkRecordFormat.decode(frame.slice(start, body.recordLength()), FILE, start);
      for (int block = 0; block < record.blockCount(); block++) {
        int at = (int) record.blockPosition(block);
        record.verifyBlock(block, frame.slice(at, record.blockLength(block)));
      }
    }
    consumed.consume(decoded);
  }
}
