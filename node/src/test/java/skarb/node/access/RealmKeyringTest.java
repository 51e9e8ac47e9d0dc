package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.CorruptFileException;
import skarb.v1.SealedSecret;

/// Two realms, each with a key that has the number 1, become one.
class RealmKeyringTest {
  @TempDir Path directory;
  private final Random random = new Random(9);
  private RealmKeyring a;
  private RealmKeyring b;

  @BeforeEach
  void twoRealms() throws IOException {
    a = open("a", true);
    b = open("b", true);
  }

  private RealmKeyring open(String name, boolean isNew) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    return new RealmKeyring(folder, NodeSecrets.open(folder, isNew, random), random);
  }

  private SecretBox box(RealmKeyring keyring) {
    return SecretBox.of(keyring, random);
  }

  @Test
  void whatEitherSealedOpensAtTheOneThatJoinedThoughBothNumbersAreOne() throws IOException {
    SealedSecret ofA = box(a).seal("ann", "secret of ann");
    SealedSecret ofB = box(b).seal("bob", "secret of bob");
    assertThat(ofA.getRealmKey()).isEqualTo(ofB.getRealmKey());
    b.adopt(a.numbered());
    assertThat(b.realmId()).isEqualTo(a.realmId());
    for (RealmKeyring each : new RealmKeyring[] {b, open("b", false)}) {
      assertThat(box(each).open("ann", ofA)).isEqualTo("secret of ann");
      assertThat(box(each).open("bob", ofB)).isEqualTo("secret of bob");
    }
    assertThatThrownBy(() -> box(a).open("bob", ofB))
        .isInstanceOf(SecretSealedElsewhereException.class);
  }

  @Test
  void onlyWhatAFormerRealmSealedIsSealedAnew() throws IOException {
    SealedSecret ofA = box(a).seal("ann", "secret of ann");
    SealedSecret ofB = box(b).seal("bob", "secret of bob");
    assertThat(box(b).resealed("bob", ofB)).isEmpty();
    b.adopt(a.numbered());
    SealedSecret anew = box(b).resealed("bob", ofB).orElseThrow();
    assertThat(box(a).open("bob", anew)).isEqualTo("secret of bob");
    assertThat(box(b).resealed("bob", anew)).isEmpty();
    assertThat(box(b).resealed("ann", ofA)).isEmpty();
    assertThat(box(b).resealed("eve", ofB)).isEmpty();
  }

  @Test
  void adoptingTwiceKeepsOneFormerRealm() throws IOException {
    b.adopt(a.numbered());
    byte[] once = Files.readAllBytes(directory.resolve("b/realm-keys"));
    b.adopt(a.numbered());
    assertThat(Files.readAllBytes(directory.resolve("b/realm-keys"))).isEqualTo(once);
  }

  @Test
  void thirdRealmKeepsBothBefore() throws IOException {
    SealedSecret first = box(b).seal("bob", "first");
    b.adopt(a.numbered());
    SealedSecret second = box(b).seal("bob", "second");
    RealmKeyring c = open("c", true);
    b.adopt(c.numbered());
    RealmKeyring again = open("b", false);
    assertThat(box(again).open("bob", first)).isEqualTo("first");
    assertThat(box(again).open("bob", second)).isEqualTo("second");
    assertThat(again.realmId()).isEqualTo(c.realmId());
  }

  @Test
  void whatAreNoKeysIsRefused() {
    assertThatThrownBy(() -> b.adopt(Map.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> b.adopt(Map.of(1, new byte[31])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBitAndEveryCutOfAFileWithFormerKeysIsSeen() throws IOException {
    b.adopt(a.numbered());
    Path file = directory.resolve("b/realm-keys");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      expectDamage(file, flipped);
      expectDamage(file, Arrays.copyOf(whole, i));
    }
  }

  private void expectDamage(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> open("b", false)).isInstanceOf(CorruptFileException.class);
  }
}
