package skarb.client;

/// A checksum of S3.
public enum ChecksumAlgorithm {
  /// CRC-32 (ISO-HDLC).
  CRC32,
  /// CRC-32C (Castagnoli). The cheapest: processors have an instruction for it.
  CRC32C,
  /// CRC-64/NVME, which S3 takes where nothing is asked for.
  CRC64NVME,
  /// SHA-1.
  SHA1,
  /// SHA-256.
  SHA256,
  /// MD5. The server has it of every object that came in one; it cannot be asked for.
  MD5
}
