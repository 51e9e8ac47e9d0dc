package skarb.cli.objects;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A bucket, or a key in it: `s3://BUCKET[/KEY]`, as other tools for S3 write it. What follows the
/// bucket's slash is the key as it is: nothing is decoded, and slashes are not merged.
///
/// @param bucket its name
/// @param key empty for the bucket itself
record StorePath(String bucket, String key) {
  private static final String SCHEME = "s3://";

  /// Whether a text is one, where it could be a local path as well.
  static boolean isOne(String text) {
    return text.startsWith(SCHEME);
  }

  /// Reads one. The scheme may be left out here.
  ///
  /// @throws IllegalArgumentException without a bucket
  static StorePath parse(String text) {
    String path = isOne(text) ? text.substring(SCHEME.length()) : text;
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' is not s3://BUCKET[/KEY]");
    }
    return new StorePath(bucket, slash < 0 ? "" : path.substring(slash + 1));
  }

  /// Whether it can only be a folder: a bucket, or a key with a slash at its end.
  boolean isFolder() {
    return key.isEmpty() || key.endsWith("/");
  }

  /// The same as a folder.
  StorePath asFolder() {
    return isFolder() ? this : new StorePath(bucket, key + "/");
  }

  /// What lies in this folder under a name.
  StorePath resolve(String name) {
    return new StorePath(bucket, key + name);
  }

  /// What follows the last slash; empty for a folder.
  String name() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /// As it is written, fit for a terminal.
  @Override
  public String toString() {
    return Printable.of(SCHEME + bucket + (key.isEmpty() ? "" : "/" + key));
  }

  /// For picocli.
  static final class Converter implements ITypeConverter<StorePath> {
    @Override
    public StorePath convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
