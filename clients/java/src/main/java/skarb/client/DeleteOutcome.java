package skarb.client;

/// What became of one object of a batch.
public sealed interface DeleteOutcome {
  /// What was to be deleted.
  DeleteItem item();

  /// It is deleted.
  record Deleted(DeleteItem item, DeleteResult result) implements DeleteOutcome {}

  /// It is not.
  record Failed(DeleteItem item, Reason reason, String message) implements DeleteOutcome {}
}
