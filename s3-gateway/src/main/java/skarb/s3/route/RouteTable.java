package skarb.s3.route;

import static skarb.s3.route.ResourcePath.Level.BUCKET;
import static skarb.s3.route.ResourcePath.Level.OBJECT;
import static skarb.s3.route.ResourcePath.Level.SERVICE;

import java.util.ArrayList;
import java.util.List;
import skarb.s3.route.ResourcePath.Level;

/// The table that tells S3's operations apart, as S3's own model has them: method, depth of the
/// path, the keys that the query must hold (`a&b`, `a=value`), and for copies a header.
///
/// The first key of a query is its *selector*: it alone says that something other than the plain
/// operation is meant. Of the routes that match the one with most keys wins.
///
/// Four operations have no route, since their requests are those of their successors:
/// GetBucketLifecycle, GetBucketNotification, PutBucketLifecycle and PutBucketNotification.
final class RouteTable {
  static final String COPY_SOURCE = "x-amz-copy-source";

  private static final List<Route> ROUTES = build();

  private RouteTable() {}

  /// One line of the table.
  ///
  /// @param query what the query must hold, the selector first; empty for the plain operation
  /// @param copies whether the copy header must be there
  record Route(
      String method, Level level, List<QueryKey> query, boolean copies, S3Operation operation) {

    boolean hasSelector(String name) {
      return !query.isEmpty() && query.getFirst().name().equals(name);
    }

    boolean matches(QueryParams params, boolean hasCopySource) {
      if (copies && !hasCopySource) {
        return false;
      }
      for (QueryKey key : query) {
        if (!key.matches(params)) {
          return false;
        }
      }
      return true;
    }

    int weight() {
      return query.size() * 2 + (copies ? 1 : 0);
    }
  }

  /// A key of a query.
  ///
  /// @param value what it must be; empty: anything
  record QueryKey(String name, String value) {
    boolean matches(QueryParams params) {
      return params.first(name).filter(this::accepts).isPresent();
    }

    boolean accepts(String given) {
      return value.isEmpty() || given.equals(value);
    }
  }

  static List<Route> routes() {
    return ROUTES;
  }

  private static List<Route> build() {
    List<Route> routes = new ArrayList<>();
    service(routes);
    readsOfBuckets(routes);
    writesOfBuckets(routes);
    objects(routes);
    return List.copyOf(routes);
  }

  private static void service(List<Route> to) {
    add(to, "GET", SERVICE, "", S3Operation.LIST_BUCKETS);
    add(to, "GET", SERVICE, "max-directory-buckets", S3Operation.LIST_DIRECTORY_BUCKETS);
  }

