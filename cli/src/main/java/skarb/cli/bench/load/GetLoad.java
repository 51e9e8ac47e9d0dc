package skarb.cli.bench.load;

import java.io.IOException;
import skarb.cli.bench.client.RequestFailedException;
import skarb.cli.bench.client.StoreClient.Download;

/// Reads the objects that were made before, in random order.
record GetLoad(Plan plan) implements Load {
  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    get(plan, worker, notes, worker.random().nextInt(plan.objects()));
  }

  /// Reads one object, and checks it.
  static void get(Plan plan, Worker worker, Notes notes, long index) throws IOException {
    long start = System.nanoTime();
    Download download = worker.client().get(plan.key(index), plan.verify());
    notes.success(Operation.GET, start, download.bytes(), 1, download.firstByteNanos());
    if (download.bytes() != plan.size()) {
      throw new RequestFailedException(
          "WrongLength", download.bytes() + " bytes of an object of " + plan.size());
    }
    if (plan.verify() && download.crc32c() != worker.body(index, plan.size()).crc32c()) {
      throw new RequestFailedException(
          "WrongBytes", "the bytes of " + plan.key(index) + " are not those that were put");
    }
  }
}
