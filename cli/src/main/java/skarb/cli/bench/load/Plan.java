package skarb.cli.bench.load;

import java.time.Duration;
import java.util.HexFormat;

/// How much of a load, and of which kind.
///
/// @param kind what the workers do
/// @param size bytes of an object
/// @param partSize bytes of a part
/// @param concurrency workers
/// @param objects how many objects are made before the clock starts
/// @param batch keys in a request that deletes
/// @param warmup how long the load runs before it is measured
/// @param duration how long it is measured, at most
/// @param operations after so many it ends, and no warm-up is left out; 0: by time alone
/// @param verify whether bodies that are read are compared with what was put
/// @param prefix what every key begins with
/// @param seed of bodies and choices
public record Plan(
    Kind kind,
    long size,
    long partSize,
    int concurrency,
    int objects,
    int batch,
    Duration warmup,
    Duration duration,
    long operations,
    boolean verify,
    String prefix,
    long seed) {

  /// The loads.
  public enum Kind {
    /// New objects.
    PUT,
    /// Objects made before, in random order.
    GET,
    /// Pages of 1,000 through all objects made before.
    LIST,
    /// Batches of objects made before.
    DELETE,
    /// New objects in parts.
    MULTIPART,
    /// 45 get, 30 stat, 15 put, 10 delete of a hundred.
    MIXED
  }

  /// The key of an object. In no order: as random as a store's keys come.
  String key(long index) {
    // The finalizer of MurmurHash3: a bijection, so no two indexes share a key.
    long mixed = index ^ seed;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    mixed ^= mixed >>> 33;
    return prefix + HexFormat.of().toHexDigits(mixed);
  }
}
