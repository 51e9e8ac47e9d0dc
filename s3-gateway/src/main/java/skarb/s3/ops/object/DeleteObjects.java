package skarb.s3.ops.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.s3.error.ErrorMapper;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.headers.Conditional;
import skarb.s3.ops.DocumentBody;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.DeleteXml;
import skarb.s3.xml.DeleteXml.Item;
import skarb.s3.xml.DeleteXml.Outcome;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteResponse;

/// DeleteObjects: up to 1,000 keys, each by itself.
public final class DeleteObjects implements Handler {
  /// 1,000 keys of 1,024 bytes, most of them escaped.
  private static final int MAX_DOCUMENT_BYTES = 4 << 20;

  private final NodeClient node;
  private final MemoryBudget memory;

  /// A handler that deletes from this node.
  ///
  /// @param memory what bodies share
  public DeleteObjects(NodeClient node, MemoryBudget memory) {
    this.node = node;
    this.memory = memory;
  }

  @Override
  public S3Response handle(S3Call call) {
    ChecksumHeaders checksums = ChecksumHeaders.parse(call.head().headers());
    requireChecksum(checksums);
    DeleteXml.Delete delete =
        DocumentBody.read(call, MAX_DOCUMENT_BYTES, checksums, memory, DeleteXml::decode);
    List<DeleteBatchOutcome> answers =
        node.objects(call).deleteBatch(request(call, delete)).getOutcomesList();
    return S3Response.xml(200, DeleteXml.encode(delete.quiet(), outcomes(delete, answers)));
  }

  private static void requireChecksum(ChecksumHeaders checksums) {
    if (!checksums.promised().hasMd5() && checksums.algorithm().isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST, "Missing required header for this request: Content-MD5");
    }
  }

  private static DeleteBatchRequest request(S3Call call, DeleteXml.Delete delete) {
    DeleteBatchRequest.Builder request = DeleteBatchRequest.newBuilder().setBucket(call.bucket());
    for (Item item : delete.items()) {
      DeleteBatchItem.Builder one = DeleteBatchItem.newBuilder().setKey(item.key());
      item.versionId().ifPresent(one::setVersionId);
      item.etag().ifPresent(etag -> one.setConditions(Conditional.ifMatch(etag)));
      request.addItems(one);
    }
    return request.build();
  }

  private static List<Outcome> outcomes(DeleteXml.Delete delete, List<DeleteBatchOutcome> answers) {
    if (answers.size() != delete.items().size()) {
      throw new IllegalStateException(
          answers.size() + " outcomes for " + delete.items().size() + " keys");
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      outcomes.add(outcome(delete.items().get(i), answers.get(i)));
    }
    return outcomes;
  }

  private static Outcome outcome(Item item, DeleteBatchOutcome answer) {
    return switch (answer.getOutcomeCase()) {
      case DELETED -> {
        DeleteResponse deleted = answer.getDeleted();
        yield new Outcome.Deleted(
            item,
            deleted.getDeleteMarker(),
            deleted.hasVersionId() ? Optional.of(deleted.getVersionId()) : Optional.empty());
      }
      case FAILURE ->
          new Outcome.Failed(
              item, ErrorMapper.map(answer.getFailure().getReason(), ErrorMapper.Asked.PLAIN));
      case OUTCOME_NOT_SET -> new Outcome.Failed(item, new S3Exception(S3Error.INTERNAL_ERROR));
    };
  }
}
