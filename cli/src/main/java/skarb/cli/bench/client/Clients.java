package skarb.cli.bench.client;

/// Where a load goes: makes a client for each worker. Safe for many threads.
public interface Clients extends AutoCloseable {
  /// A client.
  ///
  /// @param worker the worker's number, from 0
  StoreClient open(int worker);

  /// How requests are made, for the report: in a few words.
  String description();

  @Override
  void close();
}
