package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import skarb.node.index.OpenUpload;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.CompletedUpload;
import skarb.v1.PartInfo;
import skarb.v1.PartValue;
import skarb.v1.PutResult;
import skarb.v1.UploadInfo;
import skarb.v1.UploadValue;

/// Rows of uploads in parts as callers see them.
final class UploadAnswers {
  private UploadAnswers() {}

  static PartInfo part(int number, PartValue part) {
    return PartInfo.newBuilder()
        .setNumber(number)
        .setEtag(hex(part.getMd5()))
        .setSize(part.getManifest().getSize())
        .setChecksums(part.getChecksums().toBuilder().setMd5(part.getMd5()))
        .setLastModified(Answers.timestamp(part.getModifiedMillis()))
        .build();
  }

  static UploadInfo upload(OpenUpload upload, String ownerDisplayName) {
    UploadValue value = upload.value();
    UploadInfo.Builder info =
        UploadInfo.newBuilder()
            .setKey(upload.key().toStringUtf8())
            .setUploadId(upload.name().text())
            .setInitiated(Answers.timestamp(value.getInitiatedMillis()))
            .setOwnerId(value.getOwnerId())
            .setOwnerDisplayName(ownerDisplayName)
            .setChecksumType(value.getChecksumType());
    if (value.getChecksumAlgorithm() != ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED) {
      info.setChecksumAlgorithm(value.getChecksumAlgorithm());
    }
    return info.build();
  }

  static PutResult completed(CompletedUpload completed) {
    PutResult.Builder result =
        PutResult.newBuilder()
            .setEtag(hex(completed.getEtag()) + "-" + completed.getParts())
            .setChecksums(completed.getChecksums())
            .setChecksumType(completed.getChecksumType())
            .setSize(completed.getSize());
    if (!completed.getVersionId().isEmpty()) {
      result.setVersionId(completed.getVersionId());
    }
    return result.build();
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
