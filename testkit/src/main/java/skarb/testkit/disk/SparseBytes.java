package skarb.testkit.disk;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The content of a file, in pages; a page of zeros takes no memory, so preallocated files are
/// cheap.
final class SparseBytes {
  private static final int PAGE_BYTES = 4096;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final TreeMap<Long, byte[]> pages = new TreeMap<>();
  private long size;

  long size() {
    return size;
  }

  /// Fills `target` from `position` on, with zeros past the end.
  void read(long position, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = position + done;
      int inPage = (int) (at % PAGE_BYTES);
      int count = Math.min(PAGE_BYTES - inPage, length - done);
      byte[] page = pages.getOrDefault(at / PAGE_BYTES, ZEROS);
      System.arraycopy(page, inPage, target, offset + done, count);
      done += count;
    }
  }

  void write(long position, byte[] source, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = position + done;
      int inPage = (int) (at % PAGE_BYTES);
      int count = Math.min(PAGE_BYTES - inPage, length - done);
      int start = offset + done;
      byte[] page = pages.get(at / PAGE_BYTES);
      if (page == null && !Arrays.equals(source, start, start + count, ZEROS, 0, count)) {
        page = new byte[PAGE_BYTES];
        pages.put(at / PAGE_BYTES, page);
      }
      if (page != null) {
        System.arraycopy(source, start, page, inPage, count);
      }
      done += count;
    }
    size = Math.max(size, position + length);
  }

  /// Cuts, or extends by zeros.
  void resize(long newSize) {
    if (newSize < size) {
      pages.tailMap((newSize + PAGE_BYTES - 1) / PAGE_BYTES, true).clear();
      byte[] last = pages.get(newSize / PAGE_BYTES);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % PAGE_BYTES), PAGE_BYTES, (byte) 0);
      }
    }
    size = newSize;
  }

  void become(SparseBytes other) {
    pages.clear();
    for (Map.Entry<Long, byte[]> page : other.pages.entrySet()) {
      pages.put(page.getKey(), page.getValue().clone());
    }
    size = other.size;
  }
}
