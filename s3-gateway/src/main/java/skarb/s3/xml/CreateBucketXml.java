package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.xml.SafeXml.Element;

/// `CreateBucketConfiguration`: where a new bucket is to lie.
public final class CreateBucketXml {
  private static final String LOCATION = "LocationConstraint";

  private CreateBucketXml() {}

  /// The LocationConstraint, empty where there is none.
  ///
  /// @throws S3Exception MalformedXML; NotImplemented for what else a configuration may ask
  public static String decode(ByteString document) {
    Element root = SafeXml.parse(document, "CreateBucketConfiguration");
    for (Element child : root.children()) {
      if (!child.name().equals(LOCATION)) {
        throw new S3Exception(
            S3Error.NOT_IMPLEMENTED, "A bucket's " + child.name() + " is not implemented.");
      }
    }
    return root.childText(LOCATION).map(String::strip).orElse("");
  }

  /// `LocationConstraint`: the answer to GetBucketLocation.
  public static ByteString encodeLocation(String location) {
    XmlWriter xml = XmlWriter.answer(LOCATION, 160);
    return xml.characters(location).finish(LOCATION);
  }
}
