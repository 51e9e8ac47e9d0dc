package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import skarb.cli.RawS3.Answer;
import skarb.cli.RawS3.Request;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;

/// A part of the answers that S3 servers most often get wrong, as a table: what is asked, and what
/// AWS says. A whole server, and requests written byte by byte.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ErrorTable {
  static final String KEY = "table-access-key";
  private static final String SECRET = "table-secret-key";
  static final String OTHER = "other-access-key";
  static final String OTHER_SECRET = "other-secret-key";

  private SkarbServer server;
  RawS3 s3;
  private final List<Row> rows = new ArrayList<>();
  String version = "";
  String marker = "";
  String upload = "";
  String partTag = "";
  String compositeUpload = "";

  /// A line of the table.
  ///
  /// @param area what it is about
  /// @param code of the error document; empty where there is none
  /// @param holds what the body or a header line must hold
  record Row(String area, Request request, int status, String code, List<String> holds) {
    @Override
    public String toString() {
      return area + ": " + request.line() + " -> " + status + " " + code;
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path data = folder.resolve("data");
    server =
        SkarbServer.start(
            new ServerConfig(
                data,
                "test",
                any,
                any,
                Optional.empty(),
                "us-east-1",
                Optional.of(new KeyPair(KEY, SECRET))),
            line -> {});
    s3 = new RawS3(server.s3Address(), KEY, SECRET);
    makeOtherKey(data);
    fill();
  }

  private static void makeOtherKey(Path data) throws IOException {
    Path secret = Files.writeString(data.resolveSibling("other-secret"), OTHER_SECRET);
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(new StringWriter(), true));
    int code =
        commands.execute(
            "keys",
            "create",
            "--data",
            data.toString(),
            "--access-key",
            OTHER,
            "--secret-key-file",
            secret.toString(),
            "--user-id",
            "other-user");
    assertThat(code).isZero();
  }

  private void fill() {
    for (String bucket : new String[] {"box", "kept", "full", "half"}) {
      done(put("/" + bucket));
    }
    done(put("/box/a").body("hello"));
    done(put("/box/none-sense").body(""));
    done(put("/box/odd/a%2Bb").body("+"));
    done(put("/box/odd/a%3Fb").body("?"));
    done(put("/full/a"));
    done(
        put("/kept?versioning")
            .body("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
    version = done(put("/kept/a").body("one")).header("x-amz-version-id").orElseThrow();
    marker = done(delete("/kept/a")).header("x-amz-version-id").orElseThrow();
    upload = done(post("/box/big?uploads")).element("UploadId");
    partTag =
        done(put("/box/big?partNumber=1&uploadId=" + upload).body("12345"))
            .header("etag")
            .orElseThrow();
    done(put("/box/big?partNumber=2&uploadId=" + upload).body("12345"));
    compositeUpload =
        done(post("/box/sum?uploads").header("x-amz-checksum-algorithm", "CRC32"))
            .element("UploadId");
    done(post("/half/big?uploads"));
  }

  private static Answer done(Request request) {
    Answer answer = request.ask();
    assertThat(answer.status()).as(request.line() + ": " + answer.body()).isBetween(200, 204);
    return answer;
  }

  @AfterAll
  void stop() throws Exception {
    server.stop(Duration.ofSeconds(10));
  }

  Request get(String target) {
    return s3.request("GET", target);
  }

  Request head(String target) {
    return s3.request("HEAD", target);
  }

  Request put(String target) {
    return s3.request("PUT", target);
  }

  Request post(String target) {
    return s3.request("POST", target);
  }

  Request delete(String target) {
    return s3.request("DELETE", target);
  }

  Request copy(String target, String source) {
    return put(target).header("x-amz-copy-source", source);
  }

  Request deleteObjects(String document) {
    return post("/box?delete").body(document).header("content-md5", md5(document));
  }

  static String location(String text) {
    return "<CreateBucketConfiguration><LocationConstraint>"
        + text
        + "</LocationConstraint></CreateBucketConfiguration>";
  }

  static String md5(String text) {
    return base64(RawS3.digest("MD5", text.getBytes(StandardCharsets.UTF_8)));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  void row(String area, Request request, int status, String code, String... holds) {
    rows.add(new Row(area, request, status, code, List.of(holds)));
  }

  /// Adds the rows, by [#row].
  abstract void rows();

  Stream<Row> table() {
    rows();
    return rows.stream();
  }

  Request streamed(String payload, int decoded, String body) {
    return put("/box/l")
        .payload(payload)
        .header("x-amz-decoded-content-length", Integer.toString(decoded))
        .body(body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void isAnsweredAsAwsDoes(Row row) {
    Answer answer = row.request().ask();

    String all = String.join("\n", answer.headers()) + "\n\n" + answer.body();
    assertThat(answer.status()).as(all).isEqualTo(row.status());
    assertThat(answer.element("Code")).as(all).isEqualTo(row.code());
    for (String text : row.holds()) {
      assertThat(all).containsIgnoringCase(text);
    }
    assertThat(answer.header("x-amz-request-id")).isPresent();
    assertThat(answer.header("x-amz-id-2")).isPresent();
    assertThat(answer.header("x-amz-bucket-region")).isPresent();
    assertThat(answer.header("date")).isPresent();
    assertThat(answer.header("server")).isPresent();
    if (answer.status() == 503) {
      assertThat(answer.header("retry-after")).isPresent();
    }
  }
}
