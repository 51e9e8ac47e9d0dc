package skarb.node.service;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyWriter;
import skarb.node.content.ChecksumCombiner;
import skarb.node.content.ComposedManifest;
import skarb.node.content.PartDigest;
import skarb.node.content.StoredBody;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.OpenUpload;
import skarb.node.index.UploadPart;
import skarb.node.index.Uploads;
import skarb.node.model.NodeException;
import skarb.v1.Body;
import skarb.v1.Checksums;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectPart;
import skarb.v1.PartList;

/// Makes one body of the parts of an upload. No byte of them is read or written: the manifests are
/// put together, the digests follow from those of the parts.
///
/// The parts are gone through twice, a step at a time: once for what is checked, of which some
/// hundred bytes a part are kept, and once for their manifests, of which nothing is.
final class UploadAssembler {
  /// Bytes of a part that is not the last.
  static final long MIN_PART_BYTES = 5L << 20;

  /// Bytes of an object.
  static final long MAX_OBJECT_BYTES = 5L << 40;

  /// Parts whose list lies in the row.
  private static final int MAX_INLINE_PARTS = 16;

  private final Uploads uploads;
  private final Bodies bodies;

  UploadAssembler(Uploads uploads, Bodies bodies) {
    this.uploads = uploads;
    this.bodies = bodies;
  }

  /// A body ready to be committed. Who gets it closes it, once its row was applied or never will
  /// be; closing neither blocks nor throws, and twice is once.
  ///
  /// @param body without its owner
  /// @param manifest what was made for its manifest
  /// @param partList the list of its parts, where it is stored
  record Assembled(Body body, ComposedManifest manifest, Optional<StoredBody> partList)
      implements AutoCloseable {
    /// What rides in the journal.
    List<EncodedChunk> journaled() {
      return partList.map(StoredBody::journaled).orElse(List.of());
    }

    @Override
    public void close() {
      partList.ifPresent(StoredBody::close);
      manifest.close();
    }
  }

  /// @throws NodeException INVALID_PART, ENTITY_TOO_SMALL, ENTITY_TOO_LARGE, INVALID_ARGUMENT,
  ///   CHECKSUM_TYPE_MISMATCH or CHECKSUM_MISMATCH; READ_ONLY or DISK_FULL
  /// @throws InterruptedException while waiting for memory
  Assembled assemble(OpenUpload upload, PartsAskedFor asked, CompleteUploadRequest request)
      throws InterruptedException {
    UploadChecksums checksums = UploadChecksums.of(upload.value());
    checksums.mustBe(request.getChecksumType());
    Iterable<UploadPart> stored = asked.stored(uploads, upload.name(), checksums);
    List<PartDigest> digests = new ArrayList<>(asked.count());
    List<ObjectPart> list = new ArrayList<>(asked.count());
    for (UploadPart part : stored) {
      Checksums one = checksums.only(part.value().getChecksums());
      long size = part.value().getManifest().getSize();
      digests.add(new PartDigest(size, part.value().getMd5(), one));
      list.add(
          ObjectPart.newBuilder().setNumber(part.number()).setSize(size).setChecksums(one).build());
    }
    long size = checkSizes(digests, list);
    if (request.hasObjectSize() && request.getObjectSize() != size) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          "the parts have " + size + " bytes",
          Map.of(
              "field",
              "object_size",
              "expected",
              Long.toString(request.getObjectSize()),
              "actual",
              Long.toString(size)));
    }
    Checksums whole = checksums.combine(digests);
    checksums.verify(request.getExpected(), whole);
    Body.Builder body =
        Body.newBuilder()
            .setEtag(ChecksumCombiner.multipartEtag(Iterables.transform(digests, PartDigest::md5)))
            .setParts(list.size())
            .setChecksums(whole)
            .setChecksumType(checksums.type())
            .setAttributes(upload.value().getAttributes())
            .setModifiedMillis(upload.value().getInitiatedMillis());
    Optional<StoredBody> partList = storeList(list, body);
    try {
      ComposedManifest manifest =
          bodies
              .composer()
              .concatenate(Iterables.transform(stored, part -> part.value().getManifest()));
      return new Assembled(body.setManifest(manifest.manifest()).build(), manifest, partList);
    } catch (Throwable t) {
      partList.ifPresent(StoredBody::close);
      throw t;
    }
  }

  /// A short list lies in the row, a longer one is a content of its own.
  private Optional<StoredBody> storeList(List<ObjectPart> list, Body.Builder body)
      throws InterruptedException {
    if (list.size() <= MAX_INLINE_PARTS) {
      body.addAllPartList(list);
      return Optional.empty();
    }
    try (BodyWriter writer = bodies.writer(BodyPromise.none())) {
      writer.write(PartList.newBuilder().addAllParts(list).build().toByteString());
      StoredBody stored = writer.finish(Checksums.getDefaultInstance());
      body.setPartListContent(stored.manifest());
      return Optional.of(stored);
    }
  }

  private static long checkSizes(List<PartDigest> digests, List<ObjectPart> list) {
    long size = 0;
    for (int i = 0; i < digests.size(); i++) {
      PartDigest part = digests.get(i);
      if (part.size() < MIN_PART_BYTES && i < digests.size() - 1) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_ENTITY_TOO_SMALL,
            "a part other than the last is below 5 MiB",
            Map.of(
                "size",
                Long.toString(part.size()),
                "min_size",
                Long.toString(MIN_PART_BYTES),
                "part_number",
                Integer.toString(list.get(i).getNumber()),
                "etag",
                UploadAnswers.hex(part.md5())));
      }
      size += part.size();
    }
    if (size > MAX_OBJECT_BYTES) {
      throw Requests.tooLarge(Long.toString(size), MAX_OBJECT_BYTES);
    }
    return size;
  }
}
