package skarb.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import javax.net.ssl.X509ExtendedTrustManager;

/// How a client behaves: [#defaults], or what a [Builder] made.
///
/// @param deadline how long a call without a streamed body may take, all attempts and the pauses
///   between them together
/// @param transferDeadline how long a put or get with a streamed body may take as a whole
/// @param idleLimit how long a transfer waits for the server while nothing moves
/// @param multipartThreshold bytes from which on a body goes in parts
/// @param partSize bytes of a part; larger for a body that 10,000 such parts would not hold, and
///   doubled after each 500 parts of a stream of unknown length
/// @param partsInFlight parts sent at once
/// @param maxBytesInMemory the most bytes that a get into a `byte[]` takes where it gives no limit
/// @param checksum the checksum that bodies are sent and stored with
/// @param maxAttempts how often what may be repeated is tried, the first time included
/// @param firstPause the pause before the second attempt; before each further one twice as long
/// @param longestPause the longest pause
/// @param trustedCertificates PEM file of what to trust over `grpcs`; empty: what the JDK trusts
/// @param trust what judges certificates over `grpcs`, in place of any list; empty: a list does
/// @param plaintextAnywhere whether `grpc` may go to other machines than this one
/// @param executor what runs the work of calls; empty: a pool of gRPC's that grows
/// @param progress told the bytes of bodies as they go either way
public record ClientConfig(
    Duration deadline,
    Optional<Duration> transferDeadline,
    Duration idleLimit,
    long multipartThreshold,
    long partSize,
    int partsInFlight,
    int maxBytesInMemory,
    ChecksumAlgorithm checksum,
    int maxAttempts,
    Duration firstPause,
    Duration longestPause,
    Optional<Path> trustedCertificates,
    Optional<X509ExtendedTrustManager> trust,
    boolean plaintextAnywhere,
    Optional<Executor> executor,
    LongConsumer progress) {
  /// The least bytes of a part other than the last.
  static final long LEAST_PART_BYTES = 5L << 20;

  /// The most bytes of one part, or of an upload that is not in parts.
  static final long MOST_PART_BYTES = 5L << 30;

  /// Refuses what cannot be.
  public ClientConfig {
    positive(deadline, "deadline");
    transferDeadline.ifPresent(value -> positive(value, "transferDeadline"));
    positive(idleLimit, "idleLimit");
    require(
        multipartThreshold >= 1 && multipartThreshold <= MOST_PART_BYTES,
        "multipartThreshold: 1 byte to 5 GiB");
    require(
        partSize >= LEAST_PART_BYTES && partSize <= MOST_PART_BYTES, "partSize: 5 MiB to 5 GiB");
    require(partsInFlight >= 1, "partsInFlight: 1 or more");
    require(maxBytesInMemory >= 0, "maxBytesInMemory: 0 or more");
    require(checksum != ChecksumAlgorithm.MD5, "checksum: MD5 cannot be asked for");
    require(maxAttempts >= 1, "maxAttempts: 1 or more");
    positive(firstPause, "firstPause");
    positive(longestPause, "longestPause");
  }

  private static void positive(Duration value, String name) {
    require(!value.isNegative() && !value.isZero(), name + ": above zero");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /// The usual:
  ///
  /// | | |
  /// | --- | --- |
  /// | deadline of a call | 60 s, pauses and further attempts included |
  /// | deadline of a transfer | none: it ends where nothing moves for 60 s |
  /// | multipart | from 16 MiB on, in parts of 8 MiB, 4 at once |
  /// | bodies as `byte[]` | up to 64 MiB |
  /// | checksum | CRC-64/NVME |
  /// | attempts | 5, with pauses of 200 ms, then twice as long each, at most 5 s, jittered |
  public static ClientConfig defaults() {
    return builder().build();
  }

  /// Begins with the usual.
  public static Builder builder() {
    return new Builder();
  }

  /// Collects what differs from the usual. Not for several threads.
  public static final class Builder {
    private Duration deadline = Duration.ofSeconds(60);
    private Optional<Duration> transferDeadline = Optional.empty();
    private Duration idleLimit = Duration.ofSeconds(60);
    private long multipartThreshold = 16L << 20;
    private long partSize = 8L << 20;
    private int partsInFlight = 4;
    private int maxBytesInMemory = 64 << 20;
    private ChecksumAlgorithm checksum = ChecksumAlgorithm.CRC64NVME;
    private int maxAttempts = 5;
    private Duration firstPause = Duration.ofMillis(200);
    private Duration longestPause = Duration.ofSeconds(5);
    private Optional<Path> trustedCertificates = Optional.empty();
    private Optional<X509ExtendedTrustManager> trust = Optional.empty();
    private boolean plaintextAnywhere;
    private Optional<Executor> executor = Optional.empty();
    private LongConsumer progress = bytes -> {};

    private Builder() {}

    /// How long a call without a streamed body may take.
    public Builder deadline(Duration value) {
      deadline = value;
      return this;
    }

    /// How long a put or get with a streamed body may take; without a limit unless set.
    public Builder transferDeadline(Duration value) {
      transferDeadline = Optional.of(value);
      return this;
    }

    /// How long a transfer waits for the server while nothing moves.
    public Builder idleLimit(Duration value) {
      idleLimit = value;
      return this;
    }

    /// From how many bytes on a body goes in parts, at most 5 GiB.
    public Builder multipartThreshold(long bytes) {
      multipartThreshold = bytes;
      return this;
    }

    /// Bytes of a part, 5 MiB to 5 GiB. A body that comes as a stream is held in memory part by
    /// part, `partsInFlight + 1` of them at most: there, less than 2 GiB.
    public Builder partSize(long bytes) {
      partSize = bytes;
      return this;
    }

    /// Parts sent at once.
    public Builder partsInFlight(int parts) {
      partsInFlight = parts;
      return this;
    }

    /// The most bytes that a get into a `byte[]` takes.
    public Builder maxBytesInMemory(int bytes) {
      maxBytesInMemory = bytes;
      return this;
    }

    /// The checksum that bodies are sent and stored with.
    public Builder checksum(ChecksumAlgorithm value) {
      checksum = value;
      return this;
    }

    /// How often what may be repeated is tried; 1 for never again.
    public Builder maxAttempts(int attempts) {
      maxAttempts = attempts;
      return this;
    }

    /// The first pause between attempts, and the longest.
    public Builder pauses(Duration first, Duration longest) {
      firstPause = first;
      longestPause = longest;
      return this;
    }

    /// The certificates to trust over `grpcs`, in place of the JDK's: a PEM file with those of the
    /// authorities, or the server's own.
    public Builder trustedCertificates(Path pem) {
      trustedCertificates = Optional.of(pem);
      return this;
    }

    /// What judges the server's certificate over `grpcs`, by rules of its own: it, and nothing
    /// else, decides whether the name of the host matters.
    public Builder trust(X509ExtendedTrustManager value) {
      trust = Optional.of(value);
      return this;
    }

    /// Lets `grpc` go to other machines than this one: everybody on the way can then read and
    /// change what passes, tokens included. For networks that are protected otherwise.
    public Builder plaintextAnywhere() {
      plaintextAnywhere = true;
      return this;
    }

    /// What runs the work of calls: reads files and the application's streams, writes files,
    /// completes futures. It must have as many threads as there are calls at once, since they may
    /// block: a pool that grows, or virtual threads.
    public Builder executor(Executor value) {
      executor = Optional.of(value);
      return this;
    }

    /// Is told how many bytes of a body went or came, each time that some did: for a display. What
    /// is sent again is told again. Called by the threads that carry bodies; must be quick.
    public Builder progress(LongConsumer value) {
      progress = value;
      return this;
    }

    /// @throws IllegalArgumentException where a value cannot be
    public ClientConfig build() {
      return new ClientConfig(
          deadline,
          transferDeadline,
          idleLimit,
          multipartThreshold,
          partSize,
          partsInFlight,
          maxBytesInMemory,
          checksum,
          maxAttempts,
          firstPause,
          longestPause,
          trustedCertificates,
          trust,
          plaintextAnywhere,
          executor,
          progress);
    }
  }
}
