package skarb.cli.bench.load;

import java.io.IOException;
import java.util.Arrays;
import skarb.cli.bench.client.StoreClient.Page;

/// Lists the objects that were made before, page by page, again and again.
final class ListLoad implements Load {
  private final Plan plan;
  private final String[] tokens;

  ListLoad(Plan plan) {
    this.plan = plan;
    this.tokens = new String[plan.concurrency()];
    Arrays.fill(tokens, "");
  }

  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    long start = System.nanoTime();
    Page page = worker.client().list(plan.prefix(), tokens[worker.number()]);
    notes.success(Operation.LIST, start, 0, page.keys());
    tokens[worker.number()] = page.nextToken();
  }
}
