package skarb.node.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.access.NodeSecrets;
import skarb.node.access.RealmKeyring;
import skarb.node.access.SecretBox;
import skarb.node.model.SiteId;
import skarb.v1.SealedSecret;

/// Files that were written once are read for ever.
class CredentialsGoldenTest {
  @TempDir Path directory;
  private final CertWorld world = new CertWorld();

  private NodeSecrets secrets(String realmKeys) throws IOException {
    put("node-key-v1.bin", directory.resolve("node.key"));
    put(realmKeys, directory.resolve("realm-keys"));
    return NodeSecrets.open(directory, false, world.random);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = CredentialsGoldenTest.class.getResourceAsStream("/formats/" + name)) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }

  private static void put(String name, Path file) throws IOException {
    Files.write(file, golden(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void credentialsOfVersionOneAreRead() throws Exception {
    NodeSecrets secrets = secrets("realm-keys-v1.bin");
    Files.createDirectory(directory.resolve("certs"));
    put("credentials-v1.bin", directory.resolve("certs/credentials"));
    Credentials read =
        new SiteCertificates(
                directory, secrets.nodeKey(), new SiteId(0x3c6ef372), "golden", world.seams())
            .current()
            .orElseThrow();
    ChainRules.check(read.chain(), read.authorities(), world.time.instant());
    assertThat(SiteNames.site(read.certificate())).contains(new SiteId(0x3c6ef372));
    assertThat(KeyMatch.matches(read.certificate(), read.key())).isTrue();
    assertThat(KeyMatch.matches(read.authority(), read.authorityKey().orElseThrow())).isTrue();
  }

  @Test
  void realmKeysOfVersionTwoAreReadWithTheFormerOnes() throws Exception {
    NodeSecrets secrets = secrets("realm-keys-v2.bin");
    RealmKeyring keyring = new RealmKeyring(directory, secrets, world.random);
    assertThat(keyring.numbered().get(1)).containsOnly(0x11).hasSize(32);
    SealedSecret sealed = SealedSecret.parseFrom(golden("sealed-secret-v1.bin"));
    assertThat(SecretBox.of(keyring, world.random).open("AKIDEXAMPLE", sealed))
        .isEqualTo("golden secret");
  }
}
