package skarb.s3.fake;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Server server;
  private final ManagedChannel channel;

  public FakeNode() {
    String name = InProcessServerBuilder.generateName();
    try {
      server =
          InProcessServerBuilder.forName(name)
              .intercept(new Recorder())
              .addService(objects)
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

  public FakeAccess access() {
    return access;
  }

  /// The methods that were called, in order, for example `Put`.
  public List<String> calls() {
    return calls;
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
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
