package skarb.s3.auth;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.AccessGrpc;
import skarb.v1.VerifySignatureRequest;
import skarb.v1.VerifySignatureResponse;

/// Asks the node over gRPC: `Access.VerifySignature`. Safe for many threads.
public final class NodeSignatureService implements SignatureService {
  private static final Logger log = LoggerFactory.getLogger(NodeSignatureService.class);

  private final AccessGrpc.AccessBlockingStub access;
  private final Duration deadline;

  /// A service.
  ///
  /// @param channel to the node, as a caller with the role `gateway`
  /// @param deadline how long one question may take
  public NodeSignatureService(Channel channel, Duration deadline) {
    this.access = AccessGrpc.newBlockingStub(channel);
    this.deadline = deadline;
  }

  @Override
  public Verdict verify(Claim claim) {
    VerifySignatureRequest request =
        VerifySignatureRequest.newBuilder()
            .setAccessKeyId(claim.accessKeyId())
            .setDate(claim.scope().date())
            .setRegion(claim.scope().region())
            .setService(claim.scope().service())
            .setStringToSign(claim.stringToSign())
            .setSignature(claim.signature())
            .build();
    try {
      VerifySignatureResponse response =
          access
              .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
              .verifySignature(request);
      return verified(claim, response);
    } catch (StatusRuntimeException e) {
      return refused(e);
    }
  }

  private static Verdict verified(Claim claim, VerifySignatureResponse response) {
    Principal principal =
        new Principal(
            claim.accessKeyId(),
            response.getKeyGeneration(),
            response.getUser().getUserId(),
            response.getUser().getDisplayName());
    return new Verdict.Verified(principal, new SigningKey(response.getSigningKey().toByteArray()));
  }

  private static Verdict refused(StatusRuntimeException e) {
    String reason = reason(e);
    if (reason.equals("NO_SUCH_ACCESS_KEY")) {
      return new Verdict.NoSuchKey();
    }
    if (reason.equals("SIGNATURE_MISMATCH")) {
      return new Verdict.Mismatch();
    }
    log.warn("the node does not verify signatures: {} {}", e.getStatus().getCode(), reason);
    throw new S3Exception(
        switch (e.getStatus().getCode()) {
          case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED -> S3Error.SERVICE_UNAVAILABLE;
          case RESOURCE_EXHAUSTED -> S3Error.SLOW_DOWN;
          case OK,
              UNKNOWN,
              INVALID_ARGUMENT,
              NOT_FOUND,
              ALREADY_EXISTS,
              PERMISSION_DENIED,
              FAILED_PRECONDITION,
              OUT_OF_RANGE,
              UNIMPLEMENTED,
              INTERNAL,
              DATA_LOSS,
              UNAUTHENTICATED ->
              S3Error.INTERNAL_ERROR;
        });
  }

  /// The reason in the status's details, or nothing.
  private static String reason(StatusRuntimeException e) {
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    if (status == null) {
      return "";
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException damaged) {
          log.warn("an error of the node's that cannot be read", damaged);
        }
      }
    }
    return "";
  }
}
