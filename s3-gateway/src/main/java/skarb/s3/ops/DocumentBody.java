package skarb.s3.ops;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.v1.Checksums;

/// A body that is a document: read whole, since it is small, and checked here, since the node never
/// sees it.
public final class DocumentBody {
  /// What is set aside before any of it has come: a length is a mere promise.
  private static final int FIRST_BYTES = 64 * 1024;

  private DocumentBody() {}

  /// Reads the body, compares it with all that was promised about it, and hands it on.
  ///
  /// @param maxBytes the most that is read
  /// @param memory what bodies share: the document has its part of it until it is decoded
  /// @param decode what is made of the document, which is gone afterwards
  /// @throws S3Exception MalformedXML where it is longer; BadDigest or XAmzContentSHA256Mismatch
  ///   where it is not what was promised; SlowDown where no memory comes free in time
  public static <T> T read(
      S3Call call, int maxBytes, MemoryBudget memory, Function<ByteString, T> decode) {
    return read(call, maxBytes, ChecksumHeaders.parse(call.head().headers()), memory, decode);
  }

  /// As above, with the checksum headers parsed already.
  public static <T> T read(
      S3Call call,
      int maxBytes,
      ChecksumHeaders headers,
      MemoryBudget memory,
      Function<ByteString, T> decode) {
    BodyContent content = BodyContent.of(call);
    if (content.length() > maxBytes) {
      throw new S3Exception(S3Error.MALFORMED_XML);
    }
    // Twice: the document, and what is made of it.
    try (MemoryBudget.Share _ = memory.take(2 * content.length())) {
      return decode.apply(checked(call, content, headers));
    }
  }

  private static ByteString checked(S3Call call, BodyContent content, ChecksumHeaders headers) {
    int firstBytes = Math.clamp(content.length(), 32, FIRST_BYTES);
    ByteString.Output whole = ByteString.newOutput(firstBytes);
    Checksums trailing = content.readAll((bytes, length) -> whole.write(bytes, 0, length));
    ByteString document = whole.toByteString();
    if (call.caller().payload() instanceof PayloadSigning.Hash hash
        && !digest("SHA-256", document).equals(hash.sha256())) {
      throw new S3Exception(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
    }
    check(document, headers.promised());
    check(document, trailing);
    return document;
  }

  private static void check(ByteString document, Checksums promised) {
    boolean right =
        (!promised.hasMd5() || digest("MD5", document).equals(promised.getMd5()))
            && (!promised.hasSha1() || digest("SHA-1", document).equals(promised.getSha1()))
            && (!promised.hasSha256() || digest("SHA-256", document).equals(promised.getSha256()))
            && (!promised.hasCrc32() || crc(new CRC32(), 4, document).equals(promised.getCrc32()))
            && (!promised.hasCrc32C()
                || crc(new CRC32C(), 4, document).equals(promised.getCrc32C()))
            && (!promised.hasCrc64Nvme()
                || crc(new Crc64Nvme(), 8, document).equals(promised.getCrc64Nvme()));
    if (!right) {
      throw new S3Exception(S3Error.BAD_DIGEST);
    }
  }

  private static ByteString digest(String algorithm, ByteString document) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(document.asReadOnlyByteBuffer());
      return UnsafeByteOperations.unsafeWrap(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static ByteString crc(Checksum checksum, int bytes, ByteString document) {
    checksum.update(document.asReadOnlyByteBuffer());
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (checksum.getValue() >>> (8 * (bytes - 1 - i)));
    }
    return UnsafeByteOperations.unsafeWrap(value);
  }
}
