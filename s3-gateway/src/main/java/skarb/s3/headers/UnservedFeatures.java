package skarb.s3.headers;

import java.util.List;
import java.util.Map;
import java.util.Set;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;

/// Headers that ask for something that is not served. A write that carries one is refused rather
/// than stored without what its sender relies on.
public final class UnservedFeatures {
  private static final List<String> PREFIXES =
      List.of(
          "x-amz-server-side-encryption",
          "x-amz-copy-source-server-side-encryption",
          "x-amz-object-lock-",
          "x-amz-bucket-object-lock-",
          "x-amz-grant-",
          "x-amz-if-match-");
  private static final Set<String> NAMES =
      Set.of(
          "x-amz-tagging",
          "x-amz-website-redirect-location",
          "x-amz-write-offset-bytes",
          "x-amz-bucket-namespace");

  /// Headers of which some values ask for nothing beyond what is served.
  private static final Map<String, Set<String>> HARMLESS =
      Map.of(
          "x-amz-acl", Set.of("private", "bucket-owner-full-control"),
          "x-amz-storage-class", Set.of("STANDARD"),
          "x-amz-object-ownership", Set.of("BucketOwnerEnforced"));

  private UnservedFeatures() {}

  /// Refuses a write that asks for more than is served.
  ///
  /// @throws S3Exception NotImplemented, naming the header
  public static void refuse(RequestHead head) {
    for (Map.Entry<String, List<String>> header : head.headers().entrySet()) {
      String name = header.getKey();
      if (name.startsWith("x-amz-") && isUnserved(name, header.getValue())) {
        throw new S3Exception(
            S3Error.NOT_IMPLEMENTED,
            S3Error.NOT_IMPLEMENTED.message(),
            Map.of("Header", name),
            Map.of());
      }
    }
  }

  /// Refuses a read with the customer's own key: there is no such object.
  ///
  /// @throws S3Exception NotImplemented, naming the header
  public static void refuseEncryption(RequestHead head) {
    for (String name : head.headers().keySet()) {
      if (name.startsWith("x-amz-server-side-encryption")) {
        throw new S3Exception(
            S3Error.NOT_IMPLEMENTED,
            S3Error.NOT_IMPLEMENTED.message(),
            Map.of("Header", name),
            Map.of());
      }
    }
  }

  private static boolean isUnserved(String name, List<String> values) {
    Set<String> harmless = HARMLESS.get(name);
    if (harmless != null) {
      return !harmless.containsAll(values);
    }
    if (NAMES.contains(name)) {
      return true;
    }
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return !(name.equals("x-amz-bucket-object-lock-enabled")
            && values.stream().allMatch("false"::equalsIgnoreCase));
      }
    }
    return false;
  }
}
