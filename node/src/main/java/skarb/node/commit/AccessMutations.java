package skarb.node.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.AccessKeyRow;
import skarb.node.index.Catalog;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.AccessKey;
import skarb.v1.Effect;
import skarb.v1.ErrorReason;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.UserValue;

/// The rules of mutations of users and access keys. As pure as [MutationEvaluator].
final class AccessMutations {
  private final Catalog catalog;

  /// @param rows the rows as all mutations before this one leave them
  AccessMutations(RuleRows rows) {
    this.catalog = rows.catalog();
  }

  Evaluation putUser(Mutation.PutUser put) {
    Optional<UserValue> known = catalog.user(put.userId());
    if (known.isPresent()) {
      UserValue existing = known.get();
      if (!existing.getDisplayName().equals(put.user().getDisplayName())
          || !existing.getEmail().equals(put.user().getEmail())) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_USER_ALREADY_EXISTS,
            "the user exists with another name or e-mail address",
            Map.of("user_id", put.userId()));
      }
      return new Holds(new Committed.UserStored(put.userId(), existing));
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) -> {
          UserValue user = dated(put.user(), order);
          return new Effects(
              Registers.siteScope(RegisterKind.REGISTER_KIND_USER),
              List.of(Registers.userSet(put.userId(), user)),
              List.of(),
              new Committed.UserStored(put.userId(), user));
        });
  }

  Evaluation createKey(Mutation.CreateKey create) {
    String id = create.accessKeyId();
    Optional<AccessKeyRow> existing = catalog.accessKey(id);
    if (existing.isPresent()) {
      if (!create.isSame().test(existing.get().key())) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_ACCESS_KEY_ALREADY_EXISTS,
            "the access key exists, with another secret or user",
            Map.of("access_key_id", id));
      }
      return new Holds(stored(existing.get()));
    }
    String userId = create.key().getUserId();
    Optional<UserValue> known = catalog.user(userId);
    if (known.isEmpty() && create.newUser().isEmpty()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_NO_SUCH_USER, "no such user", Map.of("user_id", userId));
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) -> {
          UserValue user = known.orElseGet(() -> dated(create.newUser().orElseThrow(), order));
          Scope.Builder scope = Scope.newBuilder();
          List<Effect> effects = new ArrayList<>();
          if (known.isEmpty()) {
            scope.addRegisters(RegisterKind.REGISTER_KIND_USER);
            effects.add(Registers.userSet(userId, user));
          }
          scope.addRegisters(RegisterKind.REGISTER_KIND_ACCESS_KEY);
          AccessKey key = dated(create.key(), order);
          effects.add(Registers.accessKeySet(id, key));
          return new Effects(
              scope.build(),
              effects,
              List.of(),
              new Committed.KeyStored(id, order.hlc().value(), key, user));
        });
  }

  Evaluation setKeyEnabled(Mutation.SetKeyEnabled set) {
    AccessKeyRow existing = existingKey(set.accessKeyId());
    if (existing.key().getEnabled() == set.enabled()) {
      return new Holds(stored(existing));
    }
    AccessKey changed = existing.key().toBuilder().setEnabled(set.enabled()).build();
    return new Write(
        new Hlc(existing.generation()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_ACCESS_KEY),
                List.of(Registers.accessKeySet(set.accessKeyId(), changed)),
                List.of(),
                stored(new AccessKeyRow(set.accessKeyId(), order.hlc().value(), changed))));
  }

  Evaluation resealKey(Mutation.ResealKey reseal) {
    Optional<AccessKeyRow> known = catalog.accessKey(reseal.accessKeyId());
    if (known.isEmpty() || !known.get().key().getSecret().equals(reseal.from())) {
      return new Holds(new Committed.Noted());
    }
    AccessKey changed = known.get().key().toBuilder().setSecret(reseal.to()).build();
    return new Write(
        new Hlc(known.get().generation()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_ACCESS_KEY),
                List.of(Registers.accessKeySet(reseal.accessKeyId(), changed)),
                List.of(),
                new Committed.Noted()));
  }

  Evaluation deleteKey(Mutation.DeleteKey delete) {
    AccessKeyRow existing = existingKey(delete.accessKeyId());
    return new Write(
        new Hlc(existing.generation()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_ACCESS_KEY),
                List.of(Registers.accessKeyDeleted(delete.accessKeyId())),
                List.of(), // deletions of keys are kept: see RuleRows.dropped
                new Committed.KeyDeleted()));
  }

  private AccessKeyRow existingKey(String accessKeyId) {
    return catalog
        .accessKey(accessKeyId)
        .orElseThrow(() ->
            new NodeException(
                ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
                "no such access key",
                Map.of("access_key_id", accessKeyId)));
  }

  private Committed.KeyStored stored(AccessKeyRow row) {
    UserValue user = catalog.user(row.key().getUserId()).orElse(UserValue.getDefaultInstance());
    return new Committed.KeyStored(row.accessKeyId(), row.generation(), row.key(), user);
  }

  private static UserValue dated(UserValue user, EntryOrder order) {
    return user.getCreatedMillis() != 0
        ? user
        : user.toBuilder().setCreatedMillis(order.hlc().millis()).build();
  }

  private static AccessKey dated(AccessKey key, EntryOrder order) {
    return key.getCreatedMillis() != 0
        ? key
        : key.toBuilder().setCreatedMillis(order.hlc().millis()).build();
  }
}
