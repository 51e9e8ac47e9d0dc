package skarb.s3.headers;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;
import skarb.v1.EtagCondition;
import skarb.v1.ReadConditions;
import skarb.v1.WriteConditions;

/// The `If-*` headers. Which of them wins is the node's to judge.
public final class Conditional {
  /// Clients see whole seconds: what was written within the second they name was not written after
  /// it.
  private static final int REST_OF_SECOND_NANOS = 999_999_999;

  private Conditional() {}

  /// The conditions of a read. A date in the future, or one that cannot be read, is ignored.
  ///
  /// @param now the time to compare with
  public static Optional<ReadConditions> forRead(RequestHead head, Instant now) {
    return forRead(head, "", now);
  }

  /// The conditions that a copy makes on its source.
  ///
  /// @param now the time to compare with
  public static Optional<ReadConditions> forCopySource(RequestHead head, Instant now) {
    return forRead(head, "x-amz-copy-source-", now);
  }

  private static Optional<ReadConditions> forRead(RequestHead head, String prefix, Instant now) {
    Optional<EtagCondition> ifMatch = head.header(prefix + "if-match").map(Conditional::etags);
    Optional<EtagCondition> ifNoneMatch =
        head.header(prefix + "if-none-match").map(Conditional::etags);
    Optional<Instant> modified =
        head.header(prefix + "if-modified-since")
            .flatMap(HttpDate::parse)
            .filter(date -> !date.isAfter(now));
    Optional<Instant> unmodified =
        head.header(prefix + "if-unmodified-since").flatMap(HttpDate::parse);
    if (ifMatch.isEmpty() && ifNoneMatch.isEmpty() && modified.isEmpty() && unmodified.isEmpty()) {
      return Optional.empty();
    }
    ReadConditions.Builder conditions = ReadConditions.newBuilder();
    ifMatch.ifPresent(conditions::setIfMatch);
    ifNoneMatch.ifPresent(conditions::setIfNoneMatch);
    modified.ifPresent(date -> conditions.setIfModifiedSince(endOfSecond(date)));
    unmodified.ifPresent(date -> conditions.setIfUnmodifiedSince(endOfSecond(date)));
    return Optional.of(conditions.build());
  }

  /// The conditions of a write.
  ///
  /// @throws S3Exception NotImplemented for what S3 does not serve either: If-None-Match with a
  ///   tag, or both headers
  public static Optional<WriteConditions> forPut(RequestHead head) {
    Optional<EtagCondition> ifMatch = head.header("if-match").map(Conditional::etags);
    Optional<EtagCondition> ifNoneMatch = head.header("if-none-match").map(Conditional::etags);
    if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
      return Optional.empty();
    }
    if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
      throw new S3Exception(S3Error.NOT_IMPLEMENTED);
    }
    if (ifNoneMatch.isPresent() && !ifNoneMatch.get().getAny()) {
      throw new S3Exception(S3Error.NOT_IMPLEMENTED);
    }
    WriteConditions.Builder conditions = WriteConditions.newBuilder();
    ifMatch.ifPresent(conditions::setIfMatch);
    ifNoneMatch.ifPresent(conditions::setIfNoneMatch);
    return Optional.of(conditions.build());
  }

  /// The conditions of a delete: If-Match only.
  ///
  /// @throws S3Exception NotImplemented for the conditions of directory buckets
  public static Optional<WriteConditions> forDelete(RequestHead head) {
    for (String name : head.headers().keySet()) {
      if (name.equals("if-none-match")
          || name.startsWith("x-amz-if-match-")
          || UnservedFeatures.isOfHttp(name)) {
        throw UnservedFeatures.unserved(name);
      }
    }
    return head.header("if-match").map(Conditional::ifMatch);
  }

  /// The condition that a tag (with or without quotes) or `*` is current.
  public static WriteConditions ifMatch(String value) {
    return WriteConditions.newBuilder().setIfMatch(etags(value)).build();
  }

  /// Tags between commas, with quotes or without, weak ones taken as strong; or `*`.
  static EtagCondition etags(String value) {
    EtagCondition.Builder condition = EtagCondition.newBuilder();
    if (value.strip().equals("*")) {
      return condition.setAny(true).build();
    }
    int start = 0;
    while (start <= value.length()) {
      int end = value.indexOf(',', start);
      end = end < 0 ? value.length() : end;
      String tag = unquote(value.substring(start, end).strip());
      if (!tag.isEmpty()) {
        condition.addEtags(tag);
      }
      start = end + 1;
    }
    return condition.build();
  }

  private static String unquote(String tag) {
    String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
    boolean quoted = strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"");
    return quoted ? strong.substring(1, strong.length() - 1) : strong;
  }

  private static Timestamp endOfSecond(Instant date) {
    return Timestamp.newBuilder()
        .setSeconds(date.getEpochSecond())
        .setNanos(REST_OF_SECOND_NANOS)
        .build();
  }
}
