package skarb.node.model;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import skarb.v1.UploadId;

/// Names an upload in parts: the stamp of its opening, which no other upload of this site has. The
/// uploads of one key are ordered by it.
///
/// @param order stamp and origin
public record UploadName(EntryOrder order) implements Comparable<UploadName> {
  private static final int HLC_AT = 1;
  private static final int ORIGIN_AT = 17;
  private static final Pattern FORM = Pattern.compile("u[0-9a-f]{32}");

  /// From its form in records.
  public static UploadName of(UploadId id) {
    return new UploadName(new EntryOrder(new Hlc(id.getHlc()), new OriginId(id.getOrigin())));
  }

  /// From the text that callers keep and do not look into; empty where it cannot be one.
  public static Optional<UploadName> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new UploadName(
            new EntryOrder(
                new Hlc(HexFormat.fromHexDigitsToLong(text, HLC_AT, ORIGIN_AT)),
                new OriginId(HexFormat.fromHexDigitsToLong(text, ORIGIN_AT, text.length())))));
  }

  /// As callers name it.
  public String text() {
    HexFormat hex = HexFormat.of();
    return "u" + hex.toHexDigits(order.hlc().value()) + hex.toHexDigits(order.origin().value());
  }

  /// Its form in records.
  public UploadId toProto() {
    return UploadId.newBuilder()
        .setHlc(order.hlc().value())
        .setOrigin(order.origin().value())
        .build();
  }

  @Override
  public int compareTo(UploadName other) {
    return order.compareTo(other.order);
  }

  @Override
  public String toString() {
    return text();
  }
}
