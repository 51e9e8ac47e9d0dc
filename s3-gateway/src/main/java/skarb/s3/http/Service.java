package skarb.s3.http;

import skarb.s3.error.S3Exception;
import skarb.s3.ops.RequestBody;
import skarb.s3.ops.S3Response;
import skarb.s3.route.RequestHead;

/// What stands behind the HTTP edge. Safe for many threads.
public interface Service {

  /// Answers a request, errors included. May block.
  ///
  /// @throws skarb.s3.ops.ConnectionLostException where nobody is left to answer
  S3Response serve(RequestHead head, RequestBody body);

  /// The answer to a request that is refused before it is served. Never blocks.
  ///
  /// @param path as it came; empty where it is not known
  S3Response refuse(S3Exception error, String path, String requestId);
}
