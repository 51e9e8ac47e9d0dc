package skarb.s3.ops;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The body of a request as its own thread reads it, off the wire and undecoded. What is not read
/// is not fetched from the client beyond a small window. For one thread.
public interface RequestBody {
  /// What [#length()] says where the client did not say.
  long UNKNOWN = -1;

  /// The next bytes; null at the end. Waits for the client. The first call tells a client that
  /// waits for `100 Continue` to go on, so it must not come before the checks that the client waits
  /// for. The buffer is good until the next call.
  ///
  /// @throws skarb.s3.error.S3Exception RequestTimeout where nothing comes, or the client's error
  ///   where the body breaks HTTP's rules
  /// @throws ConnectionLostException where the client is gone
  @Nullable ByteBuffer read();

  /// Bytes on the wire, from Content-Length: 0 where there is no body, [#UNKNOWN] with a chunked
  /// one.
  long length();

  /// Whether the client waits for `100 Continue` before it sends the body.
  boolean expectsContinue();

  /// Whether [#read()] was never called.
  boolean untouched();
}
