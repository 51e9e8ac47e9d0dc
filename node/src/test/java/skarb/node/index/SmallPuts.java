package skarb.node.index;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import skarb.node.model.EntryDot;
import skarb.v1.Body;
import skarb.v1.Checksums;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.NullSet;
import skarb.v1.NullValue;

/// Entries as PUTs of small objects make them, of one site and into one bucket: rows of the size
/// that a running node has. Keys are spread over the whole bucket, in an order that looks random
/// and that a number names again.
final class SmallPuts {
  static final String BUCKET = "bucket";
  private static final int BODY_BYTES = 4096;

  private final Entries site = new Entries(5);
  private final SplittableRandom random;
  private final LoggedEntry bucketCreated;
  private final EntryDot bucket;

  SmallPuts(long seed) {
    random = new SplittableRandom(seed);
    bucketCreated = site.next(Entries.bucketCreated(BUCKET, "owner"));
    bucket = site.lastDot();
  }

  /// The first entry, which makes the bucket.
  LoggedEntry bucketCreated() {
    return bucketCreated;
  }

  EntryDot bucket() {
    return bucket;
  }

  /// The key with a number: 35 bytes, no two alike, neighbours far apart.
  static ByteString key(long number) {
    long mixed = number * 0x9e3779b97f4a7c15L; // odd, so nothing is lost
    String hex = HexFormat.of().toHexDigits(mixed);
    return ByteString.copyFrom(
        ("photos/" + hex.substring(0, 2) + "/" + hex + "-4k.jpeg")
            .getBytes(StandardCharsets.US_ASCII));
  }

  /// The next entry: a body under the key with this number.
  LoggedEntry put(long number) {
    return site.next(
        skarb.v1.Effect.newBuilder()
            .setNullSet(
                NullSet.newBuilder()
                    .setBucket(bucket.toProto())
                    .setKey(key(number))
                    .setValue(NullValue.newBuilder().setBody(body())))
            .build());
  }

  private Body body() {
    return Body.newBuilder()
        .setManifest(
            Manifest.newBuilder()
                .setSize(BODY_BYTES)
                .addChunks(ChunkReference.newBuilder().setChunk(bytes(32)).setLength(BODY_BYTES)))
        .setEtag(bytes(16))
        .setChecksums(Checksums.newBuilder().setCrc64Nvme(bytes(8)))
        .setModifiedMillis(1_790_000_000_000L + random.nextInt(1 << 30))
        .setOwnerId("0123456789abcdef0123456789abcdef")
        .build();
  }

  private ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
