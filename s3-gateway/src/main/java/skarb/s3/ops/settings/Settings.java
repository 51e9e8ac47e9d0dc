package skarb.s3.ops.settings;

import com.google.protobuf.ByteString;
import java.util.EnumMap;
import java.util.Map;
import skarb.s3.error.S3Error;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.route.S3Operation;
import skarb.s3.xml.AclXml;
import skarb.s3.xml.DefaultsXml;

/// The table of settings that can be read: what S3 answers where nothing is set.
public final class Settings {
  private final NodeClient node;
  private final Map<S3Operation, Handler> handlers = new EnumMap<>(S3Operation.class);

  private Settings(NodeClient node) {
    this.node = node;
  }

  /// Handlers that ask this node whether the bucket or the object is there.
  public static Map<S3Operation, Handler> handlers(NodeClient node) {
    Settings settings = new Settings(node);
    settings.missing();
    settings.defaults();
    settings.ofObjects();
    return settings.handlers;
  }

  private void missing() {
    missing(S3Operation.GET_BUCKET_CORS, S3Error.NO_SUCH_CORS_CONFIGURATION);
    missing(S3Operation.GET_BUCKET_ENCRYPTION, S3Error.ENCRYPTION_CONFIGURATION_NOT_FOUND);
    missing(
        S3Operation.GET_BUCKET_LIFECYCLE_CONFIGURATION, S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION);
    missing(S3Operation.GET_BUCKET_OWNERSHIP_CONTROLS, S3Error.OWNERSHIP_CONTROLS_NOT_FOUND);
    missing(S3Operation.GET_BUCKET_POLICY, S3Error.NO_SUCH_BUCKET_POLICY);
    missing(S3Operation.GET_BUCKET_POLICY_STATUS, S3Error.NO_SUCH_BUCKET_POLICY);
    missing(S3Operation.GET_BUCKET_REPLICATION, S3Error.REPLICATION_CONFIGURATION_NOT_FOUND);
    missing(S3Operation.GET_BUCKET_TAGGING, S3Error.NO_SUCH_TAG_SET);
    missing(S3Operation.GET_BUCKET_WEBSITE, S3Error.NO_SUCH_WEBSITE_CONFIGURATION);
    missing(S3Operation.GET_OBJECT_LOCK_CONFIGURATION, S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
    missing(S3Operation.GET_PUBLIC_ACCESS_BLOCK, S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK_CONFIGURATION);
    missing(S3Operation.GET_BUCKET_ANALYTICS_CONFIGURATION, S3Error.NO_SUCH_CONFIGURATION);
    missing(
        S3Operation.GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION, S3Error.NO_SUCH_CONFIGURATION);
    missing(S3Operation.GET_BUCKET_INVENTORY_CONFIGURATION, S3Error.NO_SUCH_CONFIGURATION);
    missing(S3Operation.GET_BUCKET_METRICS_CONFIGURATION, S3Error.NO_SUCH_CONFIGURATION);
  }

  private void defaults() {
    always(S3Operation.GET_BUCKET_ABAC, DefaultsXml.abacDisabled());
    always(S3Operation.GET_BUCKET_ACCELERATE_CONFIGURATION, DefaultsXml.noAcceleration());
    always(S3Operation.GET_BUCKET_LOGGING, DefaultsXml.noLogging());
    always(S3Operation.GET_BUCKET_NOTIFICATION_CONFIGURATION, DefaultsXml.noNotifications());
    always(S3Operation.GET_BUCKET_REQUEST_PAYMENT, DefaultsXml.ownerPays());
    always(
        S3Operation.LIST_BUCKET_ANALYTICS_CONFIGURATIONS,
        DefaultsXml.emptyList("ListBucketAnalyticsConfigurationResult"));
    always(
        S3Operation.LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
        DefaultsXml.emptyList("ListBucketIntelligentTieringConfigurationsOutput"));
    always(
        S3Operation.LIST_BUCKET_INVENTORY_CONFIGURATIONS,
        DefaultsXml.emptyList("ListInventoryConfigurationsResult"));
    always(
        S3Operation.LIST_BUCKET_METRICS_CONFIGURATIONS,
        DefaultsXml.emptyList("ListMetricsConfigurationsResult"));
    handlers.put(
        S3Operation.GET_BUCKET_ACL,
        BucketSetting.of(
            node, bucket -> AclXml.ofOwner(bucket.getOwnerId(), bucket.getOwnerDisplayName())));
  }

  private void ofObjects() {
    handlers.put(
        S3Operation.GET_OBJECT_ACL,
        new ObjectSetting(
            node, object -> AclXml.ofOwner(object.getOwnerId(), object.getOwnerDisplayName())));
    ByteString noTags = DefaultsXml.noTags();
    handlers.put(S3Operation.GET_OBJECT_TAGGING, new ObjectSetting(node, object -> noTags));
    // Both belong to buckets with a lock, and S3 says that this is none before it looks further.
    String noLock = "Bucket is missing Object Lock Configuration";
    handlers.put(
        S3Operation.GET_OBJECT_LEGAL_HOLD,
        BucketSetting.missing(node, S3Error.INVALID_REQUEST, noLock));
    handlers.put(
        S3Operation.GET_OBJECT_RETENTION,
        BucketSetting.missing(node, S3Error.INVALID_REQUEST, noLock));
  }

  private void missing(S3Operation operation, S3Error error) {
    handlers.put(operation, BucketSetting.missing(node, error, error.message()));
  }

  private void always(S3Operation operation, ByteString document) {
    handlers.put(operation, BucketSetting.of(node, bucket -> document));
  }
}
