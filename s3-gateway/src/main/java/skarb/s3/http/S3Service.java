package skarb.s3.http;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.s3.auth.Authentication;
import skarb.s3.auth.Authenticator;
import skarb.s3.error.ErrorMapper;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.AnonymousBodyCheck;
import skarb.s3.ops.BucketOwnerCheck;
import skarb.s3.ops.ConnectionLostException;
import skarb.s3.ops.Handler;
import skarb.s3.ops.RequestBody;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.RequestHead;
import skarb.s3.route.Router;
import skarb.s3.route.S3Operation;
import skarb.s3.route.S3Request;
import skarb.s3.xml.ErrorXml;
import skarb.v1.ErrorReason;

/// The way of a request: which operation, who asks, the operation itself, and whatever goes wrong
/// as an error of S3's. Safe for many threads.
public final class S3Service implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(S3Service.class);

  private static final String REGION = "x-amz-bucket-region";

  private static final Set<S3Operation> COPIES =
      EnumSet.of(S3Operation.COPY_OBJECT, S3Operation.UPLOAD_PART_COPY);

  private final Router router;
  private final Authenticator authenticator;
  private final AnonymousBodyCheck bodyCheck;
  private final BucketOwnerCheck ownerCheck;
  private final Map<S3Operation, Handler> handlers;
  private final Health health;
  private final Place place;

  /// Where answers come from.
  ///
  /// @param hostId what errors name as their HostId
  /// @param region what answers name as their region, unless they know better
  public record Place(String hostId, String region) {}

  /// A service.
  ///
  /// @param handlers the operations that are served; others answer NotImplemented
  /// @param place what answers say about this gateway
  public S3Service(
      Router router,
      Authenticator authenticator,
      AnonymousBodyCheck bodyCheck,
      BucketOwnerCheck ownerCheck,
      Map<S3Operation, Handler> handlers,
      Health health,
      Place place) {
    this.router = router;
    this.authenticator = authenticator;
    this.bodyCheck = bodyCheck;
    this.ownerCheck = ownerCheck;
    this.handlers = handlers;
    this.health = health;
    this.place = place;
  }

  @Override
  public S3Response serve(RequestHead head, RequestBody body) {
    if (health.isAsked(head)) {
      return health.answer(head);
    }
    S3Request request = null;
    try {
      request = router.route(head);
      S3Response response = withRegion(answer(request, body));
      return response.body() instanceof S3Response.Body.Late late
          ? response.body(new S3Response.Body.Late(new Judged(late.document(), request)))
          : response;
    } catch (ConnectionLostException e) {
      throw e;
    } catch (RuntimeException e) {
      return refuse(error(e, head, request), head.rawPath(), head.requestId());
    }
  }

  private S3Response withRegion(S3Response response) {
    return response.headers().contains(REGION) ? response : response.header(REGION, place.region());
  }

  private static S3Exception error(
      RuntimeException failure, RequestHead head, @Nullable S3Request request) {
    if (failure instanceof S3Exception known) {
      return known;
    }
    if (failure instanceof StatusRuntimeException status) {
      return mapped(status, head, request);
    }
    LOG.error("request {} failed", head.requestId(), failure);
    return new S3Exception(S3Error.INTERNAL_ERROR);
  }

  /// A late document, or the error that came instead: its status went out long ago, and clients
  /// know that they have to look.
  private final class Judged implements S3Response.LateDocument {
    private final S3Response.LateDocument source;
    private final S3Request request;

    Judged(S3Response.LateDocument source, S3Request request) {
      this.source = source;
      this.request = request;
    }

    @Override
    public @Nullable ByteString await() {
      RequestHead head = request.head();
      try {
        return source.await();
      } catch (ConnectionLostException e) {
        throw e;
      } catch (RuntimeException e) {
        return ErrorXml.encode(
            error(e, head, request), head.rawPath(), head.requestId(), place.hostId());
      }
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private S3Response answer(S3Request request, RequestBody body) {
    S3Call call = new S3Call(request, authenticator.authenticate(request.head()), body);
    try {
      return perform(call);
    } catch (StatusRuntimeException e) {
      if (!forgetsKey(call, e) || !body.untouched()) {
        throw e;
      }
      return perform(new S3Call(request, authenticator.authenticate(request.head()), body));
    }
  }

  private S3Response perform(S3Call call) {
    Handler handler = handlers.get(call.request().operation());
    if (handler == null) {
      throw new S3Exception(
          S3Error.NOT_IMPLEMENTED, call.request().operation().s3Name() + " is not implemented.");
    }
    bodyCheck.check(call);
    ownerCheck.check(call);
    return handler.handle(call);
  }

  /// A key that was changed since its signature was verified is verified anew.
  private boolean forgetsKey(S3Call call, StatusRuntimeException failure) {
    if (call.caller() instanceof Authentication.Signed signed
        && ErrorMapper.reason(failure).equals(Optional.of(ErrorReason.ERROR_REASON_KEY_CHANGED))) {
      authenticator.forget(signed.principal().accessKeyId());
      return true;
    }
    return false;
  }

  private static S3Exception mapped(
      StatusRuntimeException failure, RequestHead head, @Nullable S3Request request) {
    ErrorMapper.Asked asked =
        new ErrorMapper.Asked(
            request != null && COPIES.contains(request.operation()),
            head.header("range").orElse(""));
    S3Exception error = ErrorMapper.map(failure, asked);
    if (error.error() == S3Error.INTERNAL_ERROR) {
      LOG.warn("request {}: the node failed: {}", head.requestId(), failure.getStatus());
    }
    return error;
  }

  @Override
  public S3Response refuse(S3Exception error, String path, String requestId) {
    int status = error.error().status();
    S3Response response =
        status == 304
            ? S3Response.of(304)
            : S3Response.xml(status, ErrorXml.encode(error, path, requestId, place.hostId()));
    if (status == 503) {
      response.header("Retry-After", "1");
    }
    error.headers().forEach(response::header);
    return withRegion(response);
  }
}
