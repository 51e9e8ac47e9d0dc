package skarb.s3.fake;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import skarb.v1.AccessGrpc;
import skarb.v1.CallContext;
import skarb.v1.ErrorReason;
import skarb.v1.UserInfo;
import skarb.v1.VerifySignatureRequest;
import skarb.v1.VerifySignatureResponse;

/// Keys, each of a user named after it.
public final class FakeAccess extends AccessGrpc.AccessImplBase {
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final AtomicLong generation = new AtomicLong(1);

  /// Makes a key.
  public void add(String accessKeyId, String secret) {
    secrets.put(accessKeyId, secret);
  }

  /// Makes what gateways verified before worthless.
  public void changeKeys() {
    generation.incrementAndGet();
  }

  static String userOf(String accessKeyId) {
    return "user-" + accessKeyId;
  }

  /// The calling user, or a refusal.
  String caller() {
    CallContext context = FakeNode.CALLER.get();
    if (!context.hasAccessKeyId()) {
      throw Errors.of(
          Status.Code.PERMISSION_DENIED, ErrorReason.ERROR_REASON_ACCESS_DENIED, Map.of());
    }
    if (context.getKeyGeneration() != generation.get()) {
      throw Errors.of(Status.Code.UNAUTHENTICATED, ErrorReason.ERROR_REASON_KEY_CHANGED, Map.of());
    }
    return userOf(context.getAccessKeyId());
  }

  /// The generation that keys have now.
  public long generation() {
    return generation.get();
  }

  @Override
  public void verifySignature(
      VerifySignatureRequest request, StreamObserver<VerifySignatureResponse> out) {
    String secret = secrets.get(request.getAccessKeyId());
    if (secret == null) {
      out.onError(
          Errors.of(
              Status.Code.UNAUTHENTICATED,
              ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
              Map.of("access_key_id", request.getAccessKeyId())));
      return;
    }
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part :
        new String[] {
          request.getDate(), request.getRegion(), request.getService(), "aws4_request"
        }) {
      key = hmac(key, part);
    }
    if (!HexFormat.of()
        .formatHex(hmac(key, request.getStringToSign()))
        .equals(request.getSignature())) {
      out.onError(
          Errors.of(
              Status.Code.UNAUTHENTICATED, ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, Map.of()));
      return;
    }
    out.onNext(
        VerifySignatureResponse.newBuilder()
            .setKeyGeneration(generation.get())
            .setSigningKey(ByteString.copyFrom(key))
            .setUser(
                UserInfo.newBuilder()
                    .setUserId(userOf(request.getAccessKeyId()))
                    .setDisplayName(request.getAccessKeyId()))
            .build());
    out.onCompleted();
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
