package skarb.client;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A client of one Skarb node: objects and buckets, over gRPC.
///
/// ```java
/// try (SkarbClient skarb =
///     SkarbClient.connect("grpcs://storage.example:9010", Credentials.accessKey(id, secret))) {
///   skarb.put("photos", "amber.jpg", Path.of("amber.jpg"));
/// }
/// ```
///
/// - One client serves any number of threads, over one connection that is made when it is first
///   needed and again when it breaks. Close it at the end.
/// - Failures are [SkarbException]s, which know their [Reason] and the server's name for the
///   request; those of local files and streams are [IOException]s. An interrupt cancels the call
///   and is kept.
/// - A call that failed is tried again where doing it twice does what doing it once does and the
///   failure may pass: reads, lists, deletions, and puts whose body can be read again. A put or
///   deletion under a condition is tried again only where the server says that it did nothing. A
///   download goes on where it broke off.
/// - Bodies are verified on the whole way: each frame by its CRC-32C, and the whole by the checksum
///   of the configuration, which the server compares before it stores anything and this client
///   after it has read everything. Ranges, and objects whose checksum is over parts, are verified
///   by frames alone.
/// - Memory: a few frames of 256 KiB a transfer, whatever the size of the body, and for a stream
///   that goes up in parts those parts, as [ClientConfig] says.
///
/// Keys are 1 to 1,024 bytes of UTF-8. [#async] gives the same in futures.
public final class SkarbClient implements AutoCloseable {
  private final AsyncSkarbClient async;
  private final @Nullable Connection owned;
  private final ClientConfig config;

  private SkarbClient(AsyncSkarbClient async, @Nullable Connection owned, ClientConfig config) {
    this.async = async;
    this.owned = owned;
    this.config = config;
  }

  /// A client with the usual configuration.
  public static SkarbClient connect(String uri, Credentials credentials) {
    return connect(URI.create(uri), credentials, ClientConfig.defaults());
  }

  /// A client. Nothing is sent yet.
  ///
  /// @param uri `grpcs://HOST[:PORT]`, or without TLS `grpc://HOST[:PORT]`, which goes to this
  ///   machine only unless the configuration says otherwise; the port is 9010 unless given
  /// @throws IllegalArgumentException where the address is none, or is not protected
  public static SkarbClient connect(URI uri, Credentials credentials, ClientConfig config) {
    return over(Channels.open(Address.parse(uri), config), credentials, config);
  }

  /// A client over any channel.
  static SkarbClient over(ManagedChannel channel, Credentials credentials, ClientConfig config) {
    Connection connection =
        new Connection(channel, new CallAuthorization(credentials, InstantSource.system()), config);
    return new SkarbClient(
        new AsyncSkarbClient(connection, config.deadline(), config.transferDeadline()),
        connection,
        config);
  }

  /// The same client, in futures.
  public AsyncSkarbClient async() {
    return async;
  }

  /// This client with another deadline, for calls and transfers both. It shares the connection, and
  /// closing it does nothing.
  public SkarbClient withDeadline(Duration deadline) {
    return new SkarbClient(async.withDeadline(deadline), null, config);
  }

  /// Lets calls in flight end for at most 5 seconds, and ends the others. Calls after it fail with
  /// [Reason#CLIENT_CLOSED].
  @Override
  public void close() {
    if (owned != null) {
      owned.close();
    }
  }

  /// Stores bytes.
  public PutResult put(String bucket, String key, byte[] body) {
    return put(bucket, key, body, PutOptions.none());
  }

  /// Stores bytes.
  public PutResult put(String bucket, String key, byte[] body, PutOptions options) {
    return Futures.await(async.put(bucket, key, body, options));
  }

  /// Stores a file.
  public PutResult put(String bucket, String key, Path body) throws IOException {
    return put(bucket, key, body, PutOptions.none());
  }

  /// Stores a file, which must not change meanwhile: nothing is stored of one whose size or time of
  /// modification is another after it was read ([Reason#BODY_CHANGED]).
  public PutResult put(String bucket, String key, Path body, PutOptions options)
      throws IOException {
    return Futures.awaitWithIo(async.put(bucket, key, body, options));
  }

  /// Stores a stream to its end.
  public PutResult put(String bucket, String key, InputStream body) throws IOException {
    return put(bucket, key, body, PutOptions.none());
  }

  /// Stores a stream to its end, whose length nobody knows: in one call where it is shorter than a
  /// part, else in parts. The stream is read on other threads, and not closed.
  public PutResult put(String bucket, String key, InputStream body, PutOptions options)
      throws IOException {
    return Futures.awaitWithIo(async.put(bucket, key, body, options));
  }

  /// Stores so many bytes of a stream. It is read on other threads, and not closed.
  ///
  /// @throws IOException where it cannot be read, or has fewer; nothing is stored then
  public PutResult put(String bucket, String key, InputStream body, long length, PutOptions options)
      throws IOException {
    return Futures.awaitWithIo(async.put(bucket, key, body, length, options));
  }

  /// Reads an object into a file.
  public ObjectInfo get(String bucket, String key, Path target) throws IOException {
    return get(bucket, key, target, GetOptions.none());
  }

