package skarb.s3.http;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import skarb.s3.error.ErrorMapper;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Response;
import skarb.s3.route.RequestHead;
import skarb.v1.CallContext;
import skarb.v1.ErrorReason;

/// `/health/live` and `/health/ready`: for load balancers and supervisors, without a signature.
/// Live is who answers; ready is who has a node behind it and is not stopping. Safe for many
/// threads.
public final class Health {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final ByteString OK = ByteString.copyFromUtf8("ok\n");
  private static final ByteString NOT_READY = ByteString.copyFromUtf8("not ready\n");

  private final NodeClient node;
  private volatile boolean stopping;

  /// Health of a gateway before this node.
  public Health(NodeClient node) {
    this.node = node;
  }

  /// From now on it is not ready.
  public void stopping() {
    stopping = true;
  }

  /// Whether a request asks for health and not for an operation of S3.
  boolean isAsked(RequestHead head) {
    return head.rawPath().startsWith("/health/")
        && (head.rawPath().equals("/health/live") || head.rawPath().equals("/health/ready"))
        && (head.method().equals("GET") || head.method().equals("HEAD"));
  }

  S3Response answer(RequestHead head) {
    boolean well = head.rawPath().equals("/health/live") || isReady(head);
    return S3Response.of(well ? 200 : 503)
        .header("Content-Type", "text/plain; charset=utf-8")
        .header("Cache-Control", "no-store")
        .body(new S3Response.Body.Bytes(well ? OK : NOT_READY));
  }

  /// A node that turns an anonymous call down is a node that answers.
  private boolean isReady(RequestHead head) {
    if (stopping) {
      return false;
    }
    try {
      node.ping(
          PATIENCE,
          CallContext.newBuilder()
              .setRequestId(head.requestId())
              .setSourceAddress(head.remoteAddress())
              .build());
      return true;
    } catch (StatusRuntimeException e) {
      return ErrorMapper.reason(e)
          .map(reason -> reason != ErrorReason.ERROR_REASON_SHUTTING_DOWN)
          .orElse(
              e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                  || e.getStatus().getCode() == Status.Code.UNAUTHENTICATED);
    }
  }
}
