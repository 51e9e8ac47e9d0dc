package skarb.cli;

import com.google.protobuf.Timestamp;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import skarb.v1.Count;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.PeerReport;

/// What `skarb replication status` and `skarb peers status` print. What is not known is null in
/// JSON and a question mark for people: never zero.
final class ReplicationReport {
  private static final String STATE = "PEER_STATE_";
  private static final String REASON = "PENDING_REASON_";

  private ReplicationReport() {}

  static Map<String, Object> fields(GetReplicationStatusResponse status) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("siteId", status.getSiteId());
    fields.put("siteName", status.getSiteName());
    fields.put("peers", status.getPeersList().stream().map(ReplicationReport::fields).toList());
    Map<String, Object> pending = count(status.getPending());
    Map<String, Object> reasons = new LinkedHashMap<>();
    status
        .getPendingByReasonList()
        .forEach(each -> reasons.put(name(REASON, each.getReason()), each.getCount()));
    pending.put("byReason", reasons);
    fields.put("pending", pending);
    fields.put("conflicts", count(status.getConflicts()));
    fields.put("wantedBodies", count(status.getWantedBodies()));
    fields.put("clockAheadMillis", status.getClockAheadMillis());
    fields.put("clockAheadAccepted", status.getClockAheadAccepted());
    return fields;
  }

  private static Map<String, Object> count(Count count) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", count.getCount());
    fields.put("more", count.getMore());
    return fields;
  }

  static Map<String, Object> fields(PeerReport peer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("siteId", peer.getSiteId());
    fields.put("name", peer.getName());
    fields.put("address", peer.getAddress());
    fields.put("member", peer.getMember());
    fields.put("state", name(STATE, peer.getState()));
    put(fields, "entriesBehind", peer.hasEntriesBehind(), peer.getEntriesBehind());
    put(fields, "entriesToSend", peer.hasEntriesToSend(), peer.getEntriesToSend());
    put(fields, "entriesToReceive", peer.hasEntriesToReceive(), peer.getEntriesToReceive());
    put(fields, "bytesBehind", peer.hasBytesBehind(), peer.getBytesBehind());
    put(fields, "bytesToSend", peer.hasBytesToSend(), peer.getBytesToSend());
    put(fields, "bytesToReceive", peer.hasBytesToReceive(), peer.getBytesToReceive());
    fields.put("bytesAreAtLeast", peer.getBytesAreAtLeast());
    put(fields, "secondsBehind", peer.hasSecondsBehind(), peer.getSecondsBehind());
    put(fields, "pending", peer.hasPending(), peer.getPending());
    fields.put("lastContact", peer.hasLastContact() ? text(peer.getLastContact()) : null);
    fields.put("lastError", peer.getLastError());
    fields.put("attempts", peer.getAttempts());
    fields.put("entriesSent", peer.getEntriesSent());
    fields.put("entriesReceived", peer.getEntriesReceived());
    fields.put("bytesSent", peer.getBytesSent());
    fields.put("bytesReceived", peer.getBytesReceived());
    fields.put("bytesPerSecond", peer.getBytesPerSecond());
    return fields;
  }

  private static void put(
      Map<String, Object> fields, String name, boolean known, @Nullable Object value) {
    fields.put(name, known ? value : null);
  }

  static String text(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
  }

  /// A value of an enum as programs read it: without its prefix, in lower case.
  static String name(String prefix, Enum<?> value) {
    return value.name().replace(prefix, "").toLowerCase(Locale.ROOT);
  }

  static void print(PrintWriter out, PeerReport peer) {
    out.printf(
        "%-16s %-15s %s entries, %s%s bytes, %s s behind; %s pending%n",
        peer.getName(),
        name(STATE, peer.getState()).replace('_', ' '),
        known(peer.hasEntriesBehind(), peer.getEntriesBehind()),
        peer.getBytesAreAtLeast() ? "at least " : "",
        known(peer.hasBytesBehind(), peer.getBytesBehind()),
        known(peer.hasSecondsBehind(), peer.getSecondsBehind()),
        known(peer.hasPending(), peer.getPending()));
    out.printf(
        "  site %s%s%s, last heard %s%n",
        peer.getSiteId(),
        peer.getMember() ? "" : ", not a member of the realm",
        peer.getAddress().isEmpty() ? "" : ", dialled at " + peer.getAddress(),
        peer.hasLastContact() ? text(peer.getLastContact()) : "never since the start");
    if (!peer.getLastError().isEmpty()) {
      out.printf("  last error: %s%n", peer.getLastError());
    }
  }

  private static String known(boolean known, long value) {
    return known ? Long.toString(value) : "?";
  }

  static void print(PrintWriter out, GetReplicationStatusResponse status) {
    out.printf("site %s (%s)%n", status.getSiteName(), status.getSiteId());
    status.getPeersList().forEach(peer -> print(out, peer));
    out.printf("pending         %s", text(status.getPending()));
    status
        .getPendingByReasonList()
        .forEach(each ->
            out.printf(
                ", %d %s", each.getCount(), name(REASON, each.getReason()).replace('_', ' ')));
    out.println();
    out.printf("conflicts       %s%n", text(status.getConflicts()));
    out.printf("bodies to come  %s%n", text(status.getWantedBodies()));
    if (status.getClockAheadMillis() > 0) {
      out.printf(
          "clock           %d ms above the wall clock%s%n",
          status.getClockAheadMillis(), status.getClockAheadAccepted() ? ", accepted" : "");
    }
  }

  private static String text(Count count) {
    return count.getCount() + (count.getMore() ? " or more" : "");
  }
}
