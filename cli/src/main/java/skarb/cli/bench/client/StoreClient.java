package skarb.cli.bench.client;

import java.io.IOException;
import java.util.List;

/// What a load does to a store, over either of its interfaces, in one bucket. One worker's own;
/// each method sends a request and waits for its answer.
///
/// Every method throws [RequestFailedException] for an answer that is an error, and another
/// IOException where the connection failed; the next request then opens a new one.
public interface StoreClient extends AutoCloseable {

  /// A body that was read and thrown away.
  ///
  /// @param bytes how many
  /// @param firstByteNanos from sending the request to the first byte of the answer
  /// @param crc32c of the bytes, where it was asked for
  record Download(long bytes, long firstByteNanos, int crc32c) {}

  /// A page of a listing.
  ///
  /// @param keys how many it holds
  /// @param nextToken for the next page; empty on the last
  record Page(int keys, String nextToken) {}

  /// Makes the bucket where it is absent.
  ///
  /// @return whether it was
  boolean createBucket() throws IOException;

  /// Removes the bucket, which is empty.
  void deleteBucket() throws IOException;

  /// Stores an object.
  void put(String key, Body body) throws IOException;

  /// Reads an object whole.
  ///
  /// @param checksum whether to compute its CRC-32C
  Download get(String key, boolean checksum) throws IOException;

  /// Asks about an object.
  void head(String key) throws IOException;

  /// Deletes an object.
  void delete(String key) throws IOException;

  /// Deletes up to 1,000 objects in one request.
  void deleteBatch(List<String> keys) throws IOException;

  /// A page of up to 1,000 keys.
  ///
  /// @param token of the page before; empty for the first
  Page list(String prefix, String token) throws IOException;

  /// Begins an upload in parts.
  ///
  /// @return its id
  String createUpload(String key) throws IOException;

  /// Stores a part.
  ///
  /// @param number from 1
  /// @return its entity tag without quotes
  String uploadPart(String key, String uploadId, int number, Body body) throws IOException;

  /// Makes the object.
  ///
  /// @param etags of the parts, in order
  void completeUpload(String key, String uploadId, List<String> etags) throws IOException;

  /// Gives an upload up.
  void abortUpload(String key, String uploadId) throws IOException;

  /// Ends its connection. May be called by another thread, to end a request that hangs.
  @Override
  void close();
}
