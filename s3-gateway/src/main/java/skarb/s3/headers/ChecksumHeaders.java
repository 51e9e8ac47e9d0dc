package skarb.s3.headers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// What the headers of an upload promise about its body.
///
/// @param promised from `Content-MD5` and `x-amz-checksum-*`, as raw bytes; empty where nothing is
///   promised
/// @param algorithm which checksum the client uses: the one of the header, of the trailer to come,
///   or of `x-amz-sdk-checksum-algorithm`
/// @param trailer the name of the checksum header that follows the body, lower case
public record ChecksumHeaders(
    Checksums promised, Optional<ChecksumAlgorithm> algorithm, Optional<String> trailer) {

  /// Reads the headers.
  ///
  /// @param headers names in lower case, each with its values
  /// @throws skarb.s3.error.S3Exception InvalidDigest for a Content-MD5, InvalidRequest for a
  ///   checksum that is not one, for more than one, or for an algorithm that does not exist
  public static ChecksumHeaders parse(Map<String, List<String>> headers) {
    throw new UnsupportedOperationException("under way: " + headers.size());
  }

  /// Reads the value of a checksum trailer.
  ///
  /// @param name the header's name in lower case, for example `x-amz-checksum-crc32`
  /// @throws skarb.s3.error.S3Exception InvalidRequest where the value is not one
  public static Checksums parseTrailer(String name, String value) {
    throw new UnsupportedOperationException("under way: " + name + value);
  }

  /// The headers of an answer: `x-amz-checksum-*` with its value for each checksum except MD5.
  public static void write(Checksums checksums, BiConsumer<String, String> headers) {
    throw new UnsupportedOperationException("under way: " + checksums + headers);
  }
}
