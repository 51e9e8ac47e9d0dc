package skarb.cli.wiring;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps apart what a node says of a gateway's own key and what it says of the keys that the
/// gateway asks about: a gateway whose key was disabled must not tell everybody that *their* keys
/// are none. To those behind it the node is not available. Says so in the log, once a minute.
final class OwnRefusals implements ClientInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(OwnRefusals.class);
  private static final String MESSAGE = "the node does not take the gateway's own key ";
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String accessKey;
  private final LongSupplier nanoTime;
  private final AtomicLong quietUntil;

  /// @param accessKey the gateway's own, for the log
  OwnRefusals(String accessKey, LongSupplier nanoTime) {
    this.accessKey = accessKey;
    this.nanoTime = nanoTime;
    this.quietUntil = new AtomicLong(nanoTime.getAsLong());
  }

  /// Whether a status is what this makes of a refusal.
  static boolean isOne(Status status) {
    String description = status.getDescription();
    return description != null && description.startsWith(MESSAGE);
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                if (isOwn(status, trailers)) {
                  super.onClose(refused(status), new Metadata());
                } else {
                  super.onClose(status, trailers);
                }
              }
            },
            headers);
      }
    };
  }

  private Status refused(Status status) {
    String message = MESSAGE + accessKey + ": " + status.getDescription();
    long until = quietUntil.get();
    long now = nanoTime.getAsLong();
    if (now - until >= 0 && quietUntil.compareAndSet(until, now + PAUSE_NANOS)) {
      LOG.warn("{}", message);
    }
    return Status.UNAVAILABLE.withDescription(message);
  }

  private static boolean isOwn(Status status, Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    if (status.isOk() || details == null) {
      return false;
    }
    for (Any detail : details.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail
              .unpack(ErrorInfo.class)
              .getMetadataMap()
              .getOrDefault("credentials", "")
              .equals("call");
        } catch (InvalidProtocolBufferException e) {
          return false; // whoever reads it next will say so
        }
      }
    }
    return false;
  }
}
