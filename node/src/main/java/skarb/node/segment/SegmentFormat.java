package skarb.node.segment;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skarb.node.disk.FileHeader;

/// A segment: chunks, one after another, in a file `NNNNNNNNNN.segment` of about 1 GiB.
///
/// ```
///   0                64
///   +----------------+----------+----------+-----+----------+-----------------+---------+
///   | FileHeader     | record   | record   | ... | record   | SegmentFooter   | trailer |
///   | kind SEGMENT   |          |          |     |          |                 |         |
///   +----------------+----------+----------+-----+----------+-----------------+---------+
/// ```
///
/// The header is [FileHeader] with the magic `SkarbSeg`; the records are those of
/// [skarb.node.disk.ChunkRecordFormat], without gaps, in the order in which they were written; the
/// footer is [SegmentFooter], found through the trailer of [skarb.node.disk.FileFooter] with the
/// magic `SkSegEnd`. Every byte is under some CRC-32C.
///
/// ## Its life
///
/// 1. *Created*: the header is written and forced, then the directory. Only then it is used.
/// 2. *Open*: records are appended, each by one write. They are forced when somebody asks.
/// 3. *Closed*, when it is full, idle or the store stops: records forced, footer written and
///    forced. From then on it never changes.
///
/// A file without a footer was open when the process ended. It is read through at the next start:
/// what follows the last whole record is a torn tail (nobody was told that it is durable) and is
/// cut, and the file is closed. A record that does not verify although one behind it does is
/// reported and left where it is: unforced writes survive a power cut in any order.
///
/// Version 1: the first.
final class SegmentFormat {
  static final int VERSION = 1;
  static final int OLDEST_VERSION = 1;

  /// Where the first record lies.
  static final int FIRST_RECORD = FileHeader.BYTES;

  private static final Pattern NAME = Pattern.compile("([0-9]{10,18})\\.segment");

  private SegmentFormat() {}

  /// The file of a segment.
  ///
  /// @param number from 1
  static Path file(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "%010d.segment", number));
  }

  /// The number of a segment's file; empty for other files.
  static OptionalLong numberOf(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
