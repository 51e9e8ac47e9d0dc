package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.ConflictKept;
import skarb.v1.Row;

/// The rows of several incarnations of a bucket as if all stood under the first: what one owner
/// made under one name at sites that did not know of each other.
///
/// | what | of several |
/// | --- | --- |
/// | versions, tombstones, kept conflicts, uploads | all: each has a name of its own |
/// | the null version of a key | the highest that is there. A lower one with a body shows as a kept conflict under its order, so that nothing is hidden |
/// | a setting | the one that was set last |
///
/// What is not of the first incarnation is passed on as it is. As thread-safe as what it is over.
final class NamespaceView implements IndexView {
  private final IndexView rows;
  private final EntryDot first;
  private final List<EntryDot> all = new ArrayList<>();

  NamespaceView(IndexView rows, EntryDot first, List<EntryDot> siblings) {
    this.rows = rows;
    this.first = first;
    all.add(first);
    all.addAll(siblings);
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    if (IndexKeys.isSettingOf(first, key)) {
      return setting(key);
    }
    if (!IndexKeys.isWithin(first, key)) {
      return rows.get(key);
    }
    List<RowEntry> found = scan(key, IndexKeys.after(key), 1);
    return found.isEmpty() ? null : found.getFirst().value();
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    List<RowEntry> found = scan(from, to, 1);
    return found.isEmpty() ? null : found.getFirst();
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    if (!IndexKeys.isWithin(first, from)) {
      return rows.scan(from, to, limit);
    }
    List<RowEntry> found = List.of();
    RowKey next = from;
    // A null version of which only a part shows can leave a step without rows.
    while (found.isEmpty() && next.compareTo(to) < 0) {
      Step step = step(next, to, limit);
      found = step.rows();
      next = step.end();
    }
    return found;
  }

  /// @param rows merged, in order, no more than were asked for
  /// @param end up to where nothing else lies, exclusive
  private record Step(List<RowEntry> rows, RowKey end) {}

  private Step step(RowKey from, RowKey to, int limit) {
    TreeMap<RowKey, RowEntry> merged = new TreeMap<>();
    Map<ByteString, List<Row>> nulls =
        new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    RowKey end = to;
    for (EntryDot incarnation : all) {
      List<RowEntry> step =
          rows.scan(
              IndexKeys.moved(from, first, incarnation),
              IndexKeys.moved(to, first, incarnation),
              limit);
      for (RowEntry entry : step) {
        RowKey key = IndexKeys.moved(entry.key(), incarnation, first);
        ByteString ofNull = IndexKeys.keyOfNull(key);
        if (ofNull == null) {
          merged.putIfAbsent(key, new RowEntry(key, entry.value()));
        } else {
          nulls.computeIfAbsent(ofNull, each -> new ArrayList<>()).add(Rows.row(entry));
        }
      }
      if (step.size() == limit) {
        RowKey past = IndexKeys.after(IndexKeys.moved(step.getLast().key(), incarnation, first));
        end = past.compareTo(end) < 0 ? past : end;
      }
    }
    ByteString begunKey = IndexKeys.keyWithin(from);
    if (begunKey != null) {
      nulls.put(begunKey, nullsOf(begunKey));
    }
    nulls.forEach((key, several) -> mergeNulls(key, several, merged));
    List<RowEntry> found = new ArrayList<>();
    for (RowEntry entry : merged.subMap(from, true, end, false).values()) {
      if (found.size() == limit) {
        break;
      }
      found.add(entry);
    }
    return new Step(found, end);
  }

  private List<Row> nullsOf(ByteString key) {
    List<Row> nulls = new ArrayList<>();
    for (EntryDot incarnation : all) {
      Row row = Rows.row(rows, IndexKeys.nullVersion(incarnation, key));
      if (row != null) {
        nulls.add(row);
      }
    }
    return nulls;
  }

  private void mergeNulls(ByteString key, List<Row> nulls, Map<RowKey, RowEntry> merged) {
    Row shown = null;
    for (Row each : nulls) {
      if (shown == null || isAbove(each, shown)) {
        shown = each;
      }
    }
    if (shown == null) {
      return;
    }
    put(merged, IndexKeys.nullVersion(first, key), shown);
    for (Row each : nulls) {
      if (!each.equals(shown) && isThere(each) && each.getNull().hasBody()) {
        EntryOrder order = Rows.order(each);
        ConflictKept.Builder aside =
            ConflictKept.newBuilder()
                .setBucket(first.toProto())
                .setKey(key)
                .setLoser(order.toProto())
                .setLoserDot(each.getDot())
                .setBody(each.getNull().getBody())
                .setWinnerDot(shown.getDot());
        put(
            merged,
            IndexKeys.conflict(first, key, order),
            each.toBuilder().setConflict(aside).build());
      }
    }
  }

  private static void put(Map<RowKey, RowEntry> merged, RowKey key, Row row) {
    merged.put(key, new RowEntry(key, row.toByteArray()));
  }

  /// One that is there stands above one that is not, whatever their stamps: another incarnation's
  /// deletion was not about it.
  private static boolean isAbove(Row one, Row other) {
    boolean there = isThere(one);
    return there == isThere(other) ? Rows.order(one).compareTo(Rows.order(other)) > 0 : there;
  }

  private static boolean isThere(Row row) {
    return CurrentVersion.nullVersion(row) != null;
  }

  private byte @Nullable [] setting(RowKey key) {
    byte[] last = null;
    EntryOrder lastOrder = null;
    for (EntryDot incarnation : all) {
      RowKey own = IndexKeys.moved(key, first, incarnation);
      byte[] value = rows.get(own);
      if (value != null) {
        EntryOrder order = Rows.order(Rows.parse(Row.parser(), own, value));
        if (lastOrder == null || order.compareTo(lastOrder) > 0) {
          last = value;
          lastOrder = order;
        }
      }
    }
    return last;
  }
}
