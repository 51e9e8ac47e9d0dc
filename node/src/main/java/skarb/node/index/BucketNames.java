package skarb.node.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.v1.Row;

/// Which bucket a name means, and the rows that this follows from.
///
/// Sites that cannot reach one another may make buckets with one name. Each is an *incarnation*,
/// named by the entry that made it, and everything in it names the incarnation: so nothing ever
/// lands in a namesake. Of those that live, the never deleted ones first, then by their stamps:
/// - the name belongs to the owner of the first. All that are its owner's are read as one;
/// - those of others are conflicts: each goes by a name made of its incarnation, to its owner.
///
/// Two kinds of derived rows say so, and are kept as the registers change: under the name each
/// incarnation that lives, and under the owner each bucket by the name it goes by.
final class BucketNames {
  private static final int STEP = 8;

  private final IndexView rows;

  BucketNames(IndexView rows) {
    this.rows = rows;
  }

  /// An incarnation that lives.
  private record Named(EntryDot incarnation, boolean revived, Row row) {
    String owner() {
      return row.getBucket().getOwnerId();
    }
  }

  /// The bucket that a name means.
  Optional<BucketRow> find(String name) {
    Optional<EntryDot> conflict = BucketName.conflictIncarnation(name);
    if (conflict.isPresent()) {
      return findConflict(name, conflict.get());
    }
    List<Named> all = living(name);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Named first = all.getFirst();
    List<EntryDot> siblings =
        all.stream()
            .skip(1)
            .filter(each -> each.owner().equals(first.owner()))
            .map(Named::incarnation)
            .toList();
    return Optional.of(
        new BucketRow(
            first.incarnation(),
            Rows.order(first.row()),
            first.row().getBucket(),
            siblings,
            first.revived(),
            name));
  }

  private Optional<BucketRow> findConflict(String name, EntryDot incarnation) {
    Row row = Rows.row(rows, IndexKeys.bucket(incarnation));
    if (row == null) {
      return Optional.empty();
    }
    String madeAs = row.getBucket().getName();
    List<Named> all = living(madeAs);
    return all.stream()
        .filter(each -> each.incarnation().equals(incarnation))
        .filter(each -> !each.owner().equals(all.getFirst().owner()))
        .findFirst()
        .map(each ->
            new BucketRow(
                incarnation,
                Rows.order(row),
                row.getBucket().toBuilder().setName(name).build(),
                List.of(),
                each.revived(),
                madeAs));
  }

  /// The incarnations with a name that live, in their order.
  private List<Named> living(String name) {
    List<Named> found = new ArrayList<>();
    KeyRange range = IndexKeys.livingWithName(name);
    while (true) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), STEP);
      for (RowEntry entry : step) {
        EntryDot incarnation = IndexKeys.incarnationAtEnd(entry.key());
        Row row = Rows.row(rows, IndexKeys.bucket(incarnation));
        if (row != null) {
          found.add(new Named(incarnation, IndexKeys.isOfRevived(entry.key()), row));
        }
      }
      if (step.size() < STEP) {
        return found;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
  }

  /// Follows what became of a bucket's registers.
  static void registersChanged(RowChanges rows, EntryDot incarnation) {
    follow(rows, incarnation, null);
  }

  /// Follows what became of objects in a realm of several sites: a bucket that was deleted lives
  /// while it holds a body. One lookup a bucket and batch where it was not.
  ///
  /// @param touched rows that were set
  static void objectsChanged(RowChanges rows, EntryDot incarnation, List<RowKey> touched) {
    if (rows.get(IndexKeys.bucketDeleted(incarnation)) != null) {
      follow(rows, incarnation, touched);
    }
  }

  /// Removes what follows from a bucket whose registers are about to go.
  static void forget(RowChanges rows, EntryDot incarnation) {
    change(rows, incarnation, false, null);
  }

  private static void follow(
      RowChanges rows, EntryDot incarnation, @Nullable List<RowKey> touched) {
    if (rows.get(IndexKeys.bucketDeleted(incarnation)) == null) {
      change(rows, incarnation, true, null);
    } else {
      change(
          rows,
          incarnation,
          false,
          RegisterRows.isRealm(rows) ? witness(rows, incarnation, touched) : null);
    }
  }

  /// A row that keeps a deleted bucket alive, or null where there is none. The one that did so
  /// before is asked first, so that emptying a bucket does not begin anew with each object.
  private static @Nullable RowKey witness(
      RowChanges rows, EntryDot incarnation, @Nullable List<RowKey> touched) {
    Row bucket = Rows.row(rows, IndexKeys.bucket(incarnation));
    if (bucket == null) {
      return null;
    }
    BucketLife life = new BucketLife(rows);
    byte[] before = rows.get(IndexKeys.bucketName(bucket, true, incarnation));
    if (before != null) {
      return life.body(incarnation, new RowKey(before));
    }
    return touched == null ? life.body(incarnation, null) : life.bodyAmong(incarnation, touched);
  }

  /// @param witness keeps it alive though it was deleted
  private static void change(
      RowChanges rows, EntryDot incarnation, boolean neverDeleted, @Nullable RowKey witness) {
    Row bucket = Rows.row(rows, IndexKeys.bucket(incarnation));
    if (bucket == null) {
      return;
    }
    RowKey live = IndexKeys.bucketName(bucket, false, incarnation);
    RowKey revived = IndexKeys.bucketName(bucket, true, incarnation);
    boolean same =
        (rows.get(live) != null) == neverDeleted
            && (rows.get(revived) != null) == (witness != null);
    if (!same) {
      ownersRows(rows, bucket.getBucket().getName()).forEach(rows::remove);
      rows.remove(live);
      rows.remove(revived);
      if (neverDeleted) {
        rows.put(live, new byte[0]);
      }
    }
    if (witness != null) {
      rows.put(revived, witness.bytes());
    }
    if (!same) {
      ownersRows(rows, bucket.getBucket().getName()).forEach(row -> rows.put(row, new byte[0]));
    }
  }

  private static List<RowKey> ownersRows(RowChanges rows, String name) {
    List<Named> all = new BucketNames(rows).living(name);
    List<RowKey> keys = new ArrayList<>();
    for (Named each : all) {
      String first = all.getFirst().owner();
      if (keys.isEmpty() || !each.owner().equals(first)) {
        String shown = keys.isEmpty() ? name : BucketName.ofConflict(each.incarnation());
        keys.add(
            IndexKeys.bucketOwner(
                each.owner(), shown, Rows.order(each.row()).hlc(), each.incarnation()));
      }
    }
    return keys;
  }
}
