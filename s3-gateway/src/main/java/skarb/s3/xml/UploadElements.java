package skarb.s3.xml;

import skarb.v1.UploadInfo;

/// What listings of uploads and of their parts say alike.
final class UploadElements {
  private UploadElements() {}

  /// Who opened the upload, who is the owner of what it becomes, and its storage class.
  static void writePeople(XmlWriter xml, UploadInfo upload) {
    for (String role : new String[] {"Initiator", "Owner"}) {
      xml.open(role)
          .text("ID", upload.getOwnerId())
          .text("DisplayName", upload.getOwnerDisplayName())
          .close(role);
    }
    xml.text("StorageClass", "STANDARD");
  }

  /// The checksum that was asked for; nothing where none was.
  static void writeChecksum(XmlWriter xml, UploadInfo upload) {
    String algorithm = ChecksumNames.name(upload.getChecksumAlgorithm());
    if (!algorithm.isEmpty()) {
      xml.text("ChecksumAlgorithm", algorithm)
          .text("ChecksumType", ChecksumNames.type(upload.getChecksumType()));
    }
  }
}
