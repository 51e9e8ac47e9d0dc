package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.testkit.model.Answer;
import skarb.testkit.model.Conditions;
import skarb.testkit.model.ReferenceStore;
import skarb.testkit.model.ReferenceUploads;
import skarb.testkit.model.UploadQuery;
import skarb.testkit.model.UploadsPage;
import skarb.testkit.model.Written;
import skarb.testkit.seed.Seeds;
import skarb.v1.BucketsGrpc;
import skarb.v1.ByteRange;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.CopySource;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListUploadsRequest;
import skarb.v1.ListUploadsResponse;
import skarb.v1.PartInfo;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.SetVersioningRequest;
import skarb.v1.SetVersioningResponse;
import skarb.v1.UploadHeader;
import skarb.v1.UploadInfo;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// Random uploads in parts and copies on a whole node, held against the reference model at every
/// answer, with restarts among them.
class RandomUploadsTest {
  private static final String BUCKET = "a-bucket";
  private static final List<String> KEYS = List.of("a", "a/b", "a/c", "a\0b", "b/c/d", "ä");

  @TempDir Path directory;

  /// What is known of an object.
  private record Value(ByteString content, String etag) {}

  /// One store, and what it should hold.
  private static final class World {
    final RandomGenerator random;
    final Path folder;
    final ReferenceStore<Value> objects = new ReferenceStore<>();
    final ReferenceUploads<ByteString, Value> uploads =
        new ReferenceUploads<>(objects, World::join);

    /// Key and id of every upload, ended ones too.
    final List<UploadsPage.Item> known = new ArrayList<>();

    NodeFixture node;
    MultipartFixture client;

    World(Path folder, RandomGenerator random) throws IOException {
      this.folder = folder;
      this.random = random;
      this.node = new NodeFixture(folder);
      KeyInfo owner = owner();
      this.client = new MultipartFixture(node.gatewayFor(owner), BUCKET);
      assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
      assertThat(objects.createBucket(BUCKET)).isEmpty();
    }

    private KeyInfo owner() {
      return node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    }

    void restart() throws IOException {
      node.close();
      node = new NodeFixture(folder);
      client = new MultipartFixture(node.gatewayFor(owner()), BUCKET);
    }

    void step() throws IOException {
      switch (random.nextInt(24)) {
        case 0 -> restart();
        case 1 -> setVersioning();
        case 2, 3, 4 -> create();
        case 5, 6, 7, 8, 9 -> putPart();
        case 10, 11 -> copyPart();
        case 12, 13, 14 -> complete();
        case 15 -> abort();
        case 16, 17 -> list();
        case 18, 19 -> copy();
        case 20, 21 -> put();
        default -> compare();
      }
    }

    private void setVersioning() {
      Versioning versioning =
          random.nextBoolean() ? Versioning.VERSIONING_ENABLED : Versioning.VERSIONING_SUSPENDED;
      SetVersioningResponse _ =
          BucketsGrpc.newBlockingStub(node.gatewayFor(owner()))
              .setVersioning(
                  SetVersioningRequest.newBuilder()
                      .setName(BUCKET)
                      .setVersioning(versioning)
                      .build());
      assertThat(objects.setVersioning(BUCKET, versioning)).isEmpty();
    }

    private void create() {
      String key = key();
      String id = client.create(key);
      assertThat(uploads.create(BUCKET, key, id)).isEmpty();
      known.add(new UploadsPage.Item(key, id));
    }

    private void putPart() {
      UploadsPage.Item upload = upload();
      int number = number();
      ByteString content = content();
      Optional<ErrorReason> refused =
          refusal(() -> {
            PartInfo part =
                client.part(upload.key(), upload.uploadId(), number, content.toByteArray());
            assertThat(part.getEtag()).isEqualTo(md5(content));
            return part;
          });
      assertThat(refused)
          .isEqualTo(uploads.putPart(BUCKET, upload.key(), upload.uploadId(), number, content));
    }

    private void copyPart() {
      UploadsPage.Item upload = upload();
      int number = number();
      String source = key();
      if (!(objects.get(BUCKET, source) instanceof Answer.Found<Value>(Value value))) {
        return;
      }
      boolean whole = value.content().isEmpty() || random.nextBoolean();
      int first = whole ? 0 : random.nextInt(value.content().size());
      int end = whole ? value.content().size() : random.nextInt(first, value.content().size()) + 1;
      CopyPartRequest.Builder request =
          CopyPartRequest.newBuilder()
              .setSource(CopySource.newBuilder().setBucket(BUCKET).setKey(source))
              .setBucket(BUCKET)
              .setKey(upload.key())
              .setUploadId(upload.uploadId())
              .setPartNumber(number);
      if (!whole) {
        request.setRange(ByteRange.newBuilder().setFirst(first).setLast(end - 1L));
      }
      ByteString content = value.content().substring(first, end);
      Optional<ErrorReason> refused =
          refusal(() -> {
            PartInfo part = client.uploads.copyPart(request.build()).getPart();
            assertThat(part.getEtag()).isEqualTo(md5(content));
            return part;
          });
      assertThat(refused)
          .isEqualTo(uploads.putPart(BUCKET, upload.key(), upload.uploadId(), number, content));
    }

