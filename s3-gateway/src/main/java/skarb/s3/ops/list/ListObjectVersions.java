package skarb.s3.ops.list;

import skarb.s3.error.S3Exception;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListVersionsResultXml;
import skarb.v1.ListVersionsResponse;

/// ListObjectVersions: all versions and delete markers; pages go on from a key and a version of it.
public final class ListObjectVersions implements Handler {
  private static final String VERSION_MARKER = "version-id-marker";

  private final NodeClient node;

  /// A handler that lists this node's buckets.
  public ListObjectVersions(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    ListQuery query = ListQuery.decode(call);
    ListVersionsResultXml.Markers from = markers(call.request().query());
    ListVersionsResponse page =
        node.objects(call)
            .listVersions(
                query
                    .versionsRequest()
                    .setKeyMarker(from.key())
                    .setVersionIdMarker(from.versionId())
                    .build());
    return S3Response.xml(200, ListVersionsResultXml.encode(query.echo(), from, page));
  }

  /// An empty version after a key would skip the key's versions without a word.
  private static ListVersionsResultXml.Markers markers(QueryParams query) {
    String key = query.firstOrEmpty("key-marker");
    String version = query.firstOrEmpty(VERSION_MARKER);
    if (key.isEmpty() && !version.isEmpty()) {
      throw S3Exception.invalidArgument(
          "A version-id marker cannot be specified without a key marker.", VERSION_MARKER, version);
    }
    if (!key.isEmpty() && version.isEmpty() && query.has(VERSION_MARKER)) {
      throw S3Exception.invalidArgument(
          "A version-id marker cannot be empty.", VERSION_MARKER, version);
    }
    return new ListVersionsResultXml.Markers(key, version);
  }
}
