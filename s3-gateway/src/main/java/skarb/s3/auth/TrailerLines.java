package skarb.s3.auth;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.v1.Checksums;

/// The lines after the last chunk: the checksum that `x-amz-trailer` announced, then its signature
/// where chunks are signed, then an empty line. For one thread at a time.
final class TrailerLines {
  private static final String SIGNATURE = "x-amz-trailer-signature";

  private final Optional<String> announced;
  private final @Nullable ChunkSigner signer;

  private @Nullable String value;
  private @Nullable String signature;
  private boolean sawEmptyLine;

  /// Before the first line.
  ///
  /// @param announced the trailer to come, in lower case
  /// @param signer checks the trailer's signature; null where it has none
  TrailerLines(Optional<String> announced, @Nullable ChunkSigner signer) {
    this.announced = announced;
    this.signer = signer;
  }

  /// Whether anything but the closing empty line must come.
  boolean expectsAny() {
    return announced.isPresent() || signer != null;
  }

  /// Takes a line without its end.
  ///
  /// @return whether it was the last
  boolean accept(String line) {
    if (!line.isEmpty()) {
      header(line);
      return false;
    }
    boolean signatureMissing = signer != null && signature == null;
    if (signatureMissing && value != null && !sawEmptyLine) {
      sawEmptyLine = true;
      return false;
    }
    if (announced.isPresent() && value == null) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    if (signatureMissing) {
      throw new S3Exception(S3Error.INCOMPLETE_BODY);
    }
    return true;
  }

  /// What the trailer promises, after the last line.
  ///
  /// @throws S3Exception SignatureDoesNotMatch, or InvalidRequest where the checksum is none
  Checksums checksums() {
    if (announced.isEmpty() || value == null) {
      return Checksums.getDefaultInstance();
    }
    String name = announced.get();
    if (signer != null && signature != null) {
      signer.checkTrailer(name + ":" + value + "\n", signature);
    }
    return ChecksumHeaders.parseTrailer(name, value);
  }

  private void header(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String content = line.substring(colon + 1).strip();
    boolean isTrailer = announced.isPresent() && name.equals(announced.get());
    if (isTrailer && value == null && signature == null) {
      value = content;
    } else if (signer != null && name.equals(SIGNATURE) && signature == null) {
      signature = content;
    } else {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
  }
}
