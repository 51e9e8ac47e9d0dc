package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.List;

/// Is told of each batch once it is durable and visible, in order, on the committer's thread,
/// before its callers are answered.
@FunctionalInterface
public interface CommittedBatches {
  /// Neither blocks nor throws.
  ///
  /// @param batch its number in the log
  /// @param records serialised `JournalRecord`s, in order
  void committed(long batch, List<ByteString> records);
}
