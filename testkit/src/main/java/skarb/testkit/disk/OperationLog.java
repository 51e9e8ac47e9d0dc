package skarb.testkit.disk;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Counts operations and keeps the last of them as text. Guarded by the disk's lock.
final class OperationLog {
  private static final int MAX_LINES = 100_000;

  private final Map<DiskOperation.Kind, Long> counts = new EnumMap<>(DiskOperation.Kind.class);
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private long mutations;
  private long bytesWritten;
  private long bytesRead;

  void add(DiskOperation operation) {
    counts.merge(operation.kind(), 1L, Long::sum);
    if (!operation.mutates()) {
      bytesRead += operation.to() - operation.from();
      return;
    }
    if (operation.kind() == DiskOperation.Kind.WRITE) {
      bytesWritten += operation.to() - operation.from();
    }
    mutations++;
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(operation.toString());
  }

  long mutations() {
    return mutations;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void clearLines() {
    lines.clear();
  }

  DiskCounters counters() {
    return new DiskCounters(
        count(DiskOperation.Kind.CREATE) + count(DiskOperation.Kind.CREATE_DIRECTORY),
        count(DiskOperation.Kind.WRITE),
        bytesWritten,
        count(DiskOperation.Kind.FORCE),
        count(DiskOperation.Kind.FORCE_DIRECTORY),
        count(DiskOperation.Kind.TRUNCATE),
        count(DiskOperation.Kind.RENAME),
        count(DiskOperation.Kind.DELETE),
        count(DiskOperation.Kind.READ),
        bytesRead);
  }

  private long count(DiskOperation.Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }
}