  /// Reads an object into a file. What is there is replaced once the whole body came, was verified
  /// and is on disk, and stays as it was otherwise. A file passes its permissions on; a link is
  /// itself replaced, by a new file.
  public ObjectInfo get(String bucket, String key, Path target, GetOptions options)
      throws IOException {
    return Futures.awaitWithIo(async.get(bucket, key, target, options));
  }

  /// Reads an object into memory, up to the limit of the configuration.
  public byte[] getBytes(String bucket, String key) {
    return getBytes(bucket, key, GetOptions.none());
  }

  /// Reads an object into memory, up to the limit of the configuration.
  public byte[] getBytes(String bucket, String key, GetOptions options) {
    return getBytes(bucket, key, config.maxBytesInMemory(), options);
  }

  /// Reads an object into memory.
  ///
  /// @param maxBytes the most; a longer body is [Reason#LARGER_THAN_LIMIT]
  public byte[] getBytes(String bucket, String key, int maxBytes, GetOptions options) {
    return Futures.await(async.getBytes(bucket, key, maxBytes, options));
  }

  /// Opens an object for reading. Close the stream.
  public ObjectStream open(String bucket, String key) {
    return open(bucket, key, GetOptions.none());
  }

  /// Opens an object for reading. Close the stream. One that nobody reads for some minutes is ended
  /// by the server.
  public ObjectStream open(String bucket, String key, GetOptions options) {
    return Futures.await(async.open(bucket, key, options));
  }

  /// What is known of an object.
  ///
  /// @throws SkarbException.NotFound where it is not there
  public ObjectInfo head(String bucket, String key) {
    return head(bucket, key, GetOptions.none());
  }

  /// What is known of an object.
  public ObjectInfo head(String bucket, String key, GetOptions options) {
    return Futures.await(async.head(bucket, key, options));
  }

  /// Copies an object of at most 5 GiB within the server.
  public CopyResult copy(CopySource source, String bucket, String key) {
    return copy(source, bucket, key, CopyOptions.none());
  }

  /// Copies an object of at most 5 GiB within the server.
  public CopyResult copy(CopySource source, String bucket, String key, CopyOptions options) {
    return Futures.await(async.copy(source, bucket, key, options));
  }

  /// Deletes an object. That it is not there is no failure.
  public DeleteResult delete(String bucket, String key) {
    return delete(bucket, key, DeleteOptions.none());
  }

  /// Deletes an object, or one version of it. That it is not there is no failure.
  public DeleteResult delete(String bucket, String key, DeleteOptions options) {
    return Futures.await(async.delete(bucket, key, options));
  }

  /// Deletes any number of objects, a thousand a call. Each succeeds or fails by itself.
  ///
  /// @return an outcome an item, in their order
  public List<DeleteOutcome> deleteAll(String bucket, Collection<DeleteItem> items) {
    return Futures.await(async.deleteAll(bucket, items));
  }

  /// All current objects of a bucket.
  public Stream<ObjectInfo> list(String bucket) {
    return list(bucket, ListOptions.all());
  }

  /// A bucket's current objects in byte order of their keys. Pages are asked for as the stream is
  /// used, which can therefore fail with a [SkarbException].
  ///
  /// @param options without a delimiter
  public Stream<ObjectInfo> list(String bucket, ListOptions options) {
    return Page.stream(() -> async.list(bucket, options));
  }

  /// A bucket's current objects, and what their keys share up to a delimiter, in one order.
  public Stream<ListEntry> listEntries(String bucket, ListOptions options) {
    return Page.stream(() -> async.listEntries(bucket, options));
  }

  /// A bucket's versions and delete markers: in byte order of the keys, those of one key the newest
  /// first.
  ///
  /// @param options without a delimiter
  public Stream<ObjectVersion> listVersions(String bucket, ListOptions options) {
    return Page.stream(() -> async.listVersions(bucket, options));
  }

  /// A bucket's open uploads.
  ///
  /// @param options without a delimiter
  public Stream<UploadInfo> listUploads(String bucket, ListOptions options) {
    return Page.stream(() -> async.listUploads(bucket, options));
  }

  /// The caller's buckets, in order of their names.
  public Stream<BucketInfo> listBuckets() {
    return Page.stream(() -> async.listBuckets(""));
  }

  /// Makes a bucket.
  ///
  /// @throws SkarbException.AlreadyExists where there is one of this name
  public BucketInfo createBucket(String bucket) {
    return Futures.await(async.createBucket(bucket));
  }

  /// What is known of a bucket.
  public BucketInfo headBucket(String bucket) {
    return Futures.await(async.headBucket(bucket));
  }

  /// Deletes a bucket that is empty.
  public void deleteBucket(String bucket) {
    Futures.await(async.deleteBucket(bucket));
  }

  /// Says whether a bucket keeps versions: [Versioning#ENABLED] or [Versioning#SUSPENDED].
  public void setVersioning(String bucket, Versioning versioning) {
    Futures.await(async.setVersioning(bucket, versioning));
  }

  /// Says whether a write over what is current in a bucket must carry a [WriteCondition].
  public void setGuardedOverwrites(String bucket, boolean guarded) {
    Futures.await(async.setGuardedOverwrites(bucket, guarded));
  }
}
