package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.testkit.model.Answer;
import skarb.testkit.model.Conditions;
import skarb.testkit.model.ListQuery;
import skarb.testkit.model.Page;
import skarb.testkit.model.ReferenceStore;
import skarb.testkit.model.VersionQuery;
import skarb.testkit.model.VersionsPage;
import skarb.testkit.model.Written;
import skarb.testkit.seed.Seeds;
import skarb.v1.BucketInfo;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteBucketResponse;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.GetBucketRequest;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListAllRequest;
import skarb.v1.ListAllVersionsRequest;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
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
import skarb.v1.WriteConditions;

/// Random histories of buckets and objects through gRPC, with restarts, against the reference
/// model: every answer, every read and every page of a listing.
///
/// Each operation is a method that asks node and model the same and compares; [#step] draws among
/// them. A new operation is one more of both.
class ObjectHistoryTest {
  private static final List<String> BUCKETS = List.of("first-bucket", "second-bucket");
  private static final List<String> KEYS =
      List.of("a", "a/", "a/1", "a/1/x", "a/2", "a0", "b/1", "b//2", "c", "\u0001", "é/1", "é");
  private static final List<String> CONTENTS = List.of("one", "two", "three");
  private static final int LIVES = 4;
  private static final int STEPS = 150;

  @TempDir Path folder;

  @Test
  void everyAnswerIsTheModels() {
    Seeds.forEach(
        4,
        (seed, random) -> {
          History history = new History(random);
          Path directory = Files.createDirectories(folder.resolve("seed-" + seed));
          for (int life = 0; life < LIVES; life++) {
            try (NodeFixture node = new NodeFixture(directory)) {
              history.live(node);
            }
          }
        });
  }

  /// One history.
  private static final class History {
    private final RandomGenerator random;
    private final ReferenceStore<String> model = new ReferenceStore<>();
    private final List<Version> heard = new ArrayList<>();
    private BucketsGrpc.BucketsBlockingStub buckets;
    private ObjectsGrpc.ObjectsBlockingStub objects;

    private record Version(String bucket, String key, String id) {}

    @SuppressWarnings("NullAway.Init") // the stubs come with each life
    History(RandomGenerator random) {
      this.random = random;
    }

    void live(NodeFixture node) throws IOException {
      KeyInfo owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
      buckets = BucketsGrpc.newBlockingStub(node.gatewayFor(owner));
      objects = node.objects(owner);
      readAll();
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      readAll();
    }

    private void step() {
      String bucket = pick(BUCKETS);
      switch (random.nextInt(24)) {
        case 0, 1 -> createBucket(bucket);
        case 2 -> deleteBucket(bucket);
        case 3 -> setVersioning(bucket);
        case 4 -> setGuardedOverwrites(bucket);
        case 5, 6, 7 -> delete(bucket, pick(KEYS), Optional.empty());
        case 8 -> delete(bucket, pick(KEYS), Optional.of("null"));
        case 9, 10, 11 -> deleteVersion(bucket);
        case 12 -> get(bucket, pick(KEYS));
        case 13, 14 -> getVersion(bucket);
        case 15 -> list(bucket);
        case 16, 17 -> listVersions(bucket);
        default -> put(bucket, pick(KEYS));
      }
    }

    private void readAll() {
      for (String bucket : BUCKETS) {
        compareBucket(bucket);
        KEYS.forEach(key -> get(bucket, key));
        list(bucket);
        listVersions(bucket);
      }
    }

    // ---- buckets

    private void createBucket(String bucket) {
      assertSame(
          "create " + bucket,
          () -> {
            CreateBucketResponse _ =
                buckets.create(CreateBucketRequest.newBuilder().setName(bucket).build());
          },
          model.createBucket(bucket));
    }

    private void deleteBucket(String bucket) {
      assertSame(
          "delete " + bucket,
          () -> {
            DeleteBucketResponse _ =
                buckets.delete(DeleteBucketRequest.newBuilder().setName(bucket).build());
          },
          model.deleteBucket(bucket));
    }

    private void setVersioning(String bucket) {
      Versioning versioning =
          random.nextInt(3) == 0 ? Versioning.VERSIONING_SUSPENDED : Versioning.VERSIONING_ENABLED;
      assertSame(
          versioning + " " + bucket,
          () -> {
            SetVersioningResponse _ =
                buckets.setVersioning(
                    SetVersioningRequest.newBuilder()
                        .setName(bucket)
                        .setVersioning(versioning)
                        .build());
          },
          model.setVersioning(bucket, versioning));
      compareBucket(bucket);
    }

