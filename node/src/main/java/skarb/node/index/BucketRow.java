package skarb.node.index;

import java.util.ArrayList;
import java.util.List;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.BucketValue;

/// A bucket.
///
/// @param incarnation its identity: the entry that made it
/// @param created that entry's place among all
/// @param value its name as callers say it, owner, location and time
/// @param siblings other incarnations that its owner made under the same name, at other sites at
///   about the same time; read as one with it. Almost always none
/// @param revived whether it was deleted, and lives since it holds what the deletion had not seen
/// @param madeAs the name that it was made with. Where that belongs to a bucket of another owner,
///   this one goes by another name
public record BucketRow(
    EntryDot incarnation,
    EntryOrder created,
    BucketValue value,
    List<EntryDot> siblings,
    boolean revived,
    String madeAs) {
  public BucketRow {
    siblings = List.copyOf(siblings);
  }

  /// Whether its name belongs to a bucket of another owner.
  public boolean isConflict() {
    return !madeAs.equals(value.getName());
  }

  /// All incarnations, its own first.
  public List<EntryDot> incarnations() {
    List<EntryDot> all = new ArrayList<>(siblings.size() + 1);
    all.add(incarnation);
    all.addAll(siblings);
    return all;
  }

  /// The rows in which the objects, uploads and settings of all incarnations stand under its own.
  public IndexView over(IndexView rows) {
    return siblings.isEmpty() ? rows : new NamespaceView(rows, incarnation, siblings);
  }
}
