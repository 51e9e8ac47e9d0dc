package skarb.node.index;

import skarb.v1.AccessKey;

/// An access key.
///
/// @param accessKeyId the id that requests name
/// @param generation the stamp of its row, which grows with each change
/// @param key whom it stands for, and its sealed secret
public record AccessKeyRow(String accessKeyId, long generation, AccessKey key) {
  @Override
  public String toString() {
    return "AccessKeyRow[" + accessKeyId + ", " + generation + "]";
  }
}
