package skarb.cli.bench.client;

/// The key that requests are signed with.
///
/// @param id the access key's id
/// @param secret its secret
public record AccessKey(String id, String secret) {
  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
