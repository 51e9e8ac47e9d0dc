package skarb.s3.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import skarb.s3.route.RequestHead;
import skarb.v1.ContentHeaders;
import skarb.v1.ObjectAttributes;
import skarb.v1.UserMetadata;

/// The headers of an upload that are stored with the object as they came: `Content-Type` and its
/// like, and the user's own `x-amz-meta-*`. They are stored as the text that they say.
public final class ObjectHeaders {
  /// What the names of user metadata begin with.
  public static final String META_PREFIX = "x-amz-meta-";

  private ObjectHeaders() {}

  /// Reads them. `aws-chunked` is a matter of the transfer and is not stored.
  public static ObjectAttributes parse(RequestHead head) {
    ContentHeaders.Builder content = ContentHeaders.newBuilder();
    text(head, "content-type").ifPresent(content::setContentType);
    contentEncoding(head).ifPresent(content::setContentEncoding);
    text(head, "content-language").ifPresent(content::setContentLanguage);
    text(head, "content-disposition").ifPresent(content::setContentDisposition);
    text(head, "cache-control").ifPresent(content::setCacheControl);
    text(head, "expires").ifPresent(content::setExpires);
    ObjectAttributes.Builder attributes = ObjectAttributes.newBuilder().setHeaders(content);
    for (Map.Entry<String, List<String>> header : head.headers().entrySet()) {
      String name = header.getKey();
      if (name.startsWith(META_PREFIX) && name.length() > META_PREFIX.length()) {
        attributes.addUserMetadata(
            UserMetadata.newBuilder()
                .setName(name.substring(META_PREFIX.length()))
                .setValue(
                    header.getValue().stream()
                        .map(HeaderText::decode)
                        .collect(Collectors.joining(","))));
      }
    }
    return attributes.build();
  }

  private static Optional<String> text(RequestHead head, String name) {
    return head.header(name).map(HeaderText::decode);
  }

  private static Optional<String> contentEncoding(RequestHead head) {
    List<String> values = head.headers().getOrDefault("content-encoding", List.of());
    if (values.isEmpty()) {
      return Optional.empty();
    }
    String joined = HeaderText.decode(String.join(",", values));
    if (!joined.contains("aws-chunked")) {
      return Optional.of(joined);
    }
    List<String> kept = new ArrayList<>();
    int start = 0;
    while (start <= joined.length()) {
      int end = joined.indexOf(',', start);
      end = end < 0 ? joined.length() : end;
      String coding = joined.substring(start, end).strip();
      if (!coding.isEmpty() && !coding.equals("aws-chunked")) {
        kept.add(coding);
      }
      start = end + 1;
    }
    return kept.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", kept));
  }
}
