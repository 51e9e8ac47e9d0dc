package skarb.node.access;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import skarb.node.commit.KeyFence;
import skarb.node.model.SiteId;

/// Who makes a call, once that is certain.
public sealed interface Caller {

  /// What it is.
  Set<Role> roles();

  /// The key on whose behalf objects and buckets are touched; empty for those who own nothing.
  Optional<KeyCaller> principal();

  /// An access key: by its signature, or by a token that stands for it.
  ///
  /// @param accessKeyId the key
  /// @param generation the key's generation when it was let in
  /// @param userId whom it stands for
  /// @param operator whether it is an operator's as well
  record KeyCaller(String accessKeyId, long generation, String userId, boolean operator)
      implements Caller {

    /// What a write is fenced by.
    public KeyFence fence() {
      return new KeyFence(accessKeyId, generation);
    }

    @Override
    public Set<Role> roles() {
      return operator ? EnumSet.of(Role.USER, Role.OPERATOR) : EnumSet.of(Role.USER);
    }

    @Override
    public Optional<KeyCaller> principal() {
      return Optional.of(this);
    }
  }

  /// An operator of this machine. Administers, and owns nothing.
  record OperatorCaller() implements Caller {
    @Override
    public Set<Role> roles() {
      return EnumSet.of(Role.OPERATOR);
    }

    @Override
    public Optional<KeyCaller> principal() {
      return Optional.empty();
    }
  }

  /// A site of the realm.
  ///
  /// @param site which
  record SiteCaller(SiteId site) implements Caller {
    @Override
    public Set<Role> roles() {
      return EnumSet.of(Role.SITE);
    }

    @Override
    public Optional<KeyCaller> principal() {
      return Optional.empty();
    }
  }

  /// Somebody on the peers' listener who is no site of the realm.
  record JoinerCaller() implements Caller {
    @Override
    public Set<Role> roles() {
      return EnumSet.of(Role.JOINER);
    }

    @Override
    public Optional<KeyCaller> principal() {
      return Optional.empty();
    }
  }

  /// A gateway: the one in this process, or one elsewhere by a key of its own.
  ///
  /// @param principal for whom it speaks; empty for an anonymous request, or for itself
  record GatewayCaller(Optional<KeyCaller> principal) implements Caller {
    @Override
    public Set<Role> roles() {
      return EnumSet.of(Role.GATEWAY);
    }
  }
}
