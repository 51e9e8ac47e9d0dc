package skarb.s3.xml;

import com.google.protobuf.ByteString;

/// The documents of settings that nobody has made.
public final class DefaultsXml {
  private DefaultsXml() {}

  /// `AbacStatus`.
  public static ByteString abacDisabled() {
    return XmlWriter.answer("AbacStatus", 128).text("Status", "Disabled").finish("AbacStatus");
  }

  /// `AccelerateConfiguration`, empty.
  public static ByteString noAcceleration() {
    return empty("AccelerateConfiguration");
  }

  /// `BucketLoggingStatus`, empty.
  public static ByteString noLogging() {
    return empty("BucketLoggingStatus");
  }

  /// `NotificationConfiguration`, empty.
  public static ByteString noNotifications() {
    return empty("NotificationConfiguration");
  }

  /// `RequestPaymentConfiguration`.
  public static ByteString ownerPays() {
    return XmlWriter.answer("RequestPaymentConfiguration", 160)
        .text("Payer", "BucketOwner")
        .finish("RequestPaymentConfiguration");
  }

  /// `Tagging` without tags.
  public static ByteString noTags() {
    return XmlWriter.answer("Tagging", 128).open("TagSet").close("TagSet").finish("Tagging");
  }

  /// A list of configurations that has none.
  public static ByteString emptyList(String root) {
    return XmlWriter.answer(root, 192).bool("IsTruncated", false).finish(root);
  }

  private static ByteString empty(String root) {
    return XmlWriter.answer(root, 128).finish(root);
  }
}
