package skarb.node.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skarb.node.disk.DurableFile;
import skarb.node.disk.EncodedChunk;
import skarb.node.journal.JournalFormat.EncodedFrame;
import skarb.node.model.ChunkPlace;

/// Writes frames into one file of the journal, one after the other, each forced before the next.
/// One thread.
final class JournalWriter implements AutoCloseable {
  private final long number;
  private final long generation;
  private final DurableFile file;
  private final BodyTable bodies;
  private FrameRun run;

  /// @param run the frames that the file has
  /// @param bodies the bodies in them
  JournalWriter(long number, long generation, DurableFile file, FrameRun run, BodyTable bodies) {
    this.number = number;
    this.generation = generation;
    this.file = file;
    this.run = run;
    this.bodies = bodies;
  }

  long number() {
    return number;
  }

  FrameRun run() {
    return run;
  }

  long fileBytes() {
    return file.length();
  }

  /// Whether a frame fits, and behind it a seal and the footer.
  boolean hasRoomFor(int frameBytes, int frameBodies) {
    return neededFor(frameBytes, frameBodies) <= file.length();
  }

  private long neededFor(int frameBytes, int frameBodies) {
    return run.end()
        + frameBytes
        + JournalFormat.PAGE_BYTES
        + JournalFooter.bytes(bodies.count() + frameBodies);
  }

  /// Makes a file that has no frame yet as large as its first one needs.
  void growFor(int frameBytes, int frameBodies) throws IOException {
    long needed = JournalFormat.align(neededFor(frameBytes, frameBodies), JournalFormat.PAGE_BYTES);
    file.writeZeroes(file.length(), needed - file.length());
    file.force();
  }

  /// Writes a batch and forces it.
  ///
  /// @return where each body lies
  List<ChunkPlace> append(List<ByteString> records, List<EncodedChunk> chunks) throws IOException {
    long start = run.end();
    EncodedFrame frame =
        JournalFormat.encode(generation, run.last() + 1, run.crc(), false, records, chunks);
    write(frame, run.last() + 1, false);
    List<ChunkPlace> places = new ArrayList<>(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      EncodedChunk chunk = chunks.get(i);
      long position = start + frame.bodyOffsets().get(i);
      bodies.add(chunk.id(), position, chunk.chunkLength());
      places.add(new ChunkPlace(ChunkPlace.Home.JOURNAL, number, position, chunk.chunkLength()));
    }
    return places;
  }

  /// Writes the seal of a clean stop and forces it, unless the last frame is one.
  void seal() throws IOException {
    if (run.sealed()) {
      return;
    }
    EncodedFrame frame =
        JournalFormat.encode(generation, run.last(), run.crc(), true, List.of(), List.of());
    write(frame, run.last(), true);
  }

  private void write(EncodedFrame frame, long last, boolean seal) throws IOException {
    file.write(run.end(), frame.buffers());
    file.force();
    run =
        new FrameRun(
            run.lastBefore(),
            run.before(),
            last,
            frame.contentsCrc(),
            run.end() + frame.frameBytes(),
            seal);
  }

  /// Writes the footer of a full file, at its very end, and forces it.
  void finish() throws IOException {
    long start = file.length() - JournalFooter.bytes(bodies.count());
    file.write(start, new JournalFooter(run, bodies).encode(number));
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
