package skarb.simulation;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import skarb.v1.AccessGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CallContext;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CopyRequest;
import skarb.v1.CopySource;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateUploadRequest;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteKeyRequest;
import skarb.v1.DeleteRequest;
import skarb.v1.EtagCondition;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.KeyInfo;
import skarb.v1.ListKeysRequest;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.SetKeyEnabledRequest;
import skarb.v1.UploadHeader;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// Somebody who writes, deletes and reads at one site, one thing after the other, and notes each
/// answer. What failed may have happened or not: it is not noted.
final class Person {
  private static final Metadata.Key<byte[]> CONTEXT =
      Metadata.Key.of("skarb-context-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final int KEYS = 5;
  private static final int PATIENCE_SECONDS = 40;
  private static final int[] SIZES = {0, 20, 300, 700, 2500};

  private final World world;
  private final int number;
  private final String user;
  private final SplittableRandom random;
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private @Nullable Channel gateway;

  /// @param number which site; it need not be there yet
  Person(World world, int number, String user) {
    this.world = world;
    this.user = user;
    this.number = number;
    this.random = world.random.split();
  }

  private SimulatedSite site() {
    return world.sites.get(number);
  }

  /// Acts again and again, in a thread of the simulation, until it is over.
  ///
  /// @param gone counted down then
  void live(BooleanSupplier over, CountDownLatch gone) {
    world.spawn(
        "person",
        () -> {
          while (!over.getAsBoolean()) {
            act();
          }
          gone.countDown();
        });
  }

  /// Whether the site is there, and lets people in.
  boolean isThere() {
    return number < world.sites.size() && site().isOpen();
  }

  boolean isAt(SimulatedSite site) {
    return site().equals(site);
  }

  boolean isAnn() {
    return user.equals(World.ANN);
  }

  List<Answer> answers() {
    return answers;
  }

  /// A channel to the site on which this person speaks.
  Channel gateway() {
    Channel known = gateway;
    if (known == null) {
      KeyInfo key =
          AccessGrpc.newBlockingStub(site().operator())
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .listKeys(ListKeysRequest.getDefaultInstance())
              .getKeysList()
              .stream()
              .filter(each -> each.getAccessKeyId().equals(user))
              .findFirst()
              .orElseThrow(() -> Status.NOT_FOUND.asRuntimeException());
      Metadata headers = new Metadata();
      headers.put(
          CONTEXT,
          CallContext.newBuilder()
              .setAccessKeyId(key.getAccessKeyId())
              .setKeyGeneration(key.getGeneration())
              .build()
              .toByteArray());
      known =
          ClientInterceptors.intercept(
              site().gateway(), MetadataUtils.newAttachHeadersInterceptor(headers));
      gateway = known;
    }
    return known;
  }

  ObjectsGrpc.ObjectsBlockingStub objects() {
    return ObjectsGrpc.newBlockingStub(gateway())
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /// One thing, and a rest.
  void act() {
    if (!isThere()) {
      world.sleep(Duration.ofSeconds(1));
      return;
    }
    try {
      if (isAnn()) {
        actAsAnn();
      } else {
        race();
      }
    } catch (StatusRuntimeException e) {
      world.scheduler.trace(site().name + " failed: " + e.getStatus().getCode());
      world.sleep(Duration.ofMillis(500));
    }
    world.sleep(Duration.ofMillis(random.nextInt(20, 3000)));
  }

  private void actAsAnn() {
    String bucket = World.BUCKETS.get(random.nextInt(World.BUCKETS.size()));
    String key = "key" + random.nextInt(KEYS);
    switch (random.nextInt(17)) {
      case 0, 1, 2, 3 -> put(bucket, key, content(), conditions());
      case 4, 5 -> delete(bucket, key, "");
      case 6, 7 -> deleteVersion(bucket, key);
      case 8 -> copy(bucket, key);
      case 9, 10, 11 -> read(bucket, key);
      case 12 -> list(bucket);
      case 13 -> uploadInParts(bucket, key);
      case 14 -> toggleVersioning();
      case 15 -> changeKeys();
      default -> race();
    }
  }

  /// Somebody else may make, fill and delete the bucket of the same name at the same time.
  private void race() {
    BucketsGrpc.BucketsBlockingStub buckets =
        BucketsGrpc.newBlockingStub(gateway())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String key = "key" + random.nextInt(2);
    switch (random.nextInt(6)) {
      case 0, 1 -> buckets.create(CreateBucketRequest.newBuilder().setName(World.RACED).build());
      case 2 -> buckets.delete(DeleteBucketRequest.newBuilder().setName(World.RACED).build());
      case 3 ->
          objects().delete(DeleteRequest.newBuilder().setBucket(World.RACED).setKey(key).build());
      default -> put(World.RACED, key);
    }
  }

  private void toggleVersioning() {
    BucketsGrpc.newBlockingStub(gateway())
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .setVersioning(
            World.versioning(
                World.SUSPENDED,
                random.nextBoolean()
                    ? Versioning.VERSIONING_ENABLED
                    : Versioning.VERSIONING_SUSPENDED));
  }

  private void changeKeys() {
    AccessGrpc.AccessBlockingStub access =
        AccessGrpc.newBlockingStub(site().operator())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String key = "spare" + random.nextInt(3);
    switch (random.nextInt(3)) {
      case 0 -> access.createKey(CreateKeyRequest.newBuilder().setAccessKeyId(key).build());
      case 1 ->
          access.setKeyEnabled(
              SetKeyEnabledRequest.newBuilder()
                  .setAccessKeyId(key)
                  .setEnabled(random.nextBoolean())
                  .build());
      default -> access.deleteKey(DeleteKeyRequest.newBuilder().setAccessKeyId(key).build());
    }
  }

  private void uploadInParts(String bucket, String key) {
    MultipartGrpc.MultipartBlockingStub uploads =
        MultipartGrpc.newBlockingStub(gateway())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String upload =
        uploads
            .create(CreateUploadRequest.newBuilder().setBucket(bucket).setKey(key).build())
            .getUploadId();
    PartHeader header =
        PartHeader.newBuilder()
            .setBucket(bucket)
            .setKey(key)
            .setUploadId(upload)
            .setPartNumber(1)
            .build();
    PartInfo part = new PartSender(gateway(), PATIENCE_SECONDS).send(header, content());
    world.sleep(Duration.ofMillis(random.nextInt(1_000)));
    long from = site().appliedBatch();
    PutResult result =
        uploads
            .complete(
                CompleteUploadRequest.newBuilder()
                    .setBucket(bucket)
                    .setKey(key)
                    .setUploadId(upload)
                    .addParts(CompletedPart.newBuilder().setNumber(1).setEtag(part.getEtag()))
                    .build())
            .getResult();
    remember(result.getVersionId());
    note(to -> new Answer.Stored(number, from, to, bucket, key, tag(result.getEtag())));
  }

  private ByteString content() {
    byte[] content = new byte[SIZES[random.nextInt(SIZES.length)] + random.nextInt(9)];
    random.nextBytes(content);
    return ByteString.copyFrom(content);
  }

  /// Sometimes only over nothing.
  private WriteConditions conditions() {
    return random.nextInt(6) == 0
        ? WriteConditions.newBuilder()
            .setIfNoneMatch(EtagCondition.newBuilder().setAny(true))
            .build()
        : WriteConditions.getDefaultInstance();
  }

  private void note(LongFunction<Answer> answer) {
    Answer noted = answer.apply(site().appliedBatch());
    if (noted.from() >= 0 && noted.to() >= 0) {
      answers.add(noted);
      world.scheduler.trace(noted.toString());
    }
  }

  void put(String bucket, String key) {
    put(bucket, key, content(), WriteConditions.getDefaultInstance());
  }

  /// A body that does not go along with its entry.
  void putLarge(String bucket, String key) {
    byte[] content = new byte[2_500];
    random.nextBytes(content);
    put(bucket, key, ByteString.copyFrom(content), WriteConditions.getDefaultInstance());
  }

  private void put(String bucket, String key, ByteString content, WriteConditions conditions) {
    long from = site().appliedBatch();
    PutResult result =
        objects()
            .put(
                PutRequest.newBuilder()
                    .setHeader(
                        UploadHeader.newBuilder()
                            .setBucket(bucket)
                            .setKey(key)
                            .setConditions(conditions)
                            .build())
                    .setContent(content)
                    .build())
            .getResult();
    remember(result.getVersionId());
    note(to -> new Answer.Stored(number, from, to, bucket, key, tag(result.getEtag())));
  }

  private void copy(String bucket, String key) {
    long from = site().appliedBatch();
    String source = World.BUCKETS.get(random.nextInt(World.BUCKETS.size()));
    PutResult result =
        objects()
            .copy(
                CopyRequest.newBuilder()
                    .setSource(
                        CopySource.newBuilder()
                            .setBucket(source)
                            .setKey("key" + random.nextInt(KEYS)))
                    .setBucket(bucket)
                    .setKey(key)
                    .setReplaceAttributes(true)
                    .build())
            .getResult();
    remember(result.getVersionId());
    note(to -> new Answer.Stored(number, from, to, bucket, key, tag(result.getEtag())));
  }

  private void remember(String versionId) {
    if (!versionId.isEmpty()) {
      versions.add(versionId);
    }
  }

  void delete(String bucket, String key, String versionId) {
    long from = site().appliedBatch();
    DeleteRequest.Builder request = DeleteRequest.newBuilder().setBucket(bucket).setKey(key);
    if (!versionId.isEmpty()) {
      request.setVersionId(versionId);
    }
    objects().delete(request.build());
    note(to -> new Answer.Deleted(number, from, to, bucket, key, versionId));
  }

  private void deleteVersion(String bucket, String key) {
    String id =
        versions.isEmpty() || random.nextInt(4) == 0
            ? "null"
            : versions.get(random.nextInt(versions.size()));
    delete(bucket, key, id);
  }

  void read(String bucket, String key) {
    long from = site().appliedBatch();
    try {
      Read read = readWhole(bucket, key);
      note(to -> new Answer.Read(number, from, to, bucket, key, read.tag()));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw e;
      }
      note(to -> new Answer.Read(number, from, to, bucket, key, ""));
    }
  }

  private record Read(String tag, ByteString content) {}

  /// An object whole, its bytes checked against its entity tag.
  private Read readWhole(String bucket, String key) {
    Iterator<GetResponse> answers =
        objects().get(GetRequest.newBuilder().setBucket(bucket).setKey(key).build());
    ByteString content = ByteString.EMPTY;
    String etag = "";
    while (answers.hasNext()) {
      GetResponse next = answers.next();
      if (next.hasInfo()) {
        etag = next.getInfo().getEtag();
      }
      content = content.concat(next.getFrame().getContent());
    }
    checkBody(etag, content);
    return new Read(tag(etag), content);
  }

  @SuppressWarnings("deprecation") // MD5 is what an entity tag is
  private void checkBody(String etag, ByteString content) {
    String md5 = Hashing.md5().hashBytes(content.toByteArray()).toString();
    if (!etag.contains("-") && !etag.equals(md5)) {
      throw new AssertionError(
          site().name + " gave " + content.size() + " bytes that are not those of " + etag);
    }
  }

  private void list(String bucket) {
    long from = site().appliedBatch();
    ListResponse page = objects().list(ListRequest.newBuilder().setBucket(bucket).build());
    List<Answer.Item> items =
        page.getObjectsList().stream()
            .map(each -> new Answer.Item(each.getKey(), tag(each.getEtag())))
            .toList();
    note(to -> new Answer.Listed(number, from, to, bucket, items));
  }

  /// Reads all there is, for the end.
  void readAll() {
    for (String bucket : World.BUCKETS) {
      world.patiently(() -> {
        list(bucket);
        return true;
      });
      for (int i = 0; i < KEYS; i++) {
        String key = "key" + i;
        world.patiently(() -> {
          read(bucket, key);
          return true;
        });
      }
    }
  }

  /// The hex digits of an entity tag.
  private static String tag(String etag) {
    return etag.contains("-") ? etag.substring(0, etag.indexOf('-')) : etag;
  }
}
