package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.Map;
import skarb.s3.error.S3Exception;

/// `Error`: the document of every failed request, in no namespace.
public final class ErrorXml {
  private ErrorXml() {}

  /// Writes the document.
  ///
  /// @param resource the path that was asked for, as it came
  public static ByteString encode(
      S3Exception error, String resource, String requestId, String hostId) {
    XmlWriter xml =
        XmlWriter.bare("Error")
            .text("Code", error.error().code())
            .text("Message", error.shownMessage());
    for (Map.Entry<String, String> detail : error.details().entrySet()) {
      xml.text(detail.getKey(), detail.getValue());
    }
    return xml.text("Resource", resource)
        .text("RequestId", requestId)
        .text("HostId", hostId)
        .finish("Error");
  }
}
