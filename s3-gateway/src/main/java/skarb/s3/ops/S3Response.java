package skarb.s3.ops;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is answered, before it becomes HTTP: a status, headers in order, a body. The headers that
/// every answer carries (Date, Server, request ids, Content-Length, Connection) are added later.
///
/// For one thread.
public final class S3Response {
  private static final String XML = "application/xml";

  private final int status;
  private final List<String> headers = new ArrayList<>(16);
  private Body body = new Body.None();

  /// A body.
  public sealed interface Body {
    /// None at all.
    record None() implements Body {}

    /// None, but a Content-Length: the answer to HEAD.
    record LengthOnly(long length) implements Body {}

    /// Bytes that are there.
    record Bytes(ByteString content) implements Body {}

    /// Bytes that come while they are sent.
    ///
    /// @param length how many, exactly; where fewer come the connection is cut
    record Stream(long length, FrameSource source) implements Body {}

    /// A document that is not there yet, although status and headers stand: spaces are sent until
    /// it comes, so that nobody on the way takes the connection for dead.
    record Late(LateDocument document) implements Body {}
  }

  /// What a late document comes from. Closing it gives up whatever makes it.
  public interface LateDocument extends AutoCloseable {
    /// The whole document; null where it did not come within a while, and may be asked for again.
    ///
    /// @throws RuntimeException where there will be none
    @Nullable ByteString await();

    @Override
    void close();
  }

  /// Where a streamed body comes from. Closing it frees the call behind it.
  public interface FrameSource extends AutoCloseable {
    /// The next bytes, checked; null at the end. Waits for them.
    ///
    /// @throws RuntimeException where the stream breaks: the body is not whole then
    @Nullable ByteString next();

    @Override
    void close();
  }

  private S3Response(int status) {
    this.status = status;
  }

  /// An answer without headers or body yet.
  public static S3Response of(int status) {
    return new S3Response(status);
  }

  /// An answer whose body is a document.
  public static S3Response xml(int status, ByteString document) {
    return of(status).header("Content-Type", XML).body(new Body.Bytes(document));
  }

  /// Adds a header. What HTTP does not allow in a value is replaced when it is written.
  public S3Response header(String name, String value) {
    headers.add(name);
    headers.add(value);
    return this;
  }

  /// Sets the body.
  public S3Response body(Body newBody) {
    body = newBody;
    return this;
  }

  /// The status of HTTP.
  public int status() {
    return status;
  }

  /// Names and values, alternating.
  public List<String> headers() {
    return headers;
  }

  /// The body.
  public Body body() {
    return body;
  }
}
