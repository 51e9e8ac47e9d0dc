package skarb.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skarb.cli.options.NewSecret;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.output.Printed;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.AccessGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateKeyResponse;
import skarb.v1.DeleteKeyRequest;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListKeysRequest;
import skarb.v1.ListKeysResponse;
import skarb.v1.SetKeyEnabledRequest;

/// `skarb keys`: access keys.
@Command(
    name = "keys",
    description = "Make, list, disable and delete access keys.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeysCommand.Create.class,
      KeysCommand.ListAll.class,
      KeysCommand.Enable.class,
      KeysCommand.Disable.class,
      KeysCommand.Delete.class
    })
final class KeysCommand {

  private static Map<String, Object> fields(KeyInfo key) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("access_key", key.getAccessKeyId());
    fields.put("user_id", key.getUser().getUserId());
    fields.put("display_name", key.getUser().getDisplayName());
    fields.put("email", key.getUser().getEmail());
    fields.put("enabled", key.getEnabled());
    fields.put("role", role(key));
    return fields;
  }

  private static String role(KeyInfo key) {
    return switch (key.getRole()) {
      case KEY_ROLE_OPERATOR -> "operator";
      case KEY_ROLE_GATEWAY -> "gateway";
      case KEY_ROLE_UNSPECIFIED, UNRECOGNIZED -> "user";
    };
  }

  /// `skarb keys create`.
  @Command(
      name = "create",
      description = "Make an access key, and its user where there is none.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--access-key", paramLabel = "K", description = "Its id (default: made up).")
    private @Nullable String accessKey;

    @Option(
        names = "--secret-key-file",
        paramLabel = "FILE",
        description =
            "A file with its secret, - for standard input (default: what SKARB_NEW_SECRET_KEY holds, else made up).")
    private @Nullable String secretFile;

    @Option(names = "--user-id", paramLabel = "U", description = "Its user (default: a new one).")
    private @Nullable String userId;

    @Option(names = "--display-name", paramLabel = "N", description = "The new user's name.")
    private @Nullable String displayName;

    @Option(names = "--email", paramLabel = "E", description = "The new user's e-mail address.")
    private @Nullable String email;

    @Option(
        names = "--role",
        paramLabel = "user|operator|gateway",
        defaultValue = "user",
        description =
            "operator: it may manage keys and the node as well. gateway: it owns nothing, and lets 'skarb gateway' speak for"
                + " all users (default: ${DEFAULT-VALUE}).")
    private Role role;

    /// What a key may be used for.
    enum Role {
      /// Its user's buckets.
      USER(KeyRole.KEY_ROLE_UNSPECIFIED),
      /// Those, and the node.
      OPERATOR(KeyRole.KEY_ROLE_OPERATOR),
      /// Requests of others.
      GATEWAY(KeyRole.KEY_ROLE_GATEWAY);

      private final KeyRole role;

      Role(KeyRole role) {
        this.role = role;
      }
    }

    @Override
    public Integer call() throws Exception {
      CreateKeyRequest.Builder request = CreateKeyRequest.newBuilder();
      if (accessKey != null) {
        request.setAccessKeyId(accessKey);
      }
      NewSecret.of(secretFile, System.getenv(), System.in).ifPresent(request::setSecretKey);
      if (userId != null) {
        request.setUserId(userId);
      }
      if (displayName != null) {
        request.setDisplayName(displayName);
      }
      if (email != null) {
        request.setEmail(email);
      }
      request.setRole(role.role);
      CreateKeyResponse response;
      try (NodeConnection node = options.open()) {
        response = AccessGrpc.newBlockingStub(node.channel()).createKey(request.build());
      }
      if (options.json()) {
        Map<String, Object> fields = fields(response.getKey());
        fields.put("secret_key", response.getSecretKey());
        options.out().println(Json.report(fields));
      } else {
        options.out().println("access key  " + response.getKey().getAccessKeyId());
        options.out().println("secret key  " + response.getSecretKey());
        options.out().println("user        " + response.getKey().getUser().getUserId());
      }
      String id = response.getKey().getAccessKeyId();
      Printed.mustBeTaken(
          options.out(),
          "the key "
              + id
              + " was made, but its secret could not be printed: delete it with 'skarb keys delete "
              + id
              + "' and make another");
      return 0;
    }
  }

  /// `skarb keys list`.
  @Command(name = "list", description = "List the access keys.", mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      List<KeyInfo> keys = new ArrayList<>();
      try (NodeConnection node = options.open()) {
        AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(node.channel());
        ListKeysRequest.Builder request = ListKeysRequest.newBuilder();
        do {
          ListKeysResponse page = access.listKeys(request.build());
          keys.addAll(page.getKeysList());
          request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
      }
      if (options.json()) {
        List<Map<String, Object>> rows = keys.stream().map(KeysCommand::fields).toList();
        options.out().println(Json.report(Map.of("keys", rows)));
        return 0;
      }
      for (KeyInfo key : keys) {
        options
            .out()
            .printf(
                "%-24s %-24s %s%s%n",
                key.getAccessKeyId(),
                key.getUser().getUserId(),
                key.getEnabled() ? "enabled" : "disabled",
                key.getRole() == KeyRole.KEY_ROLE_UNSPECIFIED ? "" : ", " + role(key));
      }
      return 0;
    }
  }

  private static int setEnabled(NodeOptions options, String accessKey, boolean enabled)
      throws Exception {
    KeyInfo key;
    try (NodeConnection node = options.open()) {
      key =
          AccessGrpc.newBlockingStub(node.channel())
              .setKeyEnabled(
                  SetKeyEnabledRequest.newBuilder()
                      .setAccessKeyId(accessKey)
                      .setEnabled(enabled)
                      .build())
              .getKey();
    }
    if (options.json()) {
      options.out().println(Json.report(fields(key)));
    }
    return 0;
  }

  /// `skarb keys enable`.
  @Command(name = "enable", description = "Let a key work.", mixinStandardHelpOptions = true)
  static final class Enable implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "ACCESS_KEY", description = "The key's id.")
    private String accessKey;

    @Override
    public Integer call() throws Exception {
      return setEnabled(options, accessKey, true);
    }
  }

  /// `skarb keys disable`.
  @Command(
      name = "disable",
      description = "Stop a key from working, at once.",
      mixinStandardHelpOptions = true)
  static final class Disable implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "ACCESS_KEY", description = "The key's id.")
    private String accessKey;

    @Override
    public Integer call() throws Exception {
      return setEnabled(options, accessKey, false);
    }
  }

  /// `skarb keys delete`.
  @Command(name = "delete", description = "Delete a key.", mixinStandardHelpOptions = true)
  static final class Delete implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "ACCESS_KEY", description = "The key's id.")
    private String accessKey;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        Object _ =
            AccessGrpc.newBlockingStub(node.channel())
                .deleteKey(DeleteKeyRequest.newBuilder().setAccessKeyId(accessKey).build());
      }
      if (options.json()) {
        options.out().println(Json.report(Map.of("deleted", accessKey)));
      }
      return 0;
    }
  }
}
