package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.AccessKeyValue;
import skarb.v1.BucketSetting;
import skarb.v1.MemberValue;
import skarb.v1.OriginBorn;
import skarb.v1.OriginHead;
import skarb.v1.Row;
import skarb.v1.SyncPosition;
import skarb.v1.UserValue;
import skarb.v1.Versioning;
import skarb.v1.WantedPlace;

/// What the rows say, typed: over the index for readers, over [RowChanges] for the committer. Holds
/// nothing, so it is as thread-safe as its view, and a call that reads several rows may see a batch
/// that is being applied in part.
///
/// What is said of a bucket by its incarnation is said of that one alone; [#in] reads all
/// incarnations of a bucket as one.
public final class Catalog {
  private static final int STEP = 256;
  private static final int FEW = 8;

  private final IndexView rows;

  /// @param rows where to read
  public Catalog(IndexView rows) {
    this.rows = rows;
  }

  // ---- buckets

  /// The bucket that a name means: of the incarnations that live the first, with all that are read
  /// as one with it ([BucketNames] has the rules).
  public Optional<BucketRow> bucket(String name) {
    return new BucketNames(rows).find(name);
  }

  /// A bucket by its incarnation alone, deleted or not, by the name that it was made with.
  public Optional<BucketRow> bucket(EntryDot incarnation) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.bucket(incarnation)))
        .map(row ->
            new BucketRow(
                incarnation,
                Rows.order(row),
                row.getBucket(),
                List.of(),
                false,
                row.getBucket().getName()));
  }

  /// What the rows say of a bucket: its own incarnation stands for all that are read as one with
  /// it.
  public Catalog in(BucketRow bucket) {
    return bucket.siblings().isEmpty() ? this : new Catalog(bucket.over(rows));
  }

  /// Whether a bucket lives: it was made and not deleted, or it holds a body in spite of that.
  public boolean lives(EntryDot incarnation) {
    return rows.get(IndexKeys.bucket(incarnation)) != null
        && new BucketLife(rows).lives(incarnation);
  }

  /// Whether a bucket was deleted.
  public boolean isDeleted(EntryDot incarnation) {
    return rows.get(IndexKeys.bucketDeleted(incarnation)) != null;
  }

  /// The buckets of an owner, in byte order of the names they go by.
  ///
  /// @param prefix only names that begin with it
  /// @param after only names above it; empty for all
  public List<BucketRow> bucketsOf(String ownerId, String prefix, String after, int limit) {
    KeyRange all = IndexKeys.bucketsOfOwner(ownerId, prefix);
    KeyRange range =
        after.isEmpty() ? all : all.startingAt(IndexKeys.pastBucketOfOwner(ownerId, after));
    return page(range, null, limit, entry -> goingByItsName(entry.key()));
  }

  private Optional<BucketRow> goingByItsName(RowKey ownerRow) {
    EntryDot incarnation = IndexKeys.incarnationAtEnd(ownerRow);
    Optional<BucketRow> bucket = bucket(incarnation);
    if (bucket.isEmpty() || !everHadSecondSite()) {
      return bucket;
    }
    return bucket(bucket.get().madeAs())
        .filter(each -> each.incarnation().equals(incarnation))
        .or(() -> bucket(BucketName.ofConflict(incarnation)));
  }

  /// Whether a bucket keeps the versions of its objects; UNSPECIFIED where it never did.
  public Versioning versioning(EntryDot incarnation) {
    return setting(incarnation, BucketSetting.VERSIONING_FIELD_NUMBER).getVersioning();
  }

  /// Whether a write over what is current in a bucket must carry a condition.
  public boolean guardedOverwrites(EntryDot incarnation) {
    return setting(incarnation, BucketSetting.GUARDED_OVERWRITES_FIELD_NUMBER)
        .getGuardedOverwrites();
  }

  /// A setting of a bucket, by its field number; one that says nothing where it was never set.
  public BucketSetting setting(EntryDot incarnation, int number) {
    Row row = Rows.row(rows, IndexKeys.bucketSetting(incarnation, number));
    return row == null ? BucketSetting.getDefaultInstance() : row.getBucketSetting();
  }

  /// The entry that last set a setting of a bucket; empty where none did.
  public Optional<EntryOrder> settingOrder(EntryDot incarnation, int number) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.bucketSetting(incarnation, number)))
        .map(Rows::order);
  }

  /// Whether a bucket holds no version at all: no body and no delete marker. A key whose null
  /// version is absent and a version that was removed do not count; where there are many of them
  /// the scan reads through all.
  public boolean isEmpty(EntryDot incarnation) {
    return new BucketLife(rows).isEmpty(incarnation);
  }

  // ---- objects

  /// The current version of a key, a delete marker included; empty where there is none.
  public Optional<ObjectVersion> current(EntryDot incarnation, ByteString key) {
    CurrentVersion current = new CurrentVersion();
    KeyRange range = IndexKeys.rowsOfKey(incarnation, key);
    int limit = FEW;
    while (true) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), limit);
      for (RowEntry entry : step) {
        if (current.add(IndexKeys.parseObject(entry.key()), entry)) {
          return Optional.ofNullable(current.get());
        }
      }
      if (step.size() < limit) {
        return Optional.ofNullable(current.get());
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
      limit = STEP;
    }
  }

  /// The null version of a key, current or not; empty where there is none.
  public Optional<ObjectVersion> nullVersion(EntryDot incarnation, ByteString key) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.nullVersion(incarnation, key)))
        .map(CurrentVersion::nullVersion);
  }

  /// The entry that last set a key's null version, an absent one included: what the next one
  /// replaces and must stand above.
  public Optional<EntryOrder> nullVersionOrder(EntryDot incarnation, ByteString key) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.nullVersion(incarnation, key)))
        .map(Rows::order);
  }

  /// A version of a key by its id; empty where there is none or it was removed.
  public Optional<ObjectVersion> version(EntryDot incarnation, ByteString key, EntryOrder id) {
    Row row = Rows.row(rows, IndexKeys.version(incarnation, key, id));
    if (row == null) {
      return Optional.empty();
    }
    Row tombstone = Rows.row(rows, IndexKeys.tombstone(incarnation, key, id));
    return tombstone != null && CurrentVersion.isRemoved(row, tombstone)
        ? Optional.empty()
        : Optional.of(CurrentVersion.version(id, row));
  }

  /// The entry that last set the tombstone of a version; empty where none did. A version that was
  /// issued again since stands beside it.
  public Optional<EntryOrder> tombstoneOrder(EntryDot incarnation, ByteString key, EntryOrder id) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.tombstone(incarnation, key, id)))
        .map(Rows::order);
  }

  /// Uploads in parts.
  public Uploads uploads() {
    return new Uploads(rows);
  }

  // ---- users and access keys

  /// A user.
  public Optional<UserValue> user(String userId) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.user(userId))).map(Row::getUser);
  }

  /// Users in byte order of their ids.
  ///
  /// @param after only ids above it; empty for all
  public List<UserRow> users(String after, int limit) {
    return page(
        IndexKeys.users(),
        after.isEmpty() ? null : IndexKeys.user(after),
        limit,
        entry ->
            Optional.of(new UserRow(IndexKeys.parseId(entry.key()), Rows.row(entry).getUser())));
  }

  /// An access key; empty where there is none or it was deleted.
  public Optional<AccessKeyRow> accessKey(String accessKeyId) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.accessKey(accessKeyId)))
        .flatMap(row -> accessKey(accessKeyId, row));
  }

  /// Access keys in byte order of their ids, without deleted ones.
  ///
  /// @param after only ids above it; empty for all
  public List<AccessKeyRow> accessKeys(String after, int limit) {
    return page(
        IndexKeys.accessKeys(),
        after.isEmpty() ? null : IndexKeys.accessKey(after),
        limit,
        entry -> accessKey(IndexKeys.parseId(entry.key()), Rows.row(entry)));
  }

  private static Optional<AccessKeyRow> accessKey(String id, Row row) {
    AccessKeyValue value = row.getAccessKey();
    return value.hasKey()
        ? Optional.of(new AccessKeyRow(id, row.getHlc(), value.getKey()))
        : Optional.empty();
  }

  private <T> List<T> page(
      KeyRange all, @Nullable RowKey after, int limit, Function<RowEntry, Optional<T>> read) {
    List<T> found = new ArrayList<>();
    KeyRange range = after == null ? all : all.startingAt(IndexKeys.after(after));
    while (found.size() < limit) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), Math.min(limit, STEP));
      if (step.isEmpty()) {
        break;
      }
      for (RowEntry entry : step) {
        if (found.size() < limit) {
          read.apply(entry).ifPresent(found::add);
        }
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
    return found;
  }

  // ---- the realm

  /// What is said of a member; empty for a site that never was one.
  public Optional<MemberValue> member(SiteId site) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.member(site))).map(Row::getMember);
  }

  /// All members, those that left too, in order of their ids, each with the entry that set it.
  public List<MemberRow> members() {
    return page(
        IndexKeys.members(),
        null,
        Integer.MAX_VALUE,
        entry -> {
          Row row = Rows.row(entry);
          return Optional.of(
              new MemberRow(IndexKeys.parseSite(entry.key()), Rows.dot(row), row.getMember()));
        });
  }

  /// A body that lost unseen and is kept; empty where there is none or it is settled.
  ///
  /// @param loser its order, under which it is read
  public Optional<ObjectVersion> conflict(EntryDot incarnation, ByteString key, EntryOrder loser) {
    Row row = Rows.row(rows, IndexKeys.conflict(incarnation, key, loser));
    if (row == null || rows.get(IndexKeys.conflictResolved(incarnation, key, loser)) != null) {
      return Optional.empty();
    }
    return Optional.of(CurrentVersion.conflict(loser, row));
  }

  /// Entries that are logged and cannot act yet, in order of their dots.
  ///
  /// @param after only dots above it; null for all
  public List<PendingEntry> pending(@Nullable EntryDot after, int limit) {
    return page(
        IndexKeys.pending(),
        after == null ? null : IndexKeys.pending(after),
        limit,
        entry ->
            Optional.of(
                new PendingEntry(
                    IndexKeys.parseDot(entry.key()), Rows.pending(entry.key(), entry.value()))));
  }

  /// Entries whose bodies are not wholly here, in order of their dots.
  ///
  /// @param after only dots above it; null for all
  public List<WantedBodies> wanted(@Nullable EntryDot after, int limit) {
    return page(
        IndexKeys.wanted(),
        after == null ? null : IndexKeys.wanted(after),
        limit,
        entry ->
            Optional.of(new WantedBodies(IndexKeys.parseDot(entry.key()), Rows.wanted(entry))));
  }

  /// Whether bytes that an entry names are not here yet.
  public boolean isWanted(EntryDot entry) {
    return rows.get(IndexKeys.wanted(entry)) != null;
  }

  /// Whether a row still holds a body that is wanted: it is current, a version, or kept since it
  /// lost unseen.
  public boolean isNeeded(WantedBodies wanted) {
    return wanted.row().getPlacesCount() == 0
        || wanted.row().getPlacesList().stream().anyMatch(place -> holds(place, wanted.dot()));
  }

  private boolean holds(WantedPlace place, EntryDot entry) {
    EntryDot bucket = EntryDot.of(place.getBucket());
    EntryOrder version = EntryOrder.of(place.getVersion());
    return conflict(bucket, place.getKey(), version).isPresent()
        || nullVersion(bucket, place.getKey()).filter(row -> row.dot().equals(entry)).isPresent()
        || version(bucket, place.getKey(), version)
            .filter(row -> row.dot().equals(entry))
            .isPresent();
  }

  /// Up to where the journals of peers are logged here, one each.
  public List<SyncPosition> positions() {
    return page(
        IndexKeys.peerPositions(),
        null,
        Integer.MAX_VALUE,
        entry ->
            Optional.of(
                SyncPosition.newBuilder()
                    .setStore(IndexKeys.parseStore(entry.key()))
                    .setBatch(Rows.position(entry).getBatch())
                    .build()));
  }

  /// Up to where one peer's journal is logged here; 0 where nothing is known.
  public long position(ByteString store) {
    RowKey key = IndexKeys.peerPosition(store);
    byte[] value = rows.get(key);
    return value == null ? 0 : Rows.position(new RowEntry(key, value)).getBatch();
  }

  /// Registers that say that something is gone, the oldest first, in the form in which they are
  /// dropped.
  ///
  /// @param after as the last one of the page before; null for the first page
  public List<Grave> graves(@Nullable Grave after, int limit) {
    return page(
        IndexKeys.graves(),
        after == null ? null : after.key(),
        limit,
        entry -> Optional.ofNullable(Grave.of(rows, entry.key())));
  }

  /// The rows that sites agree on which have logged, and let act, the same entries: all that can be
  /// read, and nothing of how it came to be so. Scans the whole index in steps: while writes go on
  /// it is no one moment's state.
  ///
  /// @param visitor takes each with the entry that set it, its stamp and what it holds
  public void liveRows(BiConsumer<RowKey, Row> visitor) {
    new LiveRows(rows, visitor).visit();
  }

  /// The digest over [#liveRows]: the same at sites that agree.
  public StateDigest liveDigest() {
    StateDigest[] digest = {StateDigest.EMPTY};
    liveRows((key, row) -> digest[0] = digest[0].plus(key, row.toByteArray()));
    return digest[0];
  }

  // ---- origins

  /// How far an origin is logged here, and the end of its chain; empty where nothing is.
  public Optional<OriginHead> head(OriginId origin) {
    OriginHead head = Rows.head(rows, origin);
    return head.getSequence() == 0 ? Optional.empty() : Optional.of(head);
  }

  /// All origins' heads: the vector of what is logged here. One row a start of each site.
  public NavigableMap<OriginId, OriginHead> heads() {
    NavigableMap<OriginId, OriginHead> heads = new TreeMap<>();
    KeyRange range = IndexKeys.originHeads();
    while (true) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), STEP);
      step.forEach(entry -> heads.put(IndexKeys.parseOriginHead(entry.key()), Rows.head(entry)));
      if (step.size() < STEP) {
        return heads;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
  }

  /// The highest stamp of all entries that act here.
  public Hlc highestStamp() {
    return heads().values().stream()
        .map(head -> new Hlc(head.getActingHlc()))
        .max(Hlc::compareTo)
        .orElse(Hlc.ZERO);
  }

  /// What an origin's first entry said; empty where it is not logged here.
  public Optional<OriginBorn> born(OriginId origin) {
    return Optional.ofNullable(Rows.row(rows, IndexKeys.born(origin))).map(Row::getBorn);
  }

  /// An origin's running vector: what its last entry that is logged here had seen of the others.
  /// The next entry's `SeenChange` is the difference to it. Without the origin's own component.
  public NavigableMap<OriginId, Long> seen(OriginId origin) {
    return Rows.seen(rows, origin, Rows.head(rows, origin).getSeenSince());
  }

  /// Whether this realm ever had members: only then must the rows that say that something is gone
  /// be kept, until all members have seen them.
  public boolean everHadSecondSite() {
    return rows.get(IndexKeys.realm()) != null;
  }
}
