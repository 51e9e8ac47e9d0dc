package skarb.s3.headers;

import java.util.Optional;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;
import skarb.v1.ByteRange;

/// `x-amz-copy-source-range`: which bytes of its source a part is made of. Unlike a Range it is
/// never ignored, and has a first and a last byte.
public final class CopyRangeHeader {
  private static final String NAME = "x-amz-copy-source-range";

  private CopyRangeHeader() {}

  /// The range; empty where the header is not there.
  ///
  /// @throws S3Exception InvalidArgument for anything but `bytes=first-last`
  public static Optional<ByteRange> parse(RequestHead head) {
    return head.header(NAME)
        .map(value ->
            RangeHeader.parse(value)
                .filter(range -> value.startsWith("bytes=") && range.hasFirst() && range.hasLast())
                .orElseThrow(() ->
                    S3Exception.invalidArgument(
                        "The x-amz-copy-source-range value must be of the form bytes=first-last"
                            + " where first and last are the zero-based offsets of the first and"
                            + " last bytes to copy",
                        NAME,
                        value)));
  }
}
