package skarb.node.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatVersions;
import skarb.node.model.SiteId;

/// The file `peers` of the data directory: UTF-8 text, a line a peer.
///
/// ```
/// skarb-peers 1
/// peer = 3c6ef372 berlin berlin.example:9011 live 0
/// peer = a54ff53a oslo 10.0.0.7:9011 paused 1000000
/// crc32c = 5f1d36f1
/// ```
///
/// A peer is its site's id in hex, its name, its address, `live` or `paused`, and the cap in bytes
/// a second. The checksum, in hex, covers the bytes of all lines before it. Version 1: the first.
final class PeersFormat {
  static final int VERSION = 1;

  private static final String MAGIC = "skarb-peers ";
  private static final String PEER = "peer = ";
  private static final String CHECKSUM = "crc32c = ";
  private static final int FIELDS = 5;

  private PeersFormat() {}

  static byte[] encode(Collection<PeerRecord> peers) {
    StringBuilder text = new StringBuilder(MAGIC).append(VERSION).append('\n');
    for (PeerRecord peer : peers) {
      text.append(PEER)
          .append(peer.site())
          .append(' ')
          .append(peer.name())
          .append(' ')
          .append(peer.address())
          .append(' ')
          .append(peer.paused() ? "paused" : "live")
          .append(' ')
          .append(peer.bytesPerSecond())
          .append('\n');
    }
    String checksum = checksum(text.toString());
    return text.append(CHECKSUM)
        .append(checksum)
        .append('\n')
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /// @param file named in errors
  static List<PeerRecord> decode(byte[] bytes, Path file) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    if (!text.startsWith(MAGIC)) {
      throw new CorruptFileException(file, 0, MAGIC.strip(), "something else");
    }
    int checked = text.lastIndexOf(CHECKSUM);
    String expected = checked < 0 ? "none" : text.substring(checked + CHECKSUM.length()).strip();
    String found = checked < 0 ? "" : checksum(text.substring(0, checked));
    if (!expected.equals(found)) {
      throw new CorruptFileException(file, Math.max(0, checked), CHECKSUM + expected, found);
    }
    FormatVersions.check(file, MAGIC.length(), version(lines.getFirst()), VERSION, VERSION);
    List<PeerRecord> peers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size() - 1)) {
      peers.add(peer(line, file));
    }
    return peers;
  }

  private static int version(String line) {
    try {
      return Integer.parseInt(line.substring(MAGIC.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static PeerRecord peer(String line, Path file) throws CorruptFileException {
    String[] fields =
        line.startsWith(PEER) ? line.substring(PEER.length()).split(" ", -1) : new String[0];
    try {
      if (fields.length == FIELDS) {
        return new PeerRecord(
            new SiteId(HexFormat.fromHexDigits(fields[0])),
            fields[1],
            fields[2],
            fields[3].equals("paused"),
            Long.parseLong(fields[4]));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new CorruptFileException(file, 0, "a peer", line);
  }

  private static String checksum(String text) {
    return Checksums.hex(Checksums.crc32c(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }
}
