package skarb.cli.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skarb.cli.bench.client.Body;

/// Of a hundred operations 45 read, 30 ask, 15 store and 10 delete: warp's mix. Each worker keeps
/// to objects of its own, so that none reads what another has just deleted.
final class MixedLoad implements Load {
  private static final int GET = 45;
  private static final int STAT = GET + 30;
  private static final int PUT = STAT + 15;
  private static final int ALL = 100;

  private final Plan plan;
  private final ObjectIds ids;
  private final List<List<Long>> own = new ArrayList<>();

  MixedLoad(Plan plan, ObjectIds ids) {
    this.plan = plan;
    this.ids = ids;
    for (int i = 0; i < plan.concurrency(); i++) {
      own.add(new ArrayList<>());
    }
    for (long index = 0; index < plan.objects(); index++) {
      own.get((int) (index % plan.concurrency())).add(index);
    }
  }

  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    List<Long> mine = own.get(worker.number());
    int dice = worker.random().nextInt(ALL);
    if (mine.isEmpty() || (dice >= STAT && dice < PUT)) {
      put(worker, notes, mine);
      return;
    }
    int chosen = worker.random().nextInt(mine.size());
    long index = mine.get(chosen);
    if (dice < GET) {
      GetLoad.get(plan, worker, notes, index);
    } else if (dice < STAT) {
      long start = System.nanoTime();
      worker.client().head(plan.key(index));
      notes.success(Operation.STAT, start, 0, 1);
    } else {
      mine.set(chosen, mine.getLast());
      var _ = mine.removeLast();
      long start = System.nanoTime();
      worker.client().delete(plan.key(index));
      notes.success(Operation.DELETE, start, 0, 1);
    }
  }

  private void put(Worker worker, Notes notes, List<Long> mine) throws IOException {
    long index = ids.next();
    Body body = worker.body(index, plan.size());
    long start = System.nanoTime();
    worker.client().put(plan.key(index), body);
    notes.success(Operation.PUT, start, plan.size(), 1);
    mine.add(index);
  }
}
