package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.BucketInfo;
import skarb.v1.BucketsGrpc;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.GetBucketRequest;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListAllVersionsRequest;
import skarb.v1.ListAllVersionsResponse;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ListedVersion;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.SetGuardedOverwritesRequest;
import skarb.v1.SetGuardedOverwritesResponse;
import skarb.v1.SetVersioningRequest;
import skarb.v1.SetVersioningResponse;
import skarb.v1.UploadHeader;
import skarb.v1.Versioning;

/// What callers are told of versions, on a whole node.
class VersionedObjectsTest {
  private static final String BUCKET = "a-bucket";

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;
  private ObjectsGrpc.ObjectsBlockingStub objects;
  private BucketsGrpc.BucketsBlockingStub buckets;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    objects = node.objects(owner);
    buckets = BucketsGrpc.newBlockingStub(node.gatewayFor(owner));
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void idsAreToldWhereABucketWasEverVersioned() {
    put("k", "zero");
    assertThat(head("k", "").hasVersionId()).isFalse();
    assertThat(head("k", "null").hasVersionId()).isFalse();
    enable();
    assertThat(head("k", "").getVersionId()).isEqualTo("null");
    String one = put("k", "one").getVersionId();
    assertThat(one).matches("[0-9a-f]{32}");
    assertThat(head("k", "").getVersionId()).isEqualTo(one);
    assertThat(head("k", "null").getSize()).isEqualTo(4);
  }

  @Test
  void aDeleteMarkerThatIsCurrentOrAskedForIsSaidToBeOne() {
    enable();
    put("k", "one");
    DeleteResponse deleted = delete("k", "");
    assertThat(deleted.getDeleteMarker()).isTrue();
    ErrorInfo current = Failures.infoOf(() -> head("k", ""));
    assertThat(current.getReason()).isEqualTo("NO_SUCH_KEY");
    assertThat(current.getMetadataMap())
        .containsEntry("delete_marker_version_id", deleted.getVersionId());
    ErrorInfo named = Failures.infoOf(() -> head("k", deleted.getVersionId()));
    assertThat(named.getReason()).isEqualTo("DELETE_MARKER");
    assertThat(named.getMetadataMap())
        .containsEntry("version_id", deleted.getVersionId())
        .containsEntry("bucket", BUCKET)
        .containsEntry("key", "k")
        .containsKey("last_modified_millis");
    assertThat(Failures.infoOf(() -> head("never", "")).getMetadataMap())
        .doesNotContainKey("delete_marker_version_id");
    assertThat(Failures.reasonOf(() -> head("k", "null"))).isEqualTo("NO_SUCH_VERSION");
    assertThat(delete("k", deleted.getVersionId())).isEqualTo(deleted);
    assertThat(head("k", "").getSize()).isEqualTo(3);
  }

  @Test
  void whatCannotBeAVersionIdIsRefusedInReadsAndDeletions() {
    assertThat(Failures.reasonOf(() -> head("k", "garbage"))).isEqualTo("INVALID_VERSION_ID");
    assertThat(Failures.reasonOf(() -> delete("k", "garbage"))).isEqualTo("INVALID_VERSION_ID");
    assertThat(delete("k", "0".repeat(32)).getVersionId()).isEqualTo("0".repeat(32));
    List<DeleteBatchOutcome> outcomes =
        objects
            .deleteBatch(
                DeleteBatchRequest.newBuilder()
                    .setBucket(BUCKET)
                    .addItems(DeleteBatchItem.newBuilder().setKey("k").setVersionId("garbage"))
                    .addItems(DeleteBatchItem.newBuilder().setKey("k").setVersionId("null"))
                    .build())
            .getOutcomesList();
    assertThat(outcomes.get(0).getFailure().getReason()).isEqualTo("INVALID_VERSION_ID");
    assertThat(outcomes.get(1).getDeleted().getVersionId()).isEqualTo("null");
  }

