package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skarb.v1.ChecksumType;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectPart;

/// `GetObjectAttributesResponse`: what is known of an object, as far as it was asked for.
public final class ObjectAttributesXml {
  private static final String ROOT = "GetObjectAttributesResponse";

  private ObjectAttributesXml() {}

  /// What can be asked for.
  public enum Attribute {
    /// The entity tag.
    ETAG("ETag"),
    /// The checksum of the whole.
    CHECKSUM("Checksum"),
    /// The parts that it was uploaded in.
    OBJECT_PARTS("ObjectParts"),
    /// Always STANDARD.
    STORAGE_CLASS("StorageClass"),
    /// Bytes.
    OBJECT_SIZE("ObjectSize");

    private final String s3Name;

    Attribute(String s3Name) {
      this.s3Name = s3Name;
    }

    /// The attribute that S3 calls so.
    public static Optional<Attribute> ofName(String name) {
      for (Attribute attribute : values()) {
        if (attribute.s3Name.equals(name)) {
          return Optional.of(attribute);
        }
      }
      return Optional.empty();
    }
  }

  /// A page of the parts of an object.
  ///
  /// @param marker the number that the page begins after
  /// @param max the most parts of a page
  /// @param truncated whether there are more
  public record Parts(int marker, int max, boolean truncated, List<ObjectPart> parts) {
    /// Copies the list.
    public Parts {
      parts = List.copyOf(parts);
    }

    private int nextMarker() {
      return parts.isEmpty() ? marker : parts.getLast().getNumber();
    }
  }

  /// Writes the document. Unlike anywhere else the entity tag has no quotes here.
  ///
  /// @param parts empty for an object that came in one
  public static ByteString encode(Set<Attribute> wanted, ObjectInfo info, Optional<Parts> parts) {
    int count = parts.map(page -> page.parts().size()).orElse(0);
    XmlWriter xml = XmlWriter.answer(ROOT, 512 + count * 128);
    if (wanted.contains(Attribute.ETAG)) {
      xml.text("ETag", info.getEtag());
    }
    if (wanted.contains(Attribute.CHECKSUM)) {
      checksum(xml, info);
    }
    if (wanted.contains(Attribute.OBJECT_PARTS)) {
      parts.ifPresent(page -> parts(xml, info, page));
    }
    if (wanted.contains(Attribute.STORAGE_CLASS)) {
      xml.text("StorageClass", "STANDARD");
    }
    if (wanted.contains(Attribute.OBJECT_SIZE)) {
      xml.number("ObjectSize", info.getSize());
    }
    return xml.finish(ROOT);
  }

  private static void checksum(XmlWriter xml, ObjectInfo info) {
    if (ChecksumNames.shown(info.getChecksums()).isEmpty()) {
      return;
    }
    boolean composite = info.getChecksumType() == ChecksumType.CHECKSUM_TYPE_COMPOSITE;
    xml.open("Checksum");
    ChecksumNames.write(xml, info.getChecksums(), composite ? info.getPartsCount() : 0);
    xml.text("ChecksumType", ChecksumNames.type(info.getChecksumType())).close("Checksum");
  }

  private static void parts(XmlWriter xml, ObjectInfo info, Parts page) {
    xml.open("ObjectParts")
        .number("PartsCount", info.getPartsCount())
        .number("PartNumberMarker", page.marker())
        .number("NextPartNumberMarker", page.nextMarker())
        .number("MaxParts", page.max())
        .bool("IsTruncated", page.truncated());
    for (ObjectPart part : page.parts()) {
      xml.open("Part").number("PartNumber", part.getNumber()).number("Size", part.getSize());
      ChecksumNames.write(xml, part.getChecksums(), 0);
      xml.close("Part");
    }
    xml.close("ObjectParts");
  }
}
