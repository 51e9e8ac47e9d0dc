package skarb.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import skarb.node.content.BodyReader;
import skarb.node.model.NodeException;
import skarb.v1.Body;
import skarb.v1.ContentRange;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.ObjectPart;
import skarb.v1.PartList;

/// The parts that bodies were uploaded in: up to 16 stand in the row, more in a stored content that
/// is a `PartList`, read whole, since it is half a megabyte for 10,000 parts.
final class ObjectParts {
  static final int MAX_PART_NUMBER = 10_000;

  /// More than 10,000 parts with a checksum of each kind can have.
  private static final int MAX_LIST_BYTES = 2 << 20;

  private final BodyReader reader;

  ObjectParts(BodyReader reader) {
    this.reader = reader;
  }

  /// The parts in order of their numbers; none for a body that came in one.
  ///
  /// @throws NodeException DATA_DAMAGED where they cannot be read or make no sense
  List<ObjectPart> of(Body body) {
    List<ObjectPart> parts =
        body.hasPartListContent() ? read(body.getPartListContent()) : body.getPartListList();
    int last = 0;
    long rest = body.getManifest().getSize();
    for (ObjectPart part : parts) {
      if (part.getNumber() <= last || part.getSize() < 0 || part.getSize() > rest) {
        throw damaged("part " + part.getNumber() + " is none of this body's");
      }
      last = part.getNumber();
      rest -= part.getSize();
    }
    if (parts.size() != body.getParts() || (body.hasParts() && rest != 0)) {
      throw damaged("the parts of a body are not the whole of it");
    }
    return parts;
  }

  /// Where a part's bytes lie. A body that came in one has part 1 alone.
  ///
  /// @throws NodeException NO_SUCH_PART or DATA_DAMAGED
  ContentRange range(Body body, int number) {
    long size = body.getManifest().getSize();
    if (!body.hasParts()) {
      if (number != 1) {
        throw noSuchPart(number, 1);
      }
      return ContentRange.newBuilder().setLength(size).build();
    }
    long first = 0;
    for (ObjectPart part : of(body)) {
      if (part.getNumber() == number) {
        return ContentRange.newBuilder().setFirst(first).setLength(part.getSize()).build();
      }
      first += part.getSize();
    }
    throw noSuchPart(number, body.getParts());
  }

  private List<ObjectPart> read(Manifest content) {
    if (content.getSize() < 0 || content.getSize() > MAX_LIST_BYTES) {
      throw damaged("a list of parts has " + content.getSize() + " bytes");
    }
    List<ByteString> frames = new ArrayList<>();
    reader.read(content, 0, content.getSize(), (frame, crc32c) -> frames.add(frame));
    try {
      return PartList.parseFrom(ByteString.copyFrom(frames)).getPartsList();
    } catch (InvalidProtocolBufferException e) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_DATA_DAMAGED, "a list of parts that is none", e);
    }
  }

  private static NodeException noSuchPart(int number, int count) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_PART,
        "the object has no such part",
        Map.of("part_number", Integer.toString(number), "parts_count", Integer.toString(count)));
  }

  private static NodeException damaged(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_DATA_DAMAGED, message);
  }
}