  private static void readsOfBuckets(List<Route> to) {
    add(to, "HEAD", BUCKET, "", S3Operation.HEAD_BUCKET);
    add(to, "GET", BUCKET, "", S3Operation.LIST_OBJECTS);
    add(to, "GET", BUCKET, "list-type=2", S3Operation.LIST_OBJECTS_V2);
    add(to, "GET", BUCKET, "versions", S3Operation.LIST_OBJECT_VERSIONS);
    add(to, "GET", BUCKET, "uploads", S3Operation.LIST_MULTIPART_UPLOADS);
    add(to, "GET", BUCKET, "location", S3Operation.GET_BUCKET_LOCATION);
    add(to, "GET", BUCKET, "abac", S3Operation.GET_BUCKET_ABAC);
    add(to, "GET", BUCKET, "accelerate", S3Operation.GET_BUCKET_ACCELERATE_CONFIGURATION);
    add(to, "GET", BUCKET, "acl", S3Operation.GET_BUCKET_ACL);
    add(to, "GET", BUCKET, "analytics", S3Operation.LIST_BUCKET_ANALYTICS_CONFIGURATIONS);
    add(to, "GET", BUCKET, "analytics&id", S3Operation.GET_BUCKET_ANALYTICS_CONFIGURATION);
    add(to, "GET", BUCKET, "cors", S3Operation.GET_BUCKET_CORS);
    add(to, "GET", BUCKET, "encryption", S3Operation.GET_BUCKET_ENCRYPTION);
    add(
        to,
        "GET",
        BUCKET,
        "intelligent-tiering",
        S3Operation.LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS);
    add(
        to,
        "GET",
        BUCKET,
        "intelligent-tiering&id",
        S3Operation.GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION);
    add(to, "GET", BUCKET, "inventory", S3Operation.LIST_BUCKET_INVENTORY_CONFIGURATIONS);
    add(to, "GET", BUCKET, "inventory&id", S3Operation.GET_BUCKET_INVENTORY_CONFIGURATION);
    add(to, "GET", BUCKET, "lifecycle", S3Operation.GET_BUCKET_LIFECYCLE_CONFIGURATION);
    add(to, "GET", BUCKET, "logging", S3Operation.GET_BUCKET_LOGGING);
    add(to, "GET", BUCKET, "metadataConfiguration", S3Operation.GET_BUCKET_METADATA_CONFIGURATION);
    add(to, "GET", BUCKET, "metadataTable", S3Operation.GET_BUCKET_METADATA_TABLE_CONFIGURATION);
    add(to, "GET", BUCKET, "metrics", S3Operation.LIST_BUCKET_METRICS_CONFIGURATIONS);
    add(to, "GET", BUCKET, "metrics&id", S3Operation.GET_BUCKET_METRICS_CONFIGURATION);
    add(to, "GET", BUCKET, "notification", S3Operation.GET_BUCKET_NOTIFICATION_CONFIGURATION);
    add(to, "GET", BUCKET, "object-lock", S3Operation.GET_OBJECT_LOCK_CONFIGURATION);
    add(to, "GET", BUCKET, "ownershipControls", S3Operation.GET_BUCKET_OWNERSHIP_CONTROLS);
    add(to, "GET", BUCKET, "policy", S3Operation.GET_BUCKET_POLICY);
    add(to, "GET", BUCKET, "policyStatus", S3Operation.GET_BUCKET_POLICY_STATUS);
    add(to, "GET", BUCKET, "publicAccessBlock", S3Operation.GET_PUBLIC_ACCESS_BLOCK);
    add(to, "GET", BUCKET, "replication", S3Operation.GET_BUCKET_REPLICATION);
    add(to, "GET", BUCKET, "requestPayment", S3Operation.GET_BUCKET_REQUEST_PAYMENT);
    add(to, "GET", BUCKET, "session", S3Operation.CREATE_SESSION);
    add(to, "GET", BUCKET, "tagging", S3Operation.GET_BUCKET_TAGGING);
    add(to, "GET", BUCKET, "versioning", S3Operation.GET_BUCKET_VERSIONING);
    add(to, "GET", BUCKET, "website", S3Operation.GET_BUCKET_WEBSITE);
  }