    private void setGuardedOverwrites(String bucket) {
      boolean guarded = random.nextInt(3) == 0;
      assertSame(
          "guard " + bucket + " " + guarded,
          () -> {
            SetGuardedOverwritesResponse _ =
                buckets.setGuardedOverwrites(
                    SetGuardedOverwritesRequest.newBuilder()
                        .setName(bucket)
                        .setGuarded(guarded)
                        .build());
          },
          model.setGuardedOverwrites(bucket, guarded));
      compareBucket(bucket);
    }

    private void compareBucket(String bucket) {
      Answer<BucketInfo> info =
          ask(() -> buckets.get(GetBucketRequest.newBuilder().setName(bucket).build()).getBucket());
      assertThat(map(info, BucketInfo::getVersioning)).isEqualTo(model.versioning(bucket));
      assertThat(map(info, BucketInfo::getGuardedOverwrites))
          .isEqualTo(model.guardedOverwrites(bucket));
    }

    // ---- objects

    private void put(String bucket, String key) {
      String content = pick(CONTENTS);
      WriteConditions conditions = conditions();
      Answer<Written> answer =
          ask(() -> {
            PutResult result =
                objects
                    .put(
                        PutRequest.newBuilder()
                            .setHeader(
                                UploadHeader.newBuilder()
                                    .setBucket(bucket)
                                    .setKey(key)
                                    .setConditions(conditions))
                            .setContent(ByteString.copyFromUtf8(content))
                            .build())
                    .getResult();
            return new Written(
                result.hasVersionId() ? Optional.of(result.getVersionId()) : Optional.empty(),
                false);
          });
      assertThat(answer)
          .as("put %s %s %s %s", bucket, key, content, conditions)
          .isEqualTo(
              model.put(bucket, key, content, modelled(conditions), remember(bucket, key, answer)));
    }

    private void deleteVersion(String bucket) {
      if (heard.isEmpty()) {
        return;
      }
      Version version = pick(heard);
      boolean strange = random.nextInt(8) == 0;
      delete(
          strange ? bucket : version.bucket(),
          strange ? pick(KEYS) : version.key(),
          Optional.of(version.id()));
    }

    private void delete(String bucket, String key, Optional<String> id) {
      WriteConditions conditions = conditions();
      DeleteRequest.Builder request =
          DeleteRequest.newBuilder().setBucket(bucket).setKey(key).setConditions(conditions);
      id.ifPresent(request::setVersionId);
      Answer<Written> answer =
          ask(() -> {
            DeleteResponse response = objects.delete(request.build());
            return new Written(
                response.hasVersionId() ? Optional.of(response.getVersionId()) : Optional.empty(),
                response.getDeleteMarker());
          });
      assertThat(answer)
          .as("delete %s", request)
          .isEqualTo(
              model.delete(bucket, key, id, modelled(conditions), remember(bucket, key, answer)));
    }

    private String remember(String bucket, String key, Answer<Written> answer) {
      Optional<String> id =
          answer instanceof Answer.Found<Written>(var written)
              ? written.versionId()
              : Optional.empty();
      id.filter(each -> !each.equals("null"))
          .ifPresent(each -> heard.add(new Version(bucket, key, each)));
      return id.orElse("none was told");
    }

    private void get(String bucket, String key) {
      GetRequest.Builder request = GetRequest.newBuilder().setBucket(bucket).setKey(key);
      assertThat(content(request)).as("get %s", request).isEqualTo(model.get(bucket, key));
    }

    private void getVersion(String bucket) {
      boolean nullVersion = heard.isEmpty() || random.nextInt(4) == 0;
      Version version = nullVersion ? new Version(bucket, pick(KEYS), "null") : pick(heard);
      GetRequest.Builder request =
          GetRequest.newBuilder()
              .setBucket(version.bucket())
              .setKey(version.key())
              .setVersionId(version.id());
      assertThat(content(request))
          .as("get %s", request)
          .isEqualTo(model.get(version.bucket(), version.key(), version.id()));
    }

