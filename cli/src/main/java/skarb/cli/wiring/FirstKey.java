package skarb.cli.wiring;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.node.Node;
import skarb.node.access.KeyForms;
import skarb.v1.AccessGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateKeyResponse;
import skarb.v1.KeyRole;
import skarb.v1.ListKeysRequest;

/// The key with which a store is first used.
public sealed interface FirstKey {

  /// The environment brought it.
  ///
  /// @param enabled whether it works
  record FromEnvironment(String accessKey, boolean enabled) implements FirstKey {}

  /// It was made now: the one time that its secret is known.
  record Made(String accessKey, String secretKey) implements FirstKey {
    @Override
    public String toString() {
      return "Made[" + accessKey + "]";
    }
  }

  /// The store has keys, and none was brought.
  record Old() implements FirstKey {}

  /// Checks the environment's key before anything is made for it.
  ///
  /// @throws CommandFailedException where no store would take it
  static void check(Optional<KeyPair> environmentKey) {
    if (environmentKey.isEmpty()) {
      return;
    }
    KeyPair key = environmentKey.get();
    if (!KeyForms.ACCESS_KEY_ID.matcher(key.accessKey()).matches()) {
      throw new CommandFailedException(
          "an access key's id has 3 to 128 letters, digits and -_.=, and '"
              + key.accessKey()
              + "' is none");
    }
    if (!KeyForms.SECRET.matcher(key.secretKey()).matches()) {
      throw new CommandFailedException(
          "the secret of "
              + key.accessKey()
              + " cannot be one: a secret has 8 to 256 printable characters of ASCII");
    }
  }

  /// Whether a store has a key.
  static boolean isThereAny(Node node) {
    return AccessGrpc.newBlockingStub(node.operatorChannel())
            .listKeys(ListKeysRequest.newBuilder().setPageSize(1).build())
            .getKeysCount()
        > 0;
  }

  /// Ensures the environment's key, or makes the first one where there is none. The first of a
  /// store is an operator's.
  ///
  /// @throws CommandFailedException where the store has the environment's key with another secret
  static FirstKey ensure(Node node, Optional<KeyPair> environmentKey) {
    AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(node.operatorChannel());
    boolean none = !isThereAny(node);
    KeyRole role = none ? KeyRole.KEY_ROLE_OPERATOR : KeyRole.KEY_ROLE_UNSPECIFIED;
    if (environmentKey.isPresent()) {
      return ensure(access, environmentKey.get(), role);
    }
    if (!none) {
      return new Old();
    }
    CreateKeyResponse made = access.createKey(CreateKeyRequest.newBuilder().setRole(role).build());
    return new Made(made.getKey().getAccessKeyId(), made.getSecretKey());
  }

  private static FirstKey ensure(AccessGrpc.AccessBlockingStub access, KeyPair key, KeyRole role) {
    try {
      CreateKeyResponse ensured =
          access.createKey(
              CreateKeyRequest.newBuilder()
                  .setAccessKeyId(key.accessKey())
                  .setSecretKey(key.secretKey())
                  .setIfAbsent(true)
                  .setRole(role)
                  .build());
      return new FromEnvironment(key.accessKey(), ensured.getKey().getEnabled());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
        throw new CommandFailedException(
            "the store has the access key " + key.accessKey() + " with another secret");
      }
      throw e;
    }
  }
}
