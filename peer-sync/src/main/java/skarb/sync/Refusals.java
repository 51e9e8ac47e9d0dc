package skarb.sync;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Set;

/// Tells what passes by itself (a link that is down, a node that restarts, a gap that the next
/// exchange closes) from what needs somebody to look at it.
final class Refusals {
  /// Reasons of the nodes: two sites with one id, another realm, a site that is no member, a copied
  /// or rolled-back store.
  private static final Set<String> REASONS =
      Set.of("SYNC_REFUSED", "SYNC_FORK", "SYNC_ROLLED_BACK");

  private Refusals() {}

  static boolean isRefusal(Throwable thrown) {
    Status.Code code = Status.fromThrowable(thrown).getCode();
    if (code == Status.Code.UNAUTHENTICATED || code == Status.Code.PERMISSION_DENIED) {
      return true;
    }
    com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
    return status != null && status.getDetailsList().stream().anyMatch(Refusals::isReason);
  }

  private static boolean isReason(Any detail) {
    try {
      return detail.is(ErrorInfo.class)
          && REASONS.contains(detail.unpack(ErrorInfo.class).getReason());
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }
}
