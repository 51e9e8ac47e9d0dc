package skarb.cli.bench.load;

import java.io.IOException;
import skarb.cli.bench.client.Body;

/// Stores new objects.
record PutLoad(Plan plan, ObjectIds ids) implements Load {
  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    long index = ids.next();
    Body body = worker.body(index, plan.size());
    long start = System.nanoTime();
    worker.client().put(plan.key(index), body);
    notes.success(Operation.PUT, start, plan.size(), 1);
  }
}
