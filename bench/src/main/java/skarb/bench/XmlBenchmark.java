package skarb.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import skarb.s3.xml.CompleteUploadXml;
import skarb.s3.xml.DeleteXml;
import skarb.s3.xml.ListBucketResultXml;
import skarb.s3.xml.ListEncoding;
import skarb.v1.CompletedPart;
import skarb.v1.ListResponse;
import skarb.v1.ObjectInfo;

/// The largest documents that the gateway reads and writes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class XmlBenchmark {
  private static final int PARTS = 10_000;
  private static final int KEYS = 1_000;

  private static final ListBucketResultXml.Echo ECHO =
      new ListBucketResultXml.Echo("bucket", "photos/", "", KEYS, ListEncoding.URL);
  private static final ListBucketResultXml.V2 ONLY_V2 =
      new ListBucketResultXml.V2(Optional.of("token"), Optional.empty(), false);

  private final SplittableRandom random = new SplittableRandom(1);
  private ByteString complete = ByteString.EMPTY;
  private ByteString delete = ByteString.EMPTY;
  private ListResponse page = ListResponse.getDefaultInstance();

  /// Makes the documents.
  @Setup
  public void prepare() {
    StringBuilder parts = new StringBuilder("<CompleteMultipartUpload>");
    for (int number = 1; number <= PARTS; number++) {
      parts.append("<Part><ETag>&quot;").append(hex(16)).append("&quot;</ETag>");
      parts.append("<PartNumber>").append(number).append("</PartNumber></Part>");
    }
    complete = ByteString.copyFromUtf8(parts.append("</CompleteMultipartUpload>").toString());

    StringBuilder keys = new StringBuilder("<Delete><Quiet>true</Quiet>");
    ListResponse.Builder objects = ListResponse.newBuilder().setNextPageToken(hex(32));
    for (int i = 0; i < KEYS; i++) {
      String key = "photos/2026/" + hex(8) + " ü.jpeg";
      keys.append("<Object><Key>").append(key).append("</Key></Object>");
      objects.addObjects(
          ObjectInfo.newBuilder()
              .setKey(key)
              .setSize(random.nextInt(1 << 30))
              .setEtag(hex(16))
              .setLastModified(
                  Timestamp.newBuilder().setSeconds(1_790_000_000L + random.nextInt(1 << 20))));
    }
    delete = ByteString.copyFromUtf8(keys.append("</Delete>").toString());
    page = objects.build();
  }

  private String hex(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  /// Reads a CompleteMultipartUpload of 10,000 parts.
  @Benchmark
  public List<CompletedPart> readCompleteUpload() {
    return CompleteUploadXml.decode(complete);
  }

  /// Reads a DeleteObjects of 1,000 keys.
  @Benchmark
  public DeleteXml.Delete readDelete() {
    return DeleteXml.decode(delete);
  }

  /// Writes a page of ListObjectsV2 with 1,000 keys, percent-encoded as SDKs ask for it.
  @Benchmark
  public ByteString writeListing() {
    return ListBucketResultXml.encodeV2(ECHO, ONLY_V2, page);
  }
}
