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

  /// Conditions and ranges of HTTP that writes do not have here: a write that went through without
  /// them would not be what was asked for.
  private static final Set<String> HTTP_NAMES =
      Set.of("content-range", "if-modified-since", "if-unmodified-since");

  /// Headers of which some values ask for nothing beyond what is served.
  private static final Map<String, Choice> CHOICES =
      Map.of(
          "x-amz-acl",
          new Choice(
              Set.of("private", "bucket-owner-full-control"),
              Set.of(
                  "public-read",
                  "public-read-write",
                  "authenticated-read",
                  "aws-exec-read",
                  "bucket-owner-read",
                  "log-delivery-write"),
              S3Error.INVALID_ARGUMENT),
          "x-amz-storage-class",
          new Choice(
              Set.of("STANDARD"),
              Set.of(
                  "REDUCED_REDUNDANCY",
                  "STANDARD_IA",
                  "ONEZONE_IA",
                  "INTELLIGENT_TIERING",
                  "GLACIER",
                  "GLACIER_IR",
                  "DEEP_ARCHIVE",
                  "OUTPOSTS",
                  "SNOW",
                  "EXPRESS_ONEZONE",
                  "FSX_OPENZFS",
                  "FSX_ONTAP"),
              S3Error.INVALID_STORAGE_CLASS),
          "x-amz-object-ownership",
          new Choice(
              Set.of("BucketOwnerEnforced"),
              Set.of("BucketOwnerPreferred", "ObjectWriter"),
              S3Error.INVALID_ARGUMENT));

  /// The values of a header.
  ///
  /// @param served those that ask for nothing beyond what is served
  /// @param unserved the others of S3's
  /// @param otherwise the error for what S3 does not know either
  private record Choice(Set<String> served, Set<String> unserved, S3Error otherwise) {}

  private UnservedFeatures() {}

  /// Refuses a write that asks for more than is served.
  ///
  /// @throws S3Exception NotImplemented, naming the header; InvalidArgument or InvalidStorageClass
  ///   for a value that S3 does not know
  public static void refuse(RequestHead head) {
    for (Map.Entry<String, List<String>> header : head.headers().entrySet()) {
      String name = header.getKey();
      if (name.startsWith("x-amz-") ? isUnserved(name, header.getValue()) : isOfHttp(name)) {
        throw unserved(name);
      }
    }
  }

  /// Whether a header is one of HTTP's that no write may carry.
  static boolean isOfHttp(String name) {
    return HTTP_NAMES.contains(name);
  }

  static S3Exception unserved(String name) {
    return new S3Exception(
        S3Error.NOT_IMPLEMENTED,
        S3Error.NOT_IMPLEMENTED.message(),
        Map.of("Header", name),
        Map.of());
  }

  /// Refuses a read with the customer's own key: there is no such object.
  ///
  /// @throws S3Exception NotImplemented, naming the header
  public static void refuseEncryption(RequestHead head) {
    for (String name : head.headers().keySet()) {
      if (name.startsWith("x-amz-server-side-encryption")) {
        throw unserved(name);
      }
    }
  }

  private static boolean isUnserved(String name, List<String> values) {
    Choice choice = CHOICES.get(name);
    if (choice != null) {
      return isUnserved(name, values, choice);
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

  private static boolean isUnserved(String name, List<String> values, Choice choice) {
    boolean unserved = false;
    for (String value : values) {
      if (!choice.served().contains(value) && !choice.unserved().contains(value)) {
        throw new S3Exception(
            choice.otherwise(),
            choice.otherwise().message(),
            Map.of("ArgumentName", name, "ArgumentValue", value),
            Map.of());
      }
      unserved |= choice.unserved().contains(value);
    }
    return unserved;
  }
}
