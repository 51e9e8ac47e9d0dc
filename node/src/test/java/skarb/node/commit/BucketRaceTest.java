package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.BucketRow;
import skarb.node.index.ListPage;
import skarb.node.index.Listing;
import skarb.node.index.ObjectVersion;
import skarb.node.index.VersionListing;
import skarb.node.index.VersionPage;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.node.model.VersionId;
import skarb.v1.ErrorReason;
import skarb.v1.Versioning;

/// Two sites that make and delete buckets with one name while they cannot reach each other.
class BucketRaceTest {
  private static final ByteString K = ByteString.copyFromUtf8("k");

  private final DisklessSite a = new DisklessSite(7);
  private final DisklessSite b = new DisklessSite(8);

  @BeforeEach
  void twoMembers() {
    Committed _ = a.done(new Mutation.SetMember(new SiteId(7), DisklessSite.member("a")));
    Committed _ = a.done(new Mutation.SetMember(new SiteId(8), DisklessSite.member("b")));
    exchange();
    a.advance(10);
    b.advance(20);
  }

  @Test
  void bucketsThatOneOwnerMadeAreReadAsOne() {
    a.createBucket("ann", "shared");
    b.createBucket("ann", "shared");
    a.put("ann", "shared", "of-a", "1");
    b.put("ann", "shared", "of-b", "2");
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(keys(each, "ann", "shared")).containsExactly("of-a", "of-b");
      assertThat(each.catalog().bucketsOf("ann", "", "", 10)).hasSize(1);
      assertThat(bucket(each, "shared").siblings()).hasSize(1);
    }
    assertThat(bucket(a, "shared")).isEqualTo(bucket(b, "shared"));
    assertAgreed();
  }

  @Test
  void pagesOfAListingOverTwoIncarnationsGoOnWhereTheLastEnded() {
    a.createBucket("ann", "shared");
    b.createBucket("ann", "shared");
    for (int i = 0; i < 20; i++) {
      a.put("ann", "shared", String.format("k%02d", 2 * i), "1");
      b.put("ann", "shared", String.format("k%02d", 2 * i + 1), "1");
    }
    b.put("ann", "shared", "dir/x", "1");
    a.put("ann", "shared", "dir/y", "1");
    exchange();

    BucketRow bucket = bucket(a, "shared");
    ByteString after = ByteString.EMPTY;
    int count = 0;
    while (true) {
      ListPage page =
          Listing.page(
              bucket.over(a.rows()),
              new Listing.Request(
                  bucket.incarnation(), ByteString.EMPTY, ByteString.copyFromUtf8("/"), after, 7));
      count += page.entries().size();
      if (page.next().isEmpty()) {
        break;
      }
      after = page.next().get();
    }
    assertThat(count).isEqualTo(41);
  }

  @Test
  void aWriteClearsTheKeyInAllIncarnations() {
    oneKeyInTwoIncarnations();
    EntryDot lower = bucket(a, "shared").incarnation();
    a.put("ann", "shared", "k", "newer than both");

    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(current(each, "shared"))
          .hasValueSatisfying(version -> assertThat(content(version)).isEqualTo("newer than both"));
      assertThat(versions(each, "shared")).hasSize(1);
      assertThat(each.catalog().nullVersion(lower, K)).isPresent();
      assertThat(each.catalog().nullVersion(bucket(each, "shared").siblings().getFirst(), K))
          .isEmpty();
    }
    assertAgreed();
  }

  @Test
  void aDeleteClearsTheKeyInAllIncarnations() {
    oneKeyInTwoIncarnations();

    assertThat(a.delete("ann", "shared", "k")).isPresent();
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(current(each, "shared")).isEmpty();
      assertThat(versions(each, "shared")).isEmpty();
    }
    a.deleteBucket("ann", "shared");
    exchange();
    assertThat(b.catalog().bucket("shared")).isEmpty();
    assertThat(b.catalog().bucketsOf("ann", "", "", 10)).isEmpty();
    assertAgreed();
  }

  @Test
  void theLowerOfTwoNullVersionsShowsAsAKeptConflict() {
    oneKeyInTwoIncarnations();

    BucketRow bucket = bucket(a, "shared");
    List<VersionPage.VersionEntry> shown = versions(a, "shared");
    assertThat(shown).hasSize(2);
    assertThat(shown.getFirst().latest()).isTrue();
    assertThat(content(shown.getFirst().version())).isEqualTo("of b");
    ObjectVersion lower = shown.getLast().version();
    assertThat(lower.isNull()).isFalse();
    assertThat(a.catalog().in(bucket).conflict(bucket.incarnation(), K, lower.id()))
        .hasValueSatisfying(version -> assertThat(content(version)).isEqualTo("of a"));

    assertThat(a.delete("ann", "shared", "k", Optional.of(new VersionId.Stamped(lower.id()))))
        .isPresent();
    exchange();
    assertThat(versions(b, "shared")).hasSize(1);
    assertThat(content(current(b, "shared").orElseThrow())).isEqualTo("of b");
    assertAgreed();
  }

  @Test
  void aDeletionInOneIncarnationHidesNothingInAnother() {
    a.createBucket("ann", "shared");
    b.createBucket("ann", "shared");
    a.put("ann", "shared", "k", "of a");
    b.put("ann", "shared", "k", "of b");
    assertThat(b.delete("ann", "shared", "k")).isPresent();
    exchange();

    assertThat(content(current(b, "shared").orElseThrow())).isEqualTo("of a");
    assertAgreed();
  }

  @Test
  void theSettingThatWasMadeLastHolds() {
    a.createBucket("ann", "shared");
    b.createBucket("ann", "shared");
    b.setVersioning("ann", "shared", Versioning.VERSIONING_ENABLED);
    EntryDot version = b.put("ann", "shared", "k", "1").dot();
    exchange();

    BucketRow bucket = bucket(a, "shared");
    assertThat(a.catalog().in(bucket).versioning(bucket.incarnation()))
        .isEqualTo(Versioning.VERSIONING_ENABLED);
    EntryDot newer = a.put("ann", "shared", "k", "2").dot();
    List<VersionPage.VersionEntry> shown = versions(a, "shared");
    assertThat(shown).extracting(each -> each.version().dot()).containsExactly(newer, version);
    assertThat(a.delete("ann", "shared", "k", Optional.of(shown.getLast().version().versionId())))
        .isPresent();
    a.setVersioning("ann", "shared", Versioning.VERSIONING_SUSPENDED);
    exchange();
    assertThat(versions(b, "shared")).hasSize(1);
    assertThat(b.catalog().in(bucket).versioning(bucket.incarnation()))
        .isEqualTo(Versioning.VERSIONING_SUSPENDED);
    assertAgreed();
  }

  @Test
  void ofTwoOwnersTheLaterHasAConflict() {
    a.createBucket("ann", "shared");
    b.createBucket("bob", "shared");
    a.put("ann", "shared", "k", "of ann");
    b.put("bob", "shared", "k", "of bob");
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(bucket(each, "shared").value().getOwnerId()).isEqualTo("ann");
      assertThat(keys(each, "ann", "shared")).containsExactly("k");
      List<BucketRow> ofBob = each.catalog().bucketsOf("bob", "", "", 10);
      assertThat(ofBob).hasSize(1);
      BucketRow conflict = ofBob.getFirst();
      String name = conflict.value().getName();
      assertThat(conflict.isConflict()).isTrue();
      assertThat(conflict.madeAs()).isEqualTo("shared");
      assertThat(BucketName.isValid(name)).isTrue();
      assertThat(each.catalog().bucket(name)).contains(conflict);
      assertThat(content(current(each, name).orElseThrow())).isEqualTo("of bob");
    }
    String name = b.catalog().bucketsOf("bob", "", "", 10).getFirst().value().getName();
    b.put("bob", name, "more", "text");
    assertThat(
            b.rejected(
                new Mutation.DeleteObject(
                    "ann",
                    new BucketName(name),
                    ObjectKey.of("k"),
                    Optional.empty(),
                    Requests.NONE)))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED);
    exchange();
    assertThat(keys(a, "bob", name)).containsExactly("k", "more");
    assertAgreed();
  }

  @Test
  void aConflictBucketTakesTheNameWhenTheOtherIsDeleted() {
    a.createBucket("ann", "shared");
    b.createBucket("bob", "shared");
    exchange();
    String name = b.catalog().bucketsOf("bob", "", "", 10).getFirst().value().getName();

    a.deleteBucket("ann", "shared");
    exchange();

    assertThat(bucket(b, "shared").value().getOwnerId()).isEqualTo("bob");
    assertThat(b.catalog().bucket(name)).isEmpty();
    assertThat(b.catalog().bucketsOf("bob", "", "", 10))
        .extracting(each -> each.value().getName())
        .containsExactly("shared");
    assertAgreed();
  }

  @Test
  void nobodyMakesABucketWithTheNameOfAConflict() {
    assertThat(
            a.rejected(
                new Mutation.CreateBucket(
                    "ann",
                    new BucketName(BucketName.ofConflict(a.entries().getFirst().dot())),
                    "")))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME);
  }

  @Test
  void aBucketThatWasDeletedWhileItTookAWriteLivesAgain() {
    a.createBucket("ann", "shared");
    exchange();
    b.put("ann", "shared", "k", "acknowledged");
    a.deleteBucket("ann", "shared");
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(bucket(each, "shared").revived()).isTrue();
      assertThat(keys(each, "ann", "shared")).containsExactly("k");
      assertThat(each.catalog().bucketsOf("ann", "", "", 10)).hasSize(1);
    }
    assertAgreed();
    assertThat(a.delete("ann", "shared", "k")).isPresent();
    exchange();
    for (DisklessSite each : List.of(a, b)) {
      assertThat(each.catalog().bucket("shared")).isEmpty();
      assertThat(each.catalog().bucketsOf("ann", "", "", 10)).isEmpty();
    }
    assertAgreed();
  }

  @Test
  void aBucketThatLivesAgainIsEmptiedObjectByObject() {
    a.createBucket("ann", "shared");
    exchange();
    for (int i = 0; i < 30; i++) {
      b.put("ann", "shared", "k" + i, "acknowledged");
    }
    a.deleteBucket("ann", "shared");
    exchange();
    List<String> keys = keys(a, "ann", "shared");
    assertThat(keys).hasSize(30);
    for (String key : keys.reversed().subList(0, 15)) {
      assertThat(a.delete("ann", "shared", key)).isPresent();
      assertThat(a.catalog().bucket("shared")).isPresent();
    }
    for (String key : keys.subList(0, 15)) {
      assertThat(a.catalog().bucket("shared")).isPresent();
      assertThat(a.delete("ann", "shared", key)).isPresent();
    }
    assertThat(a.catalog().bucket("shared")).isEmpty();
    exchange();
    assertAgreed();
  }

  @Test
  void aBucketThatLivesAgainDoesNotTakeItsNameBack() {
    a.createBucket("ann", "shared");
    exchange();
    b.put("ann", "shared", "k", "acknowledged");
    a.deleteBucket("ann", "shared");
    a.createBucket("bob", "shared");
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(bucket(each, "shared").value().getOwnerId()).isEqualTo("bob");
      BucketRow conflict = each.catalog().bucketsOf("ann", "", "", 10).getFirst();
      assertThat(conflict.isConflict()).isTrue();
      assertThat(conflict.revived()).isTrue();
      assertThat(keys(each, "ann", conflict.value().getName())).containsExactly("k");
    }
    assertAgreed();
  }

  @Test
  void aKeptBodyKeepsADeletedBucketAlive() {
    a.createBucket("ann", "shared");
    a.put("ann", "shared", "k", "first");
    exchange();
    a.put("ann", "shared", "k", "second");
    b.advance(50);
    assertThat(b.delete("ann", "shared", "k")).isPresent();
    b.deleteBucket("ann", "shared");
    exchange();
    exchange();

    for (DisklessSite each : List.of(a, b)) {
      assertThat(bucket(each, "shared").revived()).isTrue();
      assertThat(keys(each, "ann", "shared")).isEmpty();
      assertThat(versions(each, "shared")).hasSize(1);
    }
    assertAgreed();
  }

  @Test
  void theOwnersNewBucketShowsWhatADeletedNamesakeStillHolds() {
    a.createBucket("ann", "shared");
    exchange();
    b.put("ann", "shared", "late", "acknowledged");
    a.deleteBucket("ann", "shared");
    a.createBucket("ann", "shared");
    a.put("ann", "shared", "new", "text");
    exchange();

    assertThat(keys(a, "ann", "shared")).containsExactly("late", "new");
    assertThat(keys(b, "ann", "shared")).containsExactly("late", "new");
    assertAgreed();
  }

  private void oneKeyInTwoIncarnations() {
    a.createBucket("ann", "shared");
    b.createBucket("ann", "shared");
    a.put("ann", "shared", "k", "of a");
    b.put("ann", "shared", "k", "of b");
    exchange();
  }

  private void exchange() {
    b.take(a);
    a.take(b);
    b.take(a);
  }

  private void assertAgreed() {
    assertThat(a.catalog().liveDigest()).isEqualTo(b.catalog().liveDigest());
    assertThat(a.replayed()).isEqualTo(a.rows().digest());
    assertThat(b.replayed()).isEqualTo(b.rows().digest());
  }

  private static BucketRow bucket(DisklessSite site, String name) {
    return site.catalog().bucket(name).orElseThrow();
  }

  private static Optional<ObjectVersion> current(DisklessSite site, String name) {
    BucketRow bucket = bucket(site, name);
    return site.catalog().in(bucket).current(bucket.incarnation(), K);
  }

  private static String content(ObjectVersion version) {
    return version.body().getAttributes().getUserMetadata(0).getValue();
  }

  private static List<String> keys(DisklessSite site, String owner, String name) {
    BucketRow bucket = bucket(site, name);
    assertThat(bucket.value().getOwnerId()).isEqualTo(owner);
    return Listing.page(
            bucket.over(site.rows()),
            new Listing.Request(
                bucket.incarnation(), ByteString.EMPTY, ByteString.EMPTY, ByteString.EMPTY, 1000))
        .entries()
        .stream()
        .map(each -> each.name().toStringUtf8())
        .toList();
  }

  private static List<VersionPage.VersionEntry> versions(DisklessSite site, String name) {
    BucketRow bucket = bucket(site, name);
    return VersionListing.page(
            bucket.over(site.rows()),
            new VersionListing.Request(
                bucket.incarnation(),
                ByteString.EMPTY,
                ByteString.EMPTY,
                ByteString.EMPTY,
                Optional.empty(),
                1000))
        .entries()
        .stream()
        .map(each -> (VersionPage.VersionEntry) each)
        .toList();
  }
}
