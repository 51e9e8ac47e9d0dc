package skarb.s3.ops.object;

import skarb.s3.ops.ChecksumAnswer;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.ListObjectPartsRequest;
import skarb.v1.ListObjectPartsResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectPart;

/// The checksum of one part, where a part is read with `x-amz-checksum-mode: ENABLED`: the object's
/// own would say nothing about these bytes.
final class PartChecksum {
  private PartChecksum() {}

  /// Adds the checksum, where it is asked for and there is one.
  ///
  /// @param info the object that is being read
  static void add(
      S3Response response, NodeClient node, S3Call call, ReadRequest asked, ObjectInfo info) {
    if (asked.part().isEmpty() || !info.hasPartsCount() || !ObjectAnswer.wantsChecksums(call)) {
      return;
    }
    int number = asked.part().get();
    ListObjectPartsRequest.Builder request =
        ListObjectPartsRequest.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setAfterPartNumber(number - 1)
            .setPageSize(1);
    if (info.hasVersionId()) {
      request.setVersionId(info.getVersionId());
    }
    ListObjectPartsResponse listed = node.objects(call).listObjectParts(request.build());
    // Without versions the object may be another by now.
    boolean same =
        listed.getInfo().getEtag().equals(info.getEtag())
            && listed.getInfo().getLastModified().equals(info.getLastModified());
    for (ObjectPart part : listed.getPartsList()) {
      if (same && part.getNumber() == number) {
        ChecksumAnswer.addPart(response, part.getChecksums(), info.getChecksumType());
      }
    }
  }
}
