package skarb.node.model;

import java.util.HexFormat;
import skarb.v1.Body;

/// The entity tag of a body as clients see it, without quotes: its MD5 in hex, or, for a multipart
/// upload, the MD5 of its parts' MD5s and the number of parts.
public final class Etag {
  private Etag() {}

  /// As text.
  public static String of(Body body) {
    String hex = HexFormat.of().formatHex(body.getEtag().toByteArray());
    return body.hasParts() ? hex + "-" + body.getParts() : hex;
  }
}
