package skarb.s3.auth;

import skarb.s3.route.RequestHead;

/// Tells who makes a request. Safe for many threads.
@FunctionalInterface
public interface Authenticator {

  /// Checks a request's credentials, wherever they are. May block while the node is asked.
  ///
  /// @throws skarb.s3.error.S3Exception where credentials were sent and are not right, or where the
  ///   request contradicts itself. The codes are S3's, with the details that S3 gives.
  Authentication authenticate(RequestHead head);

  /// Forgets what is kept about a key, so that the next request asks the node. To be called when
  /// the node answers KEY_CHANGED.
  default void forget(String accessKeyId) {}
}