  private static void writesOfBuckets(List<Route> to) {
    add(to, "PUT", BUCKET, "", S3Operation.CREATE_BUCKET);
    add(to, "PUT", BUCKET, "abac", S3Operation.PUT_BUCKET_ABAC);
    add(to, "PUT", BUCKET, "accelerate", S3Operation.PUT_BUCKET_ACCELERATE_CONFIGURATION);
    add(to, "PUT", BUCKET, "acl", S3Operation.PUT_BUCKET_ACL);
    add(to, "PUT", BUCKET, "analytics", S3Operation.PUT_BUCKET_ANALYTICS_CONFIGURATION);
    add(to, "PUT", BUCKET, "cors", S3Operation.PUT_BUCKET_CORS);
    add(to, "PUT", BUCKET, "encryption", S3Operation.PUT_BUCKET_ENCRYPTION);
    add(
        to,
        "PUT",
        BUCKET,
        "intelligent-tiering",
        S3Operation.PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION);
    add(to, "PUT", BUCKET, "inventory", S3Operation.PUT_BUCKET_INVENTORY_CONFIGURATION);
    add(to, "PUT", BUCKET, "lifecycle", S3Operation.PUT_BUCKET_LIFECYCLE_CONFIGURATION);
    add(to, "PUT", BUCKET, "logging", S3Operation.PUT_BUCKET_LOGGING);
    add(
        to,
        "PUT",
        BUCKET,
        "metadataAnnotationTable",
        S3Operation.UPDATE_BUCKET_METADATA_ANNOTATION_TABLE_CONFIGURATION);
    add(
        to,
        "PUT",
        BUCKET,
        "metadataInventoryTable",
        S3Operation.UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION);
    add(
        to,
        "PUT",
        BUCKET,
        "metadataJournalTable",
        S3Operation.UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION);
    add(to, "PUT", BUCKET, "metrics", S3Operation.PUT_BUCKET_METRICS_CONFIGURATION);
    add(to, "PUT", BUCKET, "notification", S3Operation.PUT_BUCKET_NOTIFICATION_CONFIGURATION);
    add(to, "PUT", BUCKET, "object-lock", S3Operation.PUT_OBJECT_LOCK_CONFIGURATION);
    add(to, "PUT", BUCKET, "ownershipControls", S3Operation.PUT_BUCKET_OWNERSHIP_CONTROLS);
    add(to, "PUT", BUCKET, "policy", S3Operation.PUT_BUCKET_POLICY);
    add(to, "PUT", BUCKET, "publicAccessBlock", S3Operation.PUT_PUBLIC_ACCESS_BLOCK);
    add(to, "PUT", BUCKET, "replication", S3Operation.PUT_BUCKET_REPLICATION);
    add(to, "PUT", BUCKET, "requestPayment", S3Operation.PUT_BUCKET_REQUEST_PAYMENT);
    add(to, "PUT", BUCKET, "tagging", S3Operation.PUT_BUCKET_TAGGING);
    add(to, "PUT", BUCKET, "versioning", S3Operation.PUT_BUCKET_VERSIONING);
    add(to, "PUT", BUCKET, "website", S3Operation.PUT_BUCKET_WEBSITE);
    add(to, "POST", BUCKET, "delete", S3Operation.DELETE_OBJECTS);
    add(
        to,
        "POST",
        BUCKET,
        "metadataConfiguration",
        S3Operation.CREATE_BUCKET_METADATA_CONFIGURATION);
    add(
        to,
        "POST",
        BUCKET,
        "metadataTable",
        S3Operation.CREATE_BUCKET_METADATA_TABLE_CONFIGURATION);
    deletesOfBuckets(to);
  }

  private static void deletesOfBuckets(List<Route> to) {
    add(to, "DELETE", BUCKET, "", S3Operation.DELETE_BUCKET);
    add(to, "DELETE", BUCKET, "analytics", S3Operation.DELETE_BUCKET_ANALYTICS_CONFIGURATION);
    add(to, "DELETE", BUCKET, "cors", S3Operation.DELETE_BUCKET_CORS);
    add(to, "DELETE", BUCKET, "encryption", S3Operation.DELETE_BUCKET_ENCRYPTION);
    add(
        to,
        "DELETE",
        BUCKET,
        "intelligent-tiering",
        S3Operation.DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION);
    add(to, "DELETE", BUCKET, "inventory", S3Operation.DELETE_BUCKET_INVENTORY_CONFIGURATION);
    add(to, "DELETE", BUCKET, "lifecycle", S3Operation.DELETE_BUCKET_LIFECYCLE);
    add(
        to,
        "DELETE",
        BUCKET,
        "metadataConfiguration",
        S3Operation.DELETE_BUCKET_METADATA_CONFIGURATION);
    add(
        to,
        "DELETE",
        BUCKET,
        "metadataTable",
        S3Operation.DELETE_BUCKET_METADATA_TABLE_CONFIGURATION);
    add(to, "DELETE", BUCKET, "metrics", S3Operation.DELETE_BUCKET_METRICS_CONFIGURATION);
    add(to, "DELETE", BUCKET, "ownershipControls", S3Operation.DELETE_BUCKET_OWNERSHIP_CONTROLS);
    add(to, "DELETE", BUCKET, "policy", S3Operation.DELETE_BUCKET_POLICY);
    add(to, "DELETE", BUCKET, "publicAccessBlock", S3Operation.DELETE_PUBLIC_ACCESS_BLOCK);
    add(to, "DELETE", BUCKET, "replication", S3Operation.DELETE_BUCKET_REPLICATION);
    add(to, "DELETE", BUCKET, "tagging", S3Operation.DELETE_BUCKET_TAGGING);
    add(to, "DELETE", BUCKET, "website", S3Operation.DELETE_BUCKET_WEBSITE);
  }

