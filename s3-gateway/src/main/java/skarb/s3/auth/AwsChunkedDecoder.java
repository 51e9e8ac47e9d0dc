package skarb.s3.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.Checksums;

/// Takes a body in `aws-chunked` framing apart as it arrives.
///
/// ```
/// 10000;chunk-signature=ad80…   CR LF    size in hex, at least 8,192 except in the last with content
/// …65,536 bytes of content…     CR LF
/// 0;chunk-signature=b6c6…       CR LF    the end of the content
/// x-amz-checksum-crc32c:sOO8/Q= CR LF    where a trailer was announced
/// x-amz-trailer-signature:d81f… CR LF    where chunks are signed
///                               CR LF
/// ```
///
/// Content is handed on before the signature of its chunk is known, since a chunk may be as large
/// as the object. **So nothing may commit until [#finish()] has returned.** The content is hashed
/// as it passes; what is held is one line of framing, at most 1 KiB, whatever the sizes of chunks
/// and inputs.
///
/// Lines of the trailer may end with a bare LF, and an empty line may stand before the trailer's
/// signature: minio's clients write them so. It is safe, since the end of the body is HTTP's matter
/// and nothing here decides where the next request begins.
///
/// For one thread at a time.
public final class AwsChunkedDecoder {
  private static final int MAX_LINE = 1024;
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_EXTRA_LINE_ENDS = 4;
  private static final long MIN_CHUNK = 8192;
  private static final String CHUNK_SIGNATURE = "chunk-signature=";

  private final PayloadSigning.Streaming framing;
  private final ContentSink sink;
  private final @Nullable ChunkSigner signer;
  private final TrailerLines trailers;
  private final MessageDigest chunkHash = Sha256.digest();
  private final byte[] line = new byte[MAX_LINE];

  private int lineLength;
  private State state = State.CHUNK_HEADER;
  private long chunkNumber;
  private long chunkSize;
  private String chunkSignature = "";
  private long chunkLeft;
  private long decoded;
  private int extraLineEnds;
  private Checksums checksums = Checksums.getDefaultInstance();
  private @Nullable S3Exception failure;

  private enum State {
    CHUNK_HEADER,
    CONTENT,
    CONTENT_END,
    TRAILER,
    END
  }

  /// Takes decoded content.
  @FunctionalInterface
  public interface ContentSink {
    /// The next bytes of content, never empty. The buffer is a read-only view of what was given to
    /// [AwsChunkedDecoder#accept(ByteBuffer)] and is good until that call returns.
    void content(ByteBuffer bytes);
  }

  /// A decoder for one body.
  public AwsChunkedDecoder(PayloadSigning.Streaming framing, ContentSink sink) {
    this.framing = framing;
    this.sink = sink;
    switch (framing) {
      case PayloadSigning.StreamingSigned signed -> {
        signer = new ChunkSigner(signed.chain());
        trailers = new TrailerLines(signed.trailerName(), signed.trailing() ? signer : null);
      }
      case PayloadSigning.StreamingUnsignedTrailer unsigned -> {
        signer = null;
        trailers = new TrailerLines(unsigned.trailerName(), null);
      }
    }
  }

  /// Takes the next bytes of the body, however they are cut, and consumes them all.
  ///
  /// @throws S3Exception where the body is not what it should be: SignatureDoesNotMatch,
  ///   InvalidChunkSizeError, IncompleteBody for framing or a length that is wrong,
  ///   MalformedTrailerError, InvalidRequest for a checksum that is none. The decoder is of no
  ///   further use then and throws the same again.
  public void accept(ByteBuffer input) {
    if (failure != null) {
      throw failure;
    }
    try {
      while (input.hasRemaining()) {
        step(input);
      }
    } catch (S3Exception e) {
      failure = e;
      throw e;
    }
  }

  /// The body is over: checks that it was whole.
  ///
  /// @return what followed the content
  /// @throws S3Exception IncompleteBody where something is missing, or what [#accept(ByteBuffer)]
  ///   threw
  public Trailers finish() {
    if (failure != null) {
      throw failure;
    }
    // S3 does not insist on the very last line end where no trailer was announced.
    boolean whole =
        state == State.END || (state == State.TRAILER && lineLength == 0 && !trailers.expectsAny());
    if (!whole) {
      throw malformed();
    }
    return new Trailers(checksums);
  }

