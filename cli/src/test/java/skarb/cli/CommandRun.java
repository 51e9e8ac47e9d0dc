package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/// One command within the test's process: what it printed and how it ended.
public record CommandRun(int exitCode, String out, String err) {

  /// Runs it.
  public static CommandRun of(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Commands.execute(new PrintWriter(out, true), new PrintWriter(err, true), command);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /// Nothing on standard error, and 0.
  public CommandRun succeeds() {
    assertThat(err).isEmpty();
    assertThat(exitCode).isZero();
    return this;
  }

  /// One line on standard error, and nothing else.
  public void fails(int code, String saying) {
    assertThat(err).startsWith("skarb: ").contains(saying);
    assertThat(err.strip().lines()).hasSize(1);
    assertThat(out).isEmpty();
    assertThat(exitCode).isEqualTo(code);
  }

  /// The one document that it printed.
  public JsonNode json() throws IOException {
    JsonNode report = new ObjectMapper().readTree(succeeds().out());
    assertThat(report.get("schema_version").intValue()).isEqualTo(1);
    return report;
  }
}
