package skarb.node.index;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Dot;
import skarb.v1.OriginHead;
import skarb.v1.PeerPositionRow;
import skarb.v1.PendingRow;
import skarb.v1.Row;
import skarb.v1.SeenVector;
import skarb.v1.WantedRow;

/// Rows as messages.
final class Rows {
  private Rows() {}

  /// The state of a register, or null where it was never set.
  static @Nullable Row row(IndexView rows, RowKey key) {
    byte[] value = rows.get(key);
    return value == null ? null : parse(Row.parser(), key, value);
  }

  static Row row(IndexView.RowEntry entry) {
    return parse(Row.parser(), entry.key(), entry.value());
  }

  /// Where it takes its place among all rows of its register.
  static EntryOrder order(Row row) {
    return new EntryOrder(new Hlc(row.getHlc()), new OriginId(row.getDot().getOrigin()));
  }

  static EntryDot dot(Row row) {
    return EntryDot.of(row.getDot());
  }

  /// How far an origin is logged; all zero where nothing is.
  static OriginHead head(IndexView rows, OriginId origin) {
    RowKey key = IndexKeys.originHead(origin);
    byte[] value = rows.get(key);
    return value == null ? OriginHead.getDefaultInstance() : parse(OriginHead.parser(), key, value);
  }

  static OriginHead head(IndexView.RowEntry entry) {
    return parse(OriginHead.parser(), entry.key(), entry.value());
  }

  /// An origin's running vector, without its own component.
  ///
  /// @param since what the head or the row names; 0 for a vector that never changed
  static NavigableMap<OriginId, Long> seen(IndexView rows, OriginId origin, long since) {
    NavigableMap<OriginId, Long> seen = new TreeMap<>();
    if (since > 0) {
      RowKey key = IndexKeys.seenVector(origin, since);
      byte[] value = rows.get(key);
      if (value == null) {
        throw new IllegalStateException("no row " + key + " for the vector of " + origin);
      }
      for (Dot component : parse(SeenVector.parser(), key, value).getComponentsList()) {
        seen.put(new OriginId(component.getOrigin()), component.getSequence());
      }
    }
    return seen;
  }

  /// Whether the entry that set a row had seen another entry when it was written.
  static boolean covers(IndexView rows, Row row, EntryDot dot) {
    EntryDot own = dot(row);
    if (own.origin().equals(dot.origin())) {
      return dot.sequence() < own.sequence();
    }
    for (Dot reduced : row.getSeenReducedList()) {
      if (reduced.getOrigin() == dot.origin().value() && dot.sequence() >= reduced.getSequence()) {
        return false;
      }
    }
    return seen(rows, own.origin(), row.getSeenSince()).getOrDefault(dot.origin(), 0L)
        >= dot.sequence();
  }

  static PendingRow pending(RowKey key, byte[] value) {
    return parse(PendingRow.parser(), key, value);
  }

  static WantedRow wanted(IndexView.RowEntry entry) {
    return parse(WantedRow.parser(), entry.key(), entry.value());
  }

  static PeerPositionRow position(IndexView.RowEntry entry) {
    return parse(PeerPositionRow.parser(), entry.key(), entry.value());
  }

  static <M extends Message> M parse(Parser<M> parser, RowKey key, byte[] value) {
    try {
      return parser.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      // The index checks its rows as it reads them, so this one was written so.
      throw new IllegalStateException("row " + key + " does not parse", e);
    }
  }
}
