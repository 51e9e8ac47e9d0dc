package skarb.cli.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skarb.cli.bench.client.Body;
import skarb.cli.bench.client.StoreClient;

/// Stores new objects in parts, one part after the other; many at once by many workers.
record MultipartLoad(Plan plan, ObjectIds ids) implements Load {
  @Override
  public void step(Worker worker, Notes notes, long ticket) throws IOException {
    long index = ids.next();
    String key = plan.key(index);
    StoreClient client = worker.client();
    long start = System.nanoTime();
    String uploadId = client.createUpload(key);
    try {
      List<String> etags = new ArrayList<>();
      for (long at = 0; at < plan.size(); at += plan.partSize()) {
        int number = etags.size() + 1;
        Body part = worker.part(index, number, Math.min(plan.partSize(), plan.size() - at));
        long partStart = System.nanoTime();
        etags.add(client.uploadPart(key, uploadId, number, part));
        notes.success(Operation.PART, partStart, part.size(), 1);
      }
      client.completeUpload(key, uploadId, etags);
    } catch (IOException e) {
      abort(client, key, uploadId, e);
      throw e;
    }
    notes.success(Operation.MULTIPART, start, plan.size(), 1);
  }

  private static void abort(StoreClient client, String key, String uploadId, IOException why) {
    try {
      client.abortUpload(key, uploadId);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }
}