  @Test
  void settingsOfBucketsAreToldAndCheckedForSense() {
    assertThat(bucket().getVersioning()).isEqualTo(Versioning.VERSIONING_UNSPECIFIED);
    assertThat(
            Failures.reasonOf(() -> {
              SetVersioningResponse _ =
                  buckets.setVersioning(SetVersioningRequest.newBuilder().setName(BUCKET).build());
            }))
        .isEqualTo("INVALID_ARGUMENT");
    enable();
    SetGuardedOverwritesResponse _ =
        buckets.setGuardedOverwrites(
            SetGuardedOverwritesRequest.newBuilder().setName(BUCKET).setGuarded(true).build());
    assertThat(bucket().getVersioning()).isEqualTo(Versioning.VERSIONING_ENABLED);
    assertThat(bucket().getGuardedOverwrites()).isTrue();
    put("k", "one");
    ErrorInfo refused = Failures.infoOf(() -> put("k", "two"));
    assertThat(refused.getReason()).isEqualTo("CONDITION_REQUIRED");
    assertThat(refused.getMetadataMap()).containsEntry("bucket", BUCKET).containsEntry("key", "k");
    var stranger = node.createKey("AKSTRANGER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(
            Failures.reasonOf(() -> {
              SetVersioningResponse _ =
                  BucketsGrpc.newBlockingStub(node.gatewayFor(stranger))
                      .setVersioning(
                          SetVersioningRequest.newBuilder()
                              .setName(BUCKET)
                              .setVersioning(Versioning.VERSIONING_SUSPENDED)
                              .build());
            }))
        .isEqualTo("ACCESS_DENIED");
  }

  @Test
  void versionsAreListedWithWhatTheyAre() {
    put("k", "zero");
    enable();
    String one = put("k", "one").getVersionId();
    String marker = delete("k", "").getVersionId();
    ListVersionsResponse page =
        objects.listVersions(ListVersionsRequest.newBuilder().setBucket(BUCKET).build());
    assertThat(page.getTruncated()).isFalse();
    List<ListedVersion> versions = page.getVersionsList();
    assertThat(versions)
        .extracting(version -> version.getInfo().getVersionId())
        .containsExactly(marker, one, "null");
    assertThat(versions).extracting(ListedVersion::getIsLatest).containsExactly(true, false, false);
    assertThat(versions)
        .extracting(version -> version.getInfo().getDeleteMarker())
        .containsExactly(true, false, false);
    ObjectInfo first = versions.getFirst().getInfo();
    assertThat(first.getEtag()).isEmpty();
    assertThat(first.hasChecksums()).isFalse();
    assertThat(first.getOwnerDisplayName()).isEqualTo("AKOWNER");
    assertThat(first.hasLastModified()).isTrue();
    assertThat(versions.get(1).getInfo().getEtag()).isEqualTo(etagOf(one));
  }

  @Test
  void markersOfAListingOfVersionsAreChecked() {
    for (ListVersionsRequest.Builder bad :
        List.of(
            ListVersionsRequest.newBuilder().setVersionIdMarker("null"),
            ListVersionsRequest.newBuilder().setKeyMarker("k".repeat(5000)))) {
      assertThat(
              reason(() -> {
                ListVersionsResponse _ = objects.listVersions(bad.setBucket(BUCKET).build());
              }))
          .isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(
            reason(() -> {
              ListVersionsResponse _ =
                  objects.listVersions(
                      ListVersionsRequest.newBuilder()
                          .setBucket(BUCKET)
                          .setKeyMarker("k")
                          .setVersionIdMarker("garbage")
                          .build());
            }))
        .isEqualTo("INVALID_VERSION_ID");
    put("k", "one");
    ListVersionsResponse none =
        objects.listVersions(
            ListVersionsRequest.newBuilder().setBucket(BUCKET).setPageSize(0).build());
    assertThat(none).isEqualTo(ListVersionsResponse.getDefaultInstance());
  }

  @Test
  void aListingThatNobodyReadsIsNotMadeAndEndsWithItsReader() throws Exception {
    enable();
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < 10; j++) {
        put("k".repeat(1000) + i, "x");
      }
    }
    int before = node.threadsReading();
    Reader reader = new Reader();
    ObjectsGrpc.newStub(ServerFixture.withBearer(node.networkChannel(), node.tokenFor("AKOWNER")))
        .listAllVersions(
            ListAllVersionsRequest.newBuilder()
                .setFirst(ListVersionsRequest.newBuilder().setBucket(BUCKET).setPageSize(200))
                .build(),
            reader);
    await().until(() -> reader.versions.get() == 200);
    reader.ask(10);
    assertThat(reader.end.get(20, TimeUnit.SECONDS)).isEqualTo("completed");
    assertThat(reader.versions.get()).isEqualTo(400);
    await().until(() -> node.threadsReading() == before);

