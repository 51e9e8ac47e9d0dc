package skarb.node.segment;

import java.util.Arrays;
import java.util.Optional;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Where each chunk lies, in memory: made at start from the footers of segments and the frames of
/// the journal, and kept up to date by every put.
///
/// A million chunks take some 56 MB: 48 bytes each in pages of primitive words, and an
/// open-addressing table of 4-byte entry numbers that is at most half full. Growing copies the
/// entry numbers only.
///
/// ```
///   word 0-3   the SHA-256
///   word 4     home (bit 63), state (bits 61-62), the mark that last touched it (bits 45-60),
///              number of the file (bits 0-44)
///   word 5     position in the file (bits 23-63), length of the chunk (bits 0-22)
/// ```
///
/// Not thread-safe: [ChunkStore] guards it by its lock.
final class ChunkTable {
  /// What may be done with a chunk.
  enum State {
    /// It is there.
    PRESENT(0),
    /// The collector is about to delete it: whoever puts it must write it again.
    CONDEMNED(1),
    /// It did not verify: whoever puts it must write it again.
    DAMAGED(2);

    private final long code;

    State(long code) {
      this.code = code;
    }
  }

  private static final int WORDS = 6;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_ENTRIES = 1 << PAGE_SHIFT;
  private static final int LENGTH_BITS = 23;
  private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;
  private static final long MAX_POSITION = -1L >>> LENGTH_BITS;
  private static final long HOME_SEGMENT = 1L << 63;
  private static final int STATE_SHIFT = 61;
  private static final long STATE_MASK = 3L << STATE_SHIFT;
  private static final int MARK_SHIFT = 45;
  private static final long FILE_MASK = (1L << MARK_SHIFT) - 1;

  private static final long MARK_MASK = (1L << STATE_SHIFT) - (1L << MARK_SHIFT);

  /// The highest number of a mark.
  static final int MAX_MARK = (1 << (STATE_SHIFT - MARK_SHIFT)) - 1;

  private final long salt;

  /// Entry numbers plus one; 0 is free.
  private int[] slots = new int[2 * PAGE_ENTRIES];

  private long[][] pages = new long[16][];
  private int size;

  /// @param salt random, so that nobody can choose contents that meet in the same slot
  ChunkTable(long salt) {
    this.salt = salt;
  }

  /// How many chunks it knows, condemned and damaged ones included.
  int size() {
    return size;
  }

  /// Bytes of memory that it takes.
  long memoryBytes() {
    int used = (size + PAGE_ENTRIES - 1) >>> PAGE_SHIFT;
    return Integer.BYTES * (long) slots.length
        + Long.BYTES * (long) pages.length
        + (long) used * PAGE_ENTRIES * WORDS * Long.BYTES;
  }

  /// Where a chunk lies, whatever its state.
  Optional<ChunkPlace> find(ChunkId id) {
    int entry = entryOf(id);
    return entry < 0 ? Optional.empty() : Optional.of(place(entry));
  }

  /// Where a chunk lies, if it may be relied on.
  Optional<ChunkPlace> findPresent(ChunkId id) {
    int entry = entryOf(id);
    return entry < 0 || !isPresent(entry) ? Optional.empty() : Optional.of(place(entry));
  }

  /// Notes where a chunk lies and that it may be relied on, in place of what was noted before.
  void put(ChunkId id, ChunkPlace place) {
    int entry = entryOf(id);
    if (entry < 0) {
      entry = add(id);
    }
    if (place.position() > MAX_POSITION || place.file() > FILE_MASK) {
      throw new IllegalArgumentException("too large a file: " + place);
    }
    long home = place.home() == ChunkPlace.Home.SEGMENT ? HOME_SEGMENT : 0;
    set(entry, 4, home | markBits(entry) | place.file());
    set(entry, 5, place.position() << LENGTH_BITS | place.length());
  }

  /// Changes the state of a chunk that is known.
  void setState(ChunkId id, State state) {
    int entry = knownEntry(id);
    set(entry, 4, (word(entry, 4) & ~STATE_MASK) | state.code << STATE_SHIFT);
  }

  /// Notes that a chunk, if it is known, was used during a mark.
  ///
  /// @param mark its number, up to [#MAX_MARK]; 0 is that of a chunk that was not touched
  void touch(ChunkId id, int mark) {
    int entry = entryOf(id);
    if (entry >= 0) {
      set(entry, 4, (word(entry, 4) & ~MARK_MASK) | (long) mark << MARK_SHIFT);
    }
  }

  /// The mark in which a chunk that is known was last touched.
  int lastTouched(ChunkId id) {
    return (int) (markBits(knownEntry(id)) >>> MARK_SHIFT);
  }

  private int knownEntry(ChunkId id) {
    int entry = entryOf(id);
    if (entry < 0) {
      throw new IllegalArgumentException("chunk " + id + " is not known");
    }
    return entry;
  }

  private long markBits(int entry) {
    return word(entry, 4) & MARK_MASK;
  }

  private boolean isPresent(int entry) {
    return (word(entry, 4) & STATE_MASK) >>> STATE_SHIFT == State.PRESENT.code;
  }

  private ChunkPlace place(int entry) {
    long file = word(entry, 4);
    long bytes = word(entry, 5);
    return new ChunkPlace(
        (file & HOME_SEGMENT) == 0 ? ChunkPlace.Home.JOURNAL : ChunkPlace.Home.SEGMENT,
        file & FILE_MASK,
        bytes >>> LENGTH_BITS,
        (int) (bytes & LENGTH_MASK));
  }

  private int entryOf(ChunkId id) {
    int mask = slots.length - 1;
    for (int slot = hash(id.word0()) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int entry = slots[slot] - 1;
      if (word(entry, 0) == id.word0()
          && word(entry, 1) == id.word1()
          && word(entry, 2) == id.word2()
          && word(entry, 3) == id.word3()) {
        return entry;
      }
    }
    return -1;
  }

  private int add(ChunkId id) {
    if (2 * (size + 1) > slots.length) {
      slots = new int[2 * slots.length];
      for (int entry = 0; entry < size; entry++) {
        occupySlot(entry, word(entry, 0));
      }
    }
    int entry = size++;
    int page = entry >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, 2 * page);
    }
    if ((entry & (PAGE_ENTRIES - 1)) == 0) {
      pages[page] = new long[PAGE_ENTRIES * WORDS];
    }
    set(entry, 0, id.word0());
    set(entry, 1, id.word1());
    set(entry, 2, id.word2());
    set(entry, 3, id.word3());
    occupySlot(entry, id.word0());
    return entry;
  }

  private void occupySlot(int entry, long word0) {
    int mask = slots.length - 1;
    int slot = hash(word0) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = entry + 1;
  }

  /// The finalizer of SplitMix64.
  private int hash(long word0) {
    long mixed = word0 ^ salt;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return (int) (mixed ^ (mixed >>> 31));
  }

  private long word(int entry, int word) {
    return pages[entry >>> PAGE_SHIFT][(entry & (PAGE_ENTRIES - 1)) * WORDS + word];
  }

  private void set(int entry, int word, long value) {
    pages[entry >>> PAGE_SHIFT][(entry & (PAGE_ENTRIES - 1)) * WORDS + word] = value;
  }
}
