package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.v1.Checksums;
import skarb.v1.CompletedPart;

class ChecksumTest {
  @Test
  void publishedCheckValuesComeOut() {
    ByteString digits = ByteString.copyFromUtf8("123456789");
    assertThat(hex(ChecksumAlgorithm.CRC32, digits)).isEqualTo("cbf43926");
    assertThat(hex(ChecksumAlgorithm.CRC32C, digits)).isEqualTo("e3069283");
    assertThat(hex(ChecksumAlgorithm.CRC64NVME, digits)).isEqualTo("ae8b14860a799888");
    assertThat(hex(ChecksumAlgorithm.SHA1, digits))
        .isEqualTo("f7c3bc1d808e04732adf679965ccc34ca7ae3441");
    assertThat(hex(ChecksumAlgorithm.MD5, digits)).isEqualTo("25f9e794323b453885f5181f1b624d0b");
  }

  @Test
  void checksumsOfPartsMakeThatOfTheWhole() {
    ByteString whole = ByteString.copyFrom(TestBytes.random(100_003));
    int[] cuts = {0, 1, 8, 50_000, 50_000, 100_002, 100_003};
    for (ChecksumAlgorithm algorithm :
        new ChecksumAlgorithm[] {
          ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.CRC64NVME
        }) {
      List<CompletedPart> parts = new ArrayList<>();
      List<Long> sizes = new ArrayList<>();
      for (int i = 1; i < cuts.length; i++) {
        ByteString part = whole.substring(cuts[i - 1], cuts[i]);
        parts.add(
            CompletedPart.newBuilder()
                .setChecksums(Messages.checksums(algorithm, value(algorithm, part)))
                .build());
        sizes.add((long) part.size());
      }
      Checksums combined = PartChecksums.ofWhole(algorithm, parts, sizes);
      assertThat(Messages.checksum(combined, algorithm))
          .as("%s", algorithm)
          .isEqualTo(value(algorithm, whole));
    }
  }

  @Test
  void hashesOfPartsMakeNone() {
    assertThat(PartChecksums.ofWhole(ChecksumAlgorithm.SHA256, List.of(), List.of()))
        .isEqualTo(Checksums.getDefaultInstance());
  }

  private static ByteString value(ChecksumAlgorithm algorithm, ByteString bytes) {
    Digest digest = Digest.of(algorithm);
    digest.update(bytes);
    return digest.value();
  }

  private static String hex(ChecksumAlgorithm algorithm, ByteString bytes) {
    return HexFormat.of().formatHex(value(algorithm, bytes).toByteArray());
  }
}
