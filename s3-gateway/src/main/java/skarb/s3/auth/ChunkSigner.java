package skarb.s3.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Checks the signatures of one streamed body. Each is made over the one before it, so that no
/// chunk can be left out, repeated or moved. For one thread at a time.
final class ChunkSigner {
  private final SignatureChain chain;
  private String previous;

  ChunkSigner(SignatureChain chain) {
    this.chain = chain;
    this.previous = chain.seedSignature();
  }

  /// Checks a chunk and goes on to the next.
  ///
  /// @param contentHash SHA-256 of its content, in hex
  void checkChunk(String contentHash, String signature) {
    check("AWS4-HMAC-SHA256-PAYLOAD", Sha256.OF_NOTHING + "\n" + contentHash, signature);
  }

  /// Checks the trailer.
  ///
  /// @param lines its headers, each as `name:value` and a newline
  void checkTrailer(String lines, String signature) {
    check("AWS4-HMAC-SHA256-TRAILER", Sha256.hex(HeaderBytes.of(lines)), signature);
  }

  private void check(String algorithm, String hashes, String signature) {
    String stringToSign =
        String.join("\n", algorithm, chain.timestamp(), chain.scope().text(), previous, hashes);
    String expected = chain.signingKey().sign(stringToSign);
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.ISO_8859_1),
        signature.getBytes(StandardCharsets.ISO_8859_1))) {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("AWSAccessKeyId", chain.accessKeyId());
      details.put("StringToSign", stringToSign);
      details.put("SignatureProvided", Shown.shortened(signature));
      throw new S3Exception(
          S3Error.SIGNATURE_DOES_NOT_MATCH,
          S3Error.SIGNATURE_DOES_NOT_MATCH.message(),
          details,
          Map.of());
    }
    previous = expected;
  }
}
