package skarb.s3.ops.object;

import java.time.InstantSource;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;

/// HeadObject: what GetObject would say, without the body.
public final class HeadObject implements Handler {
  private final NodeClient node;
  private final InstantSource clock;

  /// A handler that asks this node.
  ///
  /// @param clock tells which dates lie in the future
  public HeadObject(NodeClient node, InstantSource clock) {
    this.node = node;
    this.clock = clock;
  }

  @Override
  public S3Response handle(S3Call call) {
    ReadRequest asked = ReadRequest.decode(call, clock.instant());
    HeadResponse answer = node.objects(call).head(request(call, asked));
    S3Response response = ObjectAnswer.encode(call, asked, answer.getInfo(), answer.getRange());
    PartChecksum.add(response, node, call, asked, answer.getInfo());
    return response.body(new S3Response.Body.LengthOnly(answer.getRange().getLength()));
  }

  private static HeadRequest request(S3Call call, ReadRequest asked) {
    HeadRequest.Builder request =
        HeadRequest.newBuilder().setBucket(call.bucket()).setKey(call.key());
    asked.versionId().ifPresent(request::setVersionId);
    asked.range().ifPresent(request::setRange);
    asked.part().ifPresent(request::setPartNumber);
    asked.conditions().ifPresent(request::setConditions);
    return request.build();
  }
}
