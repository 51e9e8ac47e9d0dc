package skarb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.WholeFile;
import skarb.testkit.disk.SimulatedFileSystem;

class DataDirectoryTest {
  private static final Patience NONE = new Patience(0, time -> {});

  @TempDir Path folder;

  private DataDirectory open(String siteName) {
    return DataDirectory.open(folder.resolve("data"), siteName, new SplittableRandom(1), NONE);
  }

  @Test
  void aStoreKeepsItsIdentity() {
    StoreIdentity made;
    try (DataDirectory data = open("")) {
      made = data.identity();
      assertThat(made.siteName()).matches("site-[0-9a-f]{6}");
    }
    try (DataDirectory data = open("")) {
      assertThat(data.identity()).isEqualTo(made);
    }
  }

  @Test
  void aSecondOpenIsRefusedWhileTheFirstHoldsIt() {
    try (DataDirectory data = open("")) {
      assertThatThrownBy(() -> open(""))
          .isInstanceOf(DataDirectoryException.class)
          .hasMessageContaining(data.root() + " is held by");
    }
    open("").close();
  }

  @Test
  void anotherSiteNameIsRefused() {
    open("warsaw").close();
    assertThatThrownBy(() -> open("krakow"))
        .hasMessageContaining("is the store of site warsaw, not of krakow");
    open("warsaw").close();
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThatThrownBy(() -> open("No Name")).hasMessageContaining("a site's name is");
  }

  @Test
  void everyDamagedByteOfTheIdentityIsNoticed() throws IOException {
    open("warsaw").close();
    Path file = folder.resolve("data/store");
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length - 1; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThatThrownBy(() -> open(""))
          .as("byte " + at)
          .isInstanceOf(DataDirectoryException.class);
    }
  }

  @Test
  void aJournalWithoutAnIdentityIsNotTakenOver() throws IOException {
    Files.createDirectories(folder.resolve("data/journal"));
    assertThatThrownBy(() -> open("")).hasMessageContaining("has a journal but no file 'store'");
  }

  @Test
  void theAddressIsThereWhileAServerRuns() throws IOException {
    Path root = folder.resolve("data");
    assertThat(DataDirectory.runningServer(root, NONE)).isNull();
    try (DataDirectory data = open("")) {
      data.publishAddress("127.0.0.1:9010");
      assertThat(DataDirectory.runningServer(root, NONE)).isEqualTo("127.0.0.1:9010");
    }
    assertThat(DataDirectory.runningServer(root, NONE)).isNull();
  }

  @Test
  void anAddressLeftByAKilledServerIsNotBelieved() throws IOException {
    open("").close();
    Files.writeString(folder.resolve("data/address"), "127.0.0.1:9010\n");
    assertThat(DataDirectory.runningServer(folder.resolve("data"), NONE)).isNull();
  }

  @Test
  void aSecretFileIsItsOwnersAlone() throws IOException {
    Path file = folder.resolve("secret");
    WholeFile.writeSecret(file, new byte[] {1});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anIdentityOfVersion1IsReadForEver() {
    String golden =
        """
        skarb-store 1
        store-id = 000102030405060708090a0b0c0d0e0f
        site-id = 3c6ef372
        site-name = warsaw
        crc32c = 74efb58a
        """;
    StoreIdentity identity =
        StoreIdentity.decode(golden.getBytes(java.nio.charset.StandardCharsets.UTF_8), "store");
    assertThat(identity.storeId()).isEqualTo("000102030405060708090a0b0c0d0e0f");
    assertThat(identity.siteId().toString()).isEqualTo("3c6ef372");
    assertThat(identity.siteName()).isEqualTo("warsaw");
    assertThat(identity.encode()).asString().isEqualTo(golden);
  }

  @Test
  void theNameOfANewFolderSurvivesACrash() throws IOException {
    SimulatedFileSystem disk = new SimulatedFileSystem();
    Path root = disk.getPath("/srv/stores/one");
    DataDirectory.open(root, "one", new SplittableRandom(1), NONE).close();

    disk.crashLosingUnforced();

    assertThat(Files.exists(root.resolve("store"))).isTrue();
  }
}
