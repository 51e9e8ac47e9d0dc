package skarb.cli.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skarb.cli.options.StoreOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.StoreConnection;
import skarb.client.ClientConfig;

/// `skarb cp`: bodies into the store, out of it, and within it.
@Command(
    name = "cp",
    description = {
      "Copy files into the store, objects into files, or objects within the store. What begins with s3:// is in the store;",
      "- is standard input or output. Large bodies go in parts. A file has its name once it is whole."
    },
    mixinStandardHelpOptions = true)
public final class CpCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;

  @Parameters(
      arity = "2..*",
      paramLabel = "SOURCE",
      hideParamSyntax = true,
      description = {
        "SOURCE... TARGET: files and s3://BUCKET/KEY. A target that ends with a slash, a bucket and a local folder take what",
        "is copied by its name."
      })
  private List<String> paths;

  @Option(
      names = "--recursive",
      description = "Copy what lies below a folder, to below the target.")
  private boolean recursive;

  @Option(
      names = "--version-id",
      paramLabel = "ID",
      description = "This version of the one source.")
  private @Nullable String versionId;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many bodies move at once (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> sources = paths.subList(0, paths.size() - 1);
    String target = paths.getLast();
    check(sources, target);
    Troubles troubles = new Troubles(spec);
    long copied;
    try (Progress progress = Progress.onTerminal();
        StoreConnection open = store.open(ClientConfig.builder().progress(progress::moved))) {
      Copies copies = new Copies(open.client(), jobs, progress, troubles);
      try (copies) {
        CopyPlan plan =
            new CopyPlan(
                open.client(),
                target,
                sources.size() > 1,
                recursive,
                Optional.ofNullable(versionId),
                copies,
                troubles);
        for (String source : sources) {
          plan.begin(source);
        }
      }
      copied = copies.copied();
    }
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("copied", copied);
      fields.put("failed", troubles.count());
      spec.commandLine().getOut().println(Json.report(fields));
    }
    return troubles.exitCode();
  }

  private void check(List<String> sources, String target) {
    require(jobs >= 1, "--jobs: 1 or more");
    boolean toStore = StorePath.isOne(target);
    for (String source : sources) {
      require(
          toStore || StorePath.isOne(source),
          "neither " + source + " nor " + target + " begins with s3://");
      require(
          !recursive || !source.equals("-"), "--recursive and standard input do not go together");
      require(
          versionId == null || StorePath.isOne(source), "--version-id goes with an s3:// source");
      require(!StorePath.isOne(source) || source.length() > 5, source + " names no bucket");
    }
    require(!toStore || target.length() > 5, target + " names no bucket");
    require(
        versionId == null || (sources.size() == 1 && !recursive),
        "--version-id goes with one source");
    if (target.equals("-")) {
      require(sources.size() == 1 && !recursive, "- takes one source; 'skarb cat' takes several");
      require(!json, "--json and standard output as a target do not go together");
    }
    require(
        sources.size() == 1 || recursive || !toStore || StorePath.parse(target).isFolder(),
        "several sources need a target that ends with a slash");
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }
}
