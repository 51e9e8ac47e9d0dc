package skarb.s3.ops;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import skarb.v1.BucketsGrpc;
import skarb.v1.CallContext;
import skarb.v1.GetRequest;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadRequest;

/// The node, as handlers see it: gRPC stubs whose calls carry the caller in `skarb-context-bin`.
/// Safe for many threads.
public final class NodeClient {
  private static final Metadata.Key<CallContext> CONTEXT_HEADER =
      Metadata.Key.of(
          "skarb-context-bin", ProtoUtils.metadataMarshaller(CallContext.getDefaultInstance()));
  private static final CallOptions.Key<CallContext> CONTEXT =
      CallOptions.Key.create("skarb-context");

  /// For calls that may read 5 GiB off a slow disk.
  private static final Duration SLOW_DEADLINE = Duration.ofMinutes(15);

  private final Channel channel;
  private final Duration unaryDeadline;
  private final Duration streamIdle;

  /// A client.
  ///
  /// @param channel to the node, as a caller with the role `gateway`
  /// @param unaryDeadline how long a call without streams may take
  /// @param streamIdle how long the node may let a stream stand still
  public NodeClient(Channel channel, Duration unaryDeadline, Duration streamIdle) {
    this.channel = ClientInterceptors.intercept(channel, new ContextInterceptor());
    this.unaryDeadline = unaryDeadline;
    this.streamIdle = streamIdle;
  }

  /// Calls on objects, for one request.
  public ObjectsGrpc.ObjectsBlockingStub objects(S3Call call) {
    return ObjectsGrpc.newBlockingStub(channel)
        .withOption(CONTEXT, call.context())
        .withDeadlineAfter(unaryDeadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Calls on objects that read much before they answer, for one request: see [SlowAnswers].
  public ObjectsGrpc.ObjectsFutureStub slowObjects(S3Call call) {
    return ObjectsGrpc.newFutureStub(channel)
        .withOption(CONTEXT, call.context())
        .withDeadlineAfter(SLOW_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Calls on buckets, for one request.
  public BucketsGrpc.BucketsBlockingStub buckets(S3Call call) {
    return BucketsGrpc.newBlockingStub(channel)
        .withOption(CONTEXT, call.context())
        .withDeadlineAfter(unaryDeadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Calls on uploads in parts, for one request.
  public MultipartGrpc.MultipartBlockingStub multipart(S3Call call) {
    return MultipartGrpc.newBlockingStub(channel)
        .withOption(CONTEXT, call.context())
        .withDeadlineAfter(unaryDeadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Calls on uploads in parts that may take long, for one request: see [SlowAnswers].
  public MultipartGrpc.MultipartFutureStub slowMultipart(S3Call call) {
    return MultipartGrpc.newFutureStub(channel)
        .withOption(CONTEXT, call.context())
        .withDeadlineAfter(SLOW_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Begins a streamed upload of an object and waits until the node accepts its header.
  ///
  /// @throws io.grpc.StatusRuntimeException where it does not
  public UploadStream<?, ?, PutResult> upload(S3Call call, UploadHeader header) {
    UploadRequest first = UploadRequest.newBuilder().setHeader(header).build();
    return upload(call, ObjectsGrpc.getUploadMethod(), UploadMessages.OBJECT, first);
  }

  /// Begins a streamed upload of a part and waits until the node accepts its header.
  ///
  /// @throws io.grpc.StatusRuntimeException where it does not
  public UploadStream<?, ?, PartInfo> uploadPart(S3Call call, PartHeader header) {
    UploadPartRequest first = UploadPartRequest.newBuilder().setHeader(header).build();
    return upload(call, MultipartGrpc.getUploadPartMethod(), UploadMessages.PART, first);
  }

  private <ReqT, RespT, ResultT> UploadStream<ReqT, RespT, ResultT> upload(
      S3Call call,
      MethodDescriptor<ReqT, RespT> method,
      UploadMessages<ReqT, RespT, ResultT> messages,
      ReqT first) {
    CallOptions options = CallOptions.DEFAULT.withOption(CONTEXT, call.context());
    UploadStream<ReqT, RespT, ResultT> upload =
        new UploadStream<>(channel.newCall(method, options), messages, streamIdle);
    upload.start(first);
    return upload;
  }

  /// Begins a download.
  public DownloadStream get(S3Call call, GetRequest request) {
    CallOptions options = CallOptions.DEFAULT.withOption(CONTEXT, call.context());
    DownloadStream download =
        new DownloadStream(channel.newCall(ObjectsGrpc.getGetMethod(), options), streamIdle);
    download.start(request);
    return download;
  }

  /// Whether the node answers at all, within a time. What it answers does not matter.
  ///
  /// @throws io.grpc.StatusRuntimeException as it came
  public void ping(Duration patience, CallContext anonymous) {
    BucketsGrpc.newBlockingStub(channel)
        .withOption(CONTEXT, anonymous)
        .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
        .list(skarb.v1.ListBucketsRequest.newBuilder().setPageSize(1).build());
  }

  /// Puts the caller into each call's metadata.
  private static final class ContextInterceptor implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      CallContext context = options.getOption(CONTEXT);
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          if (context != null) {
            headers.put(CONTEXT_HEADER, context);
          }
          super.start(listener, headers);
        }
      };
    }
  }
}
