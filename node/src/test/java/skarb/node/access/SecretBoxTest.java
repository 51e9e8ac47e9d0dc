package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.v1.SealedSecret;

class SecretBoxTest {
  private final SecretBox box = new SecretBox(RealmKeys.create(new Random(1)), new Random(2));

  @Test
  void secretOpensForItsOwnRowOnly() {
    SealedSecret sealed = box.seal("AK1", "a secret");
    assertThat(box.open("AK1", sealed)).isEqualTo("a secret");
    assertThatThrownBy(() -> box.open("AK2", sealed))
        .isInstanceOf(SecretSealedElsewhereException.class)
        .hasMessageNotContaining("a secret");
  }

  @Test
  void changedSecretDoesNotOpen() {
    SealedSecret sealed = box.seal("AK1", "a secret");
    byte[] bytes = sealed.getCiphertext().toByteArray();
    bytes[3] ^= 1;
    SealedSecret changed = sealed.toBuilder().setCiphertext(ByteString.copyFrom(bytes)).build();
    assertThatThrownBy(() -> box.open("AK1", changed))
        .isInstanceOf(SecretSealedElsewhereException.class);
    assertThatThrownBy(() -> box.open("AK1", SealedSecret.newBuilder().setRealmKey(1).build()))
        .isInstanceOf(SecretSealedElsewhereException.class);
  }

  @Test
  void secretOfAnotherRealmNamesTheKeyThatIsMissing() {
    SealedSecret sealed = box.seal("AK1", "a secret").toBuilder().setRealmKey(9).build();
    assertThatThrownBy(() -> box.open("AK1", sealed)).hasMessageContaining("realm key 9");
  }

  @Test
  void sameSecretIsNeverSealedTheSameTwice() {
    assertThat(box.seal("AK1", "a secret")).isNotEqualTo(box.seal("AK1", "a secret"));
    assertThat(box.seal("AK1", "a secret").getCiphertext().toStringUtf8()).doesNotContain("secret");
  }
}
