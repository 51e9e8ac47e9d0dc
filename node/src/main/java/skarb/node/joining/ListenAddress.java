package skarb.node.joining;

import java.util.Optional;

/// Where other sites reach this one, known once its listener for them stands. Safe for any thread.
public final class ListenAddress {
  private volatile boolean listens;
  private volatile String reachable = "";

  /// The listener stands.
  ///
  /// @param address `host:port`; empty where it listens at every address and was not told by which
  ///   others come
  public void is(String address) {
    reachable = address;
    listens = true;
  }

  /// Whether other sites can come here.
  public boolean listens() {
    return listens;
  }

  /// By which address they come.
  public Optional<String> reachable() {
    return Optional.of(reachable).filter(text -> !text.isEmpty());
  }
}
