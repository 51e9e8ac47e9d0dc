package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BOB;
import static skarb.node.commit.Requests.createKey;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import skarb.node.index.MemoryIndex;
import skarb.v1.ErrorReason;
import skarb.v1.UserValue;

class AccessMutationTest {
  private final DirectCommitter committer =
      new DirectCommitter(new MemoryIndex(), new ManualClock(1_000_000));

  @Test
  void aKeyIsMadeWithItsUserInOneEntry() {
    Committed committed = committer.done(createKey("K1", ANN));
    Committed.KeyStored stored = (Committed.KeyStored) committed.answer();
    assertThat(stored.user().getDisplayName()).isEqualTo(ANN);
    assertThat(stored.user().getCreatedMillis()).isEqualTo(1_000_000);
    assertThat(stored.key().getEnabled()).isTrue();
    assertThat(stored.generation())
        .isEqualTo(committed.written().orElseThrow().order().hlc().value());
    assertThat(committer.records()).hasSize(2); // OriginBorn and this
  }

  @Test
  void aUserThatExistsStaysAsItIs() {
    committer.done(createKey("K1", ANN));
    Mutation.CreateKey second = createKey("K2", ANN);
    Committed committed =
        committer.done(
            new Mutation.CreateKey(
                "K2",
                second.key(),
                Optional.of(UserValue.newBuilder().setDisplayName("somebody").build()),
                second.isSame()));
    assertThat(((Committed.KeyStored) committed.answer()).user().getDisplayName()).isEqualTo(ANN);
  }

  @Test
  void aKeyForNobodyIsRefused() {
    Mutation.CreateKey key = createKey("K1", ANN);
    assertThat(
            committer.rejected(
                new Mutation.CreateKey("K1", key.key(), Optional.empty(), key.isSame())))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_USER);
  }

  @Test
  void ensuringAKeyTwiceMakesItOnce() {
    Mutation.CreateKey key = createKey("K1", ANN);
    Mutation ensure =
        new Mutation.CreateKey(
            "K1",
            key.key(),
            key.newUser(),
            existing -> existing.getSecret().equals(key.key().getSecret()));
    Committed first = committer.done(ensure);
    Committed second = committer.done(ensure);
    assertThat(second.written()).isEmpty();
    assertThat(second.answer()).isEqualTo(first.answer());
  }

  @Test
  void aTakenIdIsRefused() {
    committer.done(createKey("K1", ANN));
    assertThat(committer.rejected(createKey("K1", ANN)))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCESS_KEY_ALREADY_EXISTS);
  }

  @Test
  void aKeysGenerationGrowsWithEachChangeAndOnlyWithChanges() {
    long made = stored(createKey("K1", ANN)).generation();
    assertThat(stored(new Mutation.SetKeyEnabled("K1", true)).generation()).isEqualTo(made);
    Committed.KeyStored disabled = stored(new Mutation.SetKeyEnabled("K1", false));
    assertThat(disabled.key().getEnabled()).isFalse();
    assertThat(disabled.generation()).isGreaterThan(made);
    committer.done(new Mutation.DeleteKey("K1"));
    assertThat(stored(createKey("K1", ANN)).generation()).isGreaterThan(disabled.generation());
  }

  @Test
  void aWriteIsFencedByTheKeyThatAllowedIt() {
    long generation = stored(createKey("K1", ANN)).generation();
    KeyFence fence = new KeyFence("K1", generation);
    assertThat(committer.perform(fenced(fence, Requests.createBucket())))
        .isInstanceOf(Outcome.Done.class);
    stored(new Mutation.SetKeyEnabled("K1", false));
    assertThat(committer.rejection(fenced(fence, Requests.put("k", "v"))).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_KEY_CHANGED);
    long enabled = stored(new Mutation.SetKeyEnabled("K1", true)).generation();
    assertThat(committer.rejection(fenced(fence, Requests.put("k", "v"))).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_KEY_CHANGED);
    KeyFence now = new KeyFence("K1", enabled);
    assertThat(committer.perform(fenced(now, Requests.put("k", "v"))))
        .isInstanceOf(Outcome.Done.class);
    committer.done(new Mutation.DeleteKey("K1"));
    assertThat(committer.rejection(fenced(now, Requests.put("k", "v"))).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_KEY_CHANGED);
  }

  @Test
  void keysThatAreNotThereCannotBeChanged() {
    assertThat(committer.rejected(new Mutation.SetKeyEnabled("K1", true)))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY);
    assertThat(committer.rejected(new Mutation.DeleteKey("K1")))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY);
  }

  @Test
  void aUserIsPutOnceAndThenMustBeTheSame() {
    UserValue user = UserValue.newBuilder().setDisplayName("Bob").setEmail("bob@host").build();
    Committed.Answer made = committer.done(new Mutation.PutUser(BOB, user)).answer();
    assertThat(committer.done(new Mutation.PutUser(BOB, user)))
        .isEqualTo(new Committed(Optional.empty(), made));
    assertThat(committer.rejected(new Mutation.PutUser(BOB, user.toBuilder().clearEmail().build())))
        .isEqualTo(ErrorReason.ERROR_REASON_USER_ALREADY_EXISTS);
  }

  @Test
  void whatIsSecretIsNotPrinted() {
    assertThat(createKey("K1", ANN).toString()).doesNotContain("sealed");
    assertThat(stored(createKey("K1", ANN)).toString()).doesNotContain("sealed");
  }

  private Committed.KeyStored stored(Mutation mutation) {
    return (Committed.KeyStored) committer.done(mutation).answer();
  }

  private static Submission fenced(KeyFence fence, Mutation mutation) {
    return Submission.of(mutation, Optional.of(fence));
  }
}
