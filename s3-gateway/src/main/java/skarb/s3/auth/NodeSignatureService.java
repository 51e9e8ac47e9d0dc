package skarb.s3.auth;

import io.grpc.Channel;
import java.time.Duration;

/// Asks the node over gRPC: `Access.VerifySignature`. Safe for many threads.
public final class NodeSignatureService implements SignatureService {
  private final Channel channel;
  private final Duration deadline;

  /// A service.
  ///
  /// @param channel to the node, as a caller with the role `gateway`
  /// @param deadline how long one question may take
  public NodeSignatureService(Channel channel, Duration deadline) {
    this.channel = channel;
    this.deadline = deadline;
  }

  @Override
  public Verdict verify(Claim claim) {
    throw new UnsupportedOperationException("under way: " + channel + deadline);
  }
}
