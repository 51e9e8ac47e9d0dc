package skarb.s3.ops.object;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.HttpDate;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.ObjectAttributesXml;
import skarb.s3.xml.ObjectAttributesXml.Attribute;
import skarb.s3.xml.ObjectAttributesXml.Parts;
import skarb.v1.HeadRequest;
import skarb.v1.ListObjectPartsRequest;
import skarb.v1.ListObjectPartsResponse;
import skarb.v1.ObjectInfo;

/// GetObjectAttributes: what the header asks for of an object, its parts page by page.
public final class GetObjectAttributes implements Handler {
  private static final String ATTRIBUTES = "x-amz-object-attributes";
  private static final String MAX_PARTS = "x-amz-max-parts";
  private static final String MARKER = "x-amz-part-number-marker";
  private static final int MOST_PARTS = 1000;

  private final NodeClient node;

  /// A handler that asks this node.
  public GetObjectAttributes(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    UnservedFeatures.refuseEncryption(call.head());
    Set<Attribute> wanted = wanted(call);
    if (!wanted.contains(Attribute.OBJECT_PARTS)) {
      return encode(wanted, head(call), Optional.empty());
    }
    int marker = number(call, MARKER).orElse(0);
    int maxParts = Math.min(MOST_PARTS, number(call, MAX_PARTS).orElse(MOST_PARTS));
    ListObjectPartsResponse listed = parts(call, marker, maxParts);
    Optional<Parts> parts =
        listed.getInfo().hasPartsCount()
            ? Optional.of(new Parts(marker, maxParts, listed.getTruncated(), listed.getPartsList()))
            : Optional.empty();
    return encode(wanted, listed.getInfo(), parts);
  }

  private ObjectInfo head(S3Call call) {
    HeadRequest.Builder request =
        HeadRequest.newBuilder().setBucket(call.bucket()).setKey(call.key());
    call.versionId().ifPresent(request::setVersionId);
    return node.objects(call).head(request.build()).getInfo();
  }

  private ListObjectPartsResponse parts(S3Call call, int marker, int maxParts) {
    ListObjectPartsRequest.Builder request =
        ListObjectPartsRequest.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setAfterPartNumber(marker)
            .setPageSize(maxParts);
    call.versionId().ifPresent(request::setVersionId);
    return node.objects(call).listObjectParts(request.build());
  }

  private static Set<Attribute> wanted(S3Call call) {
    List<String> values = call.head().headers().getOrDefault(ATTRIBUTES, List.of());
    String all = String.join(",", values);
    if (all.isBlank()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The x-amz-object-attributes header specifying the attributes to be retrieved is either"
              + " missing or empty");
    }
    Set<Attribute> wanted = EnumSet.noneOf(Attribute.class);
    int start = 0;
    while (start <= all.length()) {
      int end = all.indexOf(',', start);
      end = end < 0 ? all.length() : end;
      String name = all.substring(start, end).strip();
      wanted.add(
          Attribute.ofName(name)
              .orElseThrow(() ->
                  S3Exception.invalidArgument(
                      "Invalid attribute name specified.", ATTRIBUTES, name)));
      start = end + 1;
    }
    return wanted;
  }

  private static Optional<Integer> number(S3Call call, String header) {
    return call.request()
        .header(header)
        .map(text -> {
          try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0) {
              return number;
            }
          } catch (NumberFormatException e) {
            // Answered below.
          }
          throw S3Exception.invalidArgument(
              "Argument " + header + " must be an integer between 0 and 2147483647", header, text);
        });
  }

  private static S3Response encode(Set<Attribute> wanted, ObjectInfo info, Optional<Parts> parts) {
    S3Response response =
        S3Response.xml(200, ObjectAttributesXml.encode(wanted, info, parts))
            .header("Last-Modified", HttpDate.format(info.getLastModified()));
    if (info.hasVersionId()) {
      response.header("x-amz-version-id", info.getVersionId());
    }
    return response;
  }
}
