package skarb.cli;

import com.google.protobuf.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.AccessGrpc;
import skarb.v1.CreateTokenRequest;
import skarb.v1.CreateTokenResponse;

/// `skarb token`: a bearer token that stands for an access key for a while.
@Command(
    name = "token",
    description = {
      "Print a bearer token for gRPC:",
      "  grpcurl -H \"authorization: Bearer $(skarb token)\" ..."
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Mixin private NodeOptions options;

  @Option(
      names = "--ttl",
      defaultValue = "1h",
      converter = Ttl.class,
      description = "How long it works: a number with s, m, h or d (default: ${DEFAULT-VALUE}).")
  private java.time.Duration ttl;

  @Option(
      names = "--access-key",
      paramLabel = "ID",
      description = "The key it stands for (default: the first key).")
  private @Nullable String accessKey;

  @Override
  public Integer call() throws Exception {
    CreateTokenRequest.Builder request =
        CreateTokenRequest.newBuilder()
            .setTtl(Duration.newBuilder().setSeconds(ttl.toSeconds()).build());
    if (accessKey != null) {
      request.setAccessKeyId(accessKey);
    }
    CreateTokenResponse response;
    try (NodeConnection node = options.open()) {
      response = AccessGrpc.newBlockingStub(node.channel()).createToken(request.build());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("token", response.getToken());
    fields.put("access_key", response.getAccessKeyId());
    fields.put("expires", Instant.ofEpochSecond(response.getExpires().getSeconds()).toString());
    options.out().println(options.json() ? Json.report(fields) : response.getToken());
    return 0;
  }

  /// `90s`, `15m`, `1h`, `7d`.
  static final class Ttl implements ITypeConverter<java.time.Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

    @Override
    public java.time.Duration convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + value + "' is not a duration such as 90s, 15m, 1h or 7d");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> java.time.Duration.ofSeconds(number);
        case "m" -> java.time.Duration.ofMinutes(number);
        case "h" -> java.time.Duration.ofHours(number);
        default -> java.time.Duration.ofDays(number);
      };
    }
  }
}
