package skarb.node.commit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.index.Catalog;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.index.MemoryIndex;
import skarb.node.index.ObjectVersion;
import skarb.node.index.RowChanges;
import skarb.node.index.StateDigest;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.node.model.VersionId;
import skarb.v1.BucketSetting;
import skarb.v1.Effect;
import skarb.v1.ErrorReason;
import skarb.v1.JournalRecord;
import skarb.v1.MemberValue;
import skarb.v1.SyncPosition;
import skarb.v1.Versioning;

/// A site without a disk: the rules and the rows, one batch a mutation. Its entries are carried to
/// others by hand.
public final class DisklessSite {
  /// Where all wall clocks begin.
  public static final long START = 1_000_000;

  final ManualClock wall = new ManualClock(START);
  final MemoryIndex index = new MemoryIndex();
  final Catalog catalog = new Catalog(index);
  final DirectCommitter committer;
  private final int id;
  private final int starts;
  private final List<ByteString> replayed;

  public DisklessSite(int id) {
    this(id, 0, List.of(), START);
  }

  private DisklessSite(int id, int starts, List<ByteString> records, long millis) {
    this.id = id;
    this.starts = starts;
    this.replayed = List.copyOf(records);
    wall.set(millis);
    RowChanges changes = new RowChanges(index);
    records.forEach(record -> Join.replay(changes, record));
    index.apply(1, changes);
    committer = new DirectCommitter(id, 1_000L * starts + id, index, wall);
  }

  public static MemberValue member(String name) {
    return MemberValue.newBuilder().setName(name).build();
  }

  public SiteId site() {
    return new SiteId(id);
  }

  public Catalog catalog() {
    return catalog;
  }

  /// The rows as a view.
  public MemoryIndex rows() {
    return index;
  }

  public long millis() {
    return wall.millis();
  }

  public void setMillis(long millis) {
    wall.set(millis);
  }

  public void advance(long millis) {
    wall.advance(millis);
  }

  /// The site as it starts anew from its journal.
  public DisklessSite restarted() {
    return restartedWith(records().size());
  }

  /// The site as it starts from the beginning of its journal: a disk that was put back.
  public DisklessSite restartedWith(int records) {
    return new DisklessSite(id, starts + 1, records().subList(0, records), wall.millis());
  }

  /// All records of the journal.
  public List<ByteString> records() {
    List<ByteString> all = new ArrayList<>(replayed);
    all.addAll(committer.records());
    return all;
  }

  // ---- writing

  public Committed done(Mutation mutation) {
    return committer.done(mutation);
  }

  public ErrorReason rejected(Mutation mutation) {
    return committer.rejected(mutation);
  }

  public void createBucket(String owner, String name) {
    Committed _ = done(new Mutation.CreateBucket(owner, new BucketName(name), ""));
  }

  public void deleteBucket(String owner, String name) {
    Committed _ = done(new Mutation.DeleteBucket(owner, new BucketName(name)));
  }

  public void setVersioning(String owner, String name, Versioning versioning) {
    Committed _ =
        done(
            new Mutation.SetBucketSetting(
                owner,
                new BucketName(name),
                BucketSetting.newBuilder().setVersioning(versioning).build()));
  }

  public Committed.Written put(String owner, String bucket, String key, String content) {
    return done(new Mutation.PutObject(
            owner,
            new BucketName(bucket),
            ObjectKey.of(key),
            Requests.body(content),
            Requests.NONE))
        .written()
        .orElseThrow();
  }

  public Optional<Committed.Written> delete(String owner, String bucket, String key) {
    return delete(owner, bucket, key, Optional.empty());
  }

  public Optional<Committed.Written> delete(
      String owner, String bucket, String key, Optional<VersionId> version) {
    return done(new Mutation.DeleteObject(
            owner, new BucketName(bucket), ObjectKey.of(key), version, Requests.NONE))
        .written();
  }

  // ---- reading

  EntryDot bucket() {
    return catalog.bucket(Requests.BUCKET.value()).orElseThrow().incarnation();
  }

  List<ObjectVersion> current(ObjectKey key) {
    return catalog.current(bucket(), key.bytes()).stream().toList();
  }

  List<EntryOrder> conflicts(ObjectKey key) {
    List<EntryOrder> found = new ArrayList<>();
    for (LoggedEntry entry : entries()) {
      for (Effect effect : entry.entry().getEffectsList()) {
        if (effect.hasConflictKept()) {
          EntryOrder loser = EntryOrder.of(effect.getConflictKept().getLoser());
          if (catalog.conflict(bucket(), key.bytes(), loser).isPresent()) {
            found.add(loser);
          }
        }
      }
    }
    return found;
  }

  /// All entries in the order of the journal.
  public List<LoggedEntry> entries() {
    List<LoggedEntry> entries = new ArrayList<>();
    for (ByteString record : records()) {
      JournalRecord parsed = parse(record);
      if (parsed.hasEntry()) {
        entries.add(LoggedEntry.parse(parsed.getEntry()));
      }
    }
    return entries;
  }

  // ---- other sites

  /// Logs all entries of another site.
  public void take(DisklessSite other) {
    log(other.entries());
  }

  public void log(List<LoggedEntry> entries) {
    log(entries, false);
  }

  void log(List<LoggedEntry> entries, boolean wanted) {
    Committed _ = committer.done(intake(entries, wanted));
  }

  /// Logs entries that stand before a place in another site's journal.
  void log(List<LoggedEntry> entries, SyncPosition position) {
    Committed _ =
        done(
            new Mutation.LogEntries(
                entries.stream().map(each -> new Mutation.ReceivedEntry(each, false)).toList(),
                Optional.of(position)));
  }

  ErrorReason refused(List<LoggedEntry> entries) {
    return committer.rejected(intake(entries, false));
  }

  /// Lets act what can by now.
  public void release() {
    Committed _ =
        committer.done(
            new Mutation.ReleaseEntries(
                catalog.pending(null, 100).stream()
                    .map(each -> new Mutation.PendingEntry(each.dot(), false))
                    .toList()));
  }

  /// The digest of a replay of all records.
  StateDigest replayed() {
    MemoryIndex again = new MemoryIndex();
    RowChanges changes = new RowChanges(again);
    records().forEach(record -> Join.replay(changes, record));
    again.apply(1, changes);
    return again.digest();
  }

  private static Mutation intake(List<LoggedEntry> entries, boolean wanted) {
    return new Mutation.LogEntries(
        entries.stream().map(each -> new Mutation.ReceivedEntry(each, wanted)).toList());
  }

  private static JournalRecord parse(ByteString record) {
    try {
      return JournalRecord.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
