package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatTooNewException;
import skarb.v1.SealedSecret;

class NodeSecretsTest {
  @TempDir Path directory;
  private Path nodeKeyFile;
  private Path realmKeysFile;
  private Path tokenFile;

  @BeforeEach
  void files() {
    nodeKeyFile = directory.resolve("node.key");
    realmKeysFile = directory.resolve("realm-keys");
    tokenFile = directory.resolve("operator-token");
  }

  @Test
  void newStoreGetsSecretsThatItsOwnerAloneMayRead() throws Exception {
    open(true);
    for (Path file : new Path[] {nodeKeyFile, realmKeysFile, tokenFile}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    try (var names = Files.list(directory)) {
      assertThat(names).hasSize(3);
    }
  }

  @Test
  void whatWasSealedOpensAfterAnotherStart() throws Exception {
    SealedSecret sealed = box(open(true)).seal("AK", "a secret");
    assertThat(box(open(false)).open("AK", sealed)).isEqualTo("a secret");
  }

  @Test
  void missingKeysOfAnOldStoreAreNeverMadeAnew() throws Exception {
    open(true);
    Files.delete(realmKeysFile);
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("realm-keys is missing");
    Files.delete(nodeKeyFile);
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("node.key is missing");
  }

  @Test
  void aStartThatDiedBetweenTheFilesGoesOn() throws Exception {
    NodeKey key = NodeKey.create(new Random(1));
    key.write(nodeKeyFile);
    assertThat(open(true).nodeKey().encode()).isEqualTo(key.encode());
    assertThat(realmKeysFile).exists();
  }

  @Test
  void nodeKeyIsNotMadeAnewBesideRealmKeysEvenInANewStore() throws Exception {
    open(true);
    Files.delete(nodeKeyFile);
    assertThatThrownBy(() -> open(true)).isInstanceOf(KeyFileException.class);
  }

  @Test
  void nodeKeyOfAnotherStoreIsNamedAsTheFault() throws Exception {
    open(true);
    NodeKey.create(new Random(2)).write(nodeKeyFile);
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("does not open with node.key");
  }

  @Test
  void filesThatEverybodyMayReadAreRefused() throws Exception {
    open(true);
    for (Path file : new Path[] {nodeKeyFile, realmKeysFile, tokenFile}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThatThrownBy(() -> open(false))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("chmod 600");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void filesThatTheirGroupMayReadAreUsed() throws Exception {
    open(true);
    Files.setPosixFilePermissions(nodeKeyFile, PosixFilePermissions.fromString("rw-rw----"));
    assertThat(open(false)).isNotNull();
  }

  @Test
  void everyFlippedBitAndEveryCutIsSeen() throws Exception {
    open(true);
    for (Path file : new Path[] {nodeKeyFile, realmKeysFile}) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < whole.length; i++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) (1 << (i % 8));
        expectDamage(file, flipped);
        expectDamage(file, Arrays.copyOf(whole, i));
      }
      expectDamage(file, Arrays.copyOf(whole, whole.length + 1));
      Files.write(file, whole);
    }
  }

  @Test
  void laterFormatIsNotTakenForDamage() throws Exception {
    byte[] bytes = NodeKey.create(new Random(1)).encode();
    bytes[5] = 2;
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes, 0, 40);
    java.nio.ByteBuffer.wrap(bytes).putInt(40, (int) crc.getValue());
    assertThatThrownBy(() -> NodeKey.decode(bytes, nodeKeyFile))
        .isInstanceOf(FormatTooNewException.class);
  }

  @Test
  void versionOneIsDecodedForEver() throws Exception {
    NodeKey nodeKey = NodeKey.decode(golden("node-key-v1.bin"), nodeKeyFile);
    RealmKeys realmKeys = RealmKeys.decode(golden("realm-keys-v1.bin"), realmKeysFile, nodeKey);
    SealedSecret sealed = SealedSecret.parseFrom(golden("sealed-secret-v1.bin"));
    assertThat(new SecretBox(realmKeys, new Random(1)).open("AKIDEXAMPLE", sealed))
        .isEqualTo("golden secret");
    assertThat(nodeKey.encode()).isEqualTo(golden("node-key-v1.bin"));
  }

  @Test
  void operatorTokenIsKeptAcrossStartsAndMadeAnewWhereItIsGone() throws Exception {
    open(true);
    String first = Files.readString(tokenFile);
    assertThat(first).matches("[0-9a-f]{64}\n");
    assertThat(open(false).operatorToken().matches(first.strip())).isTrue();
    Files.delete(tokenFile);
    assertThat(open(false).operatorToken().matches(first.strip())).isFalse();
    Files.writeString(tokenFile, "not a token\n");
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(KeyFileException.class)
        .hasMessageNotContaining("not a token");
  }

  @Test
  void nothingSecretIsInTheirText() throws Exception {
    NodeSecrets secrets = open(true);
    byte[] encoded = secrets.nodeKey().encode();
    String key = HexFormat.of().formatHex(encoded, 8, 40);
    assertThat(secrets.toString())
        .doesNotContain(key)
        .doesNotContain(Files.readString(tokenFile).strip())
        .contains("hidden");
  }

  private void expectDamage(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(false))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(file.toString());
  }

  private NodeSecrets open(boolean storeIsNew) throws IOException {
    return NodeSecrets.open(directory, storeIsNew, new Random(42));
  }

  private static SecretBox box(NodeSecrets secrets) {
    return new SecretBox(secrets.realmKeys(), new Random(43));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = NodeSecretsTest.class.getResourceAsStream("/formats/" + name)) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }
}
