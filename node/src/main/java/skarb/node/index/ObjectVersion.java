package skarb.node.index;

import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.VersionValue;

/// A version of an object as it stands.
///
/// @param dot the entry that set it
/// @param order that entry's place among all
/// @param id its identity, by which versions sort: for the null version the order itself, for
///   others the order of the entry that first wrote it
/// @param isNull whether it is the null version
/// @param value a body or a delete marker
public record ObjectVersion(
    EntryDot dot, EntryOrder order, EntryOrder id, boolean isNull, VersionValue value) {

  /// Whether it is a delete marker.
  public boolean isDeleteMarker() {
    return value.hasMarker();
  }

  /// Its id as callers name it.
  public VersionId versionId() {
    return isNull ? VersionId.NULL : new VersionId.Stamped(id);
  }

  /// When it was written, as Unix milliseconds.
  public long modifiedMillis() {
    return isDeleteMarker()
        ? value.getMarker().getModifiedMillis()
        : value.getBody().getModifiedMillis();
  }

  /// Whose it is, by user id.
  public String ownerId() {
    return isDeleteMarker() ? value.getMarker().getOwnerId() : value.getBody().getOwnerId();
  }

  /// Its body; the default one for a delete marker.
  public Body body() {
    return value.getBody();
  }
}
