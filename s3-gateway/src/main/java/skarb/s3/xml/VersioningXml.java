package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.xml.SafeXml.Element;
import skarb.v1.Versioning;

/// `VersioningConfiguration`: whether a bucket keeps versions.
public final class VersioningXml {
  private static final String ROOT = "VersioningConfiguration";
  private static final String STATUS = "Status";
  private static final String MFA_DELETE = "MfaDelete";
  private static final String ENABLED = "Enabled";
  private static final String SUSPENDED = "Suspended";

  private VersioningXml() {}

  /// What a document asks for.
  ///
  /// @throws S3Exception MalformedXML; IllegalVersioningConfigurationException where it says
  ///   nothing; NotImplemented where deletes are to want a second factor
  public static Versioning decode(ByteString document) {
    Element root = SafeXml.parse(document, ROOT);
    for (Element child : root.children()) {
      if (!child.name().equals(STATUS) && !child.name().equals(MFA_DELETE)) {
        throw SafeXml.malformed();
      }
    }
    refuseMfa(root.childText(MFA_DELETE).map(String::strip));
    Optional<String> status = root.childText(STATUS).map(String::strip);
    if (status.isEmpty()) {
      throw new S3Exception(S3Error.ILLEGAL_VERSIONING_CONFIGURATION);
    }
    return switch (status.get()) {
      case ENABLED -> Versioning.VERSIONING_ENABLED;
      case SUSPENDED -> Versioning.VERSIONING_SUSPENDED;
      default -> throw SafeXml.malformed();
    };
  }

  private static void refuseMfa(Optional<String> mfaDelete) {
    switch (mfaDelete.orElse("Disabled")) {
      case "Disabled" -> {}
      case ENABLED ->
          throw new S3Exception(S3Error.NOT_IMPLEMENTED, "MfaDelete is not implemented.");
      default -> throw SafeXml.malformed();
    }
  }

  /// Writes the document.
  public static ByteString encode(Versioning versioning) {
    XmlWriter xml = XmlWriter.answer(ROOT, 192);
    switch (versioning) {
      case VERSIONING_ENABLED -> xml.text(STATUS, ENABLED);
      case VERSIONING_SUSPENDED -> xml.text(STATUS, SUSPENDED);
      case VERSIONING_UNSPECIFIED, UNRECOGNIZED -> {}
    }
    return xml.finish(ROOT);
  }
}
