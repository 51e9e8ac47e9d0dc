package skarb.s3.ops;

import java.util.Optional;
import skarb.s3.auth.Authentication;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.HeaderText;
import skarb.s3.route.RequestHead;
import skarb.s3.route.S3Request;
import skarb.v1.CallContext;

/// A request with its caller and its body.
///
/// @param caller who asks, as far as the signature tells; what they may is the node's to say
public record S3Call(S3Request request, Authentication caller, RequestBody body) {

  /// The request as it came.
  public RequestHead head() {
    return request.head();
  }

  /// The bucket's name.
  public String bucket() {
    return request.bucket();
  }

  /// The key.
  public String key() {
    return request.key();
  }

  /// The version that the query names.
  ///
  /// @throws S3Exception InvalidArgument where it names the empty one
  public Optional<String> versionId() {
    Optional<String> version = request.query().first("versionId");
    if (version.isPresent() && version.get().isEmpty()) {
      throw S3Exception.invalidArgument("Version id cannot be the empty string", "versionId", "");
    }
    return version;
  }

  /// Whether the request carries a signature that is right.
  public boolean signed() {
    return caller instanceof Authentication.Signed;
  }

  /// What the node is told about it.
  CallContext context() {
    RequestHead head = head();
    CallContext.Builder context =
        CallContext.newBuilder()
            .setRequestId(head.requestId())
            .setSourceAddress(head.remoteAddress())
            .setSecureTransport(head.secure());
    head.header("user-agent").map(HeaderText::decode).ifPresent(context::setUserAgent);
    if (caller instanceof Authentication.Signed signed) {
      context
          .setAccessKeyId(signed.principal().accessKeyId())
          .setKeyGeneration(signed.principal().keyGeneration());
    }
    return context.build();
  }
}
