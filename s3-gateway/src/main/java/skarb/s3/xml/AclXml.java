package skarb.s3.xml;

import com.google.protobuf.ByteString;

/// `AccessControlPolicy`: who owns something and who else may do what with it.
public final class AclXml {
  private static final String ROOT = "AccessControlPolicy";
  private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

  private AclXml() {}

  /// The owner may do everything, and nobody else anything.
  public static ByteString ofOwner(String id, String displayName) {
    return XmlWriter.answer(ROOT, 768)
        .open("Owner")
        .text("ID", id)
        .text("DisplayName", displayName)
        .close("Owner")
        .open("AccessControlList")
        .open("Grant")
        .open("Grantee xmlns:xsi=\"" + SCHEMA_INSTANCE + "\" xsi:type=\"CanonicalUser\"")
        .text("ID", id)
        .text("DisplayName", displayName)
        .close("Grantee")
        .text("Permission", "FULL_CONTROL")
        .close("Grant")
        .close("AccessControlList")
        .finish(ROOT);
  }
}
