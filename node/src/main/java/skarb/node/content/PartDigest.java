package skarb.node.content;

import com.google.protobuf.ByteString;
import skarb.v1.Checksums;

/// What is known of the bytes of a body, or of a part of one, without having them.
///
/// @param size bytes, 0 or more
/// @param md5 16 bytes
/// @param checksums over these bytes; MD5 need not be among them
public record PartDigest(long size, ByteString md5, Checksums checksums) {
  public PartDigest {
    if (size < 0) {
      throw new IllegalArgumentException("a part of " + size + " bytes");
    }
    if (md5.size() != BodyChecksum.MD5.length()) {
      throw new IllegalArgumentException("an MD5 of " + md5.size() + " bytes");
    }
  }
}
