package skarb.cli.bench.load;

import java.util.SplittableRandom;
import skarb.cli.bench.client.Bodies;
import skarb.cli.bench.client.Body;
import skarb.cli.bench.client.StoreClient;

/// What one thread of a load owns. Only [#busySince] and [#abandon] are for others.
final class Worker {
  /// Parts of an object have ids of their own below that of the object.
  private static final int PART_BITS = 14;

  private final int number;
  private final StoreClient client;
  private final Bodies bodies;
  private final SplittableRandom random;
  private final Recorder recorder = new Recorder();
  private volatile long busySince;
  private volatile boolean busy;

  Worker(int number, StoreClient client, Bodies bodies, SplittableRandom random) {
    this.number = number;
    this.client = client;
    this.bodies = bodies;
    this.random = random;
  }

  int number() {
    return number;
  }

  StoreClient client() {
    return client;
  }

  SplittableRandom random() {
    return random;
  }

  Recorder recorder() {
    return recorder;
  }

  /// The body of an object.
  Body body(long index, long size) {
    return bodies.body(index << PART_BITS, size);
  }

  /// The body of a part.
  ///
  /// @param part from 1
  Body part(long index, int part, long size) {
    return bodies.body(index << PART_BITS | part, size);
  }

  void begins(long now) {
    busySince = now;
    busy = true;
  }

  void ends() {
    busy = false;
  }

  /// Whether one operation has taken longer than this.
  boolean hangs(long now, long patienceNanos) {
    return busy && now - busySince > patienceNanos;
  }
}
