package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.BucketInfo;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteBucketResponse;
import skarb.v1.GetBucketRequest;
import skarb.v1.GetBucketResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.UploadHeader;

/// Buckets on a whole node.
class BucketsServiceTest {
  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;
  private BucketsGrpc.BucketsBlockingStub buckets;
  private BucketsGrpc.BucketsBlockingStub strangers;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    buckets = BucketsGrpc.newBlockingStub(node.gatewayFor(owner));
    strangers =
        BucketsGrpc.newBlockingStub(
            node.gatewayFor(node.createKey("AKSTRANGER", KeyRole.KEY_ROLE_OPERATOR)));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void bucketIsItsMakersAndNobodyElses() {
    BucketInfo made =
        buckets
            .create(
                CreateBucketRequest.newBuilder().setName("mine").setLocation("eu-west-1").build())
            .getBucket();
    assertThat(made.getOwnerId()).isEqualTo("AKOWNER");
    assertThat(made.getOwnerDisplayName()).isEqualTo("AKOWNER");
    assertThat(made.getLocation()).isEqualTo("eu-west-1");
    assertThat(get(buckets, "mine")).isEqualTo(made);
    assertThat(Failures.reasonOf(() -> get(strangers, "mine"))).isEqualTo("ACCESS_DENIED");
    assertThat(Failures.reasonOf(() -> delete(strangers, "mine"))).isEqualTo("ACCESS_DENIED");
    assertThat(Failures.reasonOf(() -> create(buckets, "mine")))
        .isEqualTo("BUCKET_ALREADY_OWNED_BY_YOU");
    assertThat(Failures.reasonOf(() -> create(strangers, "mine")))
        .isEqualTo("BUCKET_ALREADY_EXISTS");
    assertThat(
            Failures.reasonOf(
                () -> create(BucketsGrpc.newBlockingStub(node.operator()), "operators")))
        .isEqualTo("ACCESS_DENIED");
  }

  @Test
  void bucketGoesOnlyWhenItIsEmpty() {
    create(buckets, "mine");
    PutResponse _ =
        node.objects(owner)
            .put(
                PutRequest.newBuilder()
                    .setHeader(UploadHeader.newBuilder().setBucket("mine").setKey("k"))
                    .setContent(ByteString.copyFromUtf8("x"))
                    .build());
    assertThat(Failures.reasonOf(() -> delete(buckets, "mine"))).isEqualTo("BUCKET_NOT_EMPTY");
    create(buckets, "empty");
    delete(buckets, "empty");
    assertThat(Failures.reasonOf(() -> get(buckets, "empty"))).isEqualTo("NO_SUCH_BUCKET");
    assertThat(Failures.reasonOf(() -> delete(buckets, "empty"))).isEqualTo("NO_SUCH_BUCKET");
  }

  @Test
  void badNamesAndLocationsAreRefused() {
    assertThat(Failures.reasonOf(() -> create(buckets, "NO"))).isEqualTo("INVALID_BUCKET_NAME");
    for (String location : List.of("x".repeat(65), "a b", "a\nb")) {
      assertThat(
              Failures.reasonOf(() -> {
                CreateBucketResponse _ =
                    buckets.create(
                        CreateBucketRequest.newBuilder()
                            .setName("mine")
                            .setLocation(location)
                            .build());
              }))
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void listShowsTheCallersBucketsInPages() {
    for (String name : List.of("b-two", "a-one", "b-one", "b-three")) {
      create(buckets, name);
    }
    create(strangers, "b-zero");
    List<String> names = new ArrayList<>();
    ListBucketsRequest.Builder request =
        ListBucketsRequest.newBuilder().setPrefix("b-").setPageSize(2);
    ListBucketsResponse page;
    do {
      page = buckets.list(request.build());
      assertThat(page.getOwnerId()).isEqualTo("AKOWNER");
      page.getBucketsList().forEach(bucket -> names.add(bucket.getName()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertThat(names).containsExactly("b-one", "b-three", "b-two");
  }

  private static void create(BucketsGrpc.BucketsBlockingStub stub, String name) {
    CreateBucketResponse _ = stub.create(CreateBucketRequest.newBuilder().setName(name).build());
  }

  private static BucketInfo get(BucketsGrpc.BucketsBlockingStub stub, String name) {
    GetBucketResponse response = stub.get(GetBucketRequest.newBuilder().setName(name).build());
    return response.getBucket();
  }

  private static void delete(BucketsGrpc.BucketsBlockingStub stub, String name) {
    DeleteBucketResponse _ = stub.delete(DeleteBucketRequest.newBuilder().setName(name).build());
  }
}
