package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.client.BucketInfo;
import skarb.client.ByteRange;
import skarb.client.ChecksumAlgorithm;
import skarb.client.ChecksumType;
import skarb.client.ClientConfig;
import skarb.client.ContentHeaders;
import skarb.client.CopyOptions;
import skarb.client.CopyResult;
import skarb.client.CopySource;
import skarb.client.Credentials;
import skarb.client.DeleteItem;
import skarb.client.DeleteOptions;
import skarb.client.DeleteOutcome;
import skarb.client.DeleteResult;
import skarb.client.GetOptions;
import skarb.client.ListEntry;
import skarb.client.ListOptions;
import skarb.client.ObjectInfo;
import skarb.client.ObjectStream;
import skarb.client.PutOptions;
import skarb.client.PutResult;
import skarb.client.ReadCondition;
import skarb.client.Reason;
import skarb.client.SkarbClient;
import skarb.client.SkarbException;
import skarb.client.Versioning;
import skarb.client.WriteCondition;

/// The Java client against a whole server.
class JavaClientTest {
  private static final int MIB = 1 << 20;
  private static final int PART = 5 * MIB;

  @TempDir Path folder;
  private ClientServer server;
  private SkarbClient client;

  @BeforeEach
  void start() throws Exception {
    server = new ClientServer(folder, Optional.empty());
    client = connect(key(ClientServer.SECRET_KEY));
    BucketInfo made = client.createBucket("bucket");
    assertThat(made.name()).isEqualTo("bucket");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private SkarbClient connect(Credentials credentials) {
    return SkarbClient.connect(server.uri(), credentials, ClientConfig.defaults());
  }

  private static Credentials key(String secret) {
    return Credentials.accessKey(ClientServer.ACCESS_KEY, secret);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bodiesOfAllSizesGoUpAndComeDown() throws Exception {
    for (int size : new int[] {0, 1, MIB, MIB + 1, 9_000_001}) {
      byte[] body = random(size);
      Path file = Files.write(folder.resolve("body"), body);
      PutResult put = client.put("bucket", "file", file);
      assertThat(put.size()).isEqualTo(size);
      put = client.put("bucket", "stream", new ByteArrayInputStream(body), size, PutOptions.none());
      assertThat(put.checksums()).containsKey(ChecksumAlgorithm.CRC64NVME);
      Path back = folder.resolve("back");
      ObjectInfo info = client.get("bucket", "file", back);
      assertThat(info.etag()).isEqualTo(put.etag());
      assertThat(back).hasSameBinaryContentAs(file);
      assertThat(client.getBytes("bucket", "stream")).isEqualTo(body);
      try (ObjectStream stream = client.open("bucket", "stream")) {
        assertThat(stream.readAllBytes()).isEqualTo(body);
      }
    }
  }

  @Test
  void everyChecksumIsVerifiedAndStored() {
    byte[] body = random(2 * MIB + 5);
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      if (algorithm != ChecksumAlgorithm.MD5) {
        PutResult put = client.put("bucket", "k", body, PutOptions.none().withChecksum(algorithm));
        assertThat(put.checksums()).containsKey(algorithm);
        assertThat(client.getBytes("bucket", "k")).isEqualTo(body);
      }
    }
  }

  @Test
  void attributesConditionsAndRangesAreHeeded() {
    PutOptions options =
        PutOptions.none()
            .withContentType("text/plain")
            .withMetadata(Map.of("colour", "amber"))
            .withCondition(WriteCondition.onlyIfAbsent());
    byte[] text = "treasure".getBytes(StandardCharsets.UTF_8);
    PutResult put = client.put("bucket", "k", text, options);
    assertThatThrownBy(() -> client.put("bucket", "k", text, options))
        .isInstanceOfSatisfying(
            SkarbException.FailedPrecondition.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
              assertThat(e.requestId()).isPresent();
            });
    ObjectInfo head = client.head("bucket", "k");
    assertThat(head.headers().contentType()).contains("text/plain");
    assertThat(head.metadata()).isEqualTo(Map.of("colour", "amber"));
    assertThat(head.size()).isEqualTo(8);
    assertThatThrownBy(() ->
            client.head(
                "bucket",
                "k",
                GetOptions.none().withCondition(ReadCondition.ifNoneMatch(put.etag()))))
        .isInstanceOf(SkarbException.NotModified.class);
    assertThat(client.getBytes("bucket", "k", GetOptions.none().withRange(ByteRange.last(3))))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("ure");
    assertThatThrownBy(
            () -> client.getBytes("bucket", "k", GetOptions.none().withRange(ByteRange.from(8))))
        .isInstanceOf(SkarbException.InvalidRequest.class);
  }

