package skarb.s3.ops;

/// One operation of S3. Implementations are safe for many threads and may block: they run on the
/// request's own virtual thread.
@FunctionalInterface
public interface Handler {

  /// Serves a request whose caller is known.
  ///
  /// @throws skarb.s3.error.S3Exception for an answer that is an error
  /// @throws io.grpc.StatusRuntimeException as the node gave it; it is mapped in one place
  S3Response handle(S3Call call);
}
