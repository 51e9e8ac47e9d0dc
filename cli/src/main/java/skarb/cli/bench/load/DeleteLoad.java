package skarb.cli.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Deletes the objects that were made before, in batches, each once.
record DeleteLoad(Plan plan) implements Load {
  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    long first = ticket * plan.batch();
    int count = (int) Math.min(plan.batch(), plan.objects() - first);
    List<String> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(plan.key(first + i));
    }
    long start = System.nanoTime();
    worker.client().deleteBatch(keys);
    notes.success(Operation.DELETE, start, 0, count);
  }
}
