package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.xml.SafeXml.Element;

/// `Delete` and `DeleteResult`: what DeleteObjects is asked for and answers.
public final class DeleteXml {
  private static final int MAX_ITEMS = 1000;

  private DeleteXml() {}

  /// What is to be deleted.
  ///
  /// @param quiet whether the answer names failures only
  public record Delete(boolean quiet, List<Item> items) {}

  /// One object.
  ///
  /// @param etag what it must match, with or without quotes, or `*`
  public record Item(String key, Optional<String> versionId, Optional<String> etag) {}

  /// What became of one object.
  public sealed interface Outcome {
    /// It is gone.
    ///
    /// @param markerVersionId the id of the delete marker that was made or removed
    record Deleted(Item item, boolean deleteMarker, Optional<String> markerVersionId)
        implements Outcome {}

    /// It is not.
    record Failed(Item item, S3Exception error) implements Outcome {}
  }

  /// Reads a `Delete`.
  ///
  /// @throws S3Exception MalformedXML, also for none or more than 1,000 objects; NotImplemented for
  ///   conditions that are not served
  public static Delete decode(ByteString document) {
    Element root = SafeXml.parse(document, "Delete");
    List<Item> items = new ArrayList<>();
    boolean quiet = false;
    for (Element child : root.children()) {
      switch (child.name()) {
        case "Object" -> items.add(item(child));
        case "Quiet" -> quiet = bool(child.text());
        default -> throw SafeXml.malformed();
      }
    }
    if (items.isEmpty() || items.size() > MAX_ITEMS) {
      throw SafeXml.malformed();
    }
    return new Delete(quiet, items);
  }

  private static Item item(Element object) {
    for (Element child : object.children()) {
      switch (child.name()) {
        case "Key", "VersionId", "ETag" -> {}
        case "LastModifiedTime", "Size" ->
            throw new S3Exception(
                S3Error.NOT_IMPLEMENTED, "A condition on " + child.name() + " is not implemented.");
        default -> throw SafeXml.malformed();
      }
    }
    String key =
        object.childText("Key").filter(text -> !text.isEmpty()).orElseThrow(SafeXml::malformed);
    return new Item(
        key, object.childText("VersionId").filter(id -> !id.isEmpty()), object.childText("ETag"));
  }

  private static boolean bool(String text) {
    return switch (text.strip()) {
      case "true", "1" -> true;
      case "false", "0", "" -> false;
      default -> throw SafeXml.malformed();
    };
  }

  /// Writes a `DeleteResult`.
  public static ByteString encode(boolean quiet, List<Outcome> outcomes) {
    XmlWriter xml = XmlWriter.answer("DeleteResult", 256 + outcomes.size() * 96);
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Deleted deleted -> {
          if (!quiet) {
            deleted(xml, deleted);
          }
        }
        case Outcome.Failed failed ->
            xml.open("Error")
                .text("Key", failed.item().key())
                .textIfPresent("VersionId", failed.item().versionId().orElse(null))
                .text("Code", failed.error().error().code())
                .text("Message", failed.error().shownMessage())
                .close("Error");
      }
    }
    return xml.finish("DeleteResult");
  }

  private static void deleted(XmlWriter xml, Outcome.Deleted deleted) {
    xml.open("Deleted")
        .text("Key", deleted.item().key())
        .textIfPresent("VersionId", deleted.item().versionId().orElse(null));
    if (deleted.deleteMarker()) {
      xml.bool("DeleteMarker", true)
          .textIfPresent("DeleteMarkerVersionId", deleted.markerVersionId().orElse(null));
    }
    xml.close("Deleted");
  }
}
