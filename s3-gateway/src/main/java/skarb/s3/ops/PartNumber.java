package skarb.s3.ops;

import skarb.s3.error.S3Exception;

/// The numbers of parts: 1 to 10,000.
public final class PartNumber {
  private static final int MAX = 10_000;

  private PartNumber() {}

  /// Reads the query's `partNumber`.
  ///
  /// @throws S3Exception InvalidArgument for anything else
  public static int parse(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MAX) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw S3Exception.invalidArgument(
        "Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
  }
}