    /// Asks for parts that are there, mostly, and such that only the last is short.
    private void complete() {
      UploadsPage.Item upload = upload();
      NavigableMap<Integer, ByteString> asked = new TreeMap<>();
      if (uploads.parts(BUCKET, upload.key(), upload.uploadId())
          instanceof Answer.Found<NavigableMap<Integer, ByteString>>(var parts)) {
        parts.forEach((number, content) -> {
          boolean isLast = asked.isEmpty() || isLong(asked.lastEntry().getValue());
          if (isLast && random.nextInt(4) > 0) {
            asked.put(number, content);
          }
        });
      }
      if (asked.isEmpty()) {
        asked.put(number(), content());
      }
      boolean ifAbsent = random.nextInt(4) == 0;
      CompleteUploadRequest.Builder request =
          CompleteUploadRequest.newBuilder()
              .setBucket(BUCKET)
              .setKey(upload.key())
              .setUploadId(upload.uploadId());
      asked.forEach((number, content) ->
          request.addParts(CompletedPart.newBuilder().setNumber(number).setEtag(md5(content))));
      if (ifAbsent) {
        request.setConditions(
            WriteConditions.newBuilder().setIfNoneMatch(EtagCondition.newBuilder().setAny(true)));
      }
      PutResult[] result = {PutResult.getDefaultInstance()};
      Optional<ErrorReason> refused =
          refusal(() -> {
            result[0] = client.complete(request);
            return result[0];
          });
      Answer<Written> expected =
          uploads.complete(
              BUCKET,
              upload.key(),
              upload.uploadId(),
              asked,
              ifAbsent
                  ? new Conditions<>(Optional.empty(), Optional.of(any -> true))
                  : Conditions.none(),
              result[0].getVersionId());
      assertWritten(expected, refused, result[0]);
      if (refused.isEmpty()) {
        assertThat(result[0].getEtag()).isEqualTo(join(List.copyOf(asked.values())).etag());
      }
    }

    private void abort() {
      UploadsPage.Item upload = upload();
      Optional<ErrorReason> refused =
          refusal(() -> {
            client.abort(upload.key(), upload.uploadId());
            return upload;
          });
      assertThat(refused).isEqualTo(uploads.abort(BUCKET, upload.key(), upload.uploadId()));
    }

    private void list() {
      String prefix = random.nextInt(3) == 0 ? "a" : "";
      String delimiter = random.nextBoolean() ? "/" : "";
      int size = random.nextInt(4);
      String keyMarker = random.nextInt(3) == 0 ? key() : "";
      Optional<String> idMarker =
          !keyMarker.isEmpty() && random.nextBoolean()
              ? known.stream()
                  .filter(each -> each.key().equals(keyMarker))
                  .map(UploadsPage.Item::uploadId)
                  .filter(id -> isOpen(keyMarker, id))
                  .findFirst()
              : Optional.empty();
      Optional<UploadsPage.Marker> next = Optional.of(new UploadsPage.Marker(keyMarker, idMarker));
      while (next.isPresent()) {
        UploadsPage.Marker from = next.get();
        UploadQuery query =
            new UploadQuery(BUCKET, prefix, delimiter, from.key(), from.uploadId(), size);
        ListUploadsResponse page =
            client.uploads.listUploads(
                ListUploadsRequest.newBuilder()
                    .setBucket(BUCKET)
                    .setPrefix(prefix)
                    .setDelimiter(delimiter)
                    .setKeyMarker(from.key())
                    .setUploadIdMarker(from.uploadId().orElse(""))
                    .setPageSize(size)
                    .build());
        UploadsPage answered = page(page);
        assertThat(new Answer.Found<>(answered)).as("%s", query).isEqualTo(uploads.list(query));
        next = answered.next();
      }
    }

    private static UploadsPage page(ListUploadsResponse page) {
      return new UploadsPage(
          page.getUploadsList().stream()
              .map((UploadInfo each) -> new UploadsPage.Item(each.getKey(), each.getUploadId()))
              .toList(),
          page.getCommonPrefixesList(),
          page.getTruncated()
              ? Optional.of(
                  new UploadsPage.Marker(
                      page.getNextKeyMarker(),
                      Optional.of(page.getNextUploadIdMarker()).filter(id -> !id.isEmpty())))
              : Optional.empty());
    }

    private boolean isOpen(String key, String id) {
      return uploads.parts(BUCKET, key, id) instanceof Answer.Found;
    }

