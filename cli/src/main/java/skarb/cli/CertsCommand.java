package skarb.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.CommandFailedException;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.CertificateInfo;
import skarb.v1.CertificatesGrpc;
import skarb.v1.CertificatesImportRequest;
import skarb.v1.CertificatesIssueRequest;
import skarb.v1.CertificatesRenewRequest;
import skarb.v1.CertificatesShowRequest;
import skarb.v1.CertificatesShowResponse;

/// `skarb certs`: the certificates by which sites know one another.
@Command(
    name = "certs",
    description = {
      "The certificates by which sites know one another. They are made and renewed by themselves; this is for those",
      "with a PKI of their own, and for looking."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      CertsCommand.Init.class,
      CertsCommand.Issue.class,
      CertsCommand.Renew.class,
      CertsCommand.Show.class
    })
final class CertsCommand {

  private static Map<String, Object> fields(CertificateInfo info) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("subject", info.getSubject());
    fields.put("site_id", info.getSiteId());
    fields.put("not_before", time(info.getNotBefore()));
    fields.put("not_after", time(info.getNotAfter()));
    fields.put("fingerprint", info.getFingerprint());
    fields.put("pem", info.getPem());
    return fields;
  }

  private static String time(com.google.protobuf.Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds()).toString();
  }

  private static void print(PrintWriter out, String what, CertificateInfo info) {
    out.printf("%-11s %s%n", what, info.getSubject());
    if (!info.getSiteId().isEmpty()) {
      out.printf("  site      %s%n", info.getSiteId());
    }
    out.printf("  ends      %s%n", time(info.getNotAfter()));
    out.printf("  sha256    %s%n", info.getFingerprint());
  }

  private static void print(NodeOptions options, CertificateInfo info) {
    PrintWriter out = options.out();
    if (options.json()) {
      out.println(Json.report(Map.of("site", fields(info))));
    } else {
      print(out, "certificate", info);
    }
  }

  private static String read(@Nullable Path file) {
    if (file == null) {
      return "";
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read: " + e.getMessage());
    }
  }

  /// `skarb certs init`.
  @Command(
      name = "init",
      description = {
        "Make the realm's authority where there is none, or take your own. With --ca-key this site's certificate is issued",
        "by it; without, bring one with --cert and --key: its one URI name must be skarb:site:ID, with the id that",
        "'skarb status' shows."
      },
      mixinStandardHelpOptions = true)
  static final class Init implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(names = "--ca-cert", paramLabel = "FILE", description = "Your authority, PEM.")
    private @Nullable Path authority;

    @Option(names = "--ca-key", paramLabel = "FILE", description = "Its key, PKCS #8 in PEM.")
    private @Nullable Path authorityKey;

    @Option(names = "--cert", paramLabel = "FILE", description = "This site's certificate, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its key, PKCS #8 in PEM.")
    private @Nullable Path key;

    @Override
    public Integer call() throws Exception {
      if (authority == null && (authorityKey != null || certificate != null || key != null)) {
        throw new CommandFailedException("--ca-key, --cert and --key go with --ca-cert");
      }
      CertificateInfo info;
      try (NodeConnection node = options.open()) {
        CertificatesGrpc.CertificatesBlockingStub certificates =
            CertificatesGrpc.newBlockingStub(node.channel());
        info =
            authority == null
                ? certificates.show(CertificatesShowRequest.getDefaultInstance()).getSite()
                : certificates
                    .import_(
                        CertificatesImportRequest.newBuilder()
                            .setAuthorities(read(authority))
                            .setAuthorityKey(read(authorityKey))
                            .setCertificate(read(certificate))
                            .setKey(read(key))
                            .build())
                    .getSite();
      }
      print(options, info);
      return 0;
    }
  }

  /// `skarb certs issue`.
  @Command(
      name = "issue",
      description = "Issue a certificate for a site by its request, and print it as PEM.",
      mixinStandardHelpOptions = true)
  static final class Issue implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(
        names = "--csr",
        paramLabel = "FILE",
        required = true,
        description = "The request, PKCS #10 in PEM.")
    private Path request;

    @Option(
        names = "--site-id",
        paramLabel = "ID",
        required = true,
        description = "The site's id, 8 hex digits.")
    private String siteId;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "site", description = "Its name.")
    private String name;

    @Option(
        names = "--host",
        paramLabel = "HOST",
        defaultValue = "",
        description = "The name or address by which others reach it.")
    private String host;

    @Override
    public Integer call() throws Exception {
      CertificateInfo info;
      try (NodeConnection node = options.open()) {
        info =
            CertificatesGrpc.newBlockingStub(node.channel())
                .issue(
                    CertificatesIssueRequest.newBuilder()
                        .setRequest(read(request))
                        .setSiteId(siteId)
                        .setSiteName(name)
                        .setHost(host)
                        .build())
                .getCertificate();
      }
      if (options.json()) {
        print(options, info);
      } else {
        options.out().println(info.getPem().strip());
      }
      return 0;
    }
  }

  /// `skarb certs renew`.
  @Command(
      name = "renew",
      description = "Make a new key and certificate for this site now, without a restart.",
      mixinStandardHelpOptions = true)
  static final class Renew implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        print(
            options,
            CertificatesGrpc.newBlockingStub(node.channel())
                .renew(CertificatesRenewRequest.getDefaultInstance())
                .getSite());
      }
      return 0;
    }
  }

  /// `skarb certs show`.
  @Command(
      name = "show",
      description = "Print this site's certificate and the realm's authority.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      CertificatesShowResponse known;
      try (NodeConnection node = options.open()) {
        known =
            CertificatesGrpc.newBlockingStub(node.channel())
                .show(CertificatesShowRequest.getDefaultInstance());
      }
      PrintWriter out = options.out();
      if (options.json()) {
        List<Map<String, Object>> authorities =
            known.getAuthoritiesList().stream().map(CertsCommand::fields).toList();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("site", fields(known.getSite()));
        report.put("authorities", authorities);
        report.put("issues", known.getIssues());
        out.println(Json.report(report));
        return 0;
      }
      print(out, "certificate", known.getSite());
      known.getAuthoritiesList().forEach(each -> print(out, "authority", each));
      out.println(
          known.getIssues()
              ? "this site can renew, issue and invite"
              : "the authority's key is not here: this site can neither renew, issue nor invite");
      return 0;
    }
  }
}
