package skarb.s3.fake;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import skarb.v1.CallContext;

/// A node that keeps everything in memory, behind an in-process channel. Its services share one
/// [FakeStore].
public final class FakeNode implements AutoCloseable {
  static final Context.Key<CallContext> CALLER = Context.key("caller");
  private static final Metadata.Key<CallContext> HEADER =
      Metadata.Key.of(
          "skarb-context-bin", ProtoUtils.metadataMarshaller(CallContext.getDefaultInstance()));

  private final FakeStore store = new FakeStore();
  private final FakeAccess access = new FakeAccess();
  private final FakeObjects objects = new FakeObjects(store);
  private final FakeMultipart multipart = new FakeMultipart(store);
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Function<InputStream, InputStream>> scripts = new ConcurrentHashMap<>();
  private final Server server;
  private final ManagedChannel channel;

  public FakeNode() {
    String name = InProcessServerBuilder.generateName();
    try {
      server =
          InProcessServerBuilder.forName(name)
              .intercept(new Recorder())
              .addService(objects)
              .addService(multipart)
              .addService(new FakeBuckets(store, access))
              .addService(access)
              .build()
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    channel = InProcessChannelBuilder.forName(name).build();
  }

  public Channel channel() {
    return channel;
  }

  public FakeStore store() {
    return store;
  }

  public FakeObjects objects() {
    return objects;
  }

  public FakeMultipart multipart() {
    return multipart;
  }

  public FakeAccess access() {
    return access;
  }

  /// The methods that were called, in order, for example `Put`.
  public List<String> calls() {
    return calls;
  }

  /// From now on this method is answered so, whatever the fakes would say. Failures are thrown as
  /// [Errors] makes them.
  public <A, B> void script(MethodDescriptor<A, B> method, Function<A, B> answer) {
    scripts.put(
        method.getFullMethodName(),
        request -> method.streamResponse(answer.apply(method.parseRequest(request))));
  }

  /// From now on nobody answers.
  public void stop() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      calls.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
      CallContext caller = headers.get(HEADER);
      Context context =
          Context.current()
              .withValue(CALLER, caller == null ? CallContext.getDefaultInstance() : caller);
      Function<InputStream, InputStream> script =
          scripts.get(call.getMethodDescriptor().getFullMethodName());
      if (script != null) {
        return new Scripted<>(call, script);
      }
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  /// A call of one message each way that a script answers.
  private static final class Scripted<A, B> extends ServerCall.Listener<A> {
    private final ServerCall<A, B> call;
    private final Function<InputStream, InputStream> script;
    private @Nullable A request;

    Scripted(ServerCall<A, B> call, Function<InputStream, InputStream> script) {
      this.call = call;
      this.script = script;
      call.request(2);
    }

    @Override
    public void onMessage(A message) {
      request = message;
    }

    @Override
    public void onHalfClose() {
      MethodDescriptor<A, B> method = call.getMethodDescriptor();
      try {
        B answer =
            method.parseResponse(
                script.apply(method.streamRequest(Objects.requireNonNull(request))));
        call.sendHeaders(new Metadata());
        call.sendMessage(answer);
        call.close(Status.OK, new Metadata());
      } catch (StatusRuntimeException e) {
        Metadata trailers = e.getTrailers();
        call.close(e.getStatus(), trailers == null ? new Metadata() : trailers);
      }
    }
  }
}