    private Answer<String> content(GetRequest.Builder request) {
      return ask(() -> {
        StringBuilder content = new StringBuilder();
        objects
            .get(request.build())
            .forEachRemaining((GetResponse response) ->
                content.append(response.getFrame().getContent().toStringUtf8()));
        return content.toString();
      });
    }

    // ---- listings

    private void list(String bucket) {
      ListQuery query =
          new ListQuery(bucket, prefix(), delimiter(), marker(), 1 + random.nextInt(4));
      ListRequest.Builder request =
          ListRequest.newBuilder()
              .setBucket(bucket)
              .setPrefix(query.prefix())
              .setDelimiter(query.delimiter())
              .setStartAfter(query.after())
              .setPageSize(query.pageSize());
      List<ListResponse> all = new ArrayList<>();
      Answer<Boolean> streamed =
          ask(() -> {
            objects
                .listAll(ListAllRequest.newBuilder().setFirst(request).build())
                .forEachRemaining(response -> all.add(response.getPage()));
            return true;
          });
      for (int i = 0; ; i++) {
        Answer<ListResponse> answer = ask(() -> objects.list(request.build()));
        Answer<Page<String>> expected = model.list(query);
        assertThat(map(answer, ObjectHistoryTest::shown))
            .as("list %s", request)
            .isEqualTo(map(expected, ObjectHistoryTest::shown));
        if (!(answer instanceof Answer.Found<ListResponse>(var page))
            || !(expected instanceof Answer.Found<Page<String>>(var modelled))) {
          assertThat(streamed).isInstanceOf(Answer.Refused.class);
          return;
        }
        assertThat(all.get(i)).isEqualTo(page);
        assertThat(page.getNextPageToken().isEmpty()).isEqualTo(!modelled.isTruncated());
        if (!modelled.isTruncated()) {
          assertThat(all).hasSize(i + 1);
          return;
        }
        query = query.withAfter(modelled.nextMarker().orElseThrow());
        request.setPageToken(page.getNextPageToken());
      }
    }

    private void listVersions(String bucket) {
      String keyMarker = marker();
      Optional<String> idMarker =
          keyMarker.isEmpty() || heard.isEmpty() || random.nextBoolean()
              ? Optional.empty()
              : Optional.of(random.nextInt(3) == 0 ? "null" : pick(heard).id());
      VersionQuery query =
          new VersionQuery(
              bucket, prefix(), delimiter(), keyMarker, idMarker, 1 + random.nextInt(4));
      ListVersionsRequest.Builder request =
          ListVersionsRequest.newBuilder()
              .setBucket(bucket)
              .setPrefix(query.prefix())
              .setDelimiter(query.delimiter())
              .setKeyMarker(keyMarker)
              .setVersionIdMarker(idMarker.orElse(""))
              .setPageSize(query.pageSize());
      List<ListVersionsResponse> all = new ArrayList<>();
      Answer<Boolean> streamed =
          ask(() -> {
            objects
                .listAllVersions(ListAllVersionsRequest.newBuilder().setFirst(request).build())
                .forEachRemaining(response -> all.add(response.getPage()));
            return true;
          });
      for (int i = 0; ; i++) {
        Answer<ListVersionsResponse> answer = ask(() -> objects.listVersions(request.build()));
        Answer<VersionsPage<String>> expected = model.listVersions(query);
        assertThat(map(answer, ObjectHistoryTest::shown))
            .as("list versions %s", request)
            .isEqualTo(map(expected, ObjectHistoryTest::shown));
        if (!(answer instanceof Answer.Found<ListVersionsResponse>(var page))
            || !(expected instanceof Answer.Found<VersionsPage<String>>(var modelled))) {
          assertThat(streamed).isInstanceOf(Answer.Refused.class);
          return;
        }
        assertThat(all.get(i)).isEqualTo(page);
        assertThat(page.getTruncated()).isEqualTo(modelled.next().isPresent());
        if (modelled.next().isEmpty()) {
          assertThat(page.getNextKeyMarker()).isEmpty();
          assertThat(all).hasSize(i + 1);
          return;
        }
        VersionsPage.Marker next = modelled.next().get();
        assertThat(page.getNextKeyMarker()).isEqualTo(next.key());
        assertThat(page.getNextVersionIdMarker().isEmpty()).isEqualTo(next.versionId().isEmpty());
        query = query.withMarkers(next.key(), next.versionId());
        request
            .setKeyMarker(page.getNextKeyMarker())
            .setVersionIdMarker(page.getNextVersionIdMarker());
      }
    }

