package skarb.node.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// The kinds of file that begin with a [FileHeader] and end, once closed, with a [FileFooter]. Each
/// has magics of its own, so that `file` and a hex dump tell them apart.
public enum FileKind {
  /// A file of the journal.
  JOURNAL("SkarbJrn", "SkJrnEnd"),
  /// A segment: chunks.
  SEGMENT("SkarbSeg", "SkSegEnd"),
  /// A snapshot: rows.
  SNAPSHOT("SkarbSnp", "SkSnpEnd");

  private final long magic;
  private final long endMagic;

  FileKind(String magic, String endMagic) {
    this.magic = ByteBuffer.wrap(magic.getBytes(US_ASCII)).getLong();
    this.endMagic = ByteBuffer.wrap(endMagic.getBytes(US_ASCII)).getLong();
  }

  /// The first 8 bytes of a file, big-endian.
  public long magic() {
    return magic;
  }

  /// The last 8 bytes of a closed file, big-endian.
  public long endMagic() {
    return endMagic;
  }
}