  private static void objects(List<Route> to) {
    add(to, "HEAD", OBJECT, "", S3Operation.HEAD_OBJECT);
    add(to, "GET", OBJECT, "", S3Operation.GET_OBJECT);
    add(to, "GET", OBJECT, "acl", S3Operation.GET_OBJECT_ACL);
    add(to, "GET", OBJECT, "annotation", S3Operation.LIST_OBJECT_ANNOTATIONS);
    add(to, "GET", OBJECT, "annotation&annotationName", S3Operation.GET_OBJECT_ANNOTATION);
    add(to, "GET", OBJECT, "attributes", S3Operation.GET_OBJECT_ATTRIBUTES);
    add(to, "GET", OBJECT, "legal-hold", S3Operation.GET_OBJECT_LEGAL_HOLD);
    add(to, "GET", OBJECT, "retention", S3Operation.GET_OBJECT_RETENTION);
    add(to, "GET", OBJECT, "tagging", S3Operation.GET_OBJECT_TAGGING);
    add(to, "GET", OBJECT, "torrent", S3Operation.GET_OBJECT_TORRENT);
    add(to, "GET", OBJECT, "uploadId", S3Operation.LIST_PARTS);
    add(to, "PUT", OBJECT, "", S3Operation.PUT_OBJECT);
    addCopy(to, "", S3Operation.COPY_OBJECT);
    add(to, "PUT", OBJECT, "acl", S3Operation.PUT_OBJECT_ACL);
    add(to, "PUT", OBJECT, "annotation", S3Operation.PUT_OBJECT_ANNOTATION);
    add(to, "PUT", OBJECT, "encryption", S3Operation.UPDATE_OBJECT_ENCRYPTION);
    add(to, "PUT", OBJECT, "legal-hold", S3Operation.PUT_OBJECT_LEGAL_HOLD);
    add(to, "PUT", OBJECT, "renameObject", S3Operation.RENAME_OBJECT);
    add(to, "PUT", OBJECT, "retention", S3Operation.PUT_OBJECT_RETENTION);
    add(to, "PUT", OBJECT, "tagging", S3Operation.PUT_OBJECT_TAGGING);
    add(to, "PUT", OBJECT, "uploadId&partNumber", S3Operation.UPLOAD_PART);
    addCopy(to, "uploadId&partNumber", S3Operation.UPLOAD_PART_COPY);
    add(to, "POST", OBJECT, "restore", S3Operation.RESTORE_OBJECT);
    add(to, "POST", OBJECT, "select&select-type=2", S3Operation.SELECT_OBJECT_CONTENT);
    add(to, "POST", OBJECT, "uploadId", S3Operation.COMPLETE_MULTIPART_UPLOAD);
    add(to, "POST", OBJECT, "uploads", S3Operation.CREATE_MULTIPART_UPLOAD);
    add(to, "DELETE", OBJECT, "", S3Operation.DELETE_OBJECT);
    add(to, "DELETE", OBJECT, "annotation", S3Operation.DELETE_OBJECT_ANNOTATION);
    add(to, "DELETE", OBJECT, "tagging", S3Operation.DELETE_OBJECT_TAGGING);
    add(to, "DELETE", OBJECT, "uploadId", S3Operation.ABORT_MULTIPART_UPLOAD);
  }

  private static void add(
      List<Route> to, String method, Level level, String query, S3Operation operation) {
    to.add(new Route(method, level, keys(query), false, operation));
  }

  private static void addCopy(List<Route> to, String query, S3Operation operation) {
    to.add(new Route("PUT", OBJECT, keys(query), true, operation));
  }

  private static List<QueryKey> keys(String query) {
    List<QueryKey> keys = new ArrayList<>();
    for (int start = 0; start < query.length(); ) {
      int end = query.indexOf('&', start);
      end = end < 0 ? query.length() : end;
      String key = query.substring(start, end);
      int equals = key.indexOf('=');
      keys.add(
          equals < 0
              ? new QueryKey(key, "")
              : new QueryKey(key.substring(0, equals), key.substring(equals + 1)));
      start = end + 1;
    }
    return List.copyOf(keys);
  }
}
