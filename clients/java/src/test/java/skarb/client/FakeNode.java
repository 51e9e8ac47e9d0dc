package skarb.client;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A node in memory: one bucket's worth of objects, uploads in parts, and failures as a test orders
/// them.
final class FakeNode implements AutoCloseable, ServerInterceptor {
  static final String REQUEST_ID = "0123456789ABCDEF";

  final FakeObjects objects = new FakeObjects();
  final FakeMultipart multipart = new FakeMultipart(objects);
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Metadata> heads = new CopyOnWriteArrayList<>();
  private final Map<String, Queue<StatusRuntimeException>> refusals = new ConcurrentHashMap<>();
  private final String name = InProcessServerBuilder.generateName();
  private final Server server;
  private final List<SkarbClient> clients = new ArrayList<>();

  FakeNode() throws Exception {
    server =
        InProcessServerBuilder.forName(name)
            .addService(objects)
            .addService(multipart)
            .intercept(this)
            .build()
            .start();
  }

  SkarbClient client() {
    return client(config -> config);
  }

  /// With pauses too short to notice.
  SkarbClient client(UnaryOperator<ClientConfig.Builder> differing) {
    ClientConfig.Builder builder =
        ClientConfig.builder().pauses(Duration.ofMillis(1), Duration.ofMillis(2));
    SkarbClient client =
        SkarbClient.over(channel(), Credentials.token("t"), differing.apply(builder).build());
    clients.add(client);
    return client;
  }

  ManagedChannel channel() {
    return InProcessChannelBuilder.forName(name).build();
  }

  /// The next calls of a method fail, one each.
  void refuse(String method, StatusRuntimeException... failures) {
    refusals.computeIfAbsent(method, unused -> new ArrayDeque<>()).addAll(List.of(failures));
  }

  /// How often a method was called.
  long count(String method) {
    return calls.stream().filter(method::equals).count();
  }

  static StatusRuntimeException error(Status.Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage("for people")
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain("skarb")
                        .setReason(reason)
                        .putMetadata("bucket", "b")
                        .build()))
            .build());
  }

  static StatusRuntimeException connectionLost() {
    return Status.UNAVAILABLE.withDescription("connection reset").asRuntimeException();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getBareMethodName();
    calls.add(method == null ? "" : method);
    heads.add(headers);
    Queue<StatusRuntimeException> failures = refusals.getOrDefault(method, new ArrayDeque<>());
    StatusRuntimeException failure;
    synchronized (this) {
      failure = failures.poll();
    }
    if (failure != null) {
      Metadata trailers = failure.getTrailers();
      Metadata told = trailers == null ? new Metadata() : trailers;
      told.put(Failures.REQUEST_ID, REQUEST_ID);
      call.close(failure.getStatus(), told);
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void sendHeaders(Metadata answer) {
            answer.put(Failures.REQUEST_ID, REQUEST_ID);
            super.sendHeaders(answer);
          }
        },
        headers);
  }

  @Override
  public void close() {
    clients.forEach(SkarbClient::close);
    server.shutdownNow();
  }
}
