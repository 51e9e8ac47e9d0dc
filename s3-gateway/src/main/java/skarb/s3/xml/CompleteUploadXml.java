package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.xml.SafeXml.Element;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.CompletedPart;
import skarb.v1.PutResult;

/// `CompleteMultipartUpload` and `CompleteMultipartUploadResult`: of which parts an object is made,
/// and what came of it.
public final class CompleteUploadXml {
  private static final String RESULT = "CompleteMultipartUploadResult";
  private static final int MAX_PARTS = 10_000;

  private CompleteUploadXml() {}

  /// Reads the parts, in the order in which they come.
  ///
  /// @throws S3Exception MalformedXML, also for none or more than 10,000 parts; InvalidArgument for
  ///   a number that no part can have; InvalidPart for a checksum that is none
  public static List<CompletedPart> decode(ByteString document) {
    Element root = SafeXml.parse(document, "CompleteMultipartUpload", SafeXml.MOST_ELEMENTS);
    List<CompletedPart> parts = new ArrayList<>();
    for (Element child : root.children()) {
      if (!child.name().equals("Part") || parts.size() == MAX_PARTS) {
        throw SafeXml.malformed();
      }
      parts.add(part(child));
    }
    if (parts.isEmpty()) {
      throw SafeXml.malformed();
    }
    return parts;
  }

  private static CompletedPart part(Element element) {
    CompletedPart.Builder part =
        CompletedPart.newBuilder()
            .setNumber(number(element.childText("PartNumber").orElseThrow(SafeXml::malformed)))
            .setEtag(unquoted(element.childText("ETag").orElseThrow(SafeXml::malformed)));
    Checksums.Builder checksums = Checksums.newBuilder();
    for (Element child : element.children()) {
      switch (child.name()) {
        case "PartNumber", "ETag" -> {}
        default -> {
          if (!child.name().startsWith("Checksum")) {
            throw SafeXml.malformed();
          }
          checksum(child, checksums);
        }
      }
    }
    return part.setChecksums(checksums).build();
  }

  private static void checksum(Element element, Checksums.Builder into) {
    try {
      if (!ChecksumNames.read(element.name(), element.text(), into)) {
        throw SafeXml.malformed();
      }
    } catch (IllegalArgumentException e) {
      throw new S3Exception(S3Error.INVALID_PART);
    }
  }

  private static int number(String text) {
    int number;
    try {
      number = Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw SafeXml.malformed();
    }
    if (number < 1 || number > MAX_PARTS) {
      throw S3Exception.invalidArgument(
          number < 1 ? "PartNumber must be >= 1" : "PartNumber must be <= " + MAX_PARTS,
          "PartNumber",
          text.strip());
    }
    return number;
  }

  private static String unquoted(String tag) {
    String text = tag.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /// Writes the result.
  ///
  /// @param location where the object can be had
  /// @param parts how many it has
  public static ByteString encode(
      String location, String bucket, String key, int parts, PutResult result) {
    XmlWriter xml =
        XmlWriter.answer(RESULT, 640)
            .text("Location", location)
            .text("Bucket", bucket)
            .text("Key", key)
            .text("ETag", '"' + result.getEtag() + '"');
    boolean composite = result.getChecksumType() == ChecksumType.CHECKSUM_TYPE_COMPOSITE;
    ChecksumNames.write(xml, result.getChecksums(), composite ? parts : 0);
    if (!ChecksumNames.shown(result.getChecksums()).isEmpty()) {
      xml.text("ChecksumType", ChecksumNames.type(result.getChecksumType()));
    }
    return xml.finish(RESULT);
  }
}
