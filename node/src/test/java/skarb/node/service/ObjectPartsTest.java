package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyWriter;
import skarb.node.content.ContentConfig;
import skarb.node.content.StoredBody;
import skarb.node.model.BucketName;
import skarb.node.model.ObjectKey;
import skarb.v1.Body;
import skarb.v1.ByteRange;
import skarb.v1.Checksums;
import skarb.v1.GetRangesRequest;
import skarb.v1.GetRangesResponse;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.KeyRole;
import skarb.v1.ListObjectPartsRequest;
import skarb.v1.ListObjectPartsResponse;
import skarb.v1.Manifest;
import skarb.v1.ObjectPart;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartList;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.UploadHeader;
import skarb.v1.WriteConditions;

/// Reads of parts and of several ranges, on a whole node.
class ObjectPartsTest {
  private static final String BUCKET = "a-bucket";
  private static final String CONTENT = "0123456789";

  @TempDir Path directory;
  private NodeFixture node;
  private ObjectsGrpc.ObjectsBlockingStub objects;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    var owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    objects = node.objects(owner);
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void aBodyThatCameInOneHasPartOneAlone() {
    put("k", CONTENT);
    assertThat(part("k", 1)).isEqualTo("0-10:" + CONTENT);
    ErrorInfo none = Failures.infoOf(() -> part("k", 2));
    assertThat(none.getReason()).isEqualTo("NO_SUCH_PART");
    assertThat(none.getMetadataMap())
        .containsEntry("part_number", "2")
        .containsEntry("parts_count", "1");
    ListObjectPartsResponse parts = parts("k", 0, 1000);
    assertThat(parts.getPartsList()).isEmpty();
    assertThat(parts.getInfo().hasPartsCount()).isFalse();
    put("empty", "");
    assertThat(part("empty", 1)).isEqualTo("0-0:");
  }

  @Test
  void partsAreReadByTheirNumbersWhichNeedNotFollowOneAnother() throws Exception {
    putParts("k", List.of(part(2, 3), part(5, 4), part(9, 3)), false);
    assertThat(part("k", 2)).isEqualTo("0-3:012");
    assertThat(part("k", 5)).isEqualTo("3-4:3456");
    assertThat(part("k", 9)).isEqualTo("7-3:789");
    for (int absent : new int[] {1, 3, 10}) {
      ErrorInfo none = Failures.infoOf(() -> part("k", absent));
      assertThat(none.getReason()).isEqualTo("NO_SUCH_PART");
      assertThat(none.getMetadataMap()).containsEntry("parts_count", "3");
    }
    HeadResponse head =
        objects.head(
            HeadRequest.newBuilder().setBucket(BUCKET).setKey("k").setPartNumber(5).build());
    assertThat(head.getInfo().getPartsCount()).isEqualTo(3);
    assertThat(head.getInfo().getSize()).isEqualTo(10);
    assertThat(head.getRange().getFirst()).isEqualTo(3);
    assertThat(head.getRange().getLength()).isEqualTo(4);
  }

