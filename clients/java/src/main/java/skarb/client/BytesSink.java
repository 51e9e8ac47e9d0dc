package skarb.client;

import com.google.protobuf.ByteString;

/// A download into memory, up to a limit.
final class BytesSink implements DownloadSink<byte[]> {
  private final int maxBytes;
  private byte[] bytes = {};
  private int filled;

  BytesSink(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void begin(ObjectInfo info, ContentRange range) {
    if (range.length() > maxBytes) {
      throw SkarbException.local(
          Reason.LARGER_THAN_LIMIT,
          StatusCode.INVALID_ARGUMENT,
          range.length() + " bytes do not go into " + maxBytes + " bytes of memory");
    }
    bytes = new byte[(int) range.length()];
  }

  @Override
  public boolean accept(ByteString content) {
    content.copyTo(bytes, filled);
    filled += content.size();
    return true;
  }

  @Override
  public byte[] finish() {
    return bytes;
  }

  @Override
  public void fail(Throwable failure) {
    bytes = new byte[0];
  }
}
