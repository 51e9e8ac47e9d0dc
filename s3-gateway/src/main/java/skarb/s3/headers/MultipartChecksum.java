package skarb.s3.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;

/// The checksum headers of CreateMultipartUpload and CompleteMultipartUpload, which are about the
/// object to come and not about the request's body.
public final class MultipartChecksum {
  private static final String TYPE = "x-amz-checksum-type";
  private static final String MD5 = "content-md5";

  private MultipartChecksum() {}

  /// What a new upload asks for.
  ///
  /// @param algorithm the checksum of each part
  /// @param type how the object's comes of them
  public record Asked(Optional<ChecksumAlgorithm> algorithm, Optional<ChecksumType> type) {}

  /// What the object is expected to have.
  ///
  /// @param value empty where nothing is expected
  public record Expected(Checksums value, Optional<ChecksumType> type) {}

  /// What CreateMultipartUpload asks for.
  ///
  /// @throws S3Exception InvalidRequest for what does not exist or does not go together
  public static Asked asked(RequestHead head) {
    Optional<ChecksumAlgorithm> algorithm = ChecksumHeaders.asked(head);
    Optional<ChecksumType> type = type(head);
    if (type.isPresent() && algorithm.isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm"
              + " header.");
    }
    return new Asked(algorithm, type);
  }

  /// What CompleteMultipartUpload expects. A composite checksum may have the number of parts behind
  /// it.
  ///
  /// @param parts how many parts the object will have
  /// @throws S3Exception InvalidRequest for what is no checksum
  public static Expected expected(RequestHead head, int parts) {
    Map<String, List<String>> values = new TreeMap<>();
    head.headers()
        .forEach((name, all) -> {
          if (name.startsWith(ChecksumKind.PREFIX)) {
            values.put(name, withoutCount(name, all, parts));
          }
        });
    return new Expected(ChecksumHeaders.parse(values).promised(), type(head));
  }

  /// Of the headers what is about the request's body.
  ///
  /// @throws S3Exception InvalidDigest for a Content-MD5 that is none
  public static ChecksumHeaders ofBody(RequestHead head) {
    List<String> md5 = head.headers().getOrDefault(MD5, List.of());
    return ChecksumHeaders.parse(md5.isEmpty() ? Map.of() : Map.of(MD5, md5));
  }

  /// The name that S3 has for a type.
  public static String name(ChecksumType type) {
    return type == ChecksumType.CHECKSUM_TYPE_COMPOSITE ? "COMPOSITE" : "FULL_OBJECT";
  }

  private static Optional<ChecksumType> type(RequestHead head) {
    return head.header(TYPE)
        .map(name ->
            switch (name.strip()) {
              case "FULL_OBJECT" -> ChecksumType.CHECKSUM_TYPE_FULL_OBJECT;
              case "COMPOSITE" -> ChecksumType.CHECKSUM_TYPE_COMPOSITE;
              default -> throw invalid(TYPE);
            });
  }

  private static List<String> withoutCount(String name, List<String> values, int parts) {
    List<String> stripped = new ArrayList<>();
    for (String value : values) {
      int dash = value.lastIndexOf('-');
      if (dash >= 0 && !value.substring(dash + 1).strip().equals(Integer.toString(parts))) {
        throw invalid(name);
      }
      stripped.add(dash < 0 ? value : value.substring(0, dash));
    }
    return stripped;
  }

  private static S3Exception invalid(String name) {
    return new S3Exception(S3Error.INVALID_REQUEST, "Value for " + name + " header is invalid.");
  }
}