    Reader leaver = new Reader();
    ObjectsGrpc.newStub(node.gatewayFor(owner))
        .listAllVersions(
            ListAllVersionsRequest.newBuilder()
                .setFirst(ListVersionsRequest.newBuilder().setBucket(BUCKET).setPageSize(1))
                .build(),
            leaver);
    await().until(() -> leaver.versions.get() == 1);
    await()
        .pollDelay(Duration.ofMillis(200))
        .until(() -> leaver.versions.get() == 1 && node.threadsReading() == before + 1);
    leaver.cancel();
    await().until(() -> node.threadsReading() == before);
  }

  /// Asks for one message at first, and for more when told to.
  private static final class Reader
      implements ClientResponseObserver<ListAllVersionsRequest, ListAllVersionsResponse> {
    final AtomicInteger versions = new AtomicInteger();
    final CompletableFuture<String> end = new CompletableFuture<>();
    private final CompletableFuture<ClientCallStreamObserver<ListAllVersionsRequest>> call =
        new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<ListAllVersionsRequest> started) {
      started.disableAutoRequestWithInitial(1);
      call.complete(started);
    }

    void ask(int messages) {
      call.join().request(messages);
    }

    void cancel() {
      call.join().cancel("gone", null);
    }

    @Override
    public void onNext(ListAllVersionsResponse response) {
      versions.addAndGet(response.getPage().getVersionsCount());
    }

    @Override
    public void onError(Throwable thrown) {
      end.complete(thrown.toString());
    }

    @Override
    public void onCompleted() {
      end.complete("completed");
    }
  }

  private void enable() {
    SetVersioningResponse _ =
        buckets.setVersioning(
            SetVersioningRequest.newBuilder()
                .setName(BUCKET)
                .setVersioning(Versioning.VERSIONING_ENABLED)
                .build());
  }

  private BucketInfo bucket() {
    return buckets.get(GetBucketRequest.newBuilder().setName(BUCKET).build()).getBucket();
  }

  private PutResult put(String key, String content) {
    return objects
        .put(
            PutRequest.newBuilder()
                .setHeader(UploadHeader.newBuilder().setBucket(BUCKET).setKey(key))
                .setContent(ByteString.copyFromUtf8(content))
                .build())
        .getResult();
  }

  private String etagOf(String versionId) {
    return head("k", versionId).getEtag();
  }

  private ObjectInfo head(String key, String versionId) {
    HeadRequest.Builder request = HeadRequest.newBuilder().setBucket(BUCKET).setKey(key);
    if (!versionId.isEmpty()) {
      request.setVersionId(versionId);
    }
    HeadResponse response = objects.head(request.build());
    return response.getInfo();
  }

  private DeleteResponse delete(String key, String versionId) {
    DeleteRequest.Builder request = DeleteRequest.newBuilder().setBucket(BUCKET).setKey(key);
    if (!versionId.isEmpty()) {
      request.setVersionId(versionId);
    }
    return objects.delete(request.build());
  }

  private static String reason(ThrowingCallable call) {
    return Failures.reasonOf(call);
  }
}