  @Test
  void aLongListOfPartsIsAStoredContent() throws Exception {
    List<ObjectPart> all = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      all.add(part(i * 1000, 1));
    }
    putParts("k", all, true);
    assertThat(part("k", 4000)).isEqualTo("3-1:3");
    ListObjectPartsResponse first = parts("k", 0, 4);
    assertThat(first.getPartsList()).isEqualTo(all.subList(0, 4));
    assertThat(first.getTruncated()).isTrue();
    assertThat(parts("k", 4000, 6).getPartsList()).isEqualTo(all.subList(4, 10));
    assertThat(parts("k", 4000, 6).getTruncated()).isFalse();
    assertThat(parts("k", 0, 0).getTruncated()).isFalse();
  }

  @Test
  void aListOfPartsThatIsNotThatOfItsBodyIsDamage() throws Exception {
    putParts("k", List.of(part(1, 3), part(2, 3)), false);
    assertThat(Failures.reasonOf(() -> part("k", 1))).isEqualTo("DATA_DAMAGED");
    putParts("k", List.of(part(2, 3), part(1, 7)), true);
    assertThat(Failures.reasonOf(() -> parts("k", 0, 10))).isEqualTo("DATA_DAMAGED");
  }

  @Test
  void aPartsNumberGoesWithoutARangeAndIsOneToTenThousand() {
    put("k", CONTENT);
    for (GetRequest.Builder bad :
        List.of(
            GetRequest.newBuilder().setPartNumber(0),
            GetRequest.newBuilder().setPartNumber(10_001),
            GetRequest.newBuilder().setPartNumber(-1),
            GetRequest.newBuilder().setPartNumber(1).setRange(ByteRange.getDefaultInstance()))) {
      ErrorInfo info =
          Failures.infoOf(() -> text(objects.get(bad.setBucket(BUCKET).setKey("k").build())));
      assertThat(info.getReason()).isEqualTo("INVALID_ARGUMENT");
      assertThat(info.getMetadataMap()).containsEntry("field", "part_number");
    }
  }

  @Test
  void rangesComeInTheOrderAskedEachWithItsIndex() {
    put("k", CONTENT);
    List<GetRangesResponse> messages =
        ranges(
            "k",
            ByteRange.newBuilder().setFirst(7),
            ByteRange.newBuilder().setFirst(0).setLast(1),
            ByteRange.newBuilder().setSuffixLength(1),
            ByteRange.newBuilder());
    assertThat(messages)
        .extracting(message ->
            message.getRangeIndex() + ":" + message.getFrame().getContent().toStringUtf8())
        .containsExactly("0:789", "1:01", "2:9", "3:" + CONTENT);
    assertThat(messages)
        .extracting(GetRangesResponse::hasInfo)
        .containsExactly(true, false, false, false);
    assertThat(messages).allMatch(GetRangesResponse::hasRange);
    assertThat(messages.getFirst().getRange().getFirst()).isEqualTo(7);
    put("empty", "");
    assertThat(ranges("empty", ByteRange.newBuilder(), ByteRange.newBuilder())).hasSize(2);
  }

  @Test
  void aLongRangeComesInFramesThatSayTheirRange() {
    byte[] bytes = new byte[900_000];
    new java.util.Random(3).nextBytes(bytes);
    put("k", ByteString.copyFrom(bytes));
    List<GetRangesResponse> messages =
        ranges("k", ByteRange.newBuilder().setFirst(1), ByteRange.newBuilder().setFirst(300_000));
    for (int index = 0; index < 2; index++) {
      int wanted = index;
      List<GetRangesResponse> own =
          messages.stream().filter(message -> message.getRangeIndex() == wanted).toList();
      assertThat(own.stream().filter(GetRangesResponse::hasRange)).hasSize(1);
      ByteString content =
          own.stream()
              .map(message -> message.getFrame().getContent())
              .reduce(ByteString.EMPTY, ByteString::concat);
      assertThat(content).isEqualTo(ByteString.copyFrom(bytes).substring(index == 0 ? 1 : 300_000));
    }
  }

  @Test
  void allRangesAreJudgedBeforeTheFirstByte() {
    put("k", CONTENT);
    ErrorInfo info =
        Failures.infoOf(() ->
            ranges("k", ByteRange.newBuilder().setFirst(0), ByteRange.newBuilder().setFirst(10)));
    assertThat(info.getReason()).isEqualTo("INVALID_RANGE");
    assertThat(info.getMetadataMap()).containsEntry("size", "10");
    ByteRange.Builder[] many = new ByteRange.Builder[1025];
    java.util.Arrays.fill(many, ByteRange.newBuilder());
    assertThat(Failures.infoOf(() -> ranges("k", many)).getMetadataMap())
        .containsEntry("field", "ranges");
    assertThat(Failures.reasonOf(() -> ranges("k"))).isEqualTo("INVALID_ARGUMENT");
  }

  private List<GetRangesResponse> ranges(String key, ByteRange.Builder... ranges) {
    GetRangesRequest.Builder request = GetRangesRequest.newBuilder().setBucket(BUCKET).setKey(key);
    for (ByteRange.Builder range : ranges) {
      request.addRanges(range);
    }
    List<GetRangesResponse> responses = new ArrayList<>();
    objects.getRanges(request.build()).forEachRemaining(responses::add);
    return responses;
  }

  private String part(String key, int number) {
    List<GetResponse> responses = new ArrayList<>();
    objects
        .get(GetRequest.newBuilder().setBucket(BUCKET).setKey(key).setPartNumber(number).build())
        .forEachRemaining(responses::add);
    var range = responses.getFirst().getRange();
    return range.getFirst() + "-" + range.getLength() + ":" + text(responses.iterator());
  }

  private static String text(Iterator<GetResponse> responses) {
    StringBuilder text = new StringBuilder();
    responses.forEachRemaining(
        response -> text.append(response.getFrame().getContent().toStringUtf8()));
    return text.toString();
  }

  private ListObjectPartsResponse parts(String key, int after, int pageSize) {
    return objects.listObjectParts(
        ListObjectPartsRequest.newBuilder()
            .setBucket(BUCKET)
            .setKey(key)
            .setAfterPartNumber(after)
            .setPageSize(pageSize)
            .build());
  }

  private static ObjectPart part(int number, long size) {
    return ObjectPart.newBuilder().setNumber(number).setSize(size).build();
  }

  private void put(String key, String content) {
    put(key, ByteString.copyFromUtf8(content));
  }

  private void put(String key, ByteString content) {
    PutResponse _ =
        objects.put(
            PutRequest.newBuilder()
                .setHeader(UploadHeader.newBuilder().setBucket(BUCKET).setKey(key))
                .setContent(content)
                .build());
  }

  /// Commits a body that says that it came in parts.
  private void putParts(String key, List<ObjectPart> parts, boolean stored) throws Exception {
    StoredBody content = store(ByteString.copyFromUtf8(CONTENT));
    Body.Builder body =
        Body.newBuilder()
            .setManifest(content.manifest())
            .setEtag(content.md5())
            .setParts(parts.size())
            .setOwnerId("AKOWNER");
    if (stored) {
      body.setPartListContent(
          list(PartList.newBuilder().addAllParts(parts).build().toByteString()));
    } else {
      body.addAllPartList(parts);
    }
    var committed =
        node.commits.commit(
            new Submission(
                new Mutation.PutObject(
                    "AKOWNER",
                    new BucketName(BUCKET),
                    ObjectKey.of(key),
                    body.build(),
                    WriteConditions.getDefaultInstance()),
                Optional.empty(),
                content.journaled(),
                content::close));
    assertThat(committed.written()).isPresent();
  }

  private Manifest list(ByteString bytes) throws Exception {
    try (StoredBody list = store(bytes)) {
      return list.manifest();
    }
  }

  private StoredBody store(ByteString bytes) throws Exception {
    ContentConfig standard = ContentConfig.standard();
    ContentConfig noneInJournal =
        new ContentConfig(
            standard.chunkBytes(), 0, standard.parallelBytes(), standard.maxBodyBytes());
    try (BodyWriter writer =
        new BodyWriter(
            node.seams,
            noneInJournal,
            node.chunks,
            node.budget,
            BodyPromise.of(UploadHeader.getDefaultInstance()))) {
      writer.write(bytes);
      return writer.finish(Checksums.getDefaultInstance());
    }
  }
}
