package skarb.node.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;

class RollbackWatchTest {
  private static final SiteId SITE = new SiteId(0x01020304);
  private static final OriginId ORIGIN = OriginId.of(SITE, 1);

  private final RollbackWatch watch = new RollbackWatch();

  @Test
  void aHelloThatWasOvertakenIsNoRollback() {
    assertThat(watch.lacks(SITE, entry(5), having(4))).isFalse();
    watch.fits(SITE);
    assertThat(watch.lacks(SITE, entry(9), having(8))).isFalse();
    assertThat(watch.lacks(SITE, entry(12), having(11))).isFalse();
    assertThat(watch.lacks(SITE, entry(15), having(14))).isFalse();
  }

  @Test
  void whatThreeHellosLackIsGone() {
    assertThat(watch.lacks(SITE, entry(5), having(3))).isFalse();
    assertThat(watch.lacks(SITE, entry(5), having(4))).isFalse();
    assertThat(watch.lacks(SITE, entry(7), having(4))).isTrue();
    assertThat(watch.lacks(SITE, entry(7), having(4))).isTrue();
    assertThat(watch.lacks(SITE, entry(7), having(6))).isFalse();
  }

  private static EntryDot entry(long sequence) {
    return new EntryDot(ORIGIN, sequence);
  }

  private static VersionVector having(long sequence) {
    TreeMap<OriginId, Long> components = new TreeMap<>();
    components.put(ORIGIN, sequence);
    return new VersionVector(components);
  }
}
