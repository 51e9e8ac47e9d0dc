package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.ByteRange;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ContentHeaders;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.EtagCondition;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ObjectAttributes;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.ReadConditions;
import skarb.v1.UploadHeader;
import skarb.v1.UserMetadata;
import skarb.v1.WriteConditions;

/// Objects by unary calls and downloads, on a whole node.
class ObjectsServiceTest {
  private static final String BUCKET = "a-bucket";

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;
  private ObjectsGrpc.ObjectsBlockingStub objects;

  @BeforeEach
  void start() throws IOException {
    open();
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    objects = node.objects(owner);
    assertThat(node.createBucket(owner, BUCKET).getBucket().getOwnerId()).isEqualTo("AKOWNER");
  }

  private void open() throws IOException {
    node = new NodeFixture(directory);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void whatIsPutIsGotWithAllThatWasSaidOfIt() {
    ObjectAttributes attributes =
        ObjectAttributes.newBuilder()
            .setHeaders(ContentHeaders.newBuilder().setContentType("text/plain"))
            .addUserMetadata(UserMetadata.newBuilder().setName("colour").setValue("blue"))
            .build();
    PutResult result = put("k", "hello", header -> header.setAttributes(attributes));
    assertThat(result.getEtag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
    assertThat(result.getSize()).isEqualTo(5);
    assertThat(result.hasVersionId()).isFalse();
    assertThat(result.getChecksums().hasCrc64Nvme()).isTrue();

    List<GetResponse> responses = get("k", request -> {});
    assertThat(responses).hasSize(1);
    ObjectInfo info = responses.getFirst().getInfo();
    assertThat(text(responses)).isEqualTo("hello");
    assertThat(info.getAttributes()).isEqualTo(attributes);
    assertThat(info.getEtag()).isEqualTo(result.getEtag());
    assertThat(info.getChecksums()).isEqualTo(result.getChecksums());
    assertThat(info.getOwnerId()).isEqualTo("AKOWNER");
    assertThat(info.getOwnerDisplayName()).isEqualTo("AKOWNER");
    assertThat(info.getSize()).isEqualTo(5);
    assertThat(info.getLastModified().getSeconds()).isPositive();

    HeadResponse head =
        objects.head(HeadRequest.newBuilder().setBucket(BUCKET).setKey("k").build());
    assertThat(head.getInfo()).isEqualTo(info);
  }

  @Test
  void whatWasAnsweredIsThereAfterTheNextStart() throws Exception {
    put("small", "hello", header -> {});
    byte[] large = randomBytes(1 << 20);
    put("large", ByteString.copyFrom(large), header -> {});
    node.close();
    open();
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    objects = node.objects(owner);
    assertThat(text(get("small", request -> {}))).isEqualTo("hello");
    assertThat(bytes(get("large", request -> {}))).isEqualTo(large);
  }

  @Test
  void emptyBodyIsOneMessageWithoutAFrame() {
    put("empty", "", header -> {});
    List<GetResponse> responses = get("empty", request -> {});
    assertThat(responses).hasSize(1);
    assertThat(responses.getFirst().hasFrame()).isFalse();
    assertThat(responses.getFirst().getRange().getLength()).isZero();
    assertThat(
            reason(() ->
                get("empty", request -> request.setRange(ByteRange.newBuilder().setFirst(0)))))
        .isEqualTo("INVALID_RANGE");
  }

  @Test
  void framesAreWholeAndCarryTheirChecksum() {
    byte[] body = randomBytes(700_000);
    put("k", ByteString.copyFrom(body), header -> {});
    List<GetResponse> responses = get("k", request -> {});
    assertThat(bytes(responses)).isEqualTo(body);
    for (GetResponse response : responses) {
      CRC32C crc = new CRC32C();
      crc.update(response.getFrame().getContent().asReadOnlyByteBuffer());
      assertThat(response.getFrame().getCrc32C()).isEqualTo((int) crc.getValue());
      assertThat(response.getFrame().getContent().size()).isLessThanOrEqualTo(256 << 10);
    }
    assertThat(responses.stream().filter(GetResponse::hasInfo)).hasSize(1);
  }

  @Test
  void rangesGiveTheirBytes() {
    put("k", "0123456789", header -> {});
    assertThat(range(ByteRange.newBuilder().setFirst(2).setLast(4))).isEqualTo("2-3:234");
    assertThat(range(ByteRange.newBuilder().setFirst(7))).isEqualTo("7-3:789");
    assertThat(range(ByteRange.newBuilder().setFirst(7).setLast(700))).isEqualTo("7-3:789");
    assertThat(range(ByteRange.newBuilder().setSuffixLength(3))).isEqualTo("7-3:789");
    assertThat(range(ByteRange.newBuilder().setSuffixLength(300))).isEqualTo("0-10:0123456789");
    for (ByteRange.Builder unsatisfiable :
        List.of(ByteRange.newBuilder().setFirst(10), ByteRange.newBuilder().setSuffixLength(0))) {
      ErrorInfo info = Failures.infoOf(() -> get("k", request -> request.setRange(unsatisfiable)));
      assertThat(info.getReason()).isEqualTo("INVALID_RANGE");
      assertThat(info.getMetadataMap()).containsEntry("size", "10");
    }
    for (ByteRange.Builder senseless :
        List.of(
            ByteRange.newBuilder().setLast(4),
            ByteRange.newBuilder().setFirst(4).setLast(3),
            ByteRange.newBuilder().setFirst(1).setSuffixLength(3))) {
      assertThat(reason(() -> get("k", request -> request.setRange(senseless))))
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  private String range(ByteRange.Builder range) {
    List<GetResponse> responses = get("k", request -> request.setRange(range));
    var told = responses.getFirst().getRange();
    return told.getFirst() + "-" + told.getLength() + ":" + text(responses);
  }

  @Test
  void readConditionsAreJudgedInTheirOrder() {
    put("k", "hello", header -> {});
    ObjectInfo info = get("k", request -> {}).getFirst().getInfo();
    EtagCondition same = EtagCondition.newBuilder().addEtags(info.getEtag()).build();
    EtagCondition other = EtagCondition.newBuilder().addEtags("other").build();
    Timestamp modified =
        Timestamp.newBuilder().setSeconds(info.getLastModified().getSeconds()).build();
    Timestamp before = Timestamp.newBuilder().setSeconds(modified.getSeconds() - 1).build();

    assertThat(judge(c -> c.setIfMatch(same))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfMatch(other))).isEqualTo("PRECONDITION_FAILED If-Match");
    assertThat(judge(c -> c.setIfUnmodifiedSince(modified))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfUnmodifiedSince(before)))
        .isEqualTo("PRECONDITION_FAILED If-Unmodified-Since");
    assertThat(judge(c -> c.setIfMatch(same).setIfUnmodifiedSince(before))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfNoneMatch(same))).startsWith("NOT_MODIFIED");
    assertThat(judge(c -> c.setIfNoneMatch(EtagCondition.newBuilder().setAny(true))))
        .startsWith("NOT_MODIFIED");
    assertThat(judge(c -> c.setIfNoneMatch(other))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfModifiedSince(modified))).startsWith("NOT_MODIFIED");
    assertThat(judge(c -> c.setIfModifiedSince(before))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfNoneMatch(other).setIfModifiedSince(modified))).isEqualTo("hello");
    assertThat(judge(c -> c.setIfMatch(other).setIfNoneMatch(same)))
        .isEqualTo("PRECONDITION_FAILED If-Match");
  }

  private String judge(Consumer<ReadConditions.Builder> conditions) {
    ReadConditions.Builder builder = ReadConditions.newBuilder();
    conditions.accept(builder);
    try {
      return text(get("k", request -> request.setConditions(builder)));
    } catch (io.grpc.StatusRuntimeException e) {
      ErrorInfo info = Failures.info(e);
      return info.getReason() + " " + info.getMetadataMap().getOrDefault("condition", "");
    }
  }

  @Test
  void writeConditionsAreJudgedAtTheCommit() {
    WriteConditions absent =
        WriteConditions.newBuilder()
            .setIfNoneMatch(EtagCondition.newBuilder().setAny(true))
            .build();
    put("k", "one", header -> header.setConditions(absent));
    assertThat(reason(() -> put("k", "two", header -> header.setConditions(absent))))
        .isEqualTo("PRECONDITION_FAILED");
    WriteConditions match =
        WriteConditions.newBuilder()
            .setIfMatch(EtagCondition.newBuilder().addEtags("other"))
            .build();
    assertThat(reason(() -> put("k", "two", header -> header.setConditions(match))))
        .isEqualTo("PRECONDITION_FAILED");
    assertThat(reason(() -> put("none", "two", header -> header.setConditions(match))))
        .isEqualTo("NO_SUCH_KEY");
    assertThat(text(get("k", request -> {}))).isEqualTo("one");
  }

  @Test
  void promisedChecksumsMustHold() {
    Checksums wrongMd5 = Checksums.newBuilder().setMd5(ByteString.copyFrom(new byte[16])).build();
    Checksums wrongSha =
        Checksums.newBuilder().setSha256(ByteString.copyFrom(new byte[32])).build();
    assertThat(reason(() -> put("k", "x", header -> header.setExpected(wrongMd5))))
        .isEqualTo("MD5_MISMATCH");
    assertThat(reason(() -> put("k", "x", header -> header.setExpected(wrongSha))))
        .isEqualTo("CHECKSUM_MISMATCH");
    assertThat(
            reason(
                () -> put("k", "x", header -> header.setExpected(wrongSha).setSignedSha256(true))))
        .isEqualTo("CONTENT_SHA256_MISMATCH");
    assertThat(reason(() -> put("k", "x", header -> header.setContentLength(2))))
        .isEqualTo("INCOMPLETE_BODY");
    assertThat(reason(() -> get("k", request -> {}))).isEqualTo("NO_SUCH_KEY");
    PutResult result =
        put(
            "k",
            "x",
            header -> header.setChecksumAlgorithm(ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA1));
    assertThat(result.getChecksums().hasSha1()).isTrue();
    assertThat(result.getChecksums().hasMd5()).isTrue();
  }

  @Test
  void limitsOfTheProtocolHold() {
    assertThat(reason(() -> put("k".repeat(1025), "x", header -> {}))).isEqualTo("KEY_TOO_LONG");
    assertThat(reason(() -> put("", "x", header -> {}))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reason(() -> put("k", "x", header -> header.setBucket("No"))))
        .isEqualTo("INVALID_BUCKET_NAME");
    assertThat(reason(() -> put("k", "x", header -> header.setBucket("nobodys"))))
        .isEqualTo("NO_SUCH_BUCKET");
    assertThat(reason(() -> put("k", ByteString.copyFrom(new byte[(1 << 20) + 1]), header -> {})))
        .isEqualTo("ENTITY_TOO_LARGE");
    assertThat(reason(() -> put("k", "x", header -> metadata(header, "n", "v".repeat(2048)))))
        .isEqualTo("METADATA_TOO_LARGE");
    for (String name : List.of("", "Big", "a b", "a:b", "a\n")) {
      assertThat(reason(() -> put("k", "x", header -> metadata(header, name, "v"))))
          .isEqualTo("INVALID_ARGUMENT");
    }
    assertThat(reason(() -> put("k", "x", header -> metadata(header, "n", "a\r\nb: c"))))
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(
            reason(() ->
                put(
                    "k",
                    "x",
                    header ->
                        header.setExpected(
                            Checksums.newBuilder().setMd5(ByteString.copyFromUtf8("short"))))))
        .isEqualTo("INVALID_ARGUMENT");
    put("a/../b//%2f/\u0001", "odd", header -> {});
    assertThat(text(get("a/../b//%2f/\u0001", request -> {}))).isEqualTo("odd");
  }

  private static void metadata(UploadHeader.Builder header, String name, String value) {
    header.setAttributes(
        ObjectAttributes.newBuilder()
            .addUserMetadata(UserMetadata.newBuilder().setName(name).setValue(value)));
  }

  @Test
  void versionIdsOfABucketWithoutVersions() {
    put("k", "hello", header -> {});
    assertThat(text(get("k", request -> request.setVersionId("null")))).isEqualTo("hello");
    assertThat(reason(() -> get("k", request -> request.setVersionId("f".repeat(32)))))
        .isEqualTo("NO_SUCH_VERSION");
    for (String bad : List.of("", "a b", "Null", "F".repeat(32), "f".repeat(31))) {
      assertThat(reason(() -> get("k", request -> request.setVersionId(bad))))
          .isEqualTo("INVALID_VERSION_ID");
    }
  }

  @Test
  void deletedObjectIsGoneAndDeletingItAgainSucceeds() {
    put("k", "hello", header -> {});
    DeleteRequest request = DeleteRequest.newBuilder().setBucket(BUCKET).setKey("k").build();
    assertThat(objects.delete(request)).isEqualTo(DeleteResponse.getDefaultInstance());
    assertThat(reason(() -> get("k", each -> {}))).isEqualTo("NO_SUCH_KEY");
    assertThat(objects.delete(request)).isEqualTo(DeleteResponse.getDefaultInstance());
  }

  @Test
  void batchOfDeletesHasAnOutcomeForEachItemInOrder() {
    put("a", "1", header -> {});
    put("b", "2", header -> {});
    EtagCondition other = EtagCondition.newBuilder().addEtags("other").build();
    DeleteBatchResponse response =
        objects.deleteBatch(
            DeleteBatchRequest.newBuilder()
                .setBucket(BUCKET)
                .addItems(DeleteBatchItem.newBuilder().setKey("a"))
                .addItems(DeleteBatchItem.newBuilder().setKey(""))
                .addItems(
                    DeleteBatchItem.newBuilder()
                        .setKey("b")
                        .setConditions(WriteConditions.newBuilder().setIfMatch(other)))
                .addItems(DeleteBatchItem.newBuilder().setKey("never"))
                .build());
    assertThat(
            response.getOutcomesList().stream()
                .map(
                    outcome -> outcome.hasDeleted() ? "deleted" : outcome.getFailure().getReason()))
        .containsExactly("deleted", "INVALID_ARGUMENT", "PRECONDITION_FAILED", "deleted");
    assertThat(reason(() -> get("a", request -> {}))).isEqualTo("NO_SUCH_KEY");
    assertThat(text(get("b", request -> {}))).isEqualTo("2");
    assertThat(
            reason(() -> {
              DeleteBatchResponse _ =
                  objects.deleteBatch(DeleteBatchRequest.newBuilder().setBucket(BUCKET).build());
            }))
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void pagesOfAListingJoinUp() {
    for (int i = 0; i < 7; i++) {
      put("dir" + i + "/x", "1", header -> {});
      put("key" + i, "1", header -> {});
    }
    List<String> names = new ArrayList<>();
    ListRequest.Builder request =
        ListRequest.newBuilder().setBucket(BUCKET).setDelimiter("/").setPageSize(3);
    ListResponse page;
    int pages = 0;
    do {
      page = objects.list(request.build());
      names.addAll(page.getCommonPrefixesList());
      page.getObjectsList().forEach(object -> names.add(object.getKey()));
      request.setPageToken(page.getNextPageToken());
      pages++;
    } while (!page.getNextPageToken().isEmpty());
    assertThat(pages).isEqualTo(5);
    assertThat(names).hasSize(14).isSorted();

    ListResponse marked =
        objects.list(
            ListRequest.newBuilder()
                .setBucket(BUCKET)
                .setStartAfter("key3")
                .setPageSize(2)
                .build());
    assertThat(marked.getObjectsList())
        .extracting(ObjectInfo::getKey)
        .containsExactly("key4", "key5");
    assertThat(marked.getNextMarker()).isEqualTo("key5");
    assertThat(
            objects
                .list(ListRequest.newBuilder().setBucket(BUCKET).setPageSize(0).build())
                .getObjectsList())
        .isEmpty();
  }

  @Test
  void pageTokensAreForTheListingThatMadeThem() {
    put("a", "1", header -> {});
    put("b", "1", header -> {});
    ListRequest request = ListRequest.newBuilder().setBucket(BUCKET).setPageSize(1).build();
    String token = objects.list(request).getNextPageToken();
    for (ListRequest bad :
        List.of(
            request.toBuilder().setPageToken(token).setPrefix("a").build(),
            request.toBuilder().setPageToken(token + "A").build(),
            request.toBuilder().setPageToken("b").build(),
            request.toBuilder().setPageToken("%").build())) {
      assertThat(
              reason(() -> {
                ListResponse _ = objects.list(bad);
              }))
          .isEqualTo("INVALID_PAGE_TOKEN");
    }
  }

  @Test
  void bucketIsReachedByItsOwnersKeysAlone() {
    put("k", "hello", header -> {});
    KeyInfo stranger = node.createKey("AKSTRANGER", KeyRole.KEY_ROLE_OPERATOR);
    for (ObjectsGrpc.ObjectsBlockingStub stub :
        List.of(
            node.objects(stranger),
            ObjectsGrpc.newBlockingStub(node.gateway()),
            ObjectsGrpc.newBlockingStub(node.operator()))) {
      assertThat(
              reason(() ->
                  stub.get(GetRequest.newBuilder().setBucket(BUCKET).setKey("k").build()).next()))
          .isEqualTo("ACCESS_DENIED");
      assertThat(
              reason(() -> {
                ListResponse _ = stub.list(ListRequest.newBuilder().setBucket(BUCKET).build());
              }))
          .isEqualTo("ACCESS_DENIED");
      assertThat(
              reason(() -> {
                DeleteResponse _ =
                    stub.delete(DeleteRequest.newBuilder().setBucket(BUCKET).setKey("k").build());
              }))
          .isEqualTo("ACCESS_DENIED");
    }
  }

  @Test
  void storedBodyThatIsDamagedIsDataLossAndNamesTheObject() throws Exception {
    put("k", ByteString.copyFrom(randomBytes(600_000)), header -> {});
    Path segment;
    try (var files = Files.list(directory.resolve("segments"))) {
      segment = files.sorted().findFirst().orElseThrow();
    }
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[64]), 400_000);
    }
    var failure = Failures.failure(() -> get("k", request -> {}));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(failure.getMessage()).doesNotContain(directory.toString());
    assertThat(Failures.info(failure).getReason()).isEqualTo("DATA_DAMAGED");
    assertThat(Failures.info(failure).getMetadataMap())
        .containsEntry("bucket", BUCKET)
        .containsEntry("key", "k");
  }

  private PutResult put(String key, String content, Consumer<UploadHeader.Builder> header) {
    return put(key, ByteString.copyFromUtf8(content), header);
  }

  private PutResult put(String key, ByteString content, Consumer<UploadHeader.Builder> header) {
    UploadHeader.Builder builder = UploadHeader.newBuilder().setBucket(BUCKET).setKey(key);
    header.accept(builder);
    return objects
        .put(PutRequest.newBuilder().setHeader(builder).setContent(content).build())
        .getResult();
  }

  private List<GetResponse> get(String key, Consumer<GetRequest.Builder> request) {
    GetRequest.Builder builder = GetRequest.newBuilder().setBucket(BUCKET).setKey(key);
    request.accept(builder);
    List<GetResponse> responses = new ArrayList<>();
    Iterator<GetResponse> each = objects.get(builder.build());
    each.forEachRemaining(responses::add);
    return responses;
  }

  private static byte[] bytes(List<GetResponse> responses) {
    return responses.stream()
        .map(response -> response.getFrame().getContent())
        .reduce(ByteString.EMPTY, ByteString::concat)
        .toByteArray();
  }

  private static String text(List<GetResponse> responses) {
    return ByteString.copyFrom(bytes(responses)).toStringUtf8();
  }

  private static String reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return Failures.reasonOf(call);
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
