package skarb.s3.auth;

import com.google.protobuf.ByteString;
import java.util.Optional;

/// What `x-amz-content-sha256` says about a body.
public sealed interface PayloadSigning {

  /// The body is as it is on the wire and nothing is promised about it.
  record Unsigned() implements PayloadSigning {}

  /// The body is as it is on the wire and has this hash, or the answer is
  /// `XAmzContentSHA256Mismatch`.
  ///
  /// @param sha256 32 bytes
  record Hash(ByteString sha256) implements PayloadSigning {
    public Hash {
      if (sha256.size() != 32) {
        throw new IllegalArgumentException("a SHA-256 of " + sha256.size() + " bytes");
      }
    }
  }

  /// The body comes in `aws-chunked` framing: see [AwsChunkedDecoder].
  sealed interface Streaming extends PayloadSigning {
    /// Bytes of content once decoded, from `x-amz-decoded-content-length`. The decoder holds the
    /// body to it.
    long decodedLength();

    /// The one header that follows the body, lower case, from `x-amz-trailer`: always the name of a
    /// checksum, for example `x-amz-checksum-crc32`.
    Optional<String> trailerName();
  }

  /// Every chunk is signed, and the trailer too where there is one:
  /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` and `-TRAILER`.
  ///
  /// @param chain what the signatures of the chunks build on
  /// @param trailing whether trailers and their signature follow the last chunk
  record StreamingSigned(
      long decodedLength, Optional<String> trailerName, SignatureChain chain, boolean trailing)
      implements Streaming {}

  /// Chunks without signatures, then a trailer: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
  record StreamingUnsignedTrailer(long decodedLength, Optional<String> trailerName)
      implements Streaming {}
}