  private void step(ByteBuffer input) {
    switch (state) {
      case CHUNK_HEADER -> {
        if (readLine(input, S3Error.INCOMPLETE_BODY)) {
          chunkHeader(takeLine(true));
        }
      }
      case CONTENT -> content(input);
      case CONTENT_END -> {
        if (readLine(input, S3Error.INCOMPLETE_BODY)) {
          if (!takeLine(true).isEmpty()) {
            throw malformed();
          }
          state = State.CHUNK_HEADER;
        }
      }
      case TRAILER -> {
        if (readLine(input, S3Error.MALFORMED_TRAILER) && trailers.accept(takeLine(false))) {
          checksums = trailers.checksums();
          state = State.END;
        }
      }
      case END -> {
        byte next = input.get();
        if ((next != '\r' && next != '\n') || ++extraLineEnds > MAX_EXTRA_LINE_ENDS) {
          throw malformed();
        }
      }
    }
  }

  private void chunkHeader(String header) {
    int semicolon = header.indexOf(';');
    long size = size(semicolon < 0 ? header : header.substring(0, semicolon));
    chunkNumber++;
    if (chunkNumber > 1 && chunkSize < MIN_CHUNK && size > 0) {
      throw chunkTooSmall();
    }
    if (size > framing.decodedLength() - decoded) {
      throw wrongLength(decoded + size);
    }
    if (signer != null) {
      chunkSignature = signature(semicolon < 0 ? "" : header.substring(semicolon + 1));
    }
    chunkSize = size;
    chunkLeft = size;
    if (size > 0) {
      state = State.CONTENT;
      return;
    }
    if (decoded != framing.decodedLength()) {
      throw wrongLength(decoded);
    }
    checkChunk();
    state = State.TRAILER;
  }

  private void content(ByteBuffer input) {
    int length = (int) Math.min(input.remaining(), chunkLeft);
    ByteBuffer content = input.slice(input.position(), length);
    input.position(input.position() + length);
    if (signer != null) {
      chunkHash.update(content.duplicate());
    }
    chunkLeft -= length;
    decoded += length;
    sink.content(content.asReadOnlyBuffer());
    if (chunkLeft == 0) {
      checkChunk();
      state = State.CONTENT_END;
    }
  }

  private void checkChunk() {
    if (signer != null) {
      signer.checkChunk(HexFormat.of().formatHex(chunkHash.digest()), chunkSignature);
    }
  }

  /// Collects a line up to its LF, which is left out.
  ///
  /// @param tooLong what a line without end is answered with
  private boolean readLine(ByteBuffer input, S3Error tooLong) {
    while (input.hasRemaining()) {
      byte next = input.get();
      if (next == '\n') {
        return true;
      }
      if (lineLength == MAX_LINE) {
        throw new S3Exception(tooLong);
      }
      line[lineLength++] = next;
    }
    return false;
  }

  /// The line that was collected, without its CR.
  private String takeLine(boolean needsCarriageReturn) {
    int length = lineLength;
    lineLength = 0;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    } else if (needsCarriageReturn) {
      throw malformed();
    }
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static long size(String digits) {
    if (digits.isEmpty()
        || digits.length() > MAX_SIZE_DIGITS
        || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw malformed();
    }
    return HexFormat.fromHexDigitsToLong(digits);
  }

  private static String signature(String extension) {
    if (!extension.startsWith(CHUNK_SIGNATURE) || extension.length() == CHUNK_SIGNATURE.length()) {
      throw malformed();
    }
    return extension.substring(CHUNK_SIGNATURE.length());
  }

  private S3Exception chunkTooSmall() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("Chunk", Long.toString(chunkNumber));
    details.put("BadChunkSize", Long.toString(chunkSize));
    return new S3Exception(
        S3Error.INVALID_CHUNK_SIZE, S3Error.INVALID_CHUNK_SIZE.message(), details, Map.of());
  }

  private S3Exception wrongLength(long provided) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("NumberBytesExpected", Long.toString(framing.decodedLength()));
    details.put("NumberBytesProvided", Long.toString(provided));
    return new S3Exception(
        S3Error.INCOMPLETE_BODY,
        "You did not provide the number of bytes specified by the x-amz-decoded-content-length"
            + " HTTP header.",
        details,
        Map.of());
  }

  private static S3Exception malformed() {
    return new S3Exception(S3Error.INCOMPLETE_BODY);
  }
}
