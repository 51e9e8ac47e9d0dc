package skarb.cli.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.CommandRun;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;
import skarb.client.Credentials;
import skarb.client.SkarbClient;
import skarb.client.Versioning;

/// `buckets`, `ls`, `cp`, `cat` and `rm` as they are typed, against a whole server.
class ObjectCommandsTest {
  private static final KeyPair KEY = new KeyPair("first-key", "first-secret");

  @TempDir Path folder;
  private SkarbServer server;
  private SkarbClient client;

  @BeforeEach
  void start() throws Exception {
    server = server();
    client =
        SkarbClient.connect(
            "grpc://" + HostPort.text(server.grpcAddress()),
            Credentials.accessKey(KEY.accessKey(), KEY.secretKey()));
    var _ = client.createBucket("box");
  }

  private SkarbServer server() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return SkarbServer.start(
        new ServerConfig(
            folder.resolve("data"), "", any, any, Optional.empty(), "us-east-1", Optional.of(KEY)),
        line -> {});
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.stop(Duration.ofSeconds(5));
  }

  private CommandRun skarb(String... command) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--data", folder.resolve("data").toString()));
    return CommandRun.of(line.toArray(String[]::new));
  }

  private void put(String key, String body) {
    var _ = client.put("box", key, body.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> keys() {
    try (Stream<String> keys = client.list("box").map(object -> object.key())) {
      return keys.toList();
    }
  }

  private Path file(String name, byte[] body) throws IOException {
    Path file = folder.resolve(name);
    var _ = Files.createDirectories(file.getParent());
    return Files.write(file, body);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private static List<JsonNode> lines(CommandRun run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.succeeds().out().lines().toList()) {
      JsonNode row = new ObjectMapper().readTree(line);
      assertThat(row.get("schema_version").intValue()).isEqualTo(1);
      lines.add(row);
    }
    return lines;
  }

  private static byte[] standardOutput(Runnable command) {
    PrintStream before = System.out;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    System.setOut(new PrintStream(caught, true, StandardCharsets.UTF_8));
    try {
      command.run();
    } finally {
      System.setOut(before);
    }
    return caught.toByteArray();
  }

  @Test
  void bucketsAreMadeShownListedAndDeleted() throws Exception {
    var _ = skarb("buckets", "create", "amber").succeeds();
    assertThat(skarb("buckets", "list").succeeds().out().lines()).containsExactly("amber", "box");
    assertThat(skarb("buckets", "list", "--json").json().get("buckets")).hasSize(2);
    assertThat(skarb("buckets", "show", "amber", "--json").json().get("versioning").textValue())
        .isEqualTo("never_enabled");
    var _ = skarb("buckets", "delete", "amber").succeeds();
    skarb("buckets", "show", "amber").fails(1, "NO_SUCH_BUCKET");
    skarb("buckets", "create", "box").fails(1, "BUCKET_ALREADY_OWNED_BY_YOU");
    assertThat(lines(skarb("ls", "--json")).getFirst().get("name").textValue()).isEqualTo("box");
  }

  @Test
  void fileGoesInAndOutInPartsAndAcross() throws Exception {
    byte[] body = bytes((17 << 20) + 1);
    Path source = file("film.bin", body);
    var _ = skarb("cp", source.toString(), "s3://box/films/").succeeds();
    assertThat(client.head("box", "films/film.bin").partsCount()).isPresent();
    var _ = skarb("cp", "s3://box/films/film.bin", "s3://box/copy").succeeds();
    JsonNode report =
        skarb("cp", "s3://box/copy", folder.resolve("back").toString(), "--json").json();
    assertThat(report.get("copied").intValue()).isEqualTo(1);
    assertThat(Files.readAllBytes(folder.resolve("back"))).isEqualTo(body);
    var _ = skarb("cp", "s3://box/copy", folder.toString()).succeeds();
    assertThat(folder.resolve("copy")).hasBinaryContent(body);
  }

  @Test
  void contentTypeIsThatOfTheName() throws Exception {
    var _ = skarb("cp", file("photo.jpg", bytes(10)).toString(), "s3://box").succeeds();
    assertThat(client.head("box", "photo.jpg").headers().contentType()).contains("image/jpeg");
  }

  @Test
  void standardInputAndOutputAreBodiesToo() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("piped".getBytes(StandardCharsets.UTF_8)));
    try {
      var _ = skarb("cp", "-", "s3://box/piped").succeeds();
    } finally {
      System.setIn(before);
    }
    assertThat(standardOutput(() -> skarb("cp", "s3://box/piped", "-").succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("piped");
    assertThat(standardOutput(() -> skarb("cat", "box/piped", "s3://box/piped").succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("pipedpiped");
    assertThat(standardOutput(() -> skarb("cat", "box/piped", "--range", "1-2").succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("ip");
    assertThat(standardOutput(() -> skarb("cat", "box/piped", "--range=-2").succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("ed");
  }

  @Test
  void treeGoesInAndOut() throws Exception {
    for (int i = 0; i < 40; i++) {
      var _ = file("tree/d" + i % 7 + "/f" + i, bytes(i * 1000));
    }
    Path tree = folder.resolve("tree");
    var _ = skarb("cp", "--recursive", tree.toString(), "s3://box/t").succeeds();
    assertThat(keys()).hasSize(40).contains("t/d0/f0", "t/d6/f6");
    var _ = skarb("cp", "--recursive", "s3://box/t", "s3://box/u/").succeeds();
    Path back = folder.resolve("back");
    var _ = skarb("cp", "--recursive", "s3://box/u", back.toString(), "--jobs", "3").succeeds();
    for (int i = 0; i < 40; i++) {
      assertThat(back.resolve("d" + i % 7 + "/f" + i)).hasBinaryContent(bytes(i * 1000));
    }
    try (Stream<Path> found = Files.walk(back)) {
      assertThat(found.filter(path -> path.toString().endsWith(".partial"))).isEmpty();
    }
    skarb("cp", "--recursive", "s3://box/t", "s3://box/t/again").fails(1, "into itself");
  }

  @Test
  void folderIsCopiedOntoItsParentButNotOverItself() {
    put("a/a/x", "one level");
    put("a/a/a/x", "two levels");
    CommandRun run = skarb("cp", "--recursive", "s3://box/a/a/", "s3://box/a/");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo(
            "skarb: s3://box/a/a/a/x: would become s3://box/a/a/x, which lies in the folder that is"
                + " copied");
    assertThat(client.getBytes("box", "a/a/x")).asString().isEqualTo("one level");
    assertThat(client.getBytes("box", "a/x")).asString().isEqualTo("one level");
  }

  /// Both names read as the same text.
  @Test
  @EnabledOnOs(OS.LINUX)
  void filesWhoseNamesTheLocaleCannotExpressAreLeftOut() throws Exception {
    Path tree = folder.resolve("tree");
    var _ = file("tree/good", bytes(5));
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "echo 1 >\"$(printf 'f\\376')\"; echo 2 >\"$(printf 'f\\377')\"")
            .directory(tree.toFile())
            .start();
    assertThat(shell.waitFor()).isZero();
    try (Stream<Path> files = Files.list(tree)) {
      assertThat(files).hasSize(3);
    }
    CommandRun run = skarb("cp", "--recursive", tree.toString(), "s3://box/t/");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("has a name that this locale cannot express"));
    assertThat(keys()).containsExactly("t/good");
  }

  @Test
  void keysThatLeadElsewhereAreNotWritten() throws Exception {
    Path target = folder.resolve("a/b/target");
    var _ = Files.createDirectories(target);
    Path outside = Files.createDirectories(folder.resolve("outside"));
    var _ = Files.createSymbolicLink(target.resolve("link"), outside);
    List<String> hostile =
        List.of(
            "../up",
            "x/../../up",
            "..",
            "/etc/up",
            "a//b",
            "./c",
            "link/up",
            "link/new/up",
            "x/..",
            "n\0l");
    hostile.forEach(key -> put("in/" + key, "evil"));
    put("in/fine", "fine");
    put("in/deep/fine", "fine");
    CommandRun run = skarb("cp", "--recursive", "s3://box/in/", target.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines())
        .hasSize(hostile.size())
        .allMatch(line -> line.startsWith("skarb: s3://box/in/"));
    try (Stream<Path> all = Files.walk(folder.resolve("a"))) {
      assertThat(all.filter(Files::isRegularFile))
          .containsExactlyInAnyOrder(target.resolve("fine"), target.resolve("deep/fine"));
    }
    assertThat(outside).isEmptyDirectory();
    put("..", "evil");
    skarb("cp", "s3://box/..", target + "/").fails(1, "'..' is not a safe name");
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() throws Exception {
    Path good = file("good", bytes(5));
    CommandRun run =
        skarb("cp", good.toString(), folder.resolve("gone").toString(), "s3://box/x/", "--json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("skarb: " + folder.resolve("gone") + ": there is no such file");
    assertThat(new ObjectMapper().readTree(run.out()).get("copied").intValue()).isEqualTo(1);
    assertThat(keys()).containsExactly("x/good");
    skarb("cp", "s3://box/no-such-key", folder.resolve("x").toString()).fails(1, "NO_SUCH_KEY");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void commandLinesThatMeanNothingAreRefused() {
    skarb("cp", "here", "there").fails(2, "neither here nor there begins with s3://");
    skarb("cp", "a", "b", "s3://box/key").fails(2, "ends with a slash");
    skarb("cp", "s3://", "there").fails(2, "names no bucket");
    skarb("cp", "s3://box/a", "-", "--json").fails(2, "do not go together");
    skarb("cat", "s3://box/a", "--range", "x").fails(2, "is not FIRST-LAST");
    skarb("rm", "box").fails(1, "is a bucket: add --recursive");
    skarb("cp", folder.toString(), "s3://box/").fails(1, "is a folder: add --recursive");
  }

  @Test
  void listingsShowFoldersAllKeysAndVersions() throws Exception {
    client.setVersioning("box", Versioning.ENABLED);
    put("a/1", "one");
    put("a/1", "two");
    put("b", "body");
    put("odd\nkey\u001b[2J", "");
    var _ = client.delete("box", "b");
    assertThat(lines(skarb("ls", "s3://box", "--json")))
        .extracting(row -> row.get("type").textValue())
        .containsExactly("folder", "object");
    assertThat(lines(skarb("ls", "box/a", "--recursive", "--json")))
        .extracting(row -> row.get("key").textValue(), row -> row.get("size").longValue())
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a/1", 3L));
    assertThat(lines(skarb("ls", "box", "--versions", "--json")))
        .extracting(row -> row.get("type").textValue())
        .containsExactly("version", "version", "delete_marker", "version", "version");
    String text = skarb("ls", "box").succeeds().out();
    assertThat(text.lines()).hasSize(2);
    assertThat(text).contains("a/", "odd\\u000akey\\u001b[2J");
  }

  @Test
  void removalTakesAFolderAndNotItsNeighbours() throws Exception {
    for (int i = 0; i < 1203; i++) {
      put("photos/" + i, "");
    }
    put("photos2", "");
    put("photos2/x", "");
    assertThat(
            skarb("rm", "--recursive", "s3://box/photos", "--json")
                .json()
                .get("deleted")
                .intValue())
        .isEqualTo(1203);
    assertThat(keys()).containsExactly("photos2", "photos2/x");
    assertThat(skarb("rm", "box/photos2", "box/photos2/x").succeeds().out().lines())
        .containsExactly("deleted s3://box/photos2", "deleted s3://box/photos2/x");
    assertThat(keys()).isEmpty();
  }

  @Test
  void versionsAreReadAndRemovedByTheirIds() throws Exception {
    client.setVersioning("box", Versioning.ENABLED);
    put("k", "old");
    String old = client.head("box", "k").versionId().orElseThrow();
    put("k", "new");
    assertThat(standardOutput(() -> skarb("cat", "box/k", "--version-id", old).succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("old");
    var _ = skarb("cp", "s3://box/k", "s3://box/restored", "--version-id", old).succeeds();
    assertThat(client.getBytes("box", "restored"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("old");
    var _ = skarb("rm", "box/k", "--version-id", old).succeeds();
    skarb("cat", "box/k", "--version-id", old).fails(1, "NO_SUCH_VERSION");
  }

  @Test
  void folderThatNoServerHoldsIsOpenedForTheCommand() throws Exception {
    put("k", "body");
    server.stop(Duration.ofSeconds(5));
    assertThat(lines(skarb("ls", "box", "--json"))).hasSize(1);
    assertThat(standardOutput(() -> skarb("cat", "box/k").succeeds()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("body");
    server = server();
  }
}