    private String prefix() {
      return pick(List.of("", "", "", "a", "a/", "b/", "é"));
    }

    private String delimiter() {
      return pick(List.of("", "", "/", "/", "//", "1"));
    }

    private String marker() {
      return random.nextBoolean() ? "" : pick(KEYS) + pick(List.of("", "", "/", "!"));
    }

    // ---- what node and model share

    private WriteConditions conditions() {
      EtagCondition etag =
          random.nextBoolean()
              ? EtagCondition.newBuilder().setAny(true).build()
              : EtagCondition.newBuilder().addEtags(etag(pick(CONTENTS))).build();
      return switch (random.nextInt(8)) {
        case 0 -> WriteConditions.newBuilder().setIfMatch(etag).build();
        case 1 -> WriteConditions.newBuilder().setIfNoneMatch(etag).build();
        default -> WriteConditions.getDefaultInstance();
      };
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  private static Conditions<String> modelled(WriteConditions conditions) {
    return new Conditions<>(
        conditions.hasIfMatch() ? Optional.of(test(conditions.getIfMatch())) : Optional.empty(),
        conditions.hasIfNoneMatch()
            ? Optional.of(test(conditions.getIfNoneMatch()))
            : Optional.empty());
  }

  private static Predicate<String> test(EtagCondition condition) {
    return content -> condition.getAny() || condition.getEtagsList().contains(etag(content));
  }

  private static String etag(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("MD5")
                  .digest(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A page as text: model and node in one form.
  private static List<String> shown(Page<String> page) {
    List<String> lines = new ArrayList<>(page.commonPrefixes());
    page.objects().forEach(object -> lines.add(object.key() + " " + etag(object.value())));
    return lines;
  }

  private static List<String> shown(ListResponse page) {
    List<String> lines = new ArrayList<>(page.getCommonPrefixesList());
    page.getObjectsList().forEach(object -> lines.add(object.getKey() + " " + object.getEtag()));
    return lines;
  }

  private static List<String> shown(VersionsPage<String> page) {
    List<String> lines = new ArrayList<>(page.commonPrefixes());
    for (VersionsPage.Item<String> item : page.versions()) {
      String value = item.value().map(ObjectHistoryTest::etag).orElse("marker");
      lines.add(line(item.key(), item.versionId(), item.latest(), value));
    }
    return lines;
  }

  private static List<String> shown(ListVersionsResponse page) {
    List<String> lines = new ArrayList<>(page.getCommonPrefixesList());
    TreeSet<String> latest = new TreeSet<>();
    page.getVersionsList()
        .forEach(version -> {
          ObjectInfo info = version.getInfo();
          String id = info.hasVersionId() ? info.getVersionId() : "null";
          String value = info.getDeleteMarker() ? "marker" : info.getEtag();
          lines.add(line(info.getKey(), id, version.getIsLatest(), value));
          assertThat(!version.getIsLatest() || latest.add(info.getKey())).isTrue();
        });
    return lines;
  }

  private static String line(String key, String id, boolean latest, String value) {
    return key + " " + id + (latest ? " latest " : " ") + value;
  }

  private static void assertSame(String what, Runnable call, Optional<ErrorReason> refused) {
    Answer<Boolean> answer =
        ask(() -> {
          call.run();
          return true;
        });
    assertThat(answer)
        .as(what)
        .isEqualTo(
            refused.<Answer<Boolean>>map(Answer.Refused::new).orElse(new Answer.Found<>(true)));
  }

  private static <T> Answer<T> ask(Supplier<T> call) {
    try {
      return new Answer.Found<>(call.get());
    } catch (StatusRuntimeException e) {
      return new Answer.Refused<>(
          ErrorReason.valueOf("ERROR_REASON_" + Failures.info(e).getReason()));
    }
  }

  private static <T, U> Answer<U> map(Answer<T> answer, Function<T, U> function) {
    return switch (answer) {
      case Answer.Found<T>(var value) -> new Answer.Found<>(function.apply(value));
      case Answer.Refused<T>(var reason) -> new Answer.Refused<>(reason);
    };
  }
}
