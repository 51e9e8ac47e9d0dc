package skarb.s3.auth;

/// Who makes a request, as far as its head can tell, and how its body is to be read.
public sealed interface Authentication {

  /// How the body is framed and proved. For a body in `aws-chunked` framing this is a
  /// [PayloadSigning.Streaming], to be read through an [AwsChunkedDecoder].
  PayloadSigning payload();

  /// Nobody in particular: no credentials were sent.
  record Anonymous(PayloadSigning payload) implements Authentication {}

  /// A signature that is right.
  ///
  /// @param principal whose it is
  /// @param payload what it says about the body
  record Signed(Principal principal, PayloadSigning payload) implements Authentication {}
}
