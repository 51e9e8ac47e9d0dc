package skarb.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import skarb.node.content.BodyChecksum;
import skarb.node.index.UploadPart;
import skarb.node.index.Uploads;
import skarb.node.model.NodeException;
import skarb.node.model.UploadName;
import skarb.v1.CompletedPart;
import skarb.v1.ErrorReason;

/// The parts that a completion names, in order, and how they are found among those that are stored.
final class PartsAskedFor {
  private static final int MAX_ETAG_LENGTH = 128;
  private static final int STEP = 256;

  private final List<CompletedPart> parts;

  private PartsAskedFor(List<CompletedPart> parts) {
    this.parts = parts;
  }

  /// @throws NodeException INVALID_ARGUMENT or INVALID_PART_ORDER
  static PartsAskedFor of(List<CompletedPart> parts) {
    if (parts.isEmpty() || parts.size() > Uploads.MAX_PART_NUMBER) {
      throw Requests.invalid("parts", "1 to " + Uploads.MAX_PART_NUMBER + " parts are completed");
    }
    int last = 0;
    for (CompletedPart part : parts) {
      Requests.checkPartNumber("parts.number", part.getNumber());
      Requests.checkChecksums("parts.checksums", part.getChecksums());
      if (part.getEtag().length() > MAX_ETAG_LENGTH) {
        throw Requests.invalid("parts.etag", "an entity tag that is too long");
      }
      if (part.getNumber() <= last) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_INVALID_PART_ORDER, "the parts' numbers do not ascend");
      }
      last = part.getNumber();
    }
    return new PartsAskedFor(parts);
  }

  int count() {
    return parts.size();
  }

  /// SHA-256 of the numbers and entity tags.
  ByteString hash() {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    for (CompletedPart part : parts) {
      byte[] etag = part.getEtag().getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(8).putInt(part.getNumber()).putInt(etag.length).array());
      sha256.update(etag);
    }
    return UnsafeByteOperations.unsafeWrap(sha256.digest());
  }

  /// The stored parts that are asked for, read a step at a time. Each is checked on its way out,
  /// which throws INVALID_PART or INVALID_ARGUMENT.
  Iterable<UploadPart> stored(Uploads uploads, UploadName upload, UploadChecksums checksums) {
    return () -> new Matching(uploads, upload, checksums);
  }

  private final class Matching implements Iterator<UploadPart> {
    private final Uploads uploads;
    private final UploadName upload;
    private final UploadChecksums checksums;
    private List<UploadPart> step = List.of();
    private int inStep;
    private int next;

    Matching(Uploads uploads, UploadName upload, UploadChecksums checksums) {
      this.uploads = uploads;
      this.upload = upload;
      this.checksums = checksums;
    }

    @Override
    public boolean hasNext() {
      return next < parts.size();
    }

    @Override
    public UploadPart next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more parts");
      }
      CompletedPart asked = parts.get(next++);
      UploadPart part = find(asked.getNumber());
      check(asked, part);
      return part;
    }

    private UploadPart find(int number) {
      while (true) {
        while (inStep < step.size()) {
          UploadPart part = step.get(inStep);
          if (part.number() > number) {
            throw invalidPart(number, "a part that was not uploaded");
          }
          inStep++;
          if (part.number() == number) {
            return part;
          }
        }
        int last = step.isEmpty() ? 0 : step.getLast().number();
        step = uploads.parts(upload, Math.max(last, number - 1), STEP);
        inStep = 0;
        if (step.isEmpty()) {
          throw invalidPart(number, "a part that was not uploaded");
        }
      }
    }

    private void check(CompletedPart asked, UploadPart part) {
      if (!asked.getEtag().equals(UploadAnswers.hex(part.value().getMd5()))) {
        throw invalidPart(part.number(), "a part with another entity tag");
      }
      if (checksums.isComposite() && checksums.kind().in(asked.getChecksums()).isEmpty()) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
            "a part without its checksum",
            Map.of(
                "field",
                "parts.checksums",
                "algorithm",
                checksums.kind().field(),
                "part_number",
                Integer.toString(part.number())));
      }
      for (BodyChecksum kind : BodyChecksum.values()) {
        if (kind != BodyChecksum.MD5
            && kind.in(asked.getChecksums()).isPresent()
            && !kind.in(asked.getChecksums()).equals(kind.in(part.value().getChecksums()))) {
          throw invalidPart(part.number(), "a part with another checksum");
        }
      }
    }
  }

  private static NodeException invalidPart(int number, String message) {
    return new NodeException(
        ErrorReason.ERROR_REASON_INVALID_PART,
        message,
        Map.of("part_number", Integer.toString(number)));
  }
}
