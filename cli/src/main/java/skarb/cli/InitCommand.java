package skarb.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.options.EnvironmentKey;
import skarb.cli.output.Json;
import skarb.cli.output.Printed;
import skarb.cli.wiring.FirstKey;
import skarb.cli.wiring.NewStore;

/// `skarb init`: a store, not served yet.
@Command(
    name = "init",
    description = {
      "Make a store and its first access key, which is printed this once, without starting a server.",
      "'skarb server' does the same where there is no store."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With SKARB_ACCESS_KEY and SKARB_SECRET_KEY (or SKARB_SECRET_KEY_FILE) that key is the first one."
    })
final class InitCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${SKARB_DATA:-data}",
      description = "The store's folder, made if absent (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--site",
      paramLabel = "NAME",
      defaultValue = "${SKARB_SITE:-}",
      description = "The site's name, fixed from now on (default: made up).")
  private String site;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    NewStore store = NewStore.make(data, site, EnvironmentKey.of(System.getenv()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", data.toString());
    fields.put("site_name", store.siteName());
    fields.put("site_id", store.siteId());
    switch (store.key()) {
      case FirstKey.Made(String accessKey, String secretKey) -> {
        fields.put("access_key", accessKey);
        fields.put("secret_key", secretKey);
      }
      case FirstKey.FromEnvironment(String accessKey, boolean _) ->
          fields.put("access_key", accessKey);
      case FirstKey.Old() -> throw new IllegalStateException("a new store has no old key");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.report(fields));
    } else {
      fields.forEach((name, value) -> out.printf("%-10s  %s%n", name.replace('_', ' '), value));
    }
    if (store.key() instanceof FirstKey.Made(String accessKey, String _)) {
      Printed.mustBeTaken(
          out,
          "the store was made, but the secret of its key "
              + accessKey
              + " could not be printed and is lost: make another key with 'skarb keys create --role operator --data "
              + data
              + "'");
    }
    return 0;
  }
}