  @Test
  void listsAndDeletionsGoThrough() {
    List<DeleteItem> items = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String key = "dir" + i % 3 + "/k" + i;
      PutResult put = client.put("bucket", key, new byte[0]);
      assertThat(put.size()).isZero();
      items.add(DeleteItem.ofKey(key));
    }
    assertThat(client.list("bucket", ListOptions.all().withPageSize(4)).map(ObjectInfo::key))
        .hasSize(25)
        .isSorted();
    assertThat(
            client
                .listEntries("bucket", ListOptions.all().withDelimiter("/").withPageSize(2))
                .map(ListEntry::name))
        .containsExactly("dir0/", "dir1/", "dir2/");
    assertThat(client.deleteAll("bucket", items)).allMatch(DeleteOutcome.Deleted.class::isInstance);
    assertThat(client.list("bucket")).isEmpty();
    assertThat(client.listBuckets().map(BucketInfo::name)).containsExactly("bucket");
    client.deleteBucket("bucket");
    assertThatThrownBy(() -> client.headBucket("bucket"))
        .isInstanceOf(SkarbException.NotFound.class);
  }

  @Test
  void deletionUnderAConditionIsJudged() {
    PutResult put = client.put("bucket", "k", new byte[1]);
    assertThatThrownBy(() ->
            client.delete(
                "bucket", "k", DeleteOptions.none().withCondition(WriteCondition.ifMatch("other"))))
        .isInstanceOf(SkarbException.FailedPrecondition.class);
    assertThat(
            client.delete(
                "bucket",
                "k",
                DeleteOptions.none().withCondition(WriteCondition.ifMatch(put.etag()))))
        .isNotNull();
    assertThat(client.list("bucket")).isEmpty();
  }

  @Test
  void versionsAreKeptReadListedAndRemoved() {
    client.setVersioning("bucket", Versioning.ENABLED);
    assertThat(client.headBucket("bucket").versioning()).isEqualTo(Versioning.ENABLED);
    String first = client.put("bucket", "k", new byte[] {1}).versionId().orElseThrow();
    String second = client.put("bucket", "k", new byte[] {2, 2}).versionId().orElseThrow();
    DeleteResult marker = client.delete("bucket", "k");
    assertThat(marker.deleteMarker()).isTrue();
    assertThatThrownBy(() -> client.getBytes("bucket", "k"))
        .isInstanceOf(SkarbException.NotFound.class);
    assertThat(client.getBytes("bucket", "k", GetOptions.none().withVersion(first)))
        .containsExactly(1);
    assertThat(client.listVersions("bucket", ListOptions.all().withPageSize(1)))
        .extracting(version -> version.object().versionId().orElse(""))
        .containsExactly(marker.versionId().orElseThrow(), second, first);
    DeleteResult undeleted =
        client.delete(
            "bucket", "k", DeleteOptions.none().withVersion(marker.versionId().orElseThrow()));
    assertThat(undeleted.deleteMarker()).isTrue();
    assertThat(client.getBytes("bucket", "k")).containsExactly(2, 2);
  }

  @Test
  void copiesKeepOrReplaceWhatIsSaid() {
    PutResult put =
        client.put(
            "bucket", "k", random(3000), PutOptions.none().withMetadata(Map.of("colour", "amber")));
    CopyResult copy = client.copy(CopySource.of("bucket", "k"), "bucket", "copy");
    assertThat(copy.stored().etag()).isEqualTo(put.etag());
    assertThat(client.head("bucket", "copy").metadata()).isEqualTo(Map.of("colour", "amber"));
    CopyResult replaced =
        client.copy(
            CopySource.of("bucket", "k").withCondition(ReadCondition.ifMatch(put.etag())),
            "bucket",
            "copy",
            CopyOptions.none()
                .replacing(ContentHeaders.ofType("text/plain"), Map.of("colour", "honey"))
                .withChecksum(ChecksumAlgorithm.SHA256));
    assertThat(replaced.stored().checksums()).containsKey(ChecksumAlgorithm.SHA256);
    assertThat(client.head("bucket", "copy").metadata()).isEqualTo(Map.of("colour", "honey"));
    assertThat(client.getBytes("bucket", "copy")).isEqualTo(random(3000));
    assertThatThrownBy(() ->
            client.copy(
                CopySource.of("bucket", "k").withCondition(ReadCondition.ifMatch("other")),
                "bucket",
                "copy"))
        .isInstanceOf(SkarbException.FailedPrecondition.class);
  }

  @Test
  void longBodiesGoInPartsAndAreVerifiedAsAWhole() throws Exception {
    byte[] body = random(4 * PART + 12_345);
    Path file = Files.write(folder.resolve("body"), body);
    ClientConfig inParts =
        ClientConfig.builder().multipartThreshold(PART + 1).partSize(PART).partsInFlight(3).build();
    try (SkarbClient parts =
        SkarbClient.connect(server.uri(), key(ClientServer.SECRET_KEY), inParts)) {
      for (ChecksumAlgorithm algorithm :
          new ChecksumAlgorithm[] {
            ChecksumAlgorithm.CRC64NVME, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.SHA256
          }) {
        PutOptions options = PutOptions.none().withChecksum(algorithm);
        PutResult put = parts.put("bucket", "file", file, options);
        assertThat(put.etag()).endsWith("-5");
        assertThat(put.checksumType())
            .isEqualTo(
                algorithm == ChecksumAlgorithm.SHA256
                    ? ChecksumType.COMPOSITE
                    : ChecksumType.FULL_OBJECT);
        assertThat(parts.getBytes("bucket", "file")).isEqualTo(body);
      }
      PutResult put = parts.put("bucket", "stream", new ByteArrayInputStream(body));
      assertThat(put.size()).isEqualTo(body.length);
      ObjectInfo info = parts.get("bucket", "stream", folder.resolve("back"));
      assertThat(info.partsCount()).hasValue(5);
      assertThat(folder.resolve("back")).hasSameBinaryContentAs(file);
      try (ObjectStream last = parts.open("bucket", "stream", GetOptions.none().withPart(5))) {
        assertThat(last.readAllBytes()).hasSize(12_345);
      }
      assertThat(parts.listUploads("bucket", ListOptions.all())).isEmpty();
    }
  }

  @Test
  void uploadThatFailsOnItsWayIsAborted() {
    InputStream torn =
        new SequenceInputStream(
            new ByteArrayInputStream(random(2 * PART)),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("the tape is torn");
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
              }
            });
    ClientConfig inParts = ClientConfig.builder().partSize(PART).build();
    try (SkarbClient parts =
        SkarbClient.connect(server.uri(), key(ClientServer.SECRET_KEY), inParts)) {
      assertThatThrownBy(() -> parts.put("bucket", "k", torn))
          .isInstanceOf(IOException.class)
          .hasMessage("the tape is torn");
      assertThat(parts.listUploads("bucket", ListOptions.all())).isEmpty();
      assertThat(parts.list("bucket")).isEmpty();
    }
  }

  @Test
  void wrongSecretIsToldApart() {
    try (SkarbClient stranger = connect(key("another-secret"))) {
      assertThatThrownBy(() -> stranger.head("bucket", "k"))
          .isInstanceOfSatisfying(
              SkarbException.Unauthenticated.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_MISMATCH));
    }
  }

  @Test
  void tokenStandsForItsKey() {
    StringWriter out = new StringWriter();
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("token", "--data", folder.resolve("data").toString());
    assertThat(exit).isZero();
    String token = out.toString().strip();
    try (SkarbClient bearer = connect(Credentials.token(token))) {
      PutResult put = bearer.put("bucket", "k", new byte[5]);
      assertThat(put.size()).isEqualTo(5);
    }
  }

  @Test
  void futuresRunSideBySide() {
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      puts.add(client.async().put("bucket", "k" + i, random(20_000 + i), PutOptions.none()));
    }
    puts.forEach(CompletableFuture::join);
    for (int i = 0; i < 50; i++) {
      assertThat(client.getBytes("bucket", "k" + i)).isEqualTo(random(20_000 + i));
    }
  }

  @Test
  void clientOutlivesARestartOfTheServer() throws Exception {
    PutResult put = client.put("bucket", "k", new byte[3]);
    assertThat(put.size()).isEqualTo(3);
    server.close();
    assertThatThrownBy(() -> client.withDeadline(Duration.ofSeconds(1)).head("bucket", "k"))
        .isInstanceOf(SkarbException.class);
    server = new ClientServer(folder, Optional.empty());
    try (SkarbClient again = connect(key(ClientServer.SECRET_KEY))) {
      assertThat(again.getBytes("bucket", "k")).hasSize(3);
    }
  }

  @Test
  void tlsTakesTheCertificateThatIsTrustedAndNoOther() throws Exception {
    Path own = Files.createDirectory(folder.resolve("tls"));
    TlsFiles files = new TlsFiles(own.resolve("cert.pem"), own.resolve("key.pem"));
    TestCertificate.write(files);
    try (ClientServer secure = new ClientServer(own, Optional.of(files))) {
      ClientConfig trusting =
          ClientConfig.builder().trustedCertificates(files.certificate()).build();
      try (SkarbClient tls =
          SkarbClient.connect(secure.uri(), key(ClientServer.SECRET_KEY), trusting)) {
        assertThat(tls.listBuckets()).isEmpty();
      }
      ClientConfig usual = ClientConfig.builder().maxAttempts(1).build();
      try (SkarbClient wary =
          SkarbClient.connect(secure.uri(), key(ClientServer.SECRET_KEY), usual)) {
        assertThatThrownBy(() -> wary.listBuckets().toList())
            .isInstanceOf(SkarbException.Unavailable.class);
      }
    }
  }

  @Test
  void fileThatCannotBeWrittenIsAnIoException() {
    PutResult put = client.put("bucket", "k", new byte[3]);
    assertThat(put.size()).isEqualTo(3);
    assertThatThrownBy(() -> client.get("bucket", "k", folder.resolve("no/such/folder/f")))
        .isInstanceOf(IOException.class);
  }
}
