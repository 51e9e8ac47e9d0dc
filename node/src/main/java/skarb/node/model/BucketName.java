package skarb.node.model;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skarb.v1.ErrorReason;

/// The name of a bucket, by S3's rules: 3 to 63 characters of `a-z`, `0-9`, `.` and `-`, so that it
/// is a DNS name too; a letter or digit at both ends; no two dots together and no dot beside a
/// hyphen; not of the form of an IPv4 address; none of the prefixes and suffixes that S3 keeps for
/// itself. `health` and `metrics` are paths of the server itself and so no names.
///
/// @param value the name
public record BucketName(String value) implements Comparable<BucketName> {
  private static final Pattern LABELS =
      Pattern.compile("[a-z0-9](?:[a-z0-9]|-(?!\\.)|\\.(?![.-]))*[a-z0-9]");
  private static final String CONFLICT_PREFIX = "conflict-";
  private static final Pattern CONFLICT =
      Pattern.compile(CONFLICT_PREFIX + "([0-9a-f]{16})-([1-9a-f][0-9a-f]{0,14})");
  private static final Pattern IPV4 = Pattern.compile("[0-9]+(?:\\.[0-9]+){3}");
  private static final List<String> KEPT_PREFIXES = List.of("xn--", "sthree-", "amzn-s3-demo-");
  private static final List<String> KEPT_SUFFIXES =
      List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");
  private static final List<String> KEPT_NAMES = List.of("health", "metrics");

  /// @throws NodeException INVALID_BUCKET_NAME for anything else
  public BucketName {
    if (!isValid(value)) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME,
          "not a valid bucket name",
          Map.of("bucket", value));
    }
  }

  /// Whether a text is a name.
  public static boolean isValid(String name) {
    return name.length() >= 3
        && name.length() <= 63
        && LABELS.matcher(name).matches()
        && !IPV4.matcher(name).matches()
        && KEPT_PREFIXES.stream().noneMatch(name::startsWith)
        && KEPT_SUFFIXES.stream().noneMatch(name::endsWith)
        && !KEPT_NAMES.contains(name);
  }

  /// The name that a bucket goes by whose own name belongs to a bucket of another owner.
  public static String ofConflict(EntryDot incarnation) {
    return CONFLICT_PREFIX + incarnation.origin() + '-' + Long.toHexString(incarnation.sequence());
  }

  /// The incarnation that such a name says; empty for any other name. Nobody can make a bucket with
  /// such a name.
  public static Optional<EntryDot> conflictIncarnation(String name) {
    Matcher parts = CONFLICT.matcher(name);
    return parts.matches()
        ? Optional.of(
            new EntryDot(
                new OriginId(HexFormat.fromHexDigitsToLong(parts.group(1))),
                HexFormat.fromHexDigitsToLong(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(BucketName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
