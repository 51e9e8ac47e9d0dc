package skarb.node.joining;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.access.SealedFile;
import skarb.node.disk.CorruptFileException;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.v1.ErrorReason;

/// The invitations that hold: the sealed file `invitations`. What is kept of a secret is its
/// SHA-256.
///
/// ```
///   0        8              40           48                52
///   +--------+--------------+------------+-----------------+   once for each
///   | name   | SHA-256 of   | expires,   | attempts left   |
///   | (8)    | the secret   | Unix ms    | (4)             |
///   +--------+--------------+------------+-----------------+
/// ```
///
/// Numbers are big-endian. A secret is 32 random bytes; the first eight name the invitation, so
/// that wrong guesses at one can be counted: after five it is gone. Each works once. Safe for any
/// thread.
public final class Invitations {
  static final int SECRET_BYTES = 32;

  /// How long one holds where nothing is said.
  public static final Duration DEFAULT_TTL = Duration.ofHours(1);

  private static final Duration MIN_TTL = Duration.ofSeconds(1);
  private static final Duration MAX_TTL = Duration.ofDays(7);
  private static final int NAME_BYTES = 8;
  private static final int HASH_BYTES = 32;
  private static final int ITEM_BYTES = NAME_BYTES + HASH_BYTES + Long.BYTES + Integer.BYTES;
  private static final int MOST = 100;
  private static final int ATTEMPTS = 5;

  private final SealedFile file;
  private final Seams seams;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Kept> kept = new ArrayList<>();

  private record Kept(byte[] name, byte[] hash, long expiresMillis, int attempts) {
    @Override
    public String toString() {
      return "Kept[until " + expiresMillis + "]";
    }
  }

  /// One that was made.
  ///
  /// @param secret 32 bytes, told this once
  public record Made(byte[] secret, Instant expires) {
    @Override
    public String toString() {
      return "Made[until " + expires + "]";
    }
  }

  /// Reads what there is.
  ///
  /// @throws CorruptFileException if the file is damaged
  public Invitations(SealedFile file, Seams seams) throws IOException {
    this.file = file;
    this.seams = seams;
    byte[] bytes = file.read().orElse(new byte[0]);
    if (bytes.length % ITEM_BYTES != 0) {
      throw new CorruptFileException(
          file.path(), 0, "invitations of " + ITEM_BYTES + " bytes", bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      byte[] name = new byte[NAME_BYTES];
      byte[] hash = new byte[HASH_BYTES];
      buffer.get(name).get(hash);
      kept.add(new Kept(name, hash, buffer.getLong(), buffer.getInt()));
    }
  }

  /// Makes one; it is durable when this returns.
  ///
  /// @throws NodeException INVALID_ARGUMENT for a time below a second or above 7 days, or where 100
  ///   hold already
  public Made make(Duration ttl) {
    if (ttl.compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT, "an invitation holds for 1 second to 7 days");
    }
    byte[] secret = new byte[SECRET_BYTES];
    seams.random().nextBytes(secret);
    Instant expires = seams.clock().instant().plus(ttl);
    lock.lock();
    try {
      List<Kept> changed = holding();
      if (changed.size() >= MOST) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_INVALID_ARGUMENT, "there are 100 invitations already");
      }
      changed.add(
          new Kept(
              Arrays.copyOf(secret, NAME_BYTES), hash(secret), expires.toEpochMilli(), ATTEMPTS));
      store(changed);
    } finally {
      lock.unlock();
    }
    return new Made(secret, expires);
  }

  /// Checks that a secret is that of an invitation that holds, and counts it where it is not.
  ///
  /// @throws NodeException INVITATION_INVALID
  public void check(byte[] secret) {
    lock.lock();
    try {
      Kept _ = find(secret);
    } finally {
      lock.unlock();
    }
  }

  /// Uses up an invitation: nobody else can from here on, whatever crashes.
  ///
  /// @throws NodeException INVITATION_INVALID
  public void use(byte[] secret) {
    lock.lock();
    try {
      Kept found = find(secret);
      List<Kept> changed = holding();
      changed.remove(found);
      store(changed);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Kept find(byte[] secret) {
    if (secret.length == SECRET_BYTES) {
      byte[] name = Arrays.copyOf(secret, NAME_BYTES);
      byte[] hash = hash(secret);
      for (Kept each : holding()) {
        if (!MessageDigest.isEqual(name, each.name())) {
          continue;
        }
        if (MessageDigest.isEqual(hash, each.hash())) {
          return each;
        }
        guessedWrong(each);
      }
    }
    throw new NodeException(
        ErrorReason.ERROR_REASON_INVITATION_INVALID,
        "there is no such invitation: it was used, or its time is over");
  }

  @GuardedBy("lock")
  private void guessedWrong(Kept one) {
    List<Kept> changed = holding();
    changed.remove(one);
    if (one.attempts() > 1) {
      changed.add(new Kept(one.name(), one.hash(), one.expiresMillis(), one.attempts() - 1));
    }
    store(changed);
  }

  @GuardedBy("lock")
  private List<Kept> holding() {
    long now = seams.clock().millis();
    return new ArrayList<>(kept.stream().filter(each -> each.expiresMillis() > now).toList());
  }

  @GuardedBy("lock")
  private void store(List<Kept> changed) {
    ByteBuffer bytes = ByteBuffer.allocate(changed.size() * ITEM_BYTES);
    for (Kept each : changed) {
      bytes.put(each.name()).put(each.hash()).putLong(each.expiresMillis()).putInt(each.attempts());
    }
    try {
      file.write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(file.path() + " cannot be written", e);
    }
    kept.clear();
    kept.addAll(changed);
  }

  private static byte[] hash(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