    private void copy() {
      String source = key();
      String target = key();
      if (source.equals(target)
          || !(objects.get(BUCKET, source) instanceof Answer.Found<Value>(Value value))) {
        return;
      }
      CopyResponse copied =
          client.objects.copy(
              CopyRequest.newBuilder()
                  .setSource(CopySource.newBuilder().setBucket(BUCKET).setKey(source))
                  .setBucket(BUCKET)
                  .setKey(target)
                  .build());
      Value copy = new Value(value.content(), md5(value.content()));
      assertThat(copied.getResult().getEtag()).isEqualTo(copy.etag());
      assertWritten(
          objects.put(BUCKET, target, copy, Conditions.none(), copied.getResult().getVersionId()),
          Optional.empty(),
          copied.getResult());
    }

    private void put() {
      String key = key();
      ByteString content = small();
      PutResult result =
          client
              .objects
              .put(
                  PutRequest.newBuilder()
                      .setHeader(UploadHeader.newBuilder().setBucket(BUCKET).setKey(key))
                      .setContent(content)
                      .build())
              .getResult();
      assertWritten(
          objects.put(
              BUCKET,
              key,
              new Value(content, md5(content)),
              Conditions.none(),
              result.getVersionId()),
          Optional.empty(),
          result);
    }

    private void compare() {
      String key = key();
      switch (objects.get(BUCKET, key)) {
        case Answer.Found<Value>(Value value) ->
            assertThat(ByteString.copyFrom(client.read(key))).isEqualTo(value.content());
        case Answer.Refused<Value>(ErrorReason reason) ->
            assertThat(refusal(() -> client.read(key))).contains(reason);
      }
      UploadsPage.Item upload = upload();
      switch (uploads.parts(BUCKET, upload.key(), upload.uploadId())) {
        case Answer.Found<NavigableMap<Integer, ByteString>>(var parts) ->
            assertThat(client.parts(upload.key(), upload.uploadId()).getPartsList())
                .extracting(part -> part.getNumber() + " " + part.getEtag())
                .containsExactlyElementsOf(
                    parts.entrySet().stream()
                        .map(part -> part.getKey() + " " + md5(part.getValue()))
                        .toList());
        case Answer.Refused<NavigableMap<Integer, ByteString>>(ErrorReason reason) ->
            assertThat(refusal(() -> client.parts(upload.key(), upload.uploadId())))
                .contains(reason);
      }
    }

    private static void assertWritten(
        Answer<Written> expected, Optional<ErrorReason> refused, PutResult result) {
      switch (expected) {
        case Answer.Found<Written>(Written written) -> {
          assertThat(refused).isEmpty();
          assertThat(result.getVersionId()).isEqualTo(written.versionId().orElse(""));
        }
        case Answer.Refused<Written>(ErrorReason reason) -> assertThat(refused).contains(reason);
      }
    }

    private static Optional<ErrorReason> refusal(Supplier<?> call) {
      try {
        assertThat(call.get()).isNotNull();
        return Optional.empty();
      } catch (StatusRuntimeException e) {
        return Optional.of(ErrorReason.valueOf("ERROR_REASON_" + Failures.info(e).getReason()));
      }
    }

    private String key() {
      return KEYS.get(random.nextInt(KEYS.size()));
    }

    private UploadsPage.Item upload() {
      int latest = Math.min(known.size(), 5);
      return known.isEmpty() || random.nextInt(12) == 0
          ? new UploadsPage.Item(key(), "u" + "1".repeat(32))
          : known.get(known.size() - 1 - random.nextInt(latest));
    }

    private int number() {
      return 1 + random.nextInt(4);
    }

    private ByteString content() {
      return random.nextInt(3) == 0 ? longOne(random.nextInt(2)) : small();
    }

    private ByteString small() {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      return ByteString.copyFrom(bytes);
    }

    /// The least that may stand before another part.
    private static ByteString longOne(int fill) {
      byte[] bytes = new byte[MultipartFixture.MIN_PART];
      Arrays.fill(bytes, (byte) fill);
      return ByteString.copyFrom(bytes);
    }

    private static boolean isLong(ByteString content) {
      return content.size() >= MultipartFixture.MIN_PART;
    }

    private static Value join(List<ByteString> parts) {
      ByteString md5s = ByteString.EMPTY;
      for (ByteString part : parts) {
        md5s = md5s.concat(ByteString.copyFrom(HexFormat.of().parseHex(md5(part))));
      }
      return new Value(ByteString.copyFrom(parts), md5(md5s) + "-" + parts.size());
    }

    @SuppressWarnings("deprecation") // S3's entity tags are MD5s
    private static String md5(ByteString content) {
      return Hashing.md5().hashBytes(content.toByteArray()).toString();
    }
  }

  @Test
  void nodeAnswersAsTheModelDoes() {
    Seeds.forEach(
        2,
        (seed, random) -> {
          World world = new World(directory.resolve("seed-" + seed), random);
          for (int i = 0; i < 200; i++) {
            world.step();
          }
          assertThat(world.node.budget.usedBytes()).isZero();
          world.node.close();
        });
  }
}
